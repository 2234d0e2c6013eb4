"""How often our credentials are checked: counted by achievement and month, and by nothing else.

Shape: counts wait in memory and are added to the store once a minute, so that no row tells when a
certain credential was checked, and a check itself writes nothing.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import SQLAlchemyError

from issuer.db.after_tables import verification_count
from issuer.db.rows import insert_new
from issuer.db.session import passing_work
from issuer.db.tables import award, issuance
from issuer.instance import Instance

__all__ = ["Tally", "keep_counts"]

EVERY = 60.0
"""Seconds between two additions."""

MOST = 50_000
"""Credentials remembered between two additions; what comes on top is not counted."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tally:
    """Checks that are not in the store yet, by credential id."""

    waiting: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def add(self, report: Mapping[str, Any]) -> None:
        """Count a check, if the signature is right; whose credential it is, the store tells."""
        found = report["credential"].get("id")
        genuine = any(
            one["check"] == "proof" and one["outcome"] == "passed" for one in report["findings"]
        )
        with self.lock:
            if genuine and isinstance(found, str) and len(self.waiting) < MOST:
                self.waiting[found] += 1

    def flush(self, instance: Instance) -> int:
        """Add what waits to the store; return how many checks were of our credentials."""
        with self.lock:
            waiting, self.waiting = self.waiting, Counter()
        if not waiting:
            return 0
        month = instance.now().strftime("%Y-%m")
        with passing_work(instance.engine) as connection:
            counted = _by_achievement(connection, waiting)
            for achievement_id, count in sorted(counted.items()):
                _add(connection, achievement_id, month, count)
        return counted.total()


def _by_achievement(connection: Connection, waiting: Counter[str]) -> Counter[int]:
    counted: Counter[int] = Counter()
    names = sorted(waiting)
    for start in range(0, len(names), 500):
        query = (
            select(issuance.c.credential_id, award.c.achievement_id)
            .join(award, award.c.id == issuance.c.award_id)
            .where(issuance.c.credential_id.in_(names[start : start + 500]))
        )
        for row in connection.execute(query):
            counted[row.achievement_id] += waiting[row.credential_id]
    return counted


def _add(connection: Connection, achievement_id: int, month: str, count: int) -> None:
    table = verification_count
    insert_new(connection, table, {"achievement_id": achievement_id, "month": month, "count": 0})
    here = (table.c.achievement_id == achievement_id) & (table.c.month == month)
    connection.execute(update(table).where(here).values(count=table.c.count + count))


async def keep_counts(instance: Instance, tally: Tally, every: float = EVERY) -> None:
    """Add the counts to the store now and then, until cancelled; then once more."""
    try:
        while True:
            await asyncio.sleep(every)
            await asyncio.to_thread(_flush, instance, tally)
    finally:
        await asyncio.shield(asyncio.to_thread(_flush, instance, tally))


def _flush(instance: Instance, tally: Tally) -> None:
    try:
        tally.flush(instance)
    except SQLAlchemyError as error:
        log.warning("checks were not counted: %s", type(error).__name__)
