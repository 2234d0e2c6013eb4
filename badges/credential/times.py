"""Times as credentials carry them.

Spec: VCDM 2.0 §4.9 (``dateTimeStamp`` of XML Schema 1.1: a zone is a must), RFC 3339.
Shape: aware UTC inside; ``2026-11-01T12:00:00Z`` on the wire.
"""

import re
from datetime import UTC, datetime

from badges.errors import MalformedValue

__all__ = ["moment", "parse_moment"]

_STAMP = re.compile(
    r"(?P<whole>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?P<part>\.\d{1,12})?(?P<zone>Z|[+-]\d{2}:\d{2})",
    re.ASCII,
)


def moment(when: datetime) -> str:
    """Write a time: UTC, whole seconds."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_moment(text: object) -> datetime:
    """Read a time strictly.

    Raises:
        MalformedValue: no zone, no seconds, a date that does not exist, not a text at all.
    """
    match = _STAMP.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise MalformedValue(f"{str(text)[:40]!r} is not a time like 2026-11-01T12:00:00Z")
    part = (match["part"] or ".0")[:7]
    zone = "+00:00" if match["zone"] == "Z" else match["zone"]
    try:
        return datetime.fromisoformat(f"{match['whole']}{part}{zone}").astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise MalformedValue(f"{match[0]!r} is not a time that exists") from error
