"""JSON in the one form that is hashed: sorted members, shortest numbers, no spaces.

Spec: RFC 8785 (JSON Canonicalization Scheme).
"""

import rfc8785

from badges.errors import MalformedValue

__all__ = ["canonicalize"]


def canonicalize(value: object) -> bytes:
    """Return the canonical bytes of a JSON value.

    Raises:
        MalformedValue: it holds a number or a text that has no canonical form.
    """
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]  # what is no JSON is refused inside
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError) as error:
        raise MalformedValue(f"this has no canonical JSON form: {error}") from error
