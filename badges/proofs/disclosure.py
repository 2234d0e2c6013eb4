"""Parts of a document: which JSON a set of pointers selects, and which statements that makes.

Spec: Data Integrity ECDSA Cryptosuites 1.0 §3.4 (selective disclosure functions), RFC 6901.
Shape: a pointer selects a value and, on the way to it, the id and type of every object.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from badges.errors import MalformedValue, ProofTransformation
from badges.proofs import canon, nquads, rdfc
from badges.proofs.nquads import Quad

__all__ = ["Groups", "group", "labelled_lines", "select"]

_NAME = "urn:learnseal:nameless:"
"""What nameless objects are called while we follow them into a selection."""

_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")

MAX_POINTERS = 500
"""Most pointers of one selection."""

Labels = Mapping[str, str]
"""Blank node → its name in the lines that are signed."""

Labeller = Callable[[Labels], Labels]
"""From canonical labels (``_:c14n0`` …) to the labels that are signed."""


@dataclass(frozen=True, slots=True)
class Groups:
    """A document as lines, and the lines that each set of pointers selects."""

    lines: tuple[str, ...]
    """All lines, sorted, with the labels that are signed."""

    selected: Mapping[str, tuple[int, ...]]
    """Name of a set of pointers → the indexes of its lines, rising."""

    canonical: Mapping[str, Labels]
    """Name of a set of pointers → canonical label in the selection → label that is signed."""


def group(
    document: Mapping[str, Any], labeller: Labeller, pointers: Mapping[str, Iterable[str]]
) -> Groups:
    """Write `document` as lines and find those that each set of pointers selects (§3.4.14).

    Raises:
        MalformedValue: a pointer is none, or leads nowhere.
        ProofTransformation: a part cannot be followed into a selection.
        BadgeError: the document cannot be expanded (see ``canon.canonicalize``).
    """
    named = _name_objects(document)
    quads = _steady(canon.to_quads(named))
    labels = labeller(rdfc.canonical_labels(quads))
    lines = tuple(sorted({nquads.line(rdfc.relabel(quad, labels)) for quad in quads}))
    place = {text: index for index, text in enumerate(lines)}
    selected: dict[str, tuple[int, ...]] = {}
    canonical: dict[str, Labels] = {}
    for name, wanted in pointers.items():
        part = select(named, wanted)
        quads_of_part = _steady(canon.to_quads(part)) if part else ()
        texts = {nquads.line(rdfc.relabel(quad, labels)) for quad in quads_of_part}
        if not texts <= place.keys():
            raise ProofTransformation("a pointer leads into a list whose order is signed")
        selected[name] = tuple(sorted(place[text] for text in texts))
        fresh = rdfc.canonical_labels(quads_of_part)
        canonical[name] = {fresh[node]: labels[node] for node in fresh}
    return Groups(lines, selected, canonical)


def labelled_lines(
    document: Mapping[str, Any], labeller: Labeller, contexts: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the lines of `document`, sorted, with the labels that are signed (§3.4.2)."""
    quads = canon.to_quads(document, contexts=contexts)
    labels = labeller(rdfc.canonical_labels(quads))
    return tuple(sorted({nquads.line(rdfc.relabel(quad, labels)) for quad in quads}))


def select(document: Mapping[str, Any], pointers: Iterable[str]) -> dict[str, Any] | None:
    """Return the part of `document` that `pointers` select; None if there are none (§3.4.13).

    Raises:
        MalformedValue: a pointer is none, or leads nowhere.
    """
    wanted = [_steps(pointer) for pointer in pointers]
    if len(wanted) > MAX_POINTERS:
        raise MalformedValue(f"more than {MAX_POINTERS} pointers")
    if not wanted:
        return None
    selection: _Part = {**_initial(document), "@context": document["@context"]}
    for steps in wanted:
        if not steps:
            return deepcopy(dict(document))
        _select(document, selection, steps)
    whole: dict[str, Any] = _dense(selection)
    return whole


_Part = dict[Any, Any]
"""A selection while it grows: lists are held as ``_Sparse``."""


class _Sparse(dict[int, Any]):
    """A list of which only some items are selected."""


def _steps(pointer: object) -> list[str]:
    if not isinstance(pointer, str) or (pointer and not pointer.startswith("/")):
        raise MalformedValue(f"{str(pointer)[:80]!r} is not a JSON pointer")
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _initial(value: object) -> Any:
    """What every selection keeps of an object: its id and type (§3.4.11)."""
    if isinstance(value, list):
        return _Sparse()
    if isinstance(value, Mapping):
        return {name: value[name] for name in ("id", "@id", "type") if name in value}
    return value


def _select(document: Any, selection: _Part, steps: list[str]) -> None:
    value, part, parent = document, selection, selection
    key: str | int = ""
    for step in steps:
        key = _key(value, step)
        value, parent = value[key], part
        part = parent.setdefault(key, _initial(value))
    whole = deepcopy(value)
    parent[key] = {**part, **whole} if isinstance(value, Mapping) else whole


def _key(value: Any, step: str) -> str | int:
    if isinstance(value, Mapping) and step in value:
        return step
    if isinstance(value, list) and _INDEX.fullmatch(step) and int(step) < len(value):
        return int(step)
    raise MalformedValue(f"there is nothing at {step[:80]!r}")


def _dense(part: Any) -> Any:
    if isinstance(part, _Sparse):
        return [_dense(part[index]) for index in sorted(part)]
    if isinstance(part, dict):
        return {name: _dense(value) for name, value in part.items()}
    return part


def _name_objects(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of `document` in which every nameless object has a name (§3.4.8)."""
    nameless = frozenset(canon.expand(document).nameless)
    named: dict[str, Any] = _named(document, "", nameless)
    return named


def _named(value: Any, path: str, nameless: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [_named(item, f"{path}/{index}", nameless) for index, item in enumerate(value)]
    if not isinstance(value, Mapping):
        return value
    members = {
        name: _named(item, f"{path}/{name.replace('~', '~0').replace('/', '~1')}", nameless)
        for name, item in value.items()
    }
    if path in nameless:
        members["@id"] = _NAME + hashlib.sha256(path.encode()).hexdigest()[:32]
    return members


def _steady(quads: Iterable[Quad]) -> tuple[Quad, ...]:
    """Give the blank nodes that still have chance names (list cells, graphs) steady ones.

    Raises:
        ProofTransformation: two could be taken for each other.
    """
    known = tuple(_unnamed(quad) for quad in quads)
    cells = {value: (subject, predicate) for subject, predicate, value, _ in known if _loose(value)}
    names: dict[str, str] = {}
    for node in cells:
        path, up = [], node
        while _loose(up):
            path.append(cells[up][1])
            up = cells[up][0]
        text = " ".join((up, *reversed(path)))
        names[node] = f"_:x{hashlib.sha256(text.encode()).hexdigest()[:32]}"
    if len(set(names.values())) != len(names):
        raise ProofTransformation("two lists or proofs at the same place cannot be told apart")
    return tuple(rdfc.relabel(quad, names) for quad in known)


def _unnamed(quad: Quad) -> Quad:
    subject, predicate, value, graph = (
        f"_:n{term[len(_NAME) + 1 : -1]}" if term.startswith(f"<{_NAME}") else term for term in quad
    )
    return subject, predicate, value, graph


def _loose(term: str) -> bool:
    """Whether a blank node still has the name that the JSON-LD processor gave it by chance."""
    return term.startswith("_:b")
