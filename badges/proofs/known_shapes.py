"""The shape memo of this process, over the pinned contexts.

Suites that sign meaning call it; older context texts and SHA-384 go the long way, as they are rare.
"""

import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from badges import strict_json
from badges.proofs import canon
from badges.proofs.shape import Vocabulary
from badges.proofs.shape_memo import ShapeMemo
from badges.proofs.sight import Sight
from badges.proofs.spared import Family
from badges.proofs.traced import Path
from contexts import loader, vocabulary

__all__ = [
    "canonicalize",
    "distrust",
    "loads",
    "memo",
    "pinned_vocabulary",
    "places",
    "recognise",
    "require",
    "spares",
    "watch",
]

log = logging.getLogger(__name__)

_ALWAYS_FIXED = frozenset(
    {"@base", "@container", "@context", "@direction", "@index", "@language", "@type", "@vocab"}
)
"""Keywords whose value decides how other values are read."""

MOST_FLAT = 512
"""Most canonical forms of flat documents (proof options) that are kept whole."""

_FLAT: OrderedDict[tuple[object, ...], bytes] = OrderedDict()
_WATCHERS: list[Callable[[], None]] = []


def canonicalize(
    document: Mapping[str, Any], *, contexts: Mapping[str, str], hash_name: str = "sha256"
) -> bytes:
    """Return the canonical N-Quads of `document`: as `canon.canonicalize` does, only sooner.

    Raises:
        BadgeError: as `canon.canonicalize` does.
    """
    if contexts or hash_name != "sha256":
        return canon.canonicalize(document, contexts=contexts, hash_name=hash_name)
    flat = _flat(document)
    if flat is None:
        return memo().canonicalize(document)
    known = _FLAT.get(flat)
    if known is None:
        known = _FLAT[flat] = memo().canonicalize(document)
        if len(_FLAT) > MOST_FLAT:
            _FLAT.popitem(last=False)
    return known


def loads(data: bytes, *, max_bytes: int = strict_json.MAX_BYTES) -> Any:
    """Read JSON as `strict_json.loads` does, only sooner: see `ShapeMemo.loads`.

    Raises:
        MalformedCredential: as `strict_json.loads` does.
    """
    return memo().loads(data, max_bytes=max_bytes)


def require(
    name: str,
    document: Mapping[str, Any],
    check: Callable[[Mapping[str, Any]], None],
    sight: Sight | None = None,
) -> None:
    """Make `check`, unless a document of this shape passed it: see `ShapeMemo.require`."""
    memo().require(name, document, check, sight)


def spares(family: Family, document: Mapping[str, Any], sight: Sight | None = None) -> bool:
    """Tell whether `document` passes all checks of `family`: see `ShapeMemo.spares`."""
    return memo().spares(family, document, sight)


def recognise(document: Mapping[str, Any]) -> Sight | None:
    """Return what is known of a document by how it is written."""
    return memo().sight(document)


def places(document: Mapping[str, Any], sight: Sight) -> Mapping[Path, int]:
    """Return where the texts of a recognised document stand in it."""
    return memo().places(document, sight)


def distrust(message: str) -> None:
    """Switch the memo off, and raise the alarm."""
    memo().distrust(message)


def watch(callback: Callable[[], None]) -> None:
    """Call `callback` if the memo is ever found wrong and switched off: a figure, a message."""
    _WATCHERS.append(callback)


@cache
def memo() -> ShapeMemo:
    """Return the memo of this process."""
    return new_memo(group=_achievement, alarm=_alarm)


def new_memo(**limits: Any) -> ShapeMemo:
    """Return a memo over the pinned contexts with a nonce of its own."""
    return ShapeMemo(
        lambda document: set(canon.to_quads(document)),
        lambda quads: "".join(canon.canonical_lines(tuple(quads))),
        pinned_vocabulary(),
        nonce=f"n{secrets.token_hex(16)}",
        **limits,
    )


@cache
def pinned_vocabulary() -> Vocabulary:
    """Collect the words of every pinned context, older texts included, and their full IRIs."""
    fixed, words = set(_ALWAYS_FIXED), set(vocabulary.iris())
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


def _flat(document: Mapping[str, Any]) -> tuple[object, ...] | None:
    """Return the members of a document of short texts as a key; None for any other document."""
    if len(document) > 16 or "credentialSubject" in document:
        return None
    key: list[object] = []
    for name, value in document.items():
        kind = type(value)
        if kind is list and all(type(item) is str for item in value):
            key.append((name, *value))
        elif kind is str and len(value) < 1_000:
            key.append(name)
            key.append(value)
        else:
            return None
    return tuple(key)


def _achievement(document: Mapping[str, Any]) -> str:
    """Tell the badges of one achievement from those of another; other documents share one name."""
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    name = achievement.get("id") if isinstance(achievement, dict) else None
    return name if isinstance(name, str) else ""


def _alarm(message: str) -> None:
    log.critical(message)
    for callback in _WATCHERS:
        callback()
