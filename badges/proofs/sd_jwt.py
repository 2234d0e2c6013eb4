"""Selective disclosure: claims hidden behind digests until the holder shows them.

Spec: RFC 9901 (SD-JWT) §4 (form), §7 (verification), §4.3 (key binding).
Shape: ``<signed token>~<disclosure>~…~<disclosure>~[<key-binding token>]``; a disclosure is
base64url of ``[salt, name, value]`` (object member) or ``[salt, value]`` (array element).
Pure format: which claims may be hidden and whose key signs is `sd_jwt_vc`'s concern.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from badges import strict_json
from badges.errors import MalformedCredential, ProofInvalid
from badges.proofs import jws
from did.public_key import PublicKey
from did.signer import Signer

__all__ = [
    "Concealed",
    "SdJwt",
    "conceal",
    "create_key_binding",
    "parse",
    "present",
    "reveal",
    "verify_key_binding",
]

KEY_BINDING = "kb+jwt"
"""typ of the holder's token at the end of a presentation."""

HASHES: Mapping[str, str] = {"sha-256": "sha256", "sha-384": "sha384", "sha-512": "sha512"}
"""Hash names of ``_sd_alg`` (IANA) and what Python calls them; weaker ones are not accepted."""

MAX_DISCLOSURES = 1_000
"""Most disclosures we read in one presentation."""

Path = tuple[str | int, ...]
"""Where a claim sits: member names and array positions from the top."""

_RESERVED = frozenset({"_sd", "..."})


@dataclass(frozen=True, slots=True)
class Concealed:
    """Claims with digests in place of what may be hidden, and the disclosures."""

    payload: dict[str, Any]
    disclosures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SdJwt:
    """The three parts of an SD-JWT as they came."""

    token: str
    disclosures: tuple[str, ...]
    key_binding: str | None

    @property
    def bound(self) -> str:
        """Return the part a key-binding token speaks for: everything before it."""
        return "~".join((self.token, *self.disclosures, ""))


def conceal(
    claims: Mapping[str, Any],
    paths: Iterable[Path],
    *,
    salt: Callable[[], str],
    decoys: int = 0,
    hash_name: str = "sha-256",
) -> Concealed:
    """Put digests in place of the claims at `paths`; deeper paths first, so they may nest.

    `salt` gives a new random text (128 bits or more) each time it is called.

    Raises:
        MalformedCredential: a path that leads nowhere, or a reserved name among the claims.
    """
    _refuse_reserved(claims)
    payload = _copy(dict(claims))
    deepest_first = sorted(set(paths), key=lambda path: (-len(path), [str(step) for step in path]))
    disclosures = [_conceal_one(payload, path, salt(), hash_name) for path in deepest_first]
    if disclosures or decoys:
        payload["_sd_alg"] = hash_name
        for _ in range(decoys):
            _add_digest(payload, _digest(salt(), hash_name))
    return Concealed(payload, tuple(disclosures))


def parse(text: str) -> SdJwt:
    """Split an SD-JWT or a presentation of one.

    Raises:
        MalformedCredential: no tilde, an empty disclosure, or too many.
    """
    if len(text) > jws.MAX_TOKEN:
        raise MalformedCredential(f"more than {jws.MAX_TOKEN} characters")
    if not text.isascii():
        raise MalformedCredential("an SD-JWT has no letters but those of base64url")
    token, *rest = text.split("~")
    if not rest:
        raise MalformedCredential("an SD-JWT has a tilde after the signed token")
    *disclosures, last = rest
    if len(disclosures) > MAX_DISCLOSURES or not all(disclosures):
        raise MalformedCredential("an empty disclosure or too many of them")
    return SdJwt(token, tuple(disclosures), last or None)


@dataclass(slots=True)
class _Reading:
    """What is under way while digests are replaced by what they stand for."""

    waiting: dict[str, list[Any]]
    seen: set[str] = field(default_factory=set)
    """Every digest met so far: one that comes twice is a forgery (§7.1 step 4)."""


