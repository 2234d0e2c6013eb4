"""JSON that means the same to every reader, or is refused.

Spec: RFC 8259 with the limits of I-JSON (RFC 7493 §2).
Refused: duplicate members, NaN and Infinity, numbers that others round, lone surrogates, a byte
order mark, anything but UTF-8, too many bytes, too much nesting.
"""

import json
import math
import re
from collections import Counter
from typing import Any, NoReturn

import orjson

from badges.errors import MalformedCredential

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_SAFE_INTEGER", "dumps", "loads"]

MAX_BYTES = 1 * 2**20
"""Most bytes we read: the largest official samples have a tenth of it."""

MAX_DEPTH = 64
"""Most levels of nesting."""

MAX_SAFE_INTEGER = 2**53 - 1
"""Largest integer that every JSON reader keeps exactly (RFC 7493 §2.2)."""

MAX_NUMBER_LENGTH = 40
"""Most characters of one number: a double needs 24."""

_BRACKETS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[\]}]', re.DOTALL)
"""Texts and brackets. A text that never ends is taken whole, so that no input is read twice."""

_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89abcdefABCDEF]")


def loads(data: bytes | str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """Read one JSON text.

    Raises:
        MalformedCredential: other readers could see something else in it, or it is too big.
    """
    if len(data) <= max_bytes and (plain := _plain(data, max_depth)) is not None:
        return plain
    text = _decode(data, max_bytes)
    _refuse_nesting(text, max_depth)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_members,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_real,
        )
    except (ValueError, RecursionError) as error:
        raise MalformedCredential(f"this is not JSON: {error}") from error
    if _SURROGATE_ESCAPE.search(text):
        _refuse_surrogates(value)
    return value


def _plain(data: bytes | str, max_depth: int) -> dict[str, Any] | None:
    """Read an object in the compact form that `dumps` writes, many times faster.

    Text that comes out again as it went in hides nothing: a member that was there twice would be
    gone, and a number or an escape that readers differ on would be written in another way.
    """
    try:
        value = orjson.loads(data)
        same = orjson.dumps(value) == (data.encode() if isinstance(data, str) else data)
    except (ValueError, TypeError):
        return None
    return value if same and isinstance(value, dict) and _is_plain(value, max_depth) else None


_BOXES = frozenset({dict, list})
_PLAIN = frozenset({str, bool, type(None)}) | _BOXES


def _is_plain(value: dict[str, Any], max_depth: int) -> bool:
    """Tell whether it is not nested too deeply, and every reader keeps all its numbers."""
    level: list[Any] = [value]
    for _ in range(max_depth):
        inside: list[Any] = []
        for box in level:
            inside += box.values() if type(box) is dict else box
        kinds = set(map(type, inside))
        if not kinds <= _PLAIN and not all(
            _is_safe_number(item) for item in inside if type(item) not in _PLAIN
        ):
            return False
        if kinds.isdisjoint(_BOXES):
            return True
        level = [item for item in inside if type(item) in _BOXES]
    return False


def _is_safe_number(number: float) -> bool:
    return abs(number) <= MAX_SAFE_INTEGER if type(number) is int else number != 0


def dumps(value: object) -> bytes:
    """Write `value` as compact UTF-8, members in the order they have.

    Raises:
        MalformedCredential: it holds something JSON cannot say.
    """
    try:
        return orjson.dumps(value)
    except TypeError as error:
        raise MalformedCredential(f"this cannot be written as JSON: {error}") from error


def _decode(data: bytes | str, max_bytes: int) -> str:
    if len(data) > max_bytes:
        raise MalformedCredential(f"more than {max_bytes} bytes")
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
        text.encode("utf-8")
    except UnicodeError as error:
        raise MalformedCredential("this is not UTF-8 text") from error
    if text.startswith("\ufeff"):
        raise MalformedCredential("it starts with a byte order mark; save it without one")
    return text


def _refuse_nesting(text: str, max_depth: int) -> None:
    depth = 0
    for match in _BRACKETS.finditer(text):
        character = match.group()
        if character in "[{":
            depth += 1
            if depth > max_depth:
                raise MalformedCredential(f"nested more than {max_depth} levels deep")
        elif character in "]}":
            depth -= 1


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = counts.most_common(1)[0][0]
        raise MalformedCredential(f"the member {twice[:80]!r} appears twice in one object")
    return members


def _constant(name: str) -> NoReturn:
    raise MalformedCredential(f"{name} is not a JSON number")


def _integer(digits: str) -> int:
    if len(digits) > MAX_NUMBER_LENGTH or digits == "-0":
        raise MalformedCredential(f"readers differ on the number {digits[:24]}")
    number = int(digits)
    if abs(number) > MAX_SAFE_INTEGER:
        raise MalformedCredential(f"{digits[:24]} is larger than every reader can keep exactly")
    return number


def _real(digits: str) -> float:
    number = float(digits) if len(digits) <= MAX_NUMBER_LENGTH else math.inf
    if not math.isfinite(number) or (number == 0 and digits.startswith("-")):
        raise MalformedCredential(f"readers differ on the number {digits[:24]}")
    return number


def _refuse_surrogates(value: object) -> None:
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeError as error:
            raise MalformedCredential("a text holds half a character") from error
    elif isinstance(value, dict):
        for name, member in value.items():
            _refuse_surrogates(name)
            _refuse_surrogates(member)
    elif isinstance(value, list):
        for item in value:
            _refuse_surrogates(item)
