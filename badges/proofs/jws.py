"""Compact JSON Web Signatures: the envelope of every signed token here.

Spec: RFC 7515 (JWS) §3.1 and §7.1, RFC 7518 §3 (algorithms), RFC 8037 (EdDSA).
Shape: ``base64url(header) . base64url(payload) . base64url(signature)``, no padding.
Only asymmetric algorithms exist here: ``none`` and ``HS*`` have no entry in the table.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from badges import strict_json
from badges.errors import MalformedCredential, ProofInvalid
from did.public_key import Curve, PublicKey
from did.signer import Signer

__all__ = [
    "ALGORITHMS",
    "MAX_TOKEN",
    "REGISTERED",
    "Jws",
    "b64url_decode",
    "b64url_encode",
    "create",
    "draft",
    "parse",
    "verify",
]

ALGORITHMS: Mapping[str, Curve] = {
    "EdDSA": Curve.ED25519,
    "Ed25519": Curve.ED25519,
    "ES256": Curve.P256,
    "ES384": Curve.P384,
    "RS256": Curve.RSA,
}
"""JOSE name of each algorithm and the only kind of key that may speak it (RFC 8725 §3.1)."""

REGISTERED = frozenset(
    {
        *("alg", "b64", "crit", "cty", "jku", "jwk", "kid", "typ", "x5c", "x5t", "x5t#S256", "x5u"),
        *("apu", "apv", "enc", "epk", "iv", "p2c", "p2s", "tag", "zip"),
        *("aud", "exp", "iss", "nbf", "nonce", "sub", "url"),
    }
)
"""Header members that change how a token is read, or where its key is: never passed over."""

MAX_TOKEN = 2**20
"""Most characters of a token we read: a credential with a picture inside fits."""

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


@dataclass(frozen=True, slots=True)
class Jws:
    """A token that was read but not yet believed."""

    header: Mapping[str, Any]
    payload: bytes
    signature: bytes
    signed: bytes
    """The bytes under the signature: everything before the last dot."""

    @property
    def claims(self) -> dict[str, Any]:
        """Return the payload as a JSON object.

        Raises:
            MalformedCredential: the payload is no JSON object.
        """
        return _json_object(self.payload, "payload")


def b64url_encode(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def b64url_decode(text: str) -> bytes:
    """Return the bytes of `text`, which must be the one spelling of them.

    Raises:
        MalformedCredential: padding, a foreign character, or stray bits at the end.
    """
    if not _ALPHABET.fullmatch(text) or len(text) % 4 == 1:
        raise MalformedCredential("not base64url without padding")
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if b64url_encode(raw) != text:
        raise MalformedCredential("base64url with stray bits at the end")
    return raw


def draft(header: Mapping[str, Any], payload: bytes, signer: Signer) -> str:
    """Return what `signer` is to sign: header and payload; ``alg`` is the signer's."""
    head = strict_json.dumps({"alg": signer.algorithm, **header})
    return f"{b64url_encode(head)}.{b64url_encode(payload)}"


def create(header: Mapping[str, Any], payload: bytes, signer: Signer) -> str:
    """Return the compact token of `payload`."""
    signed = draft(header, payload, signer)
    return f"{signed}.{b64url_encode(signer.sign(signed.encode('ascii')))}"


def parse(
    token: str,
    *,
    types: frozenset[str],
    headers: frozenset[str],
    open_types: frozenset[str] = frozenset(),
) -> Jws:
    """Read `token`, whose ``typ`` is in `types` and whose header has only `headers`.

    The empty text in `types` stands for a header without ``typ``. In tokens of `open_types` a
    member that nobody registered is passed over. Nothing in the result may be believed before
    `verify`.

    Raises:
        MalformedCredential: not a compact token of that kind.
        ProofInvalid: an algorithm or header that would make the signature meaningless.
    """
    if len(token) > MAX_TOKEN:
        raise MalformedCredential(f"a token of more than {MAX_TOKEN} characters")
    parts = token.split(".")
    if len(parts) != 3:
        raise MalformedCredential("a compact token has three parts separated by dots")
    header = _json_object(b64url_decode(parts[0]), "header")
    _check_header(header, types, headers, open_types)
    return Jws(
        header=header,
        payload=b64url_decode(parts[1]),
        signature=b64url_decode(parts[2]),
        signed=token.rpartition(".")[0].encode("ascii"),
    )


def verify(jws: Jws, key: PublicKey) -> None:
    """Check the signature of `jws` with `key`.

    Raises:
        ProofInvalid: another kind of key than ``alg`` says, or not its signature.
    """
    if ALGORITHMS[jws.header["alg"]] is not key.curve:
        raise ProofInvalid(f"{jws.header['alg']} token, but the key is {key.curve}")
    if not key.verify(jws.signature, jws.signed):
        raise ProofInvalid("the signature of the token does not match its content")


def _json_object(raw: bytes, part: str) -> dict[str, Any]:
    value = strict_json.loads(raw)
    if not isinstance(value, dict):
        raise MalformedCredential(f"the {part} of a token is a JSON object")
    return value


def _check_header(
    header: Mapping[str, Any],
    types: frozenset[str],
    headers: frozenset[str],
    open_types: frozenset[str],
) -> None:
    if not isinstance(header.get("alg"), str) or header["alg"] not in ALGORITHMS:
        raise ProofInvalid(f"algorithm {header.get('alg')!r} is not accepted")
    typ = header.get("typ", "")
    if not isinstance(typ, str) or typ not in types:
        raise ProofInvalid(f"typ {header.get('typ')!r}, expected {' or '.join(sorted(types))}")
    foreign = set(header) - headers - {"alg", "typ"}
    if foreign := foreign & REGISTERED if typ in open_types else foreign:
        raise ProofInvalid(f"header members not accepted here: {', '.join(sorted(foreign))}")
    if not isinstance(header.get("kid", ""), str):
        raise ProofInvalid("kid is text")
    jwk = header.get("jwk", {})
    if not isinstance(jwk, dict) or _PRIVATE & set(jwk):
        raise ProofInvalid("jwk is a public key, never a private one")