def reveal(payload: Mapping[str, Any], disclosures: Sequence[str]) -> dict[str, Any]:
    """Return the claims with every disclosed value in its place and no digest left (§7.1).

    Raises:
        ProofInvalid: a disclosure without a digest, one digest twice, a reserved or
            already present name, or a hash that is not accepted.
        MalformedCredential: something that is no disclosure.
    """
    hash_name = _hash_name(payload)
    if repeated := [one for one, count in Counter(disclosures).items() if count > 1]:
        raise ProofInvalid(f"the same disclosure {len(repeated) + 1} times")
    reading = _Reading({_digest(one, hash_name): _read_disclosure(one) for one in disclosures})
    claims = _reveal_object({k: v for k, v in payload.items() if k != "_sd_alg"}, reading)
    if reading.waiting:
        raise ProofInvalid("a disclosure that no digest of the token stands for")
    return claims


def present(sd_jwt: SdJwt, keep: Callable[[Path], bool], payload: Mapping[str, Any]) -> SdJwt:
    """Return the presentation that discloses only the paths `keep` says, parents included."""
    hash_name = _hash_name(payload)
    by_digest = {_digest(one, hash_name): one for one in sd_jwt.disclosures}
    kept: dict[str, None] = {}
    for path, trail in _trails(payload, by_digest):
        if keep(path):
            kept.update(dict.fromkeys(trail))
    return SdJwt(sd_jwt.token, tuple(d for d in sd_jwt.disclosures if d in kept), None)


def create_key_binding(
    presentation: SdJwt, signer: Signer, *, audience: str, nonce: str, issued_at: datetime
) -> SdJwt:
    """Return `presentation` with the holder's token for `audience` at its end (§4.3)."""
    claims = {
        "iat": int(issued_at.timestamp()),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": _sd_hash(presentation),
    }
    token = jws.create({"typ": KEY_BINDING}, strict_json.dumps(claims), signer)
    return SdJwt(presentation.token, presentation.disclosures, token)


def verify_key_binding(
    presentation: SdJwt, key: PublicKey, *, audience: str | None, nonce: str | None
) -> Mapping[str, Any]:
    """Return the claims of the key-binding token; its age (``iat``) is the caller's to judge.

    An `audience` or `nonce` of None was not asked for: then any will do.

    Raises:
        ProofInvalid: none there, or not made by `key` for this audience, nonce and content.
    """
    if presentation.key_binding is None:
        raise ProofInvalid("no key-binding token")
    read = jws.parse(presentation.key_binding, types=frozenset({KEY_BINDING}), headers=frozenset())
    jws.verify(read, key)
    claims = read.claims
    expected = {"aud": audience, "nonce": nonce, "sd_hash": _sd_hash(presentation)}
    asked = {name: value for name, value in expected.items() if value is not None}
    if wrong := sorted(name for name, value in asked.items() if claims.get(name) != value):
        raise ProofInvalid(f"the key-binding token has another {', '.join(wrong)}")
    if type(claims.get("iat")) is not int:
        raise ProofInvalid("the key-binding token has no iat")
    return claims


def _sd_hash(presentation: SdJwt) -> str:
    # RFC 9901 §4.3.1: the hash algorithm is the one of the issuer-signed token.
    payload = strict_json.loads(jws.b64url_decode((presentation.token.split(".") * 2)[1]))
    return _digest(presentation.bound, _hash_name(payload))


def _hash_name(payload: Any) -> str:
    name = payload.get("_sd_alg", "sha-256") if isinstance(payload, Mapping) else None
    if not isinstance(name, str) or name not in HASHES:
        raise ProofInvalid(f"_sd_alg {name!r} is not accepted")
    return name


def _digest(text: str, hash_name: str) -> str:
    return jws.b64url_encode(hashlib.new(HASHES[hash_name], text.encode("ascii")).digest())


def _conceal_one(payload: dict[str, Any], path: Path, salt: str, hash_name: str) -> str:
    *steps, last = path
    try:
        parent: Any = payload
        for step in steps:
            parent = _inside(parent)[step]
        value = _inside(parent)[last]
    except (LookupError, TypeError) as error:
        raise MalformedCredential(f"no claim at {'/'.join(map(str, path))}") from error
    parts = [salt, last, value] if isinstance(parent, dict) else [salt, value]
    disclosure = jws.b64url_encode(strict_json.dumps(parts))
    digest = _digest(disclosure, hash_name)
    if isinstance(parent, dict):
        del parent[last]
        _add_digest(parent, digest)
    else:
        parent[last] = {"...": digest}
    return disclosure


