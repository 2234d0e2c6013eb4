"""Timestamps: ask for one, read the answer, check a token. No I/O: the caller carries the bytes.

Spec: RFC 3161 (§2.4 request and response, §2.3 key purpose), RFC 5652 §5 (signed data),
      RFC 5035 and RFC 2634 (which certificate signed).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from asn1crypto import cms, core, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from badges.errors import MalformedCredential, TimestampInvalid
from badges.proofs.x509 import ASN1_ERRORS, constraints, der, is_current, read_certificate

__all__ = ["Timestamp", "read_response", "request", "verify_token"]

_HASHES: Mapping[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
"""SHA-1 is gone: a token with it proves nothing today (TS 119 312 §5.2)."""


class _Answer(core.Sequence):  # type: ignore[misc] # asn1crypto has no types
    """A TimeStampResp whose token may be absent, as §2.4.2 says and asn1crypto does not."""

    _fields: ClassVar[list[Any]] = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


MAX_CERTIFICATES = 10
"""Most certificates in one token; real ones carry one to three."""

REMEMBERED = 64
"""Tokens of which we remember that they hold."""

_GRANTED = {"granted", "granted_with_mods"}


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A timestamp whose imprint and signature hold; its authority is still to be judged."""

    time: datetime
    authority: x509.Certificate
    certificates: tuple[x509.Certificate, ...]
    """Every certificate that travelled in the token."""

    policy: str
    nonce: int | None


def request(message: bytes, nonce: int) -> bytes:
    """Return the DER request to send for a timestamp over `message`.

    The body is ``application/timestamp-query``; `nonce` is random and checked in the answer.
    """
    asked = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {
                "hash_algorithm": {"algorithm": "sha256"},
                "hashed_message": hashlib.sha256(message).digest(),
            },
            "nonce": nonce,
            "cert_req": True,
        }
    )
    octets: bytes = asked.dump()
    return octets


def read_response(response: bytes, message: bytes, nonce: int) -> bytes:
    """Return the token of an authority's answer, checked against what was asked.

    Raises:
        TimestampInvalid: refused, not readable, for other content, or an answer to another request.
    """
    try:
        answer = _Answer.load(response, strict=True)
        status = answer["status"]["status"].native
        token: bytes = answer["time_stamp_token"].dump() if status in _GRANTED else b""
    except ASN1_ERRORS as error:
        raise TimestampInvalid("the timestamp authority's answer cannot be read") from error
    if status not in _GRANTED:
        raise TimestampInvalid(f"the timestamp authority answered {status}")
    if verify_token(token, message).nonce != nonce:
        raise TimestampInvalid("the answer belongs to another request (nonce)")
    return token


def verify_token(token: bytes, message: bytes) -> Timestamp:
    """Check that `token` is a signed timestamp over `message`.

    Raises:
        TimestampInvalid: not a token, another imprint, a bad signature, or a signer
            that is not a timestamp authority.
    """
    try:
        found, name, digest = _opened(token)
        _check_imprint(name, digest, message)
    except ASN1_ERRORS as error:
        raise TimestampInvalid("the timestamp token cannot be read") from error
    except (MalformedCredential, UnsupportedAlgorithm) as error:
        raise TimestampInvalid(f"the timestamp token is not usable: {error}") from error
    return found


