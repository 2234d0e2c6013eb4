"""Status of credentials that are no awards of ours: places in the same lists, revoked the same way.

Spec: W3C Bitstring Status List v1.0 §2.1. What an integrator had us sign carries one entry, for
revocation.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from badges.status.entry import make_entry
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db import outbox
from issuer.db.tables import commissioned_entry as table
from issuer.errors import AlreadyRevoked, NotFound
from issuer.status import store
from issuer.status.model import Purpose, StatusList
from issuer.status.service import CHANGED, Act, take

__all__ = ["Place", "assign", "reserve_place", "revoke_commissioned"]

Place = tuple[StatusList, int]
"""A list and an index in it."""


def reserve_place(
    connection: Connection, organisation_id: int, origin: str, now: datetime
) -> tuple[Place, dict[str, Any]]:
    """Take one place; return it and the ``credentialStatus`` that names it."""
    ((of, index),) = take(connection, organisation_id, Purpose.REVOCATION, 1, now)
    return (of, index), make_entry(of.url(origin), index, Purpose.REVOCATION)


def assign(connection: Connection, place: Place, vc_api_credential_id: int) -> None:
    """Say whose place it is."""
    of, index = place
    row = {"list_id": of.id, "index": index, "vc_api_credential_id": vc_api_credential_id}
    connection.execute(insert(table).values(row))


def revoke_commissioned(connection: Connection, public_id: str, index: int, act: Act) -> None:
    """Revoke the credential at a place, for ever.

    Raises:
        NotFound: no credential signed through VC-API has this place.
        AlreadyRevoked: it was revoked before.
    """
    of = store.by_public_id(connection, public_id)
    here = (table.c.list_id == of.id) & (table.c.index == index)
    found = connection.execute(select(table.c.set_at.label("moment")).where(here)).one_or_none()
    if found is None:
        raise NotFound(f"{public_id} has no credential signed through VC-API at {index}")
    if found.moment:
        raise AlreadyRevoked(f"revoked {found.moment:%Y-%m-%d}: the first reason stands")
    values = {"set_at": act.now, "public_reason": act.reason, "internal_reason": act.note}
    connection.execute(update(table).where(here).values(values))
    detail: dict[str, str | int] = {"list": of.id, "index": index, "reason": act.reason}
    append(connection, [Event(act.actor, "credential.revoked", public_id, detail)], act.now)
    outbox.post(connection, CHANGED, {"list": of.id}, act.now)
