"""Throws changed bytes at one parser for a while; anything but the parser's own errors is a find.

Own driver, no native code: the same on every Python we support. Inputs are seeds with some bytes
flipped, cut, doubled, spliced with others, or with words of the format put in between; an input
that meets a line of the parser no input met before is kept and changed further.
"""

import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Target", "run"]

ROOT = str(Path(__file__).resolve().parents[2])
OURS = tuple(f"{ROOT}/{room}/" for room in ("badges", "did", "contexts", "issuer"))
MAX_INPUT = 64 * 1024
TRACED_SHARE = 8
"""One input in so many is traced: tracing costs more than parsing."""

WORDS = (
    b"\0", b"\xff", b"\xef\xbb\xbf", b"\xc3\x28", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"null",
    b"true", b"-0", b"1e400", b"9" * 400, b"NaN", b"[]", b"{}", b'""', b"[[[[[[[[", b'{"a":', b",",
    b":", b"}", b"]", b'"', b"@id", b"@type", b"@context", b"@value", b"@graph", b"@list", b"_:b0",
    b"did:", b"did:web:", b"did:key:z", b"did:jwk:", b"%00", b"%3A", b"%2F..", b"#", b"?", b"..",
    b"~", b".", b"=", b"-----", b"\r\n", b"\t", b" " * 300, b"A" * 5_000, b"iTXt", b"IEND", b"IHDR",
    b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"<!DOCTYPE", b"<![CDATA[", b"]]>", b"&a;", b"<svg ",
    "\u202e".encode(), "\U0001f600".encode(), "\u0660".encode(),
)  # fmt: skip


@dataclass(frozen=True)
class Target:
    """One parser, what it may raise, and inputs it understands."""

    name: str
    parse: Callable[[bytes], object]
    errors: tuple[type[Exception], ...]
    seeds: tuple[bytes, ...] = ()


@dataclass
class Outcome:
    """What came of one run."""

    inputs: int = 0
    refused: int = 0
    kept: list[bytes] = field(default_factory=list)
    slowest: float = 0.0


def run(target: Target, seconds: float, seed: int = 0) -> Outcome:
    """Try `target` for some seconds.

    Raises:
        AssertionError: it raised something that is not its own; the message has the input.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    outcome, seen = Outcome(kept=[b"", *target.seeds]), set[tuple[str, int]]()
    for data in list(outcome.kept):
        _one(target, data, outcome, seen, traced=True)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        data = _changed(chance, outcome.kept)
        traced = chance.randrange(TRACED_SHARE) == 0
        if _one(target, data, outcome, seen, traced=traced) and len(outcome.kept) < 2_000:
            outcome.kept.append(data)
    return outcome


def _one(target, data, outcome, seen, *, traced):
    """Parse one input and tell whether it went where none went before."""
    met, begun = set(), time.perf_counter()
    if traced:
        sys.settrace(_tracer(met))
    try:
        target.parse(data)
    except target.errors:
        outcome.refused += 1
    except BaseException as error:
        sys.settrace(None)
        raise AssertionError(f"{target.name}: {type(error).__name__} on {data!r}") from error
    finally:
        if traced:
            sys.settrace(None)
    outcome.inputs += 1
    outcome.slowest = max(outcome.slowest, time.perf_counter() - begun)
    new = met - seen
    seen |= new
    return bool(new)


def _tracer(met):
    def lines(frame, event, _):
        if event == "line":
            met.add((frame.f_code.co_filename, frame.f_lineno))
        return lines

    def calls(frame, event, argument):
        return lines if frame.f_code.co_filename.startswith(OURS) else None

    return calls


def _changed(chance, kept):
    data = bytearray(chance.choice(kept))
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        data = chance.choice(CHANGES)(chance, data, kept)
    return bytes(data[:MAX_INPUT])


def _flip(chance, data, kept):
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return data


def _set(chance, data, kept):
    if data:
        data[chance.randrange(len(data))] = chance.randrange(256)
    return data


def _cut(chance, data, kept):
    start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    del data[start : min(end, start + chance.choice((1, 4, 64, len(data) + 1)))]
    return data


def _double(chance, data, kept):
    start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:end] + data[start:end] * chance.choice((1, 1, 2, 30)) + data[end:]


def _word(chance, data, kept):
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.choice(WORDS) + data[place:]


def _splice(chance, data, kept):
    other = chance.choice(kept)
    place = chance.randrange(len(data) + 1)
    return data[:place] + other[chance.randrange(len(other) + 1) :]


def _digit(chance, data, kept):
    """Put another number where one stands."""
    places = [n for n, byte in enumerate(data) if 48 <= byte <= 57]
    if places:
        place = chance.choice(places)
        data[place : place + 1] = chance.choice((b"0", b"-1", b"1e9", b"0.1", b"99999999999999999"))
    return data


CHANGES = (_flip, _set, _cut, _double, _word, _word, _splice, _digit)
