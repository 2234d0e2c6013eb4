"""Credentials and presentations of the W3C data model, parts of which the holder may hide.

Spec: Securing VCs using JOSE and COSE §3.2 (``vc+sd-jwt``, ``vp+sd-jwt``), RFC 9901 (SD-JWT).
Shape: the payload is the document itself, with digests in the place of what may be hidden. What a
verifier needs stands in the clear: an end or a status that could be hidden would vanish.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from badges.errors import MalformedCredential, ProofInvalid
from badges.proofs import jws, sd_jwt, vc_jwt

__all__ = ["CREDENTIAL", "PLAIN", "PRESENTATION", "ParsedVcSdJwt", "parse"]

CREDENTIAL = "vc+sd-jwt"
"""typ of a credential; SD-JWT VC of before 2024 used the same word."""

PRESENTATION = "vp+sd-jwt"
"""typ of a presentation."""

PLAIN = frozenset(
    {
        *("@context", "issuer", "validUntil", "expirationDate", "credentialStatus"),
        *("credentialSchema", "refreshService", "holder", "verifiableCredential"),
        *("iss", "sub", "jti", "nbf", "exp", "aud", "nonce", "cnf"),
    }
)
"""Members that must be in the clear: hidden, they could not be checked."""

WHOLE = ("@context", "credentialStatus", "cnf")
"""Members no part of which may be hidden either."""

_HEADERS = frozenset({"kid", "cty", "iss"})
_CONTENT = {CREDENTIAL: "vc", PRESENTATION: "vp"}


@dataclass(frozen=True, slots=True)
class ParsedVcSdJwt:
    """A token that was read: what it says, not yet who said it."""

    sd_jwt: sd_jwt.SdJwt
    jws: jws.Jws
    document: Mapping[str, Any]
    """The credential or presentation, with every disclosed member in its place."""


def parse(text: str) -> ParsedVcSdJwt:
    """Read a ``vc+sd-jwt`` or a ``vp+sd-jwt``; nothing is believed yet.

    Raises:
        MalformedCredential: not such a token.
        ProofInvalid: a header that is not accepted, disclosures that do not fit, or something
            hidden that has to be in the clear.
    """
    parts = sd_jwt.parse(text)
    kinds = frozenset(_CONTENT)
    read = jws.parse(parts.token, types=kinds, headers=_HEADERS, open_types=kinds)
    content = _CONTENT[read.header["typ"]]
    if read.header.get("cty", content) != content:
        raise ProofInvalid(f"cty of {read.header['typ']} is {content}")
    payload = read.claims
    claims = sd_jwt.reveal(payload, parts.disclosures)
    if foreign := sorted({"vc", "vp"} & claims.keys()):
        raise MalformedCredential(f"{read.header['typ']} has no member {' or '.join(foreign)}")
    _check_plain(payload, claims)
    document = vc_jwt.strip(claims)
    if content == "vc":
        vc_jwt.check_agreement(read.header, claims, document)
    return ParsedVcSdJwt(parts, read, document)


def _check_plain(payload: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
    for name in sorted(PLAIN & claims.keys()):
        if name not in payload:
            raise ProofInvalid(f"{name} may not be selectively disclosed")
    for name in WHOLE:
        if _hides(payload.get(name)):
            raise ProofInvalid(f"no part of {name} may be selectively disclosed")


def _hides(value: object) -> bool:
    inside: Iterable[object] = ()
    if isinstance(value, Mapping):
        if {"_sd", "..."} & value.keys():
            return True
        inside = value.values()
    elif isinstance(value, list):
        inside = value
    return any(map(_hides, inside))
