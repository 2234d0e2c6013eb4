"""Sign what an integrator wrote: checked, stored, signed, checked again, as with our own awards."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson
from sqlalchemy import Connection

from badges import strict_json
from badges.credential import V1, contexts, version
from badges.ob3.rules import is_badge
from badges.proofs.data_integrity import split, verify_proof
from badges.proofs.selective_disclosure import BADGE_POINTERS
from badges.proofs.selective_disclosure import SUITE as SELECTIVE
from badges.seal import Disclosure, Sealable, prepare, sign, sign_base
from badges.status.entry import parse_entry
from did.public_key import Curve
from did.signers.memory import generate
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.session import reading, unit_of_work
from issuer.errors import NotAllowed, NotFound
from issuer.instance import Instance
from issuer.status.commissioned import Place, assign, reserve_place, revoke_commissioned
from issuer.status.publication import publish, publish_due
from issuer.status.reconciling import require_reconciled
from issuer.status.service import Act
from issuer.vc_api import store
from issuer.vc_api.seats import ACTOR, Seat, seat_of, spoken_by

__all__ = ["Commission", "issue", "revoke"]

DATA_INTEGRITY_CONTEXT = "https://w3id.org/security/data-integrity/v2"
"""What a VCDM 1.1 document needs beside its own context to carry such a proof."""

STATUS_CONTEXT = "https://www.w3.org/ns/credentials/status/v1"
"""What a VCDM 1.1 document needs to carry an entry of a bitstring list."""

EVERY_PART = ("/issuer",)
"""What every part of a credential shows if the caller does not say and it is no badge."""


@dataclass(frozen=True, slots=True)
class Commission:
    """A credential to be signed, by whom and how."""

    credential: Mapping[str, Any]
    slug: str | None = None
    """The organisation that signs; none is the alliance."""

    suite: str = "eddsa-rdfc-2022"
    curve: Curve | None = None
    """The kind of key, where the suite takes several; none is the first."""

    mandatory: Sequence[str] | None = None
    """JSON pointers to what every part shows (``ecdsa-sd-2023``)."""


def issue(instance: Instance, commission: Commission) -> dict[str, Any]:
    """Return the signed credential.

    Raises:
        NotFound: there is no such organisation.
        UnsupportedSuite: we do not sign with it, or not with such a key.
        NotSealable: a verifier would refuse it, or its issuer is not the organisation.
    """
    with unit_of_work(instance.engine) as connection:  # a new key stays, whatever comes after
        seat = seat_of(instance, connection, commission.slug, commission.suite, commission.curve)
    draft = spoken_by(seat, completed(commission.credential))
    with unit_of_work(instance.engine) as connection:
        place, draft = with_status(instance, connection, seat, draft)
        checked(instance, seat, draft)
        number = intend(instance, connection, seat, commission.suite, draft)
        if place:
            assign(connection, place, number)
    if place and place[0].published_at is None:
        publish(instance, place[0].id, ACTOR)
    return sign_kept(instance, number, seat, commission)


def checked(instance: Instance, seat: Seat, draft: Mapping[str, Any]) -> Sealable:
    """Return the draft, found fit to be signed.

    Raises:
        NotSealable: with every problem.
    """
    method, now = seat.key.verification_method, instance.now()
    return prepare(draft, issuer_document=seat.document, method=method, now=now)


def intend(
    instance: Instance, connection: Connection, seat: Seat, suite: str, draft: Mapping[str, Any]
) -> int:
    """Keep what is to be signed, with its line in the audit log."""
    intent = store.Intent(seat.signing.id, seat.key.id, suite, orjson.dumps(dict(draft)))
    number = store.keep_intent(connection, intent, instance.now())
    event = Event(ACTOR, "issuance.intended", seat.key.verification_method, {"vc-api": number})
    append(connection, [event], instance.now())
    return number


def sign_kept(
    instance: Instance, number: int, seat: Seat, commission: Commission
) -> dict[str, Any]:
    """Sign what was kept, look at it once more, and keep the proof."""
    with reading(instance.engine) as connection:
        draft = strict_json.loads(store.draft_of(connection, number))
    now = instance.now()
    sealable = checked(instance, seat, draft)
    if commission.suite == SELECTIVE.name:
        signed = sign_base(sealable, seat.signer, created=now, disclosure=disclosure(commission))
    else:
        signed = sign(sealable, seat.signer, suite=commission.suite, created=now)
        for proof in split(signed)[1]:
            verify_proof(signed, proof, seat.signer.public_key)
    method = seat.signer.verification_method
    with unit_of_work(instance.engine) as connection:
        store.keep_proof(connection, number, orjson.dumps(signed["proof"]), now)
        append(connection, [Event(ACTOR, "issuance.signed", method, {"vc-api": number})], now)
    return signed


def disclosure(commission: Commission) -> Disclosure:
    """Return what every part is to show, and fresh keys."""
    pointers = commission.mandatory
    if pointers is None:
        pointers = BADGE_POINTERS if is_badge(commission.credential) else EVERY_PART
    return Disclosure(tuple(pointers), secrets.token_bytes(32), generate(Curve.P256))


def completed(credential: Mapping[str, Any]) -> dict[str, Any]:
    """Return the draft: a VCDM 1.1 document gets the context of the proof it will carry."""
    draft = dict(credential)
    if version(draft) == 1 and DATA_INTEGRITY_CONTEXT not in (found := contexts(draft)):
        draft["@context"] = [V1, *found[1:], DATA_INTEGRITY_CONTEXT]
    return draft


def with_status(
    instance: Instance, connection: Connection, seat: Seat, draft: dict[str, Any]
) -> tuple[Place | None, dict[str, Any]]:
    """Return the draft with a status of ours, if it brings none, and its place in the list."""
    if "credentialStatus" in draft or not instance.settings.vc_api_status:
        return None, draft
    require_reconciled(instance, connection)
    origin, now = instance.settings.origin, instance.now()
    place, entry = reserve_place(connection, seat.signing.id, origin, now)
    draft = {**draft, "credentialStatus": entry}
    if version(draft) == 1 and STATUS_CONTEXT not in (found := contexts(draft)):
        draft["@context"] = [*found, STATUS_CONTEXT]
    return place, draft


def revoke(instance: Instance, status: Mapping[str, Any], *, to: object) -> None:
    """Revoke the credential that carries this status, and publish that at once.

    Raises:
        MalformedValue: it is no status.
        NotAllowed: `to` is anything but true.
        NotFound: it is not one of ours, given through VC-API.
        AlreadyRevoked: it was revoked before.
    """
    entry = parse_entry(status)
    if entry.purpose != "revocation" or to is not True:
        raise NotAllowed("a revocation is for ever: the only change of status is to revoke")
    prefix = f"{instance.settings.origin}/status/"
    if not entry.list_url.startswith(prefix):
        raise NotFound(f"{urlsplit(entry.list_url).netloc[:80]} is not this service")
    with unit_of_work(instance.engine) as connection:
        public_id = entry.list_url.removeprefix(prefix)
        revoke_commissioned(connection, public_id, entry.index, Act(ACTOR, instance.now()))
    publish_due(instance, ACTOR)
