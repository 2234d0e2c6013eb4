"""What happened to an offer, step by step: for staff who help a learner with a wallet.

Shape: one row per request with the step, the decision, the code the wallet was told and why.
Secrets never get here: callers pass names and numbers; what looks like a token is cut anyway.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from issuer.db.oid4vci_tables import oid4vci_log
from issuer.oid4vci.refusal import Refused

__all__ = ["Entry", "append", "entries", "redact"]

_APPEND = insert(oid4vci_log)
_LONG = re.compile(r"[A-Za-z0-9_.~+/=-]{24,}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One step of a session."""

    at: datetime
    step: str
    outcome: str
    """``ok`` or ``refused``."""

    code: str | None
    detail: Mapping[str, Any]


def redact(text: str) -> str:
    """Return `text` with everything that could be a secret cut after six characters."""
    return _LONG.sub(lambda found: f"{found.group()[:6]}…", text)


def append(
    connection: Connection,
    offer_id: int,
    step: str,
    now: datetime,
    *,
    refused: Refused | None = None,
    **detail: str | int,
) -> None:
    """Add one step of an offer's session."""
    if refused is not None:
        detail["cause"] = refused.why
    told = {name: redact(v) if isinstance(v, str) else v for name, v in detail.items()}
    row = {
        "offer_id": offer_id,
        "at": now,
        "step": step,
        "outcome": "ok" if refused is None else "refused",
        "code": refused.code if refused else None,
        "detail": json.dumps(told, ensure_ascii=False),
    }
    connection.execute(_APPEND, row)


def entries(connection: Connection, offer_id: int) -> Sequence[Entry]:
    """Return every step of an offer's session, in order."""
    query = select(oid4vci_log).where(oid4vci_log.c.offer_id == offer_id).order_by(oid4vci_log.c.id)
    return [
        Entry(row.at, row.step, row.outcome, row.code, json.loads(row.detail))
        for row in connection.execute(query.limit(1_000))
    ]
