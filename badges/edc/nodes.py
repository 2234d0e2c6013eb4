"""The objects of an EDC document: find them, name them, look one up by its id.

Shape: every object may have `id` and `type`; official files repeat an object in full
wherever it is used, and may give one value as a value or as a list of one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

__all__ = [
    "Described",
    "Json",
    "Node",
    "describe",
    "identifier",
    "index",
    "many",
    "schemes_of",
    "types",
    "walk",
]

LANGUAGE_MAPS = frozenset(
    [
        "altLabel",
        "birthName",
        "category",
        "definition",
        "description",
        "familyName",
        "fullName",
        "geographicName",
        "givenName",
        "legalName",
        "noteLiteral",
        "patronymicName",
        "prefLabel",
        "schemeAgency",
        "title",
    ]
)
"""Terms whose value maps a language to text, and so is no object."""

Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Node:
    """One object and where it stands: `credentialSubject.hasClaim[0]`."""

    path: str
    term: str
    value: Json


def many(value: Any) -> list[Any]:
    """Return a value that may be one, several or none as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def types(node: Json) -> list[str]:
    """Return the classes of an object."""
    return [name for name in many(node.get("type", node.get("@type"))) if isinstance(name, str)]


def identifier(node: Any) -> str:
    """Return the id of an object, or of a bare reference to one."""
    if isinstance(node, str):
        return node
    found = node.get("id", node.get("@id", "")) if isinstance(node, Mapping) else ""
    return found if isinstance(found, str) else ""


def walk(document: Json) -> Iterator[Node]:
    """Go through every object, parents before children."""
    waiting = [Node("", "", document)]
    while waiting:
        node = waiting.pop()
        yield node
        children = [
            Node(_join(node.path, term, position, value), term, item)
            for term, value in node.value.items()
            if term != "@context" and term not in LANGUAGE_MAPS
            for position, item in enumerate(many(value))
            if isinstance(item, Mapping)
        ]
        waiting.extend(reversed(children))


def _join(path: str, term: str, position: int, value: Any) -> str:
    step = f"{term}[{position}]" if isinstance(value, list) else term
    return f"{path}.{step}" if path else step


@dataclass(frozen=True, slots=True)
class Described:
    """What a document says, anywhere, of the object with one id."""

    classes: frozenset[str]
    schemes: frozenset[str]


def describe(nodes: Sequence[Node]) -> dict[str, Described]:
    """Collect, once for all rules, the classes and schemes of every id."""
    classes: dict[str, set[str]] = {}
    schemes: dict[str, set[str]] = {}
    for node in nodes:
        if key := identifier(node.value):
            classes.setdefault(key, set()).update(types(node.value))
            schemes.setdefault(key, set()).update(schemes_of(node.value))
    return {
        key: Described(frozenset(found), frozenset(schemes[key])) for key, found in classes.items()
    }


def schemes_of(node: Json) -> list[str]:
    """Return the schemes a concept says it is in."""
    return [identifier(scheme) for scheme in many(node.get("inScheme"))]


def index(nodes: Sequence[Node]) -> dict[str, list[Node]]:
    """Group objects by id."""
    found: dict[str, list[Node]] = {}
    for node in nodes:
        if key := identifier(node.value):
            found.setdefault(key, []).append(node)
    return found
