"""Record decisions: awards, their issuances and their places in status lists, in one commit."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from issuer.awarding import award_store, life_store
from issuer.awarding.approval import require_approved
from issuer.awarding.decision_json import to_json
from issuer.awarding.model import Decision, Order, State
from issuer.awarding.person import natural_key
from issuer.catalogue import store as catalogue
from issuer.catalogue.store import Version
from issuer.db.rows import next_numbers
from issuer.db.secret import secret
from issuer.errors import AlreadyAwarded
from issuer.instance import Instance
from issuer.organisations import aftercare
from issuer.organisations.model import Organisation
from issuer.status.model import Purpose
from issuer.status.reconciling import require_reconciled
from issuer.status.service import reserve

__all__ = ["Recording", "person_secret", "record", "record_issuances"]


@dataclass(frozen=True, slots=True)
class Recording:
    """What all decisions of one call share."""

    version: Version
    issuer: Organisation
    order: Order
    actor: str
    batch_id: int | None = None
    replaces_id: int | None = None


def person_secret(instance: Instance, connection: Connection) -> bytes:
    """Return the secret that keys the hashes of people (`issuer.awarding.person`)."""
    return secret(connection, "natural-key", instance.now())


def record(
    instance: Instance,
    connection: Connection,
    recording: Recording,
    decisions: Sequence[Decision],
    row_numbers: Sequence[int] | None = None,
) -> list[int]:
    """Keep decisions and return the issuances reserved for them, in order.

    Raises:
        Reconciling: the store was restored and has not caught up yet.
        NeedsApproval: a second person has to look at this first.
        AlreadyAwarded: one of these people has this achievement for this date.
    """
    require_reconciled(instance, connection)
    parties = recording.issuer.id, recording.version.organisation_id
    require_approved(connection, parties, recording.batch_id, len(decisions))
    now = instance.now()
    pepper = person_secret(instance, connection)
    keys = [natural_key(pepper, recording.version.key, decision) for decision in decisions]
    _refuse_known(connection, keys)
    catalogue.lock(connection, recording.version.id, now)
    numbers = next_numbers(connection, "award", len(decisions))
    lines: Sequence[int | None] = row_numbers or [None] * len(decisions)
    shared = _shared(recording, now)
    rows = [
        shared
        | {
            "id": number,
            "row_number": line,
            "natural_key": key,
            "awarded_on": decision.awarded_on,
            "content": to_json(decision),
        }
        for number, line, key, decision in zip(numbers, lines, keys, decisions, strict=True)
    ]
    award_store.add_awards(connection, rows)
    return record_issuances(connection, recording.issuer.id, numbers, recording.order, now)


def _shared(recording: Recording, now: datetime) -> dict[str, Any]:
    return {
        "issuer_id": recording.issuer.id,
        "achievement_id": recording.version.id,
        "batch_id": recording.batch_id,
        "replaces_id": recording.replaces_id,
        "created_at": now,
    }


def record_issuances(
    connection: Connection,
    organisation_id: int,
    award_ids: Sequence[int],
    order: Order,
    now: datetime,
) -> list[int]:
    """Reserve one issuance of each award, with its places in the status lists."""
    numbers = list(next_numbers(connection, "issuance", len(award_ids)))
    shared = {
        "organisation_id": organisation_id,
        "format": order.format,
        "holder": order.holder,
        "state": State.RESERVED,
    }
    rows = [
        {**shared, "id": number, "award_id": award, "credential_id": credential_id}
        for number, award, credential_id in zip(
            numbers, award_ids, _credential_ids(len(numbers)), strict=True
        )
    ]
    life_store.add_issuances(connection, rows)
    for purpose in _purposes(connection, award_ids, order):
        reserve(connection, organisation_id, purpose, numbers, now)
    return numbers


def _credential_ids(count: int) -> list[str]:
    """Return random ids, those of one call near each other: their index is written in few places.

    They tell who was awarded at once, as the credentials do by `validFrom`; 90 bits of each are its
    own, so that nobody guesses one from another.
    """
    near, own = secrets.token_bytes(4), secrets.token_bytes(12 * count)
    numbers = (near + own[start : start + 12] for start in range(0, len(own), 12))
    return [f"urn:uuid:{uuid.UUID(bytes=number, version=4)}" for number in numbers]


def _purposes(connection: Connection, award_ids: Sequence[int], order: Order) -> Sequence[Purpose]:
    """Return the lists they get a place in; the office may want all awards to be suspendable."""
    wanted = order.purposes
    plain = award_ids and wanted == (Purpose.REVOCATION,)
    if plain and aftercare.of_award(connection, award_ids[0]).suspendable:
        return Purpose.REVOCATION, Purpose.SUSPENSION
    return wanted


def _refuse_known(connection: Connection, keys: Sequence[bytes]) -> None:
    known = award_store.awarded_before(connection, keys)
    if known:
        raise AlreadyAwarded(
            "this person has this achievement for this date already: "
            "correct that one, or award it for another date"
        )
