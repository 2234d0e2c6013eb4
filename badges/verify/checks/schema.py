"""Does it keep to its schema: that of Open Badges, and those it declares itself?

Spec: Open Badges 3.0, verification, steps 5 and 6; VCDM 2.0 §4.11; VC JSON Schema §2.
Shape: schemas of Open Badges are held here; others come with the evidence. A departure is a remark:
       it makes a badge hard to display, not false.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.validators import validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

from badges.credential import many, version
from badges.ob3.rules import is_badge
from badges.proofs import known_shapes
from badges.proofs.spared import Family, Rule
from badges.verify.case import Case, Examined
from badges.verify.evidence import json_object
from badges.verify.outcome import Finding, Outcome
from badges.verify.presented import Form
from contexts import schemas

__all__ = ["SCHEMA", "check"]

MAXSCHEMAS = 5
"""Most schemas one credential may declare."""

MAXSCHEMA_NODES = 5_000
"""Largest schema of a stranger that we run."""

_TYPES = frozenset({"1EdTechJsonSchemaValidator2019", "JsonSchema", "JsonSchemaValidator2018"})


class _Unavailable(Exception):
    """A declared schema could not be had or run."""


def check(examined: Examined) -> Finding:
    """Return whether the credential keeps to its schemas."""
    case = examined.case
    if case.presented.problem is not None or case.presented.form is Form.SD_JWT_VC:
        return Finding("schema", Outcome.NOT_APPLICABLE, "no-schema")
    declared = many(case.document.get("credentialSchema"))
    if not declared and not is_badge(case.document):
        return Finding("schema", Outcome.NOT_APPLICABLE, "no-schema")
    try:
        problems = [*_own(examined), *_declared(case, declared[:MAXSCHEMAS])]
    except _Unavailable as error:
        return Finding("schema", Outcome.UNKNOWN, "schema-unavailable", str(error))
    if problems:
        return Finding("schema", Outcome.FAILED, "schema-remarks", "; ".join(problems[:10]))
    return Finding("schema", Outcome.PASSED, "schema-kept")


def _own(examined: Examined) -> Iterator[str]:
    document = examined.case.document
    if known_shapes.spares(SCHEMA, document, examined.sight):
        return
    for problem in _problems(document):
        yield f"{problem.path or '/'}: {problem.message}"


def _problems(document: Mapping[str, Any]) -> list[schemas.SchemaProblem]:
    return schemas.validate(document, _url(document)) if is_badge(document) else []


def _texts(document: Mapping[str, Any]) -> frozenset[tuple[str | int, ...]]:
    if not is_badge(document):
        return frozenset()
    return schemas.texts_that_count(document, _url(document))


def _url(document: Mapping[str, Any]) -> str:
    old = version(document) == 1
    return schemas.ANY_ACHIEVEMENT_CREDENTIAL if old else schemas.ACHIEVEMENT_CREDENTIAL


SCHEMA = Family("schema", (Rule(_problems, _texts),))
"""The schema of Open Badges: a document whose shape kept to it is not looked at again."""


def _declared(case: Case, declared: list[Any]) -> Iterator[str]:
    for entry in declared:
        url = entry.get("id") if isinstance(entry, Mapping) else None
        kind = entry.get("type") if isinstance(entry, Mapping) else None
        if not isinstance(url, str) or kind not in _TYPES:
            raise _Unavailable(f"a schema of type {kind!r} is not one we run")
        if schemas.known(url):
            for problem in schemas.validate(case.document, url):
                yield f"{problem.path or '/'}: {problem.message}"
        else:
            yield from _run(_schema(case, url), case.document)


def _schema(case: Case, url: str) -> dict[str, Any]:
    found = json_object(case.evidence, url)
    if found is None:
        raise _Unavailable(f"{url} could not be had")
    if _nodes(found) > MAXSCHEMA_NODES or "pattern" in _members(found):
        # A stranger's regular expression can run for years.
        raise _Unavailable(f"{url} is too large, or uses patterns, which we do not run")
    return found


def _run(schema: dict[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    try:
        kind = validator_for(schema, default=Draft202012Validator)
        kind.check_schema(schema)
        errors: Iterator[ValidationError] = kind(schema, registry=Registry()).iter_errors(document)
        for error in errors:
            yield f"{error.json_path}: {error.message[:200]}"
    except (SchemaError, Unresolvable, RecursionError) as error:
        raise _Unavailable("the declared schema cannot be run") from error


def _members(value: object) -> set[str]:
    """Return the member names anywhere in a schema that hold regular expressions."""
    if isinstance(value, Mapping):
        inner = set[str]().union(*(_members(v) for v in value.values()))
        return inner | ({"pattern"} if {"pattern", "patternProperties"} & set(value) else set())
    if isinstance(value, list):
        return set[str]().union(*(_members(v) for v in value))
    return set()


def _nodes(value: object) -> int:
    if isinstance(value, Mapping):
        return 1 + sum(_nodes(member) for member in value.values())
    return 1 + sum(_nodes(member) for member in value) if isinstance(value, list) else 1
