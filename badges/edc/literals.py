"""The texts, dates, numbers and links of an EDC: is this value well written?

Spec: XML Schema 1.1 part 2 for dates, durations and numbers; BCP 47 for language tags.
Shape: each check takes a JSON value and returns what is wrong with it, or nothing.
Stricter than the official shapes where Europass is: a date needs a time and a zone.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from badges.edc.nodes import many

__all__ = ["LITERALS", "parse_instant", "texts", "wrong_text"]

INSTANT = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
DURATION = re.compile(
    r"-?P(?=[\dT])(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?",
)
MOST_DIGITS = 24
"""Longer durations are mistakes, and no reader can count with them."""

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


def parse_instant(value: Any) -> datetime | None:
    """Read a date with time and zone; nothing if it is not one."""
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _wrong_instant(value: Any) -> str:
    if parse_instant(value):
        return ""
    return f"{value!r} is not a date with time and time zone; write it like 2026-11-23T10:00:00Z"


def _wrong_duration(value: Any) -> str:
    if isinstance(value, str) and len(value) <= MOST_DIGITS and DURATION.fullmatch(value):
        return ""
    return f"{value!r} is not a duration; write it like PT75H (75 hours) or P2D (two days)"


def _wrong_string(value: Any) -> str:
    return "" if isinstance(value, str) else f"{value!r} must be a text in quotes"


def _wrong_iri(value: Any) -> str:
    if isinstance(value, str) and ABSOLUTE_IRI.fullmatch(value):
        return ""
    return f"{value!r} is not a full address; write it with its scheme, like https://example.edu/"


def _wrong_boolean(value: Any) -> str:
    return "" if isinstance(value, bool) else f"{value!r} must be true or false"


def _number(pattern: str, meaning: str) -> Callable[[Any], str]:
    form = re.compile(pattern)

    def wrong(value: Any) -> str:
        fits = not isinstance(value, bool) and form.fullmatch(str(value))
        return "" if fits else f"{value!r} must be {meaning}"

    return wrong


def _wrong_literal(value: Any) -> str:
    return "must be a text, not an object" if isinstance(value, Mapping | list) else ""


LITERALS: Mapping[str, Callable[[Any], str]] = {
    "dateTime": _wrong_instant,
    "duration": _wrong_duration,
    "string": _wrong_string,
    "anyURI": _wrong_iri,
    "iri": _wrong_iri,
    "HTML": _wrong_string,
    "boolean": _wrong_boolean,
    "integer": _number(r"[+-]?\d+", "a whole number"),
    "positiveInteger": _number(r"\+?0*[1-9]\d*", "a whole number from 1 on"),
    "decimal": _number(r"[+-]?(\d+(\.\d*)?|\.\d+)", "a number"),
    "literal": _wrong_literal,
}
"""What each kind of value must look like; each returns the complaint, or an empty text."""


def texts(value: Any) -> list[tuple[str, str]]:
    """Return the (language, text) pairs of a language map; equal pairs count once."""
    if not isinstance(value, Mapping):
        return []
    pairs = [
        (language.casefold(), item)
        for language, said in value.items()
        for item in many(said)
        if isinstance(item, str)
    ]
    return list(dict.fromkeys(pairs))


def wrong_text(value: Any, *, several: bool) -> str:
    """Say what is wrong with text by language; `several` allows more than one per language."""
    if not isinstance(value, Mapping):
        return f'{value!r} must say its language; write it like {{"en": "…"}}'
    for language, said in value.items():
        if not LANGUAGE_TAG.fullmatch(language):
            return f"{language!r} is not a language code; use one like en or fr"
        if any(not isinstance(item, str) or not item.strip() for item in many(said)):
            return f"the text for language {language!r} is empty or not a text"
    languages = [language for language, _ in texts(value)]
    if not several and len(languages) != len(set(languages)):
        return "has more than one text in one language; keep one"
    return ""
