"""The keys of issuers elsewhere, as this service first saw them: public keys' fingerprints only.

Shape: the first keys of an issuer are believed, and so is what joins them while one of them is
still listed. Keys that came after all known ones had gone count only once `PATIENCE` has passed:
by then the rightful owner of the address has noticed.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, or_, select

from badges.verify.key_history import Seen
from issuer.db.register_tables import issuer_key
from issuer.db.rows import insert_new

__all__ = ["MAX_ROWS", "PATIENCE", "known_keys", "remember"]

PATIENCE = timedelta(days=30)
"""How long a sudden change of keys is remarked upon."""

MAX_ROWS = 200_000
"""Most keys we remember: anybody can make up issuers."""


def known_keys(
    connection: Connection, issuers: Iterable[str], now: datetime
) -> dict[str, frozenset[str]]:
    """Return the keys that were known of each of `issuers`."""
    names = sorted(issuers)
    settled = or_(issuer_key.c.explained, issuer_key.c.first_seen <= now - PATIENCE)
    query = select(issuer_key.c.issuer, issuer_key.c.thumbprint)
    rows = connection.execute(query.where(issuer_key.c.issuer.in_(names), settled))
    known = dict[str, set[str]]()
    for row in rows:
        known.setdefault(row.issuer, set()).add(row.thumbprint)
    return {issuer: frozenset(keys) for issuer, keys in known.items()}


def remember(
    connection: Connection, seen: Mapping[str, Seen], now: datetime, *, most: int = MAX_ROWS
) -> None:
    """Keep keys that were not seen before, with the time."""
    room = most - connection.execute(select(func.count()).select_from(issuer_key)).scalar_one()
    for issuer, found in seen.items():
        for thumbprint in found.keys[: max(0, room)]:
            row = {"issuer": issuer, "thumbprint": thumbprint}
            kept = {**row, "first_seen": now, "explained": found.is_explained}
            room -= insert_new(connection, issuer_key, kept)
