"""Credentials secured as JSON Web Tokens: the Open Badges form and the W3C form.

Spec: Open Badges 3.0 §8.2 (JSON Web Token proof format), VC Data Model 1.1 §6.3.1 (``vc``),
Securing VCs using JOSE and COSE §3.1 (``vc+jwt``, ``vp+jwt``).
Shape: typ ``JWT`` carries the credential at top level (VCDM 2.0) or under ``vc`` (VCDM 1.1),
beside ``iss sub jti nbf exp``, which repeat fields of the credential and must agree with them.
typ ``vc+jwt`` carries a VCDM 2.0 credential at top level; the claims may be left out, and ``exp``
there is the end of the signature, which may come before that of the credential.
Dates compare to the second: JWT counts seconds, credentials may write fractions.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from badges import strict_json
from badges.errors import MalformedCredential, ProofInvalid
from badges.proofs import jws
from did.public_key import PublicKey
from did.signer import Signer

__all__ = [
    "JOSE",
    "OPEN_BADGE",
    "PRESENTATION",
    "ParsedJwt",
    "check_agreement",
    "create",
    "create_presentation",
    "credential_to_payload",
    "draft",
    "parse",
    "parse_presentation",
    "signature_end",
    "strip",
    "verify",
    "verify_presentation",
]

OPEN_BADGE = "JWT"
"""typ of the Open Badges form, which is also the ``jwt_vc_json`` of wallets."""

JOSE = "vc+jwt"
"""typ of the W3C form (VC-JOSE-COSE)."""

PRESENTATION = "vp+jwt"
"""typ of a presentation in the W3C form."""

VCDM_1 = "https://www.w3.org/2018/credentials/v1"
"""First context of a VCDM 1.1 credential: it travels under ``vc``."""

_HEADERS: Mapping[str, frozenset[str]] = {
    OPEN_BADGE: frozenset({"kid", "jwk"}),
    JOSE: frozenset({"kid", "cty", "iss"}),
    PRESENTATION: frozenset({"kid", "cty", "jwk"}),
}
_CONTENT: Mapping[str, str] = {JOSE: "vc", PRESENTATION: "vp"}
_DATES = {"nbf": ("validFrom", "issuanceDate"), "exp": ("validUntil", "expirationDate")}
_REGISTERED = frozenset({"iss", "sub", "jti", "nbf", "exp", "iat", "aud", "nonce", "cnf"})
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class ParsedJwt:
    """A token that was read: what it says, not yet who said it."""

    token: str
    jws: jws.Jws
    payload: Mapping[str, Any]
    credential: Mapping[str, Any]

    @property
    def header(self) -> Mapping[str, Any]:
        """Return the protected header."""
        return self.jws.header


def credential_to_payload(credential: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JWT payload of `credential`: itself and the claims that repeat it."""
    claims = {name: value for name, value in _claims(credential).items() if value is not None}
    if _is_vcdm_1(credential):
        return {"vc": dict(credential), **claims}
    return {**credential, **claims}


def draft(credential: Mapping[str, Any], signer: Signer, *, typ: str = OPEN_BADGE) -> str:
    """Return what `signer` is to sign to make a token of `credential`: header and payload.

    Raises:
        MalformedCredential: a field the claims need is missing, or `typ` does not suit it.
    """
    payload = credential_to_payload(credential)
    if typ == JOSE and "vc" in payload:
        raise MalformedCredential("vc+jwt carries VCDM 2.0 credentials only")
    header = {"typ": typ, "kid": signer.verification_method}
    if typ in _CONTENT:
        header["cty"] = _CONTENT[typ]
    signed = jws.draft(header, strict_json.dumps(payload), signer)
    parse(f"{signed}.")  # nothing leaves that we would not accept
    return signed


def create(credential: Mapping[str, Any], signer: Signer, *, typ: str = OPEN_BADGE) -> str:
    """Return `credential` as a signed token of that `typ`.

    Raises:
        MalformedCredential: a field the claims need is missing, or `typ` does not suit it.
    """
    signed = draft(credential, signer, typ=typ)
    return f"{signed}.{jws.b64url_encode(signer.sign(signed.encode('ascii')))}"


