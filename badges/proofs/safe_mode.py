"""What may stand in a signed document: nothing that the signature would not cover.

Spec: VC Data Integrity 1.0 §2.4.2 (data loss is an error), JSON-LD 1.1 API §5.1 (where expansion
      drops things silently).
Shape: pure rules over one member at a time; ``expansion`` finds out what the active context says
       about the member and asks here.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from badges.errors import DataLoss
from badges.proofs.nquads import is_absolute_iri

__all__ = ["Term", "check_member"]

KEYWORDS = frozenset({"@id", "@type", "@value", "@language", "@direction"})
"""The only keywords (or their aliases) that a signed document may use inside."""

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Term:
    """What the active context says about one member of an object."""

    iri: str | None
    """What the key expands to; None or no absolute IRI: the member would be dropped."""

    coercion: str | None
    """``@id``, ``@vocab``, ``@json``, a datatype, or None."""

    container: tuple[str, ...]

    beside_value: bool = False
    """Whether the object also has a text as ``@value``."""


def check_member(term: Term, value: object, expanded: Mapping[str, str | None]) -> None:
    """Refuse a member that would not be signed as it reads.

    `expanded` holds what each text of `value` becomes where texts are IRIs.

    Raises:
        DataLoss: part of it would be dropped or changed.
    """
    if value is None:
        raise DataLoss("null is not signed; leave the member out")
    if term.iri in {"@language", "@direction"} and not term.beside_value:
        raise DataLoss(f"{term.iri} without a text has no place in a signed document")
    if term.iri in KEYWORDS:
        _KEYWORD_RULES[term.iri or ""](value, expanded)
    elif term.iri is not None and term.iri.startswith("@"):
        raise DataLoss(f"{term.iri} has no place in a signed document")
    elif not is_absolute_iri(term.iri):
        raise DataLoss("its contexts do not define this term, so it would not be signed")
    elif term.coercion != "@json":
        _check_values(term, value, expanded)


def _check_values(term: Term, value: object, expanded: Mapping[str, str | None]) -> None:
    if isinstance(value, Mapping) and "@language" in term.container:
        _check_language_map(value)
    elif isinstance(value, Mapping) and not {"@index", "@id", "@type"}.isdisjoint(term.container):
        raise DataLoss("the names in a map like this are not signed; use a list")
    elif isinstance(value, list):
        _check_list(term, value, expanded)
    else:
        _check_scalar(term, value, expanded)


def _check_list(term: Term, items: list[Any], expanded: Mapping[str, str | None]) -> None:
    ordered = "@list" in term.container
    if not items and not ordered:
        raise DataLoss("an empty list is not signed; leave the member out")
    scalars = [(type(item), item) for item in items if not isinstance(item, list | Mapping)]
    if len(set(scalars)) != len(scalars) and not ordered:
        raise DataLoss("the same value twice is signed only once")
    for item in items:
        if item is None:
            raise DataLoss("null in a list is not signed")
        if isinstance(item, list):
            raise DataLoss("a list in a list is not signed as it reads")
        _check_scalar(term, item, expanded)


def _check_scalar(term: Term, value: object, expanded: Mapping[str, str | None]) -> None:
    if isinstance(value, float):
        _check_number(value)
    if isinstance(value, str) and term.coercion in ("@id", "@vocab"):
        _check_iri(value, expanded)


def _check_number(value: float) -> None:
    """JSON-LD signs sixteen digits of a number; the seventeenth could be changed unseen."""
    if not math.isfinite(value) or math.copysign(1, value) < 0 == value:
        raise DataLoss(f"the number {value} is not signed as it reads")
    if float(f"{value:.15E}") != value:
        raise DataLoss(f"the number {value!r} has more digits than are signed; use a text")


def _check_iri(text: str, expanded: Mapping[str, str | None]) -> None:
    if text.startswith("_:"):
        raise DataLoss(f"the name of the blank node {text[:80]!r} is not signed")
    if not is_absolute_iri(expanded[text]):
        raise DataLoss(f"{text[:80]!r} is not an absolute IRI, so it would not be signed")


def _check_id(value: object, expanded: Mapping[str, str | None]) -> None:
    if not isinstance(value, str):
        raise DataLoss("an id is one text")
    _check_iri(value, expanded)


def _check_types(value: object, expanded: Mapping[str, str | None]) -> None:
    given: list[object] = value if isinstance(value, list) else [value]
    types = [name for name in given if isinstance(name, str)]
    if not types or len(types) != len(given):
        raise DataLoss("a type is a text or a list of texts")
    if len(set(types)) != len(types):
        raise DataLoss("the same type twice is signed only once")
    for name in types:
        if expanded[name] != "@json":
            _check_iri(name, expanded)


def _check_value(value: object, _: Mapping[str, str | None]) -> None:
    if isinstance(value, float):
        _check_number(value)


def _check_language(value: object, _: Mapping[str, str | None]) -> None:
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise DataLoss(f"{str(value)[:80]!r} is not a language tag")


def _check_direction(value: object, _: Mapping[str, str | None]) -> None:
    if value not in ("ltr", "rtl"):
        raise DataLoss(f"{str(value)[:80]!r} is not a direction: ltr or rtl")


def _check_language_map(value: Mapping[str, Any]) -> None:
    if not value:
        raise DataLoss("an empty language map is not signed; leave the member out")
    for tag, texts in value.items():
        if tag != "@none":
            _check_language(tag, {})
        items = texts if isinstance(texts, list) else [texts]
        if not items or not all(isinstance(text, str) for text in items):
            raise DataLoss(f"the texts for {tag[:80]!r} are not texts")


_KEYWORD_RULES = {
    "@id": _check_id,
    "@type": _check_types,
    "@value": _check_value,
    "@language": _check_language,
    "@direction": _check_direction,
}
