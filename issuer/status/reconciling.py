"""After an old backup was restored: notice it, hold everything, catch up with what is published.

Shape: beside the published lists lies a file, ``mark``: number and hash of the last audit line
this machine saw committed. A store that does not hold that line is older than what we published
(or another one), and nothing is issued, revoked or published from it until `reconcile`.
The mark doubles as a checkpoint of the audit log outside the database.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection

from badges.errors import BadgeError
from badges.status import bits as status_bits
from issuer.audit import store as audit
from issuer.audit.model import Event
from issuer.db.session import reading, settle, unit_of_work
from issuer.errors import Reconciling, StatusRollback
from issuer.instance import Instance
from issuer.organisations import store as organisations
from issuer.status import store
from issuer.status.model import Purpose, Reason

__all__ = ["Caught", "mark", "reconcile", "require_reconciled"]

MARK = "mark"


@dataclass(frozen=True, slots=True)
class Caught:
    """What reconciling did."""

    lists: int
    """Published lists that were read."""

    adopted: int
    """Lists the store had never heard of."""

    revoked: int
    """Credentials that are revoked again."""


def mark(instance: Instance, head: audit.Head | None = None) -> None:
    """Note how far the store is; called when a commit is done, with its end of the audit log."""
    seq, found = head or _head(instance)
    known = _marked(instance)
    if known is None or seq > known[0]:
        _write(instance.settings.published, seq, found.hex())


def _head(instance: Instance) -> audit.Head:
    with reading(instance.engine) as connection:
        found = audit.head(connection)
    settle(instance.engine)  # what is noted outside of the store must never be more than it keeps
    return found


def require_reconciled(instance: Instance, connection: Connection) -> None:
    """Return when the store holds everything this machine saw committed.

    Raises:
        Reconciling: it was restored from a backup that is older than that.
    """
    known = _marked(instance)
    if known and known[0] and audit.hash_of(connection, known[0]) != bytes.fromhex(known[1]):
        raise Reconciling(
            "the database is older than what was published: stop the service, "
            "run `learnseal reconcile`, and start it again"
        )


def reconcile(instance: Instance, actor: str) -> Caught:
    """Merge the published lists into the store, and let the service work again.

    What is revoked in a published list is revoked in the store. Every list of before is closed:
    new credentials get places in new lists only, so that no place is used twice.

    Raises:
        StatusRollback: a published list cannot be read: restore its file first.
    """
    now = instance.now()
    published = [_read(path) for path in sorted(instance.settings.published.glob("*.json"))]
    adopted = revoked = 0
    with unit_of_work(instance.engine) as connection:
        for document in published:
            adopted += _adopt(connection, document, now)
            revoked += _merge(connection, document, now)
        store.close_all(connection)
        detail = {"lists": len(published), "adopted": adopted, "revoked": revoked}
        audit.append(connection, [Event(actor, "status.reconciled", "status", detail)], now)
    seq, head = _head(instance)
    _write(instance.settings.published, seq, head.hex())
    return Caught(len(published), adopted, revoked)


@dataclass(frozen=True, slots=True)
class _Published:
    public_id: str
    issuer: str
    purpose: Purpose
    bits: bytes
    issued: datetime
    document: bytes

    @property
    def places(self) -> int:
        """Return for how many credentials the list has room."""
        bits = len(self.bits) * 8
        return bits // 4 if self.purpose is Purpose.SUSPENSION else bits


def _read(path: Path) -> _Published:
    document = path.read_bytes()
    try:
        credential: dict[str, Any] = orjson.loads(document)
        subject = credential["credentialSubject"]
        issuer = credential["issuer"]
        return _Published(
            public_id=path.stem,
            issuer=issuer if isinstance(issuer, str) else issuer["id"],
            purpose=Purpose(subject["statusPurpose"]),
            bits=bytes(status_bits.expand(subject["encodedList"])),
            issued=datetime.fromisoformat(credential["validFrom"]),
            document=document,
        )
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, BadgeError) as error:
        raise StatusRollback(f"{path} cannot be read: restore it first") from error


def _adopt(connection: Connection, found: _Published, now: datetime) -> bool:
    """Keep a list the store does not know, so that it goes on being published."""
    if store.has_list(connection, found.public_id):
        return False
    organisation = organisations.by_did(connection, found.issuer)
    new = store.found_again(found.public_id, organisation.id, found.purpose, found.places)
    store.add_list(connection, new, now)
    return True


def _merge(connection: Connection, found: _Published, now: datetime) -> int:
    """Take over the bits of a published list; return how many known credentials they revoke."""
    kept = store.by_public_id(connection, found.public_id)
    if found.purpose is not Purpose.REVOCATION:
        return 0
    earlier = store.published_bits(connection, kept.id) or b""
    merged = (int.from_bytes(found.bits) | int.from_bytes(earlier)).to_bytes(len(found.bits))
    store.merge_bits(connection, kept.id, merged)
    lost = [
        entry.revoke(Reason.UNSPECIFIED, "revoked by the published list", now)
        for entry in store.unset_entries(connection, kept.id)
        if status_bits.read(merged, entry.index)
    ]
    store.save_all(connection, lost)
    return len(lost)


def _marked(instance: Instance) -> tuple[int, str] | None:
    try:
        found = orjson.loads((instance.settings.published / MARK).read_bytes())
        return int(found["seq"]), str(found["hash"])
    except FileNotFoundError:
        return None
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise Reconciling(
            "the mark beside the published lists cannot be read: run `learnseal reconcile`"
        ) from error


def _write(folder: Path, seq: int, found: str) -> None:
    draft = folder / f".mark-{secrets.token_hex(8)}"  # threads, and machines, may mark at once
    text = orjson.dumps({"seq": seq, "hash": found})
    try:
        draft.write_bytes(text)
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(text)
    draft.replace(folder / MARK)
