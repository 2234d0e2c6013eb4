"""The unsigned part of a seal (``etsiU``): timestamps and the material to judge them later.

Spec: ETSI TS 119 182-1 §5.3; message imprints §5.3.4 (``sigTst``), §5.3.5 (``sigRTst``,
      ``rfsTst``) and §5.3.6.2 (``arcTst``).
Shape: each entry is base64url of ``{name: value}`` (or that object in clear); its text, not its
       meaning, is what later timestamps cover.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from badges.errors import MalformedCredential
from badges.proofs.jades.encoding import from_b64, from_b64url
from badges.proofs.jades.serialization import MAX_BYTES, SignaturePart
from badges.strict_json import loads

__all__ = [
    "Property",
    "archive_input",
    "properties",
    "references_input",
    "tokens",
    "validation_values",
]

KNOWN = {
    *("sigPSt", "sigTst", "xVals", "rVals", "axVals", "arVals", "tstVD", "arcTst"),
    *("xRefs", "rRefs", "axRefs", "arRefs", "sigRTst", "rfsTst", "cSig"),
}
MAX_VALUES = 60
"""Most embedded certificates, revocation lists and answers; real files have up to ten."""

MAX_TOKENS = 4
"""Most tokens of one timestamp; real ones have one."""

_DER = "http://uri.etsi.org/01903/v1.2.2#DER"
_MAX_PROPERTIES = 64
_REFERENCES = ("xRefs", "rRefs", "axRefs", "arRefs")


@dataclass(frozen=True, slots=True)
class Property:
    """One unsigned property, in the order of the file."""

    name: str
    value: Any
    text: str | None
    """Its base64url text; None where it stands in clear."""


def properties(header: Mapping[str, Any]) -> tuple[Property, ...]:
    """Return the unsigned properties of one signature.

    Raises:
        MalformedCredential: a form or a property that TS 119 182-1 does not know.
    """
    if set(header) - {"etsiU"}:
        raise MalformedCredential("only etsiU may stand in the unprotected header")
    listed = header.get("etsiU", [])
    if not isinstance(listed, list) or len(listed) > _MAX_PROPERTIES:
        raise MalformedCredential(f"etsiU must be a list of at most {_MAX_PROPERTIES}")
    if header and not listed:
        raise MalformedCredential("etsiU must not be empty")
    found = tuple(_property(each) for each in listed)
    if len({each.text is None for each in found}) > 1:
        raise MalformedCredential("etsiU mixes encoded and clear entries")
    return found


def tokens(container: object) -> tuple[bytes, ...]:
    """Return the RFC 3161 tokens of a timestamp container.

    Raises:
        MalformedCredential: not a list of base64 DER tokens.
    """
    if not isinstance(container, Mapping) or set(container) - {"canonAlg", "tstTokens"}:
        raise MalformedCredential("a timestamp needs tstTokens and nothing else")
    listed = container.get("tstTokens")
    if not isinstance(listed, list) or not 1 <= len(listed) <= MAX_TOKENS:
        raise MalformedCredential(f"tstTokens must be a list of 1 to {MAX_TOKENS}")
    return tuple(_octets(each) for each in listed)


def archive_input(payload: str, part: SignaturePart, before: Sequence[Property]) -> bytes | None:
    """Return the octets an archive timestamp covers; None where clear entries stand before it."""
    if any(each.text is None for each in before):
        return None
    tail = "".join(each.text or "" for each in before)
    return f"{payload}.{part.protected}.{part.signature}.{tail}".encode()


def references_input(part: SignaturePart, prop: Property, before: Sequence[Property]) -> bytes:
    """Return the octets that a timestamp over references (``sigRTst``, ``rfsTst``) covers."""
    names = _REFERENCES if prop.name == "rfsTst" else ("sigTst", *_REFERENCES)
    covered = "".join(each.text or "" for each in before if each.name in names)
    return (covered if prop.name == "rfsTst" else f"{part.signature}.{covered}").encode()


def validation_values(found: Sequence[Property]) -> Iterator[tuple[str, bytes]]:
    """Yield everything embedded for later checks: kind (``x509Cert``, ``crl``, ``ocsp``), DER.

    Raises:
        MalformedCredential: an entry cannot be read, or there are too many.
    """
    for number, each in enumerate(_values(found)):
        if number == MAX_VALUES:
            raise MalformedCredential(f"more than {MAX_VALUES} embedded certificates and lists")
        yield each


def _values(found: Sequence[Property]) -> Iterator[tuple[str, bytes]]:
    for each in found:
        if each.name in ("xVals", "axVals"):
            yield from _certificates(each.value)
        elif each.name in ("rVals", "arVals"):
            yield from _revocations(each.value)
        elif each.name == "tstVD" and isinstance(each.value, Mapping):
            yield from _certificates(each.value.get("xVals", []))
            yield from _revocations(each.value.get("rVals", {}))


def _property(found: object) -> Property:
    text = found if isinstance(found, str) else None
    value = loads(from_b64url(text), max_bytes=MAX_BYTES) if text is not None else found
    if not isinstance(value, Mapping) or len(value) != 1:
        raise MalformedCredential("an etsiU entry holds exactly one property")
    (name,) = value
    if name not in KNOWN:
        raise MalformedCredential(f"unsigned property {name!r} is unknown")
    return Property(name, value[name], text)


def _octets(found: object) -> bytes:
    if not isinstance(found, Mapping) or set(found) - {"val", "encoding", "specRef", "type"}:
        raise MalformedCredential("an embedded object needs val")
    if found.get("encoding", _DER) != _DER:
        raise MalformedCredential("an embedded object must be DER")
    return from_b64(found.get("val"))


def _certificates(listed: object) -> Iterator[tuple[str, bytes]]:
    if not isinstance(listed, list):
        raise MalformedCredential("xVals must be a list")
    for each in listed:
        if isinstance(each, Mapping) and "x509Cert" in each:
            yield "x509Cert", _octets(each["x509Cert"])


def _revocations(found: object) -> Iterator[tuple[str, bytes]]:
    if not isinstance(found, Mapping):
        raise MalformedCredential("rVals must be an object")
    for member, kind in (("crlVals", "crl"), ("ocspVals", "ocsp")):
        listed = found.get(member, [])
        if not isinstance(listed, list):
            raise MalformedCredential(f"{member} must be a list")
        for each in listed:
            yield kind, _octets(each)
