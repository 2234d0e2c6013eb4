"""Publish lists: each version is a function of the rows, joined with what was published before.

A published revocation never goes back, not even after an old backup was restored: the bits of the
last published document (in the store and in the file) are kept set.
Publishers of one list take turns (its row is locked), so versions and files only move forward.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import orjson
from sqlalchemy import Connection

from badges import seal
from badges.errors import BadgeError
from badges.status import bits as status_bits
from badges.status.bitstring import build_list
from badges.status.standing import Standing, pack_standings, revoked_in
from did.document import DidDocument
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db import outbox
from issuer.db.session import reading, unit_of_work
from issuer.errors import StatusRollback
from issuer.instance import Instance
from issuer.organisations import store as organisations
from issuer.organisations.service import did_document
from issuer.signing.service import signer_for
from issuer.status import files, store
from issuer.status.model import Purpose, StatusList
from issuer.status.reconciling import mark, require_reconciled
from issuer.status.service import CHANGED

__all__ = ["MAX_AGE", "publish", "publish_due"]

VALIDITY = timedelta(days=7)
"""A list outlives a week without us; after that a verifier says it could not check."""

MAX_AGE = timedelta(hours=12)
"""An unchanged list is signed again after this, so that it never comes near its end."""

SUITE_OF = {"EdDSA": seal.SUITE, "ES256": "ecdsa-rdfc-2019", "ES384": "ecdsa-rdfc-2019"}
"""Kind of key → how lists are signed with it."""


def publish_due(instance: Instance, actor: str = "service") -> int:
    """Publish every list that changed, is new, or grew old; return how many.

    Many changes of one list make one version.
    """
    now = instance.now()
    with reading(instance.engine) as connection:
        messages = outbox.pending(connection, CHANGED, limit=100_000)
        due = {message.payload["list"] for message in messages}
        due.update(store.stale_lists(connection, now - MAX_AGE))
    for list_id in sorted(due):
        publish(instance, list_id, actor)
    with unit_of_work(instance.engine) as connection:
        outbox.done(connection, messages, now)
    return len(due)


def publish(instance: Instance, list_id: int, actor: str = "service") -> StatusList:
    """Sign and publish the next version of one list.

    Raises:
        Reconciling: the store was restored and has not caught up yet.
        StatusRollback: the published file is of a later time than our clock shows.
        NoSigningKey: its organisation cannot sign.
    """
    with unit_of_work(instance.engine) as connection:
        require_reconciled(instance, connection)
        before = store.locked_list(connection, list_id)
        now = instance.now().replace(microsecond=0)  # our turn: who went before us was earlier
        last = _last_published(instance, before, now)
        bits = _bits(connection, before, last)
        after = StatusList(
            before.id,
            before.public_id,
            before.organisation_id,
            before.purpose,
            before.size,
            before.version + 1,
            now,
        )
        document = _signed(instance, connection, after, bits, now)
        store.save_publication(connection, after, bytes(bits), document)
        count = _count(after, bits)
        detail = {"version": after.version, "set": count}
        append(connection, [Event(actor, "status.published", after.public_id, detail)], now)
        files.write(instance.settings.published, after.public_id, document)
    mark(instance)
    return after


def _count(of: StatusList, bits: bytearray) -> int:
    """Count the credentials a list says are not in force, each once."""
    told = bits[: len(bits) // 2] if of.purpose is Purpose.SUSPENSION else bits
    return int.from_bytes(told).bit_count()


def _bits(connection: Connection, of: StatusList, last: bytes) -> bytearray:
    earlier = (last, store.published_bits(connection, of.id) or b"")
    if of.purpose is Purpose.SUSPENSION:
        return _standings(connection, of, earlier)
    bits = status_bits.new(of.size)
    for index in store.places_set(connection, of.id):
        bits[index // 8] |= 0x80 >> index % 8
    for before in earlier:
        merged = int.from_bytes(bits) | int.from_bytes(before)
        bits[:] = merged.to_bytes(len(bits))
    return bits


def _standings(connection: Connection, of: StatusList, earlier: Iterable[bytes]) -> bytearray:
    """Return the bits of a list for suspension; what was published as revoked stays revoked."""
    standings = dict.fromkeys(store.places_set(connection, of.id), Standing.SUSPENDED)
    gone = store.places_revoked(connection, of.id)
    for before in earlier:
        gone += revoked_in(before)
    return pack_standings(of.size, (standings | dict.fromkeys(gone, Standing.REVOKED)).items())


def _last_published(instance: Instance, of: StatusList, now: datetime) -> bytes:
    """Return the bits of the file that is served now; it may be newer than a restored store."""
    document = files.read(instance.settings.published, of.public_id)
    if document is None:
        return b""
    try:
        credential = orjson.loads(document)
        issued = datetime.fromisoformat(credential["validFrom"])
        bits = status_bits.expand(credential["credentialSubject"]["encodedList"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, BadgeError) as error:
        raise StatusRollback(
            f"the published list {of.public_id} cannot be read: restore its file first"
        ) from error
    if issued > now:
        raise StatusRollback(f"the published list {of.public_id} is of {issued}, now is {now}")
    return bits


def _signed(
    instance: Instance, connection: Connection, of: StatusList, bits: bytearray, now: datetime
) -> bytes:
    organisation = organisations.by_id(connection, of.organisation_id)
    _, signer = signer_for(instance, connection, organisation, None)
    unsigned = build_list(
        of.url(instance.settings.origin),
        organisation.did,
        of.purpose.value,
        bits,
        valid_from=now,
        valid_until=now + VALIDITY,
    )
    sealable = seal.prepare(
        unsigned,
        issuer_document=DidDocument(did_document(connection, organisation)),
        method=signer.verification_method,
        now=now,
    )
    return orjson.dumps(seal.sign(sealable, signer, suite=SUITE_OF[signer.algorithm], created=now))
