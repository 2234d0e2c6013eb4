"""The official SHACL shapes as a second opinion on an EDC.

Spec: EDC application profile 1.1.0, edc-generic-full and edc-generic-no-cv together
(the first alone holds no cardinalities). Needs the extra `edc-shacl` (pyshacl, rdflib).
Shapes and contexts are arguments: nothing is read or fetched here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from badges.edc.problem import Problem
from badges.errors import ShaclMissing

__all__ = ["Shapes", "check_shapes", "read_shapes"]


@dataclass(frozen=True, slots=True)
class Shapes:
    """The official shapes, parsed, and the contexts that give a credential its meaning."""

    graph: Any
    contexts: Sequence[Mapping[str, Any]]


def read_shapes(turtles: Sequence[str], contexts: Sequence[Mapping[str, Any]]) -> Shapes:
    """Parse shape files; give both, generic-full and generic-no-cv.

    Raises:
        ShaclMissing: the extra is not installed.
    """
    try:
        from rdflib import Graph  # noqa: PLC0415 - optional extra
    except ImportError as error:
        raise ShaclMissing(str(ShaclMissing.__doc__)) from error
    graph = Graph()
    for turtle in turtles:
        graph.parse(data=turtle, format="turtle")
    return Shapes(graph, [context["@context"] for context in contexts])


def check_shapes(document: Mapping[str, Any], shapes: Shapes) -> list[Problem]:
    """Run the official shapes over a credential.

    Raises:
        ShaclMissing: the extra is not installed.
    """
    try:
        from pyshacl import validate  # noqa: PLC0415 - optional extra
        from rdflib import Graph  # noqa: PLC0415 - optional extra
    except ImportError as error:
        raise ShaclMissing(str(ShaclMissing.__doc__)) from error
    if _has_inner_context(document):
        return [Problem("wrong-context", "@context", "Only the two official contexts are taken.")]
    pinned = {**document, "@context": shapes.contexts}
    graph = Graph().parse(data=json.dumps(pinned), format="json-ld")
    _, results, _ = validate(graph, shacl_graph=shapes.graph, inference="none", advanced=False)
    return _problems(results)


def _has_inner_context(value: Any, *, top: bool = True) -> bool:
    if isinstance(value, Mapping):
        inner = "@context" in value and not top
        return inner or any(_has_inner_context(item, top=False) for item in value.values())
    if isinstance(value, list):
        return any(_has_inner_context(item, top=False) for item in value)
    return False


def _problems(results: Any) -> list[Problem]:
    from rdflib import RDF, Namespace  # noqa: PLC0415 - optional extra

    shacl = Namespace("http://www.w3.org/ns/shacl#")
    found = []
    for result in results.subjects(RDF.type, shacl.ValidationResult):
        term = str(results.value(result, shacl.resultPath)).rpartition("/")[2].rpartition("#")[2]
        rule = str(results.value(result, shacl.sourceConstraintComponent)).rpartition("#")[2]
        said = str(results.value(result, shacl.resultMessage))
        found.append(Problem(f"shape-{rule.removesuffix('ConstraintComponent')}", term, said))
    return sorted(found, key=lambda problem: (problem.path, problem.code))
