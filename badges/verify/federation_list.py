"""A trust anchor's statements about its members, read as a register of trusted issuers.

Spec: OpenID Federation 1.0, entity statements (``entity-statement+jwt``: ``iss``, ``sub``, ``iat``,
      ``exp``, ``metadata``, ``crit``) and the answer of a resolve endpoint
      (``resolve-response+jwt``, the same claims); unsigned entity lists are plain JSON arrays.
Shape: one signed statement a line, or a JSON array of them. An entity is an https address; the
       did:web of that address is the same party, and both are listed. A listing ends with its
       statement; the register as a whole has the time of the newest as its version.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from badges import strict_json
from badges.credential import moment
from badges.errors import MalformedValue, ProofInvalid
from badges.proofs import jws
from did.errors import InvalidKey
from did.jwk import from_jwk
from did.public_key import PublicKey

__all__ = ["did_web_of", "read_federation", "read_keys"]

TYPES = frozenset({"entity-statement+jwt", "resolve-response+jwt"})
HEADERS = frozenset({"kid"})
MOST = 20_000
"""Most statements of one file."""

Keys = Mapping[str, PublicKey]
"""Keys of the trust anchor, by ``kid``; the only one may be under the empty text."""


def read_keys(data: bytes) -> Keys:
    """Read the anchor's keys, which came another way than its statements: a JWK or a JWKS.

    Raises:
        MalformedCredential, MalformedValue, InvalidKey: not such keys.
    """
    value = strict_json.loads(data)
    if not isinstance(value, dict):
        raise MalformedValue("the keys of a trust anchor are a JWK or a JWKS")
    jwks = value.get("keys", [value])
    if not isinstance(jwks, list) or not jwks or not all(isinstance(k, dict) for k in jwks):
        raise MalformedValue("a JWKS has a list of keys")
    keys = {str(jwk.get("kid", "")): from_jwk(jwk) for jwk in jwks}
    if len(keys) < len(jwks):
        raise MalformedValue("the keys of a trust anchor have a kid each")
    return keys


def read_federation(data: bytes, keys: Keys, now: datetime, *, name: str = "") -> dict[str, Any]:
    """Return the register (unsigned, in our format) that these statements make.

    Raises:
        MalformedCredential, MalformedValue: not statements of one anchor.
        ProofInvalid: one is not signed by the anchor, or is of the future.
    """
    statements = [_verified(token, keys, now) for token in _tokens(data)]
    anchors = {claims["iss"] for claims in statements}
    if len(anchors) != 1:
        raise MalformedValue("the statements are of several trust anchors, or there are none")
    anchor = anchors.pop()
    members = [c for c in statements if c["sub"] != anchor and c["exp"] > now.timestamp()]
    if not members:
        raise ProofInvalid("no statement in it is in force and about another party")
    newest = int(max(claims["iat"] for claims in statements))
    return {
        "name": name or _name(statements, anchor),
        "publisher": anchor,
        "version": newest,
        "issued": _moment(newest),
        "expires": _moment(max(claims["exp"] for claims in members)),
        "issuers": [listing for claims in members for listing in _listings(claims)],
    }


def did_web_of(entity: str) -> str | None:
    """Return the did:web whose document lies under the address of an entity."""
    parts = urlsplit(entity)
    if parts.scheme != "https" or parts.query or parts.fragment or "@" in parts.netloc:
        return None
    host = parts.netloc.lower().replace(":", "%3A")
    path = [quote(part, safe="%") for part in parts.path.strip("/").split("/") if part]
    return ":".join(["did:web", host, *path])


def _tokens(data: bytes) -> Sequence[str]:
    try:
        text = data.decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise MalformedValue("not a file of signed statements") from error
    found: Any
    if text.startswith("["):
        found = strict_json.loads(text)
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            raise MalformedValue("a list of statements is a list of tokens")
    else:
        found = text.split()
    if not 0 < len(found) <= MOST:
        raise MalformedValue(f"a file has between 1 and {MOST} statements")
    return list(found)


def _verified(token: str, keys: Keys, now: datetime) -> dict[str, Any]:
    read = jws.parse(token, types=TYPES, headers=HEADERS)
    key = keys.get(read.header.get("kid", ""))
    if key is None and len(keys) == 1 and "" in keys:
        key = keys[""]
    if key is None:
        raise ProofInvalid("a statement is signed with a key that is not the trust anchor's")
    try:
        jws.verify(read, key)
    except InvalidKey as error:  # pragma: no cover - keys were read before
        raise ProofInvalid(str(error)) from error
    claims = read.claims
    _check_claims(claims, now)
    return claims


def _check_claims(claims: Mapping[str, Any], now: datetime) -> None:
    for name in ("iss", "sub"):
        if not isinstance(claims.get(name), str) or not claims[name].startswith("https://"):
            raise MalformedValue(f"{name} of a statement is the https address of an entity")
    for name in ("iat", "exp"):
        value = claims.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 2**40:
            raise MalformedValue(f"{name} of a statement is a time in seconds")
    if claims["iat"] > now.timestamp() + 60:
        raise ProofInvalid("a statement is of the future")
    if claims.get("crit"):
        raise ProofInvalid("a statement has critical claims that are not understood here")


def _listings(claims: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    entity = claims["sub"]
    about = _organisation(claims)
    facts = {
        "name": _text(about, "organization_name") or _text(about, "display_name"),
        "homepage": _text(about, "organization_uri") or _text(about, "homepage_uri"),
        "logo": _text(about, "logo_uri"),
        "issued": _moment(claims["iat"]),
        "until": _moment(claims["exp"]),
    }
    for identity in dict.fromkeys((entity, did_web_of(entity))):
        if identity is not None:
            yield {"id": identity} | {name: value for name, value in facts.items() if value}


def _organisation(claims: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = claims.get("metadata")
    about = metadata.get("federation_entity") if isinstance(metadata, Mapping) else None
    return about if isinstance(about, Mapping) else {}


def _name(statements: Sequence[Mapping[str, Any]], anchor: str) -> str:
    own = [claims for claims in statements if claims["sub"] == anchor]
    names = [_text(_organisation(claims), "organization_name") for claims in own]
    return next((name for name in names if name), anchor)


def _text(about: Mapping[str, Any], name: str) -> str:
    value = about.get(name, "")
    return value if isinstance(value, str) and len(value) <= 2_048 else ""


def _moment(seconds: float) -> str:
    return moment(datetime.fromtimestamp(seconds, UTC))