@lru_cache(REMEMBERED)
def _opened(token: bytes) -> tuple[Timestamp, str, bytes]:
    """Return a token whose signature holds, and the imprint it is about (digest, value).

    Remembered: a new token is looked at when it arrives, when it is added, and in our own check.
    """
    container = cms.ContentInfo.load(token, strict=True)
    _require(container["content_type"].native == "signed_data", "is not CMS signed data")
    signed = container["content"]
    content = signed["encap_content_info"]
    _require(content["content_type"].native == "tst_info", "holds no timestamp")
    stamped = content["content"].parsed
    _require(len(signed["signer_infos"]) == 1, "needs exactly one signer")
    signer = signed["signer_infos"][0]
    digest = signer["digest_algorithm"]["algorithm"].native
    named = [each["algorithm"].native for each in signed["digest_algorithms"]]
    _require(digest in _HASHES and named == [digest], "uses a digest we do not accept")
    _require(len(signed["certificates"]) <= MAX_CERTIFICATES, "carries too many certificates")
    bag = tuple(read_certificate(each.chosen.dump()) for each in signed["certificates"])
    authority = _authority(signer, bag)
    attributes = _attributes(signer)
    _check_attributes(
        attributes, authority, hashlib.new(digest, bytes(content["content"])).digest()
    )
    _check_signature(signer, authority, digest)
    time = stamped["gen_time"].native
    _require(isinstance(time, datetime), "gives a time that no calendar has")
    _require(is_current(authority, time), "was made outside its authority's validity")
    found = Timestamp(time, authority, bag, stamped["policy"].native, stamped["nonce"].native)
    imprint = stamped["message_imprint"]
    named_by, value = (
        imprint["hash_algorithm"]["algorithm"].native,
        imprint["hashed_message"].native,
    )
    return found, named_by, value


def _require(condition: bool, fault: str) -> None:
    if not condition:
        raise TimestampInvalid(f"the timestamp token {fault}")


def _check_imprint(name: str, digest: bytes, message: bytes) -> None:
    _require(name in _HASHES, f"uses {name}, which proves nothing today")
    fits = hashlib.new(name, message).digest() == digest
    _require(fits, "was made over other content")


def _authority(signer: Any, bag: tuple[x509.Certificate, ...]) -> x509.Certificate:
    sid = signer["sid"]
    _require(sid.name == "issuer_and_serial_number", "names its signer in a way we do not know")
    issuer, serial = sid.chosen["issuer"].dump(), sid.chosen["serial_number"].native
    for each in bag:
        if each.serial_number == serial and each.issuer.public_bytes() == issuer:
            _require(_is_for_timestamps(each), "was signed by a certificate for another purpose")
            return each
    raise TimestampInvalid("the timestamp token lacks its signer's certificate")


def _is_for_timestamps(certificate: x509.Certificate) -> bool:
    """Tell whether the only, critical purpose is timestamping (RFC 3161 §2.3)."""
    found = constraints(certificate)
    return found.purposes == ("time_stamping",) and "extended_key_usage" in found.critical


def _attributes(signer: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in signer["signed_attrs"]:
        name = each["type"].native
        _require(name not in found and len(each["values"]) == 1, f"has {name} twice")
        found[name] = each["values"][0]
    return found


def _check_attributes(found: dict[str, Any], authority: x509.Certificate, digest: bytes) -> None:
    content_type, message_digest = found.get("content_type"), found.get("message_digest")
    _require(content_type is not None and content_type.native == "tst_info", "signs other content")
    _require(message_digest is not None and message_digest.native == digest, "was altered")
    named = found.get("signing_certificate_v2") or found.get("signing_certificate")
    if named is None:
        raise TimestampInvalid("the timestamp token does not sign which certificate made it")
    first = named["certs"][0]
    name = first["hash_algorithm"]["algorithm"].native if "hash_algorithm" in first else "sha1"
    fits = hashlib.new(name, der(authority)).digest() == first["cert_hash"].native
    _require(fits, "was signed with another certificate than it says")


def _check_signature(signer: Any, authority: x509.Certificate, digest: str) -> None:
    message = signer["signed_attrs"].untag().dump()
    signature = signer["signature"].native
    scheme = signer["signature_algorithm"].signature_algo
    key, chosen = authority.public_key(), _HASHES[digest]()
    try:
        if isinstance(key, rsa.RSAPublicKey) and scheme == "rsassa_pkcs1v15":
            key.verify(signature, message, padding.PKCS1v15(), chosen)
            return
        if isinstance(key, ec.EllipticCurvePublicKey) and scheme == "ecdsa":
            key.verify(signature, message, ec.ECDSA(chosen))
            return
    except InvalidSignature as error:
        raise TimestampInvalid("the timestamp token's signature does not fit") from error
    raise TimestampInvalid(f"the timestamp token is signed with {scheme}, which we do not accept")
