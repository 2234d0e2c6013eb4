"""Credentials for EU wallets: an SD-JWT with a type, a holder's key and a status.

Spec: SD-JWT VC (draft-ietf-oauth-sd-jwt-vc) §2.2, Token Status List §6 (``status``),
RFC 7800 (``cnf``).
Shape: header ``typ=dc+sd-jwt`` and the issuer's key as a DID URL (``kid``) or certificates
(``x5c``); payload ``iss iat exp vct cnf.jwk status.status_list{idx,uri}`` and the claims.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from badges import strict_json
from badges.errors import MalformedCredential, ProofInvalid
from badges.proofs import jws, sd_jwt
from did.public_key import PublicKey
from did.signer import Signer

__all__ = [
    "LEGACY",
    "TYP",
    "Envelope",
    "ParsedSdJwtVc",
    "create",
    "draft",
    "join",
    "parse",
    "verify",
]

TYP = "dc+sd-jwt"
"""typ of the issuer-signed token; the older one must be asked for."""

LEGACY = "vc+sd-jwt"
"""typ in the drafts of before November 2024; W3C credentials as SD-JWT use it now."""

PLAIN = frozenset({"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status"})
"""Claims that must be in the clear (§2.2.2.2): hidden, they could not be checked."""

NEVER_HIDDEN = PLAIN | {"iat"}
"""Claims we do not hide either, for a verifier that judges age."""

_HEADERS = frozenset({"kid", "x5c"})


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the issuer sets itself: type, time, holder, status, and how its key is named."""

    vct: str
    issued_at: datetime
    holder_jwk: Mapping[str, Any] | None = None
    status: tuple[str, int] | None = None
    """URL of the Token Status List and the index in it."""
    expires: datetime | None = None
    x5c: tuple[str, ...] = ()
    """Certificates of the issuer's key, leaf first; without them the key is a DID URL."""
    typ: str = TYP


@dataclass(frozen=True, slots=True)
class ParsedSdJwtVc:
    """A credential that was read: what it says, not yet who said it."""

    sd_jwt: sd_jwt.SdJwt
    jws: jws.Jws
    payload: Mapping[str, Any]
    claims: Mapping[str, Any]
    """The payload with every disclosed claim in its place."""

    @property
    def header(self) -> Mapping[str, Any]:
        """Return the protected header."""
        return self.jws.header


def _salt() -> str:
    return secrets.token_urlsafe(16)


def draft(
    claims: Mapping[str, Any],
    signer: Signer,
    envelope: Envelope,
    *,
    disclosable: Iterable[sd_jwt.Path] = (),
    salt: Callable[[], str] = _salt,
) -> str:
    """Return the credential without its signature: ``header.payload~disclosure~…~``.

    Raises:
        MalformedCredential: a claim that may not be hidden, or one that `envelope` sets.
    """
    paths = tuple(disclosable)
    if hidden := sorted({str(path[0]) for path in paths} & NEVER_HIDDEN):
        raise MalformedCredential(f"never selectively disclosed: {', '.join(hidden)}")
    if doubled := sorted(set(claims) & (NEVER_HIDDEN - {"vct#integrity"})):
        raise MalformedCredential(f"set by the issuer alone: {', '.join(doubled)}")
    issuer = signer.verification_method.partition("#")[0]
    concealed = sd_jwt.conceal({**claims, **_set_claims(issuer, envelope)}, paths, salt=salt)
    key = {"x5c": list(envelope.x5c)} if envelope.x5c else {"kid": signer.verification_method}
    token = jws.draft({"typ": envelope.typ, **key}, strict_json.dumps(concealed.payload), signer)
    text = "~".join((token, *concealed.disclosures, ""))
    parse(join(text, b""), typ=envelope.typ)  # nothing leaves that we would not accept
    return text


def join(unsigned: str, signature: bytes) -> str:
    """Return the credential of a draft and the signature of what stands before its first tilde."""
    token, tilde, rest = unsigned.partition("~")
    return f"{token}.{jws.b64url_encode(signature)}{tilde}{rest}"


