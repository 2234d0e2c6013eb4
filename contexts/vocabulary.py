"""How the pinned contexts spell the IRIs they define.

Spec: JSON-LD 1.1 §4.1 (terms). All pinned contexts agree on one term per IRI, but for Open Badges
3.0.0, where a class and a property share some; there the small letter is the property.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from contexts import loader

__all__ = ["iris", "members_for", "types_for"]

PROFILES = ("http://data.europa.eu/snb/model/context/edc-ap",)
"""Contexts that rename what others define: their terms count only for what is theirs alone."""


def iris() -> frozenset[str]:
    """Return every IRI that some pinned context has a term for."""
    return frozenset(_terms())


def members_for(iri: str) -> frozenset[str]:
    """Return the terms that may name a member with this meaning; empty: none of ours."""
    terms = _terms().get(iri, frozenset())
    return frozenset(term for term in terms if term[:1].islower()) or terms


def types_for(iri: str) -> frozenset[str]:
    """Return the terms that may name a type (or another value) with this meaning."""
    terms = _terms().get(iri, frozenset())
    return frozenset(term for term in terms if term[:1].isupper()) or terms


@cache
def _terms() -> Mapping[str, frozenset[str]]:
    """IRI → every term that any pinned text defines for it."""
    theirs = _collect(PROFILES)
    return theirs | _collect(loader.urls().difference(PROFILES))


def _collect(urls: Iterable[str]) -> dict[str, frozenset[str]]:
    terms: dict[str, set[str]] = {}
    for url in urls:
        for vintage in loader.vintages(url):
            document = loader.load(url, vintage.sha256)
            for term, iri in _definitions(document["@context"], {}):
                terms.setdefault(iri, set()).add(term)
    return {iri: frozenset(names) for iri, names in terms.items()}


def _definitions(context: object, outer: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each term of a context and of the contexts inside it, with its full IRI."""
    if isinstance(context, list):
        for part in context:
            yield from _definitions(part, outer)
    if not isinstance(context, dict):
        return
    own = {term: _iri(value) for term, value in context.items() if not term.startswith("@")}
    prefixes = {**outer, **own}
    for term, iri in own.items():
        if iri:
            yield term, _full(iri, prefixes)
        if isinstance(context[term], dict):
            yield from _definitions(context[term].get("@context"), prefixes)


def _iri(definition: Any) -> str:
    named = definition.get("@id", "") if isinstance(definition, dict) else definition
    return named if isinstance(named, str) else ""


def _full(iri: str, prefixes: Mapping[str, str]) -> str:
    prefix, colon, rest = iri.partition(":")
    if colon and not rest.startswith("//") and prefix in prefixes:
        return prefixes[prefix] + rest
    return iri
