"""Status list credentials: build one, and read an entry out of one.

Spec: W3C Bitstring Status List v1.0, §2.2, §3.1, §3.2; StatusList2021 (read only).
Shape: the list is a credential of its own; whether its signature is good is for the caller to say.
Units: ``ttl`` is in milliseconds.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from badges.errors import MalformedValue, StatusListTooShort, StatusVerification
from badges.status import bits as status_bits
from badges.status.entry import BITSTRING, StatusEntry, make_entry, parse_entry

__all__ = ["MIN_VALIDITY", "build_list", "entry", "list_bits", "parse_entry", "read_status"]

MIN_VALIDITY = timedelta(hours=24)
"""Shortest life of a published list: a day of outage must not turn badges grey."""

_TYPES = {
    BITSTRING: ("BitstringStatusListCredential", "BitstringStatusList"),
    "StatusList2021Entry": ("StatusList2021Credential", "StatusList2021"),
}
"""Entry type → type of its list credential and of the list inside."""

entry = make_entry


def build_list(  # noqa: PLR0913 - the facts of a list, each named
    list_url: str,
    issuer: str,
    purpose: str,
    bits: bytes | bytearray,
    *,
    valid_from: datetime,
    valid_until: datetime,
    ttl: timedelta = timedelta(minutes=5),
) -> dict[str, Any]:
    """Return the unsigned status list credential for these bits, one or more for each entry.

    Raises:
        StatusListTooShort: fewer than 131,072 entries.
        MalformedValue: the list would be valid for less than a day.
    """
    if len(bits) * 8 < status_bits.MIN_ENTRIES:
        raise StatusListTooShort(f"{len(bits) * 8} entries of {status_bits.MIN_ENTRIES}")
    if valid_until - valid_from < MIN_VALIDITY:
        raise MalformedValue("a status list is valid for at least 24 hours")
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": list_url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": _moment(valid_from),
        "validUntil": _moment(valid_until),
        "credentialSubject": {
            "id": f"{list_url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": str(purpose),
            "encodedList": status_bits.pack(bits),
            "ttl": int(ttl / timedelta(milliseconds=1)),
        },
    }


def list_bits(credential: Mapping[str, Any], wanted: StatusEntry, issuer: str) -> bytes:
    """Return the bits of a list credential, if it is the list that `wanted` points at.

    Raises:
        StatusVerification: another id, type, purpose or issuer, or bits that cannot be read.
        StatusListTooShort: fewer than 131,072 entries.
    """
    outer, inner = _TYPES[wanted.type]
    subject = credential.get("credentialSubject")
    if not isinstance(subject, Mapping):
        raise StatusVerification("the list credential has no single subject")
    if outer not in _many(credential.get("type")):
        raise StatusVerification(f"the list credential is not a {outer}")
    if inner not in _many(subject.get("type")):
        raise StatusVerification(f"the list is not a {inner}")
    if credential.get("id", wanted.list_url) != wanted.list_url:
        raise StatusVerification("the list credential is another one than the entry names")
    if _issuer(credential) != issuer:
        raise StatusVerification("the list is by another issuer than the credential")
    if wanted.purpose not in _many(subject.get("statusPurpose")):
        raise StatusVerification(f"the list is not for {wanted.purpose}")
    return _expand(subject, wanted)


def read_status(credential: Mapping[str, Any], wanted: StatusEntry, issuer: str) -> int:
    """Return the value of one entry of a list credential: 0 is clear.

    Raises:
        StatusVerification, StatusListTooShort: as `list_bits`.
        RangeError: the list has no such entry.
    """
    return status_bits.read(list_bits(credential, wanted, issuer), wanted.index, size=wanted.size)


def _expand(subject: Mapping[str, Any], wanted: StatusEntry) -> bytes:
    encoded = subject.get("encodedList")
    if not isinstance(encoded, str):
        raise StatusVerification("the list has no encodedList")
    # StatusList2021 came before multibase: the same text without its "u".
    bits = _expanded(encoded if wanted.type == BITSTRING else "u" + encoded)
    if len(bits) * 8 // wanted.size < status_bits.MIN_ENTRIES:
        raise StatusListTooShort(f"{len(bits) * 8 // wanted.size} entries")
    return bits


@lru_cache(maxsize=4)
def _expanded(encoded: str) -> bytes:
    """Expand a list once for the many credentials that point at it."""
    return status_bits.expand(encoded)


def _many(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _issuer(credential: Mapping[str, Any]) -> object:
    issuer = credential.get("issuer")
    return issuer.get("id") if isinstance(issuer, Mapping) else issuer


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