def parse(token: str) -> ParsedJwt:
    """Read a credential token and check that its claims and its credential agree.

    Raises:
        MalformedCredential: not such a token.
        ProofInvalid: a header that is not accepted, or claims that contradict the credential.
    """
    read = jws.parse(
        token,
        types=frozenset({OPEN_BADGE, JOSE}),
        headers=_HEADERS[OPEN_BADGE] | _HEADERS[JOSE],
        open_types=frozenset({JOSE}),
    )
    payload = read.claims
    _check_content(read.header, payload)
    if read.header["typ"] == JOSE:
        credential = strip(payload)
        check_agreement(read.header, payload, credential)
    else:
        credential = _unwrap(payload) if "vc" in payload else strip(payload)
        _check_claims(payload, credential, required=True)
    return ParsedJwt(token, read, payload, credential)


def check_agreement(
    header: Mapping[str, Any], payload: Mapping[str, Any], credential: Mapping[str, Any]
) -> None:
    """Refuse claims of a token in a W3C form that contradict its credential.

    Raises:
        ProofInvalid: one does, or the token says it holds longer than the credential.
        MalformedCredential: the credential's own members cannot be read.
    """
    _check_claims(payload, credential, required=False)
    issuer = _claims(credential, strict=False)["iss"]
    if "iss" in header and header["iss"] != issuer:
        raise ProofInvalid("the iss of the header is not the issuer")


def signature_end(payload: Mapping[str, Any], credential: Mapping[str, Any]) -> float | None:
    """Return when the signature of a token ends, if that is not simply when the credential does.

    Spec: VC-JOSE-COSE, JOSE header parameters and JWT claims (``exp``).
    """
    end = payload.get("exp")
    if end is None or _same(end, _date(credential, *_DATES["exp"])):
        return None
    return float(end)


def verify(token: str, key: PublicKey) -> Mapping[str, Any]:
    """Return the payload of `token` once its signature by `key` holds.

    Whether `key` may speak for the issuer is the caller's question.

    Raises:
        MalformedCredential: not a credential token.
        ProofInvalid: the signature, the header or the claims do not hold.
    """
    parsed = parse(token)
    jws.verify(parsed.jws, key)
    return parsed.payload


def create_presentation(
    presentation: Mapping[str, Any],
    signer: Signer,
    *,
    audience: str,
    nonce: str,
    issued_at: datetime,
) -> str:
    """Return a ``vp+jwt`` that only `audience` may use, once."""
    payload = {
        **presentation,
        "iss": signer.verification_method.partition("#")[0],
        "aud": audience,
        "nonce": nonce,
        "iat": int(issued_at.timestamp()),
    }
    header = {"typ": PRESENTATION, "cty": "vp", "kid": signer.verification_method}
    return jws.create(header, strict_json.dumps(payload), signer)


def parse_presentation(token: str) -> jws.Jws:
    """Read a ``vp+jwt``.

    Raises:
        MalformedCredential: not such a token.
        ProofInvalid: a header that is not accepted.
    """
    kinds = frozenset({PRESENTATION})
    read = jws.parse(token, types=kinds, headers=_HEADERS[PRESENTATION], open_types=kinds)
    _check_content(read.header, read.claims)
    return read


def verify_presentation(
    token: str, key: PublicKey, *, audience: str, nonce: str
) -> Mapping[str, Any]:
    """Return the payload of a ``vp+jwt`` made for `audience` and `nonce`.

    Raises:
        MalformedCredential: not such a token.
        ProofInvalid: signature, audience or nonce do not hold.
    """
    read = parse_presentation(token)
    jws.verify(read, key)
    claims = read.claims
    if claims.get("aud") != audience or claims.get("nonce") != nonce:
        raise ProofInvalid("the presentation was made for someone else or another request")
    return claims


