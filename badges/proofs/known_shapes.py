"""The shape memo of this process, over the pinned contexts.

Suites that sign meaning call it; older context texts and SHA-384 go the long way, as they are rare.
"""

import secrets
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from badges.proofs import canon
from badges.proofs.shape import Vocabulary
from badges.proofs.shape_memo import ShapeMemo
from contexts import loader

__all__ = ["canonicalize", "memo", "pinned_vocabulary"]

_ALWAYS_FIXED = frozenset(
    {"@base", "@container", "@context", "@direction", "@index", "@language", "@type", "@vocab"}
)
"""Keywords whose value decides how other values are read."""


def canonicalize(
    document: Mapping[str, Any], *, contexts: Mapping[str, str], hash_name: str = "sha256"
) -> bytes:
    """Return the canonical N-Quads of `document`: as `canon.canonicalize` does, only sooner.

    Raises:
        BadgeError: as `canon.canonicalize` does.
    """
    if contexts or hash_name != "sha256":
        return canon.canonicalize(document, contexts=contexts, hash_name=hash_name)
    return memo().canonicalize(document)


@cache
def memo() -> ShapeMemo:
    """Return the memo of this process."""
    return ShapeMemo(
        lambda document: set(canon.to_quads(document)),
        lambda quads: "".join(canon.canonical_lines(tuple(quads))),
        pinned_vocabulary(),
        nonce=f"n{secrets.token_hex(16)}",
    )


@cache
def pinned_vocabulary() -> Vocabulary:
    """Collect the words of every pinned context, older texts included."""
    fixed, words = set(_ALWAYS_FIXED), set[str]()
    for url in loader.urls():
        for vintage in loader.vintages(url):
            for term, meaning in _terms(loader.load(url, vintage.sha256).get("@context")):
                words.add(term)
                if meaning in _ALWAYS_FIXED:
                    fixed.add(term)
    return Vocabulary(frozenset(fixed), frozenset(words))


def _terms(context: Any) -> Iterator[tuple[str, str | None]]:
    """Go through the terms of a context, those of its scoped contexts too, with what each means."""
    if isinstance(context, list):
        for part in context:
            yield from _terms(part)
    elif isinstance(context, dict):
        for term, definition in context.items():
            if isinstance(definition, dict):
                yield term, definition.get("@id")
                yield from _terms(definition.get("@context"))
            else:
                yield term, definition if isinstance(definition, str) else None
