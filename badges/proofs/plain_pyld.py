"""PyLD alone, as one would use it without this package: the yardstick of `learnseal bench`.

Nothing else calls it: it has no safe mode, no budget, and other escapes than RDFC-1.0.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pyld import jsonld

from contexts import loader

__all__ = ["canonicalize"]


def canonicalize(document: Mapping[str, Any]) -> bytes:
    """Return the canonical N-Quads of `document`, straight from PyLD."""
    options = {
        "algorithm": "URDNA2015",
        "format": "application/n-quads",
        "documentLoader": _load,
    }
    text: str = jsonld.normalize(document, options)
    return text.encode()


@cache
def _document(url: str) -> dict[str, Any]:
    return loader.load(url)


def _load(url: str, _options: object) -> dict[str, Any]:
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": _document(url),
        "tag": "static",
    }
