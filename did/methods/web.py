"""did:web: the DID is an address, and its document is a file there.

Spec: did:web method specification §2.5.2 (Read).
Shape: ``did:web:uni.example`` is read at ``https://uni.example/.well-known/did.json``,
``did:web:uni.example%3A8443:o:physics`` at ``https://uni.example:8443/o/physics/did.json``.
"""

import ipaddress
import re
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from did.document import parse_document
from did.errors import DidDocumentIdMismatch, DidNotFound, InvalidDid
from did.url import is_did

__all__ = ["METHOD", "location", "read"]

METHOD = "web"
PREFIX = "did:web:"

HOST = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?:%3[Aa](?P<port>\d{1,5}))?"
)
LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")

FORBIDDEN = frozenset('/\\?#@:%"<>^`{|}')
"""Characters that, decoded, would move a path segment to another place."""


@lru_cache(maxsize=1024)
def location(did: str, *, allow_local: bool = False) -> str | None:
    """Return the address of the DID document.

    Args:
        did: the DID.
        allow_local: let ``localhost`` and names without a dot pass, for development.

    Raises:
        InvalidDid: it is not a did:web, or names an address (not a name) or a local machine.
    """
    if not is_did(did) or not did.startswith(PREFIX):
        raise InvalidDid(f"not a did:web: {did[:80]!r}")
    authority, *segments = did.removeprefix(PREFIX).split(":")
    host = _host(authority, allow_local=allow_local)
    for segment in segments:
        _check_segment(segment)
    path = "/".join(segments) if segments else ".well-known"
    return f"https://{host}/{path}/did.json"


def read(did: str, body: bytes | None) -> dict[str, Any]:
    """Return the document of `did` from the file found at its location.

    Raises:
        DidNotFound: there is no file.
        InvalidDidDocument: the file is not a JSON object.
        DidDocumentIdMismatch: it is the document of another DID.
    """
    if body is None:
        raise DidNotFound(f"the document of {did} could not be had")
    document = parse_document(body)
    if document.get("id") != did:
        raise DidDocumentIdMismatch(f"the document found for {did} says it is another's")
    return document


def _host(authority: str, *, allow_local: bool) -> str:
    match = HOST.fullmatch(authority)
    if match is None:
        raise InvalidDid("a did:web names a host, and a port as %3A8443")
    name, port = match["name"].lower(), match["port"]
    labels = name.split(".")
    if len(name) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise InvalidDid(f"{name[:80]!r} is not a host name")
    if _is_address(name):
        raise InvalidDid("a did:web names a host, never an IP address")
    if not allow_local and (len(labels) == 1 or labels[-1] == "localhost"):
        raise InvalidDid(f"{name!r} is a local machine: allow it only for development")
    if port is None:
        return name
    if not 0 < int(port) < 65536:
        raise InvalidDid(f"{port} is not a port")
    return f"{name}:{int(port)}"


def _is_address(name: str) -> bool:
    """Tell whether resolvers could read `name` as an IP address, in any of its old spellings."""
    last = name.rsplit(".", maxsplit=1)[-1]
    if last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _check_segment(segment: str) -> None:
    decoded = unquote(segment, errors="replace")
    if decoded in ("", ".", "..") or any(
        character in FORBIDDEN or character < " " or character == "\x7f" for character in decoded
    ):
        raise InvalidDid(f"{segment[:80]!r} cannot be part of the path of a did:web")