def _inside(value: Any) -> Any:
    if not isinstance(value, dict | list):
        raise TypeError("only objects and arrays have claims inside")
    return value


def _add_digest(parent: dict[str, Any], digest: str) -> None:
    """Add `digest` in the order of its bytes, so that its place tells nothing (§4.2.4.1)."""
    parent["_sd"] = sorted([*parent.get("_sd", []), digest])


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy(member) for name, member in value.items()}
    return [_copy(member) for member in value] if isinstance(value, list) else value


def _refuse_reserved(value: Any) -> None:
    if isinstance(value, Mapping):
        if _RESERVED & set(value) or "_sd_alg" in value:
            raise MalformedCredential("claims named _sd, _sd_alg or ... are reserved")
        for member in value.values():
            _refuse_reserved(member)
    elif isinstance(value, list):
        for member in value:
            _refuse_reserved(member)


def _read_disclosure(text: str) -> list[Any]:
    parts = strict_json.loads(jws.b64url_decode(text))
    if not isinstance(parts, list) or len(parts) not in (2, 3) or not isinstance(parts[0], str):
        raise MalformedCredential("a disclosure is [salt, name, value] or [salt, value]")
    if len(parts) == 3 and (not isinstance(parts[1], str) or parts[1] in _RESERVED):
        raise ProofInvalid("a disclosure for a reserved name")
    return parts


def _reveal(value: Any, reading: _Reading) -> Any:
    if isinstance(value, dict):
        return _reveal_object(value, reading)
    return _reveal_array(value, reading) if isinstance(value, list) else value


def _reveal_object(value: Mapping[str, Any], reading: _Reading) -> dict[str, Any]:
    if "..." in value:
        raise ProofInvalid("'...' outside of an array")
    shown = {name: _reveal(v, reading) for name, v in value.items() if name != "_sd"}
    digests = value.get("_sd", [])
    if not isinstance(digests, list):
        raise ProofInvalid("_sd is an array of digests")
    for digest in digests:
        parts = _take(digest, reading, size=3)
        if parts is None:
            continue
        if parts[1] in value or parts[1] in shown:
            raise ProofInvalid("a disclosure for a claim that is there already")
        shown[parts[1]] = _reveal(parts[2], reading)
    return shown


def _reveal_array(value: list[Any], reading: _Reading) -> list[Any]:
    shown = []
    for element in value:
        if isinstance(element, dict) and "..." in element:
            if len(element) != 1:
                raise ProofInvalid("'...' stands alone in its object")
            parts = _take(element["..."], reading, size=2)
            if parts is not None:
                shown.append(_reveal(parts[1], reading))
        else:
            shown.append(_reveal(element, reading))
    return shown


def _take(digest: Any, reading: _Reading, *, size: int) -> list[Any] | None:
    """Return the disclosure of `digest`, None when it is not shown (or a decoy)."""
    if not isinstance(digest, str) or digest in reading.seen:
        raise ProofInvalid("a digest that is no text or comes twice")
    reading.seen.add(digest)
    parts = reading.waiting.pop(digest, None)
    if parts is not None and len(parts) != size:
        raise ProofInvalid("a disclosure of the wrong kind for its place")
    return parts


def _trails(
    value: Any, by_digest: Mapping[str, str], path: Path = (), trail: tuple[str, ...] = ()
) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield each hidden claim's path with the disclosures that lead to it."""
    for step, member, one in _members(value, by_digest):
        if one is not None:
            yield (*path, step), (*trail, one)
        deeper = trail if one is None else (*trail, one)
        yield from _trails(member, by_digest, (*path, step), deeper)


def _members(
    value: Any, by_digest: Mapping[str, str]
) -> Iterator[tuple[str | int, Any, str | None]]:
    """Yield what is directly inside `value`: its place, itself, and its disclosure if hidden."""
    if isinstance(value, dict):
        yield from ((name, member, None) for name, member in value.items() if name != "_sd")
        for one in filter(None, map(by_digest.get, value.get("_sd", []))):
            _, name, member = _read_disclosure(one)
            yield name, member, one
    elif isinstance(value, list):
        for index, element in enumerate(value):
            hidden = by_digest.get(element.get("...", "")) if isinstance(element, dict) else None
            yield index, _read_disclosure(hidden)[1] if hidden else element, hidden
