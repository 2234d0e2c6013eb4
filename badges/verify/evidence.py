"""The documents a verifier was given: what was found at which address, and when.

Shape: address → document; what could not be had is absent. Nothing here fetches.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from badges import strict_json
from badges.errors import BadgeError

__all__ = ["Document", "Evidence", "body", "json_object"]


class Document(Protocol):
    """One answer of a server."""

    @property
    def status(self) -> int:
        """HTTP status."""
        ...

    @property
    def content_type(self) -> str:
        """Media type, as the server said."""
        ...

    @property
    def body(self) -> bytes:
        """What came back."""
        ...

    @property
    def fetched_at(self) -> datetime:
        """When, in UTC."""
        ...


Evidence = Mapping[str, Document]


def body(evidence: Evidence, url: str) -> bytes | None:
    """Return what was found at `url`, if the server had it."""
    found = evidence.get(url)
    return found.body if found is not None and found.status == 200 else None


def json_object(evidence: Evidence, url: str) -> dict[str, Any] | None:
    """Return the JSON object found at `url`; None if there is none."""
    found = body(evidence, url)
    if found is None:
        return None
    try:
        value = strict_json.loads(found)
    except BadgeError:
        return None
    return value if isinstance(value, dict) else None