def _check_content(header: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
    typ = header["typ"]
    unknown = set(header) - _HEADERS[typ] - {"alg", "typ"}
    if unknown := unknown & jws.REGISTERED if typ in _CONTENT else unknown:
        raise ProofInvalid(f"header members not accepted in {typ}: {', '.join(sorted(unknown))}")
    if "cty" in header and header["cty"] != _CONTENT[typ]:
        raise ProofInvalid(f"cty of {typ} is {_CONTENT[typ]}")
    foreign = {"vc", "vp"} if typ in _CONTENT else {"vp"}
    if foreign & set(claims):
        raise MalformedCredential(f"{typ} has no {' or '.join(sorted(foreign))} member")


def strip(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a payload says beside the claims of the token itself."""
    return {name: value for name, value in payload.items() if name not in _REGISTERED}


def _unwrap(payload: Mapping[str, Any]) -> dict[str, Any]:
    vc = payload["vc"]
    if not isinstance(vc, dict):
        raise MalformedCredential("vc is a JSON object")
    if doubled := sorted(set(payload) - _REGISTERED - {"vc"}):
        raise MalformedCredential(f"members beside vc that vc should hold: {', '.join(doubled)}")
    return vc


def _check_claims(
    payload: Mapping[str, Any], credential: Mapping[str, Any], *, required: bool
) -> None:
    """Compare each claim with the field it repeats (Open Badges 3.0 §8.2.4.1)."""
    for name, expected in _claims(credential, strict=required).items():
        if name not in payload:
            if required and expected is not None:
                raise ProofInvalid(f"claim {name} is missing")
        elif name == "exp" and not required:
            _check_end(payload["exp"], expected)
        elif not _same(payload[name], expected):
            raise ProofInvalid(f"claim {name} differs from the credential")


def _check_end(claim: Any, expected: str | int | None) -> None:
    """A signature may end before the credential does, or where that has no end; never after it."""
    if isinstance(claim, bool) or not isinstance(claim, int | float) or not math.isfinite(claim):
        raise ProofInvalid("claim exp is not a number of seconds")
    if isinstance(expected, int) and math.floor(claim) > expected:
        raise ProofInvalid("claim exp promises more than the credential")


def _same(claim: Any, expected: str | int | None) -> bool:
    if isinstance(expected, int) and isinstance(claim, int | float) and not isinstance(claim, bool):
        return math.floor(claim) == expected
    return type(claim) is type(expected) and claim == expected


def _claims(credential: Mapping[str, Any], *, strict: bool = True) -> dict[str, str | int | None]:
    """Return what each registered claim must be; None where the credential has no such field."""
    issuer = credential.get("issuer")
    subject = credential.get("credentialSubject")
    claims: dict[str, str | int | None] = {
        "iss": _text(issuer.get("id") if isinstance(issuer, dict) else issuer),
        "sub": _text(_subject_id(subject)),
        "jti": _text(credential.get("id")),
        "nbf": _date(credential, *_DATES["nbf"]),
        "exp": _date(credential, *_DATES["exp"]),
    }
    missing = [name for name in ("iss", "jti", "nbf") if claims[name] is None]
    if strict and missing:
        raise MalformedCredential(f"the credential has nothing for {', '.join(missing)}")
    return claims


def _subject_id(subject: Any) -> Any:
    if isinstance(subject, list) and len(subject) == 1:
        subject = subject[0]
    return subject.get("id") if isinstance(subject, dict) else None


def _text(value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise MalformedCredential("identifiers are text")
    return value


def _date(credential: Mapping[str, Any], *fields: str) -> int | None:
    seconds = {_seconds(credential[field]) for field in fields if field in credential}
    if len(seconds) > 1:
        raise MalformedCredential(f"{' and '.join(fields)} differ")
    return seconds.pop() if seconds else None


def _seconds(text: Any) -> int:
    if not isinstance(text, str) or not _DATE_TIME.fullmatch(text):
        raise MalformedCredential("dates are written like 2026-11-23T14:00:00Z")
    try:
        moment = datetime.fromisoformat(re.sub(r"(\.\d{1,6})\d*", r"\1", text))
        return math.floor(moment.astimezone(UTC).timestamp())
    except (ValueError, OverflowError) as error:
        raise MalformedCredential("a date that does not exist") from error


def _is_vcdm_1(credential: Mapping[str, Any]) -> bool:
    contexts = credential.get("@context")
    return contexts == VCDM_1 or (isinstance(contexts, list) and contexts[:1] == [VCDM_1])
