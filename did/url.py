"""A DID URL and its parts.

Spec: DID Core v1.0 §3.1 (DID syntax), §3.2 (DID URL syntax).
Shape: ``did:METHOD:IDENTIFIER[/PATH][?QUERY][#FRAGMENT]``.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from did.errors import InvalidDidUrl

__all__ = ["DidUrl", "is_did", "parse"]

MAX_LENGTH = 2048
"""Longest DID URL we read: a did:jwk of a 4096-bit RSA key has about 1000 characters."""

CHARACTER = r"(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})"
PATH_CHARACTER = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"

DID_URL = re.compile(
    rf"""(?P<did>did:(?P<method>[a-z0-9]+):(?P<identifier>(?:{CHARACTER}*:)*{CHARACTER}+))
    (?P<path>(?:/{PATH_CHARACTER}*)*)
    (?:\?(?P<query>(?:{PATH_CHARACTER}|[/?])*))?
    (?:\#(?P<fragment>(?:{PATH_CHARACTER}|[/?])*))?""",
    re.VERBOSE | re.ASCII,
)
"""The grammar of §3.2; linear, as no two parts can match the same text."""


@dataclass(frozen=True, slots=True)
class DidUrl:
    """A DID URL, taken apart."""

    did: str
    method: str
    identifier: str
    path: str
    query: str | None
    fragment: str | None

    @property
    def is_bare(self) -> bool:
        """Whether it is a DID alone, without path, query or fragment."""
        return not self.path and self.query is None and self.fragment is None


@lru_cache(maxsize=1024)
def parse(text: str) -> DidUrl:
    """Take a DID URL apart.

    Raises:
        InvalidDidUrl: it is not one.
    """
    match = DID_URL.fullmatch(text) if len(text) <= MAX_LENGTH else None
    if match is None:
        raise InvalidDidUrl(f"not a DID URL: {text[:80]!r}")
    return DidUrl(**match.groupdict())


def is_did(text: object) -> bool:
    """Tell whether `text` is a DID without path, query or fragment."""
    if not isinstance(text, str):
        return False
    try:
        return parse(text).is_bare
    except InvalidDidUrl:
        return False
