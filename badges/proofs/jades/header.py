"""The rules for a JAdES protected header, and reading one.

Spec: RFC 7515 §4.1 (``crit`` §4.1.11), RFC 7797 §6 (``b64``), ETSI TS 119 182-1 §5.1 and §5.2.
Shape: `read` gives a view on the signed header, `problems` the rules it breaks (code, sentence).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from badges.errors import MalformedCredential
from badges.proofs.jades.algorithms import ALGORITHMS
from badges.proofs.jades.encoding import from_b64url
from badges.strict_json import loads

__all__ = ["Header", "problems", "read"]

_REGISTERED = {"alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"}
"""RFC 7515's own parameters; they may not stand in ``crit``."""

_UNDERSTOOD = {
    *("b64", "sigT", "iat", "exp", "nbf", "adoTst", "x5t#o", "sigX5ts"),
    *("srCms", "sigPl", "srAts", "sigPId", "sigD"),
}
"""What we can honour when ``crit`` says we must."""

_REFERENCES = ("x5c", "x5t#S256", "x5t#o", "sigX5ts")

Problem = tuple[str, str]
Rule = Callable[["Header", datetime], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Header:
    """A protected header, read; the values are as the sealer wrote them."""

    members: Mapping[str, Any]

    @property
    def algorithm(self) -> str:
        """The JOSE algorithm, or something no table holds."""
        return str(self.members.get("alg", ""))

    @property
    def is_b64(self) -> bool:
        """Tell whether the payload stands in base64url (RFC 7797: unless `b64` is false)."""
        return self.members.get("b64", True) is not False

    @property
    def claimed_at(self) -> datetime | None:
        """The signing time the sealer claims."""
        return _rfc3339(self.members.get("sigT")) or _numeric_date(self.members.get("iat"))


def read(protected: str) -> Header:
    """Return the header in its base64url text.

    Raises:
        MalformedCredential: not base64url of a JSON object.
    """
    members = loads(from_b64url(protected))
    if not isinstance(members, Mapping):
        raise MalformedCredential("the protected header must be a JSON object")
    return Header(members)


def problems(header: Header, now: datetime) -> tuple[Problem, ...]:
    """Return every rule that `header` breaks."""
    return tuple(problem for rule in _RULES for problem in rule(header, now))


def _algorithm(header: Header, _now: datetime) -> Iterator[Problem]:
    if header.algorithm not in ALGORITHMS:
        yield "header-algorithm", f"alg {header.algorithm!r} is not one a seal may use"


def _b64(header: Header, _now: datetime) -> Iterator[Problem]:
    if "b64" not in header.members:
        return
    if not isinstance(header.members["b64"], bool):
        yield "header-b64", "b64 must be true or false"
    critical = header.members.get("crit")
    if not isinstance(critical, list) or "b64" not in critical:
        yield "header-b64", "b64 must stand in crit"


def _critical(header: Header, _now: datetime) -> Iterator[Problem]:
    if "crit" not in header.members:
        return
    names = header.members["crit"]
    if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
        yield "header-crit", "crit must be a list of names with at least one entry"
        return
    if len(set(names)) != len(names):
        yield "header-crit", "crit names a parameter twice"
    for name in dict.fromkeys(names):
        if name in _REGISTERED:
            yield "header-crit", f"crit must not name {name}, which every JWS reader knows"
        elif name not in header.members:
            yield "header-crit", f"crit names {name}, which the signed header does not have"
        elif name not in _UNDERSTOOD:
            yield "header-crit", f"crit demands {name}, which we do not know"


def _references(header: Header, _now: datetime) -> Iterator[Problem]:
    if not any(name in header.members for name in _REFERENCES):
        yield "header-certificate", f"one of {', '.join(_REFERENCES)} must say whose seal this is"
    if "x5t" in header.members:
        yield "header-certificate", "x5t (SHA-1) must not be used"
    chain = header.members.get("x5c", [""])
    if not isinstance(chain, list) or not chain or not all(isinstance(c, str) for c in chain):
        yield "header-certificate", "x5c must be a list of base64 certificates"


def _signing_time(header: Header, now: datetime) -> Iterator[Problem]:
    has = [name for name in ("sigT", "iat") if name in header.members]
    if len(has) != 1:
        yield "header-signing-time", "exactly one of sigT and iat must give the signing time"
    elif header.claimed_at is None:
        yield "header-signing-time", f"{has[0]} is not a time we can read"
    elif header.claimed_at > now:
        yield "header-signing-time", f"{has[0]} lies in the future"


def _time_limits(header: Header, now: datetime) -> Iterator[Problem]:
    for name in ("nbf", "exp"):
        if name not in header.members:
            continue
        limit = _numeric_date(header.members[name])
        if limit is None:
            yield "header-time-limit", f"{name} must be a number of seconds (RFC 7519 §2)"
        elif (limit > now) if name == "nbf" else (limit <= now):
            yield "header-time-limit", f"{name} does not allow this time"


_RULES: tuple[Rule, ...] = (_algorithm, _b64, _critical, _references, _signing_time, _time_limits)


def _rfc3339(value: object) -> datetime | None:
    if not isinstance(value, str) or not value.endswith("Z") or "T" not in value:
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _numeric_date(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
