"""Deliver what is due: at least once, each time under the same id, later after each failure."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from did.errors import FetchRefused
from issuer.db.secret import secret
from issuer.db.session import reading, unit_of_work
from issuer.instance import Instance
from issuer.webhooks import store
from issuer.webhooks.model import LANES, OF_ONE, Delivery, State
from issuer.webhooks.service import KEY
from issuer.webhooks.signing import derive, headers

__all__ = ["PAUSES", "Courier", "Send"]

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))
"""How long we wait after each failed try; after the last try it is dead."""

LEASE = timedelta(minutes=2)
"""How long what one process took is nobody else's; longer than its calls can take."""

Send = Callable[[str, bytes, Mapping[str, str]], Awaitable[int]]
"""Posts a body to an address and returns the status of the answer."""

log = logging.getLogger(__name__)


@contextmanager
def survived(what: str) -> Iterator[None]:
    """Log what nobody expected, without its data, and go on."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - one call must not end the others
        log.error("%s: %s", what, type(error).__name__)  # noqa: TRY400 - no traceback of data


@dataclass(frozen=True, slots=True)
class Courier:
    """Delivers: each webhook in a lane of its own, so that a slow receiver delays only itself."""

    instance: Instance
    send: Send

    def round(self) -> int:
        """Deliver until nothing is due; return how much of it arrived."""
        return asyncio.run(self._round())

    async def go_on(self, every: float) -> None:
        """Deliver until cancelled; look every so many seconds who has something due."""
        lanes: dict[int, asyncio.Task[int]] = {}
        seats = asyncio.Semaphore(LANES)
        try:
            while True:
                lanes = {hook: lane for hook, lane in lanes.items() if not lane.done()}
                with survived("webhooks were not looked at"):
                    for hook in set(await asyncio.to_thread(self._due)) - set(lanes):
                        lanes[hook] = asyncio.create_task(self._lane(hook, seats))
                await asyncio.sleep(every)
        finally:
            for lane in lanes.values():
                lane.cancel()

    async def _round(self) -> int:
        seats, due = asyncio.Semaphore(LANES), self._due()
        return sum(await asyncio.gather(*(self._lane(hook, seats) for hook in due)))

    async def _lane(self, hook: int, seats: asyncio.Semaphore) -> int:
        """Deliver what is due for one webhook, some at a time, as long as there is any."""
        arrived = 0
        with survived(f"webhook {hook} was not looked at"):
            while True:
                async with seats:
                    found, key = await asyncio.to_thread(self._claim, hook)
                    if not found:
                        break
                    arrived += sum(await asyncio.gather(*(self._one(each, key) for each in found)))
        return arrived

    def _due(self) -> list[int]:
        with reading(self.instance.engine) as connection:
            return store.due(connection, self.instance.now())

    def _claim(self, hook: int) -> tuple[list[Delivery], bytes]:
        now = self.instance.now()
        with unit_of_work(self.instance.engine) as connection:
            found = store.claim(connection, hook, now, OF_ONE, LEASE)
            return found, secret(connection, KEY, now) if found else b""

    async def _one(self, delivery: Delivery, key: bytes) -> bool:
        """Make one call and note what came of it: whatever goes wrong is a failed try of it alone.

        What could not be noted is called again when its lease ends.
        """
        code, error, noted = None, "unexpected error", False
        with survived(f"webhook delivery {delivery.id} failed"):
            try:
                code, error = await self._call(delivery, key), ""
            except FetchRefused as refused:
                error = str(refused)[:200]
        arrived = code is not None and 200 <= code < 300
        with survived(f"webhook delivery {delivery.id} was not noted"):
            await asyncio.to_thread(self._note, delivery, code, error, arrived)
            noted = True
        return arrived and noted

    async def _call(self, delivery: Delivery, key: bytes) -> int:
        now, kept = self.instance.now(), derive(key, delivery.hook.salt)
        signed = headers(kept, delivery.event_id, now, delivery.body)
        return await self.send(delivery.hook.url, delivery.body.encode(), signed)

    def _note(self, delivery: Delivery, code: int | None, error: str, arrived: bool) -> None:
        now, tries = self.instance.now(), delivery.tries + 1
        told: dict[str, Any] = {"tries": tries, "last_code": code, "last_error": error}
        if arrived:
            told |= {"state": State.DELIVERED, "delivered_at": now}
        elif tries > len(PAUSES):
            told |= {"state": State.DEAD}
            log.warning("webhook delivery %d is given up", delivery.id)
        else:
            told |= {"due_at": now + PAUSES[tries - 1]}
        with unit_of_work(self.instance.engine) as connection:
            store.note(connection, delivery.id, **told)