def create(
    claims: Mapping[str, Any],
    signer: Signer,
    envelope: Envelope,
    *,
    disclosable: Iterable[sd_jwt.Path] = (),
    salt: Callable[[], str] = _salt,
) -> str:
    """Return the credential with all its disclosures, as the holder receives it.

    Raises:
        MalformedCredential: a claim that may not be hidden, or one that `envelope` sets.
    """
    unsigned = draft(claims, signer, envelope, disclosable=disclosable, salt=salt)
    return join(unsigned, signer.sign(unsigned.partition("~")[0].encode("ascii")))


def parse(text: str, *, typ: str = TYP) -> ParsedSdJwtVc:
    """Read a credential or a presentation of one; nothing is believed yet.

    Raises:
        MalformedCredential: not an SD-JWT VC.
        ProofInvalid: a header that is not accepted, or disclosures that do not fit.
    """
    parts = sd_jwt.parse(text)
    read = jws.parse(parts.token, types=frozenset({typ}), headers=_HEADERS)
    payload = read.claims
    _check_plain(payload)
    _check_key(read.header, payload)
    claims = sd_jwt.reveal(payload, parts.disclosures)
    for name in PLAIN:
        if name in claims and name not in payload:
            raise ProofInvalid(f"{name} may not be selectively disclosed")
    return ParsedSdJwtVc(parts, read, payload, claims)


def verify(text: str, key: PublicKey, *, typ: str = TYP) -> Mapping[str, Any]:
    """Return the disclosed claims of a credential once the signature by `key` holds.

    Whether `key` may speak for ``iss``, the dates, the status and the key binding
    (`sd_jwt.verify_key_binding`) are the caller's questions.

    Raises:
        MalformedCredential: not an SD-JWT VC.
        ProofInvalid: signature, header or disclosures do not hold.
    """
    parsed = parse(text, typ=typ)
    jws.verify(parsed.jws, key)
    return parsed.claims


def _set_claims(issuer: str, envelope: Envelope) -> dict[str, Any]:
    own: dict[str, Any] = {
        "iss": issuer,
        "iat": int(envelope.issued_at.timestamp()),
        "vct": envelope.vct,
    }
    if envelope.expires is not None:
        own["exp"] = int(envelope.expires.timestamp())
    if envelope.holder_jwk is not None:
        own["cnf"] = {"jwk": dict(envelope.holder_jwk)}
    if envelope.status is not None:
        uri, index = envelope.status
        own["status"] = {"status_list": {"idx": index, "uri": uri}}
    return own


def _check_plain(payload: Mapping[str, Any]) -> None:
    if not isinstance(payload.get("vct"), str) or not payload["vct"]:
        raise MalformedCredential("vct names the type and is required")
    for name in ("iat", "nbf", "exp"):
        if name in payload and type(payload[name]) not in (int, float):
            raise MalformedCredential(f"{name} is a number of seconds")
    _check_cnf(payload.get("cnf", {}))
    _check_status(payload.get("status", {}))


def _check_cnf(cnf: Any) -> None:
    jwk = cnf.get("jwk", {}) if isinstance(cnf, dict) else None
    if not isinstance(jwk, dict) or {"d", "k", "p", "q"} & set(jwk):
        raise MalformedCredential("cnf.jwk is a public key")


def _check_status(status: Any) -> None:
    if not isinstance(status, dict):
        raise MalformedCredential("status is an object")
    if "status_list" not in status:
        return
    entry = status["status_list"]
    index = entry.get("idx") if isinstance(entry, dict) else None
    if type(index) is not int or index < 0 or not isinstance(entry.get("uri"), str):
        raise MalformedCredential("status.status_list needs idx (0 or more) and uri")


def _check_key(header: Mapping[str, Any], payload: Mapping[str, Any]) -> None:
    """Ask for exactly one way to the issuer's key: a DID URL of ``iss``, or certificates."""
    if ("kid" in header) == ("x5c" in header):
        raise ProofInvalid("the issuer's key comes by kid or by x5c: exactly one")
    if "x5c" in header:
        chain = header["x5c"]
        if not isinstance(chain, list) or not chain or not all(isinstance(c, str) for c in chain):
            raise ProofInvalid("x5c is a list of certificates")
    elif header["kid"].partition("#")[0] != payload.get("iss"):
        raise ProofInvalid("kid is not a key of iss")
