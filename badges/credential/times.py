"""Times as credentials carry them.

Spec: VCDM 2.0 §4.9 (``dateTimeStamp`` of XML Schema 1.1: a zone is a must), RFC 3339.
Shape: aware UTC inside; ``2026-11-01T12:00:00Z`` on the wire.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from badges.errors import MalformedValue

__all__ = ["moment", "parse_moment"]

_STAMP = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})T(?P<clock>\d{2}:\d{2}:\d{2})(?P<part>\.\d{1,40})?"
    r"(?P<zone>Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)",
    re.ASCII,
)

MOST_CHARACTERS = 80
"""No time is longer: 40 digits of a second and a zone."""


@lru_cache(maxsize=1024)  # those of a cohort repeat
def moment(when: datetime) -> str:
    """Write a time: UTC, whole seconds."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_moment(text: object) -> datetime:
    """Read a time strictly.

    Raises:
        MalformedValue: no zone, no seconds, a date that does not exist, not a text at all.
    """
    if not isinstance(text, str) or len(text) > MOST_CHARACTERS:
        raise MalformedValue(f"{str(text)[:40]!r} is not a time like 2026-11-01T12:00:00Z")
    return _parsed(text)


@lru_cache(maxsize=1024)
def _parsed(text: str) -> datetime:
    """Read a time; those of a cohort and of its lists repeat. A failure is not remembered."""
    match = _STAMP.fullmatch(text)
    if match is None:
        raise MalformedValue(f"{text[:40]!r} is not a time like 2026-11-01T12:00:00Z")
    part = (match["part"] or ".0")[:7]
    clock, late = match["clock"], match["clock"] == "24:00:00" and not part.strip(".0")
    if late:  # XML Schema: midnight at the end of a day is the beginning of the next
        clock = "00:00:00"
    zone = "+00:00" if match["zone"] == "Z" else match["zone"]
    try:
        when = datetime.fromisoformat(f"{match['day']}T{clock}{part}{zone}").astimezone(UTC)
        return when + timedelta(days=1) if late else when
    except (ValueError, OverflowError) as error:
        raise MalformedValue(f"{match[0]!r} is not a time that exists") from error
