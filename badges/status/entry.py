"""What a credential says about its own status: one entry of one list.

Spec: W3C Bitstring Status List v1.0, §2.1 (BitstringStatusListEntry); StatusList2021 §3.1.
Shape: read strictly; an index is base-10 digits and nothing else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from badges.credential.rules import is_url
from badges.errors import MalformedValue
from badges.status.bits import MAX_SIZE

__all__ = ["BITSTRING", "PURPOSES", "STATUS_LIST_2021", "StatusEntry", "make_entry", "parse_entry"]

BITSTRING = "BitstringStatusListEntry"
STATUS_LIST_2021 = "StatusList2021Entry"

PURPOSES = ("revocation", "suspension", "message", "refresh")
"""The purposes the specification defines (§2.1)."""

_TYPES = (BITSTRING, STATUS_LIST_2021)
_INDEX = re.compile(r"0|[1-9][0-9]{0,11}")


@dataclass(slots=True)
class StatusEntry:
    """Where to look, and for what; not to be changed (frozen it would take as long as the rest)."""

    type: str
    purpose: str
    index: int
    list_url: str
    size: int = 1
    messages: Mapping[int, str] = field(default_factory=dict)
    """Value → what it means, for purpose ``message``."""


def make_entry(list_url: str, index: int, purpose: str = "revocation") -> dict[str, Any]:
    """Return the ``credentialStatus`` object for entry `index` of a list.

    Raises:
        MalformedValue: a purpose we do not issue, or a negative index.
    """
    if purpose not in PURPOSES:
        raise MalformedValue(f"status purpose {purpose!r} is not one of {', '.join(PURPOSES)}")
    if index < 0:
        raise MalformedValue(f"status index {index} is below 0")
    return {
        "id": f"{list_url}#{index}",
        "type": BITSTRING,
        "statusPurpose": str(purpose),
        "statusListIndex": str(index),
        "statusListCredential": list_url,
    }


def parse_entry(status: Mapping[str, Any]) -> StatusEntry:
    """Read a ``credentialStatus`` object.

    Raises:
        MalformedValue: anything but what the specification allows.
    """
    kinds = status.get("type")
    known = [k for k in (kinds if isinstance(kinds, list) else [kinds]) if k in _TYPES]
    if len(known) != 1:
        raise MalformedValue(f"status type {kinds!r} is not one we read")
    size, messages = _messages(status)
    return StatusEntry(
        type=known[0],
        purpose=_text(status, "statusPurpose"),
        index=_index(status),
        list_url=_url(status, "statusListCredential"),
        size=size,
        messages=messages,
    )


def _text(status: Mapping[str, Any], member: str) -> str:
    value = status.get(member)
    if not isinstance(value, str) or not value:
        raise MalformedValue(f"{member} is not a text")
    return value


def _url(status: Mapping[str, Any], member: str) -> str:
    value = _text(status, member)
    if not is_url(value):
        raise MalformedValue(f"{member} is not a URL")
    return value


def _index(status: Mapping[str, Any]) -> int:
    value = status.get("statusListIndex")
    if not isinstance(value, str) or not _INDEX.fullmatch(value):
        raise MalformedValue("statusListIndex is not a whole number written as text")
    return int(value)


def _messages(status: Mapping[str, Any]) -> tuple[int, dict[int, str]]:
    size = status.get("statusSize", 1)
    if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= MAX_SIZE:
        raise MalformedValue(f"statusSize is not a whole number from 1 to {MAX_SIZE}")
    if size == 1 and "statusMessage" not in status:
        return size, {}
    entries = status.get("statusMessage")
    if not isinstance(entries, list) or len(entries) != 2**size:
        raise MalformedValue(f"statusMessage does not explain all {2**size} values")
    messages = dict(_message(entry) for entry in entries)
    if set(messages) != set(range(2**size)):
        raise MalformedValue("statusMessage does not explain each value once")
    return size, messages


def _message(entry: object) -> tuple[int, str]:
    value = entry.get("status") if isinstance(entry, Mapping) else None
    text = entry.get("message") if isinstance(entry, Mapping) else None
    if not isinstance(value, str) or not re.fullmatch("0x[0-9a-fA-F]{1,2}", value):
        raise MalformedValue("a statusMessage has no status like '0x0'")
    if not isinstance(text, str):
        raise MalformedValue("a statusMessage has no message")
    return int(value, 16), text
