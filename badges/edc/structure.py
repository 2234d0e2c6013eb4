"""Does an EDC hold what the application profile asks for?

Spec: EDC application profile 1.1.0 (generic-full and generic-no-cv), read from
`contexts.profiles`; the official shapes give the same verdict (docs/divergences.md).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from badges.edc.fields import FIELDS, name_of
from badges.edc.literals import LITERALS, texts, wrong_text
from badges.edc.nodes import Described, Node, identifier, many, schemes_of, types
from badges.edc.problem import Problem
from contexts.codes import code_list, lists
from contexts.profiles import PropertyRule, edc_profile

__all__ = ["DRAFT_MAY_LACK", "check_node"]

SCHEMES: Mapping[str, str] = {
    "atu": "http://publications.europa.eu/resource/authority/atu",
    "claim-type": "http://data.europa.eu/snb/claim-type/25831c2",
    "currency": "http://publications.europa.eu/resource/authority/currency",
    "esco-occupation": "http://data.europa.eu/esco/concept-scheme/occupations",
    "esco-skill": "http://data.europa.eu/esco/concept-scheme/skills",
}
"""Schemes of vocabularies whose codes we do not carry."""

DRAFT_MAY_LACK = frozenset({("EuropeanDigitalCredential", "issuer"), ("issuer", "eIDASIdentifier")})
"""What the sealing service fills in; `issued` and `issuanceDate` it overwrites."""


def check_node(node: Node, known: Mapping[str, Described], *, draft: bool) -> Iterator[Problem]:
    """Check one object against the rules of each of its classes."""
    profile = edc_profile()
    roles = [name for name in types(node.value) if name in profile]
    if node.path == "issuer":
        roles.append("issuer")
    for role in roles:
        for term, rule in profile[role].items():
            given = node.value.get(term)
            if given is None and not rule.minimum:
                continue
            path = f"{node.path}.{term}" if node.path else term
            if not (draft and (role, term) in DRAFT_MAY_LACK and given is None):
                yield from _count(path, term, given, rule)
            yield from _values(path, term, given, rule, known)


def _count(path: str, term: str, given: Any, rule: PropertyRule) -> Iterator[Problem]:
    is_text = rule.kinds[0] in ("text", "texts")
    found = len(texts(given)) if is_text and isinstance(given, Mapping) else _distinct(given)
    if found < rule.minimum:
        where = FIELDS.get(term, ("", ""))[1]
        hint = f" Fill it in: {where}." if where else " Add it."
        yield Problem("missing", path, f"The {name_of(term)} is missing.{hint}")
    if rule.maximum is not None and found > rule.maximum:
        more = "text in one language only" if is_text else f"{rule.maximum} value"
        yield Problem("too-many", path, f"The {name_of(term)} is given {found} times; keep {more}.")


def _distinct(given: Any) -> int:
    return len({identifier(item) or repr(item) for item in many(given)})


def _values(
    path: str, term: str, given: Any, rule: PropertyRule, known: Mapping[str, Described]
) -> Iterator[Problem]:
    if rule.kinds[0] in ("text", "texts"):
        if given is not None and (wrong := wrong_text(given, several=rule.kinds[0] == "texts")):
            yield Problem("wrong-text", path, f"The {name_of(term)}: {wrong}.")
        return
    for position, item in enumerate(many(given)):
        here = f"{path}[{position}]" if isinstance(given, list) else path
        if rule.is_node:
            yield from _object(here, term, item, rule, known)
        elif wrong := LITERALS[rule.kinds[0]](item):
            yield Problem("wrong-value", here, f"The {name_of(term)}: {wrong}.")


def _object(
    path: str, term: str, item: Any, rule: PropertyRule, known: Mapping[str, Described]
) -> Iterator[Problem]:
    found = known.get(identifier(item)) or _alone(item)
    classes = found.classes
    if not classes & set(rule.kinds):
        kinds = " or ".join(rule.kinds)
        given = ", ".join(sorted(classes)) or "no type"
        message = f"The {name_of(term)} must be an object of type {kinds}; it has {given}."
        yield Problem("wrong-type", path, message)
    elif rule.code_list:
        wanted = _scheme(rule.code_list)
        if wanted not in found.schemes:
            message = f"The {name_of(term)} must be a code of the list {wanted} (inScheme)."
            yield Problem("wrong-scheme", path, message)


def _alone(item: Any) -> Described:
    """Describe an object that has no id."""
    if not isinstance(item, Mapping):
        return Described(frozenset(), frozenset())
    return Described(frozenset(types(item)), frozenset(schemes_of(item)))


def _scheme(name: str) -> str:
    return code_list(name).scheme if name in lists() else SCHEMES[name]
