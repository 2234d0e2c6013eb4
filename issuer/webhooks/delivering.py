"""Deliver what is due: at least once, each time under the same id, later after each failure."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from did.errors import FetchRefused
from issuer.db.secret import secret
from issuer.db.session import unit_of_work
from issuer.instance import Instance
from issuer.webhooks import store
from issuer.webhooks.model import Delivery, State
from issuer.webhooks.service import KEY
from issuer.webhooks.signing import derive, headers

__all__ = ["PAUSES", "Courier", "Send"]

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))
"""How long we wait after each failed try; after the last try it is dead."""

AT_ONCE = 50
"""Most deliveries of one round."""

LEASE = timedelta(minutes=2)
"""How long what one process took is nobody else's; longer than a round can take."""

Send = Callable[[str, bytes, Mapping[str, str]], Awaitable[int]]
"""Posts a body to an address and returns the status of the answer."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Courier:
    """Delivers."""

    instance: Instance
    send: Send

    def round(self) -> int:
        """Deliver what is due; return how much of it arrived."""
        now = self.instance.now()
        with unit_of_work(self.instance.engine) as connection:
            found = store.claim(connection, now, AT_ONCE, LEASE)
            key = secret(connection, KEY, now) if found else b""
        return asyncio.run(self._all(found, key)) if found else 0

    async def _all(self, found: list[Delivery], key: bytes) -> int:
        return sum(await asyncio.gather(*(self._one(each, key) for each in found)))

    async def _one(self, delivery: Delivery, key: bytes) -> bool:
        now = self.instance.now()
        signed = headers(derive(key, delivery.hook.salt), delivery.event_id, now, delivery.body)
        code, error = None, ""
        try:
            code = await self.send(delivery.hook.url, delivery.body.encode(), signed)
        except FetchRefused as refused:
            error = str(refused)[:200]
        arrived = code is not None and 200 <= code < 300
        await asyncio.to_thread(self._note, delivery, code, error, arrived)
        return arrived

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
