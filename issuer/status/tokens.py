"""The published lists as signed tokens, for credentials that are tokens themselves.

Spec: IETF Token Status List §5.1 (``statuslist+jwt``), §4 (bits, right-most first).
A token says what the published list credential says, at the same moment; it is signed when it is
asked for first, and kept beside the list, so that it is served even when the database is not there.
On disk: the hash of the list it was made of, a line end, the token.
"""

import hashlib
import logging

import orjson
from sqlalchemy.exc import SQLAlchemyError

from badges.credential import parse_moment
from badges.proofs import jws
from badges.status import bits as status_bits
from badges.status.standing import SIZE
from badges.status.token import pack_token
from did.errors import DidError
from did.signer import Signer
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.session import unit_of_work
from issuer.errors import IssuerError
from issuer.instance import Instance
from issuer.organisations import store as organisations
from issuer.signing.service import signer_for
from issuer.status import files

__all__ = ["MEDIA_TYPE", "list_token"]

MEDIA_TYPE = "application/statuslist+jwt"
TTL = 300
"""Seconds a verifier may keep it, as long as the list's own."""

_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
"""A byte of a list credential (left-most bit first) as a byte of a token."""

_MIRRORED_PAIRS = bytes(
    byte >> 6 | byte >> 2 & 0b1100 | byte << 2 & 0b110000 | byte << 6 & 0b11000000
    for byte in range(256)
)
"""The same for entries of two bits, which keep their own order."""

log = logging.getLogger(__name__)


def list_token(instance: Instance, public_id: str) -> bytes | None:
    """Return the published list as a token, None of a list that was never published.

    Raises:
        NotFound: `public_id` cannot be the name of a list.
    """
    folder = instance.settings.published
    document = files.read(folder, public_id)
    if document is None:
        return None
    digest = hashlib.sha256(document).hexdigest().encode()
    made_of, _, kept = (files.read(folder, public_id, suffix=".jwt") or b"").partition(b"\n")
    if made_of == digest:
        return kept
    try:
        token = _sign(instance, public_id, document)
    except (SQLAlchemyError, DidError, IssuerError):
        if not kept:
            raise
        log.warning("the list %s cannot be signed as a token now: serving the last one", public_id)
        return kept
    files.write(folder, public_id, digest + b"\n" + token, suffix=".jwt")
    return token


def _sign(instance: Instance, public_id: str, document: bytes) -> bytes:
    """Sign what was published, with a line in the audit log in the same commit."""
    published = orjson.loads(document)
    issuer = published["issuer"]
    did = issuer["id"] if isinstance(issuer, dict) else issuer
    with unit_of_work(instance.engine) as connection:
        _, signer = signer_for(instance, connection, organisations.by_did(connection, did), None)
        token = create_list_token(document, signer)
        issued = _moment(document, "validFrom")
        event = Event("service", "status.token.signed", public_id, {"issued": issued})
        append(connection, [event], instance.now())
    return token


def create_list_token(document: bytes, signer: Signer) -> bytes:
    """Return a published list credential as a token."""
    published = orjson.loads(document)
    subject = published["credentialSubject"]
    bits = status_bits.expand(subject["encodedList"])
    pairs = subject["statusPurpose"] == "suspension"
    table, size = (_MIRRORED_PAIRS, SIZE) if pairs else (_MIRRORED, 1)
    claims = {
        "sub": f"{published['id']}/token",
        "iat": _moment(document, "validFrom"),
        "exp": _moment(document, "validUntil"),
        "ttl": TTL,
        "status_list": pack_token(bytes(bits).translate(table), size=size),
    }
    header = {"typ": "statuslist+jwt", "kid": signer.verification_method}
    return jws.create(header, orjson.dumps(claims), signer).encode("ascii")


def _moment(document: bytes, name: str) -> int:
    return int(parse_moment(orjson.loads(document)[name]).timestamp())
