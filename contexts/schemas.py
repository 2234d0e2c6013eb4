"""JSON Schemas of Open Badges 3.0, made from one table of its data model.

Spec: Open Badges 3.0 §5 and annex B; JSON Schema 2019-09.
Two forms of the official schemas are in the wild and disagree. *Strict*: lists everywhere, a status
with an id; what we issue fits both. *Tolerant*: one object where a list may stand; what we accept.
Language maps, which the tolerant official form lets pass, are refused: their text is not signed.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from json import loads
from typing import TYPE_CHECKING, Any

from contexts.errors import UnknownSchema
from contexts.schema_reach import Path, reached

if TYPE_CHECKING:
    import jsonschema_rs
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

__all__ = [
    "ACHIEVEMENT_CREDENTIAL",
    "ANY_ACHIEVEMENT_CREDENTIAL",
    "ENDORSEMENT_CREDENTIAL",
    "PROFILE",
    "STRICT_ACHIEVEMENT_CREDENTIAL",
    "STRICT_ENDORSEMENT_CREDENTIAL",
    "SchemaProblem",
    "known",
    "schema",
    "texts_that_count",
    "validate",
]

_FOLDER = "https://purl.imsglobal.org/spec/ob/v3p0/schema/"
ACHIEVEMENT_CREDENTIAL = _FOLDER + "json/ob_v3p0_achievementcredential_schema.json"
ENDORSEMENT_CREDENTIAL = _FOLDER + "json/ob_v3p0_endorsementcredential_schema.json"
PROFILE = _FOLDER + "json/ob_v3p0_profile_schema.json"
ANY_ACHIEVEMENT_CREDENTIAL = _FOLDER + "json/ob_v3p0_anyachievementcredential_schema.json"
"""Either of the VCDM 2.0 and the VCDM 1.1 form."""

STRICT_ACHIEVEMENT_CREDENTIAL = _FOLDER + "json/ob_v3p0_achievementcredential-jsonschema1.json"
STRICT_ENDORSEMENT_CREDENTIAL = _FOLDER + "json/ob_v3p0_endorsementcredential-jsonschema1.json"

MAX_PROBLEMS = 50
"""Most problems we report at once."""

_ANY_CONTEXT = {"type": ["string", "object"]}
_OB_CONTEXT = r"^https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d\.\d)*\.json$"
_CREDENTIALS = {
    "2.0": "https://www.w3.org/ns/credentials/v2",
    "1.1": "https://www.w3.org/2018/credentials/v1",
}
_SIMPLE: Mapping[str, Mapping[str, str]] = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "date-time": {"type": "string", "format": "date-time"},
    "jws": {"type": "string", "pattern": r"^[a-zA-Z0-9_-]+\.[a-zA-Z0-9_-]*\.[a-zA-Z0-9_-]+$"},
    "language": {
        "type": "string",
        "pattern": "^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$",
    },
}
_EXTENSION = "(ext:)[a-z|A-Z|0-9|.|-|_]+"

_DATE_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class SchemaProblem:
    """One place where a document does not fit its schema."""

    path: str
    """JSON pointer; empty for the whole document."""

    message: str


@dataclass(frozen=True, slots=True)
class _Form:
    """Which schema to make: of which class, how strict, for which version of VCDM."""

    root: str
    strict: bool = False
    version: str = "2.0"


_FORMS: Mapping[str, tuple[_Form, ...]] = {
    STRICT_ACHIEVEMENT_CREDENTIAL: (_Form("AchievementCredential", strict=True),),
    STRICT_ENDORSEMENT_CREDENTIAL: (_Form("EndorsementCredential", strict=True),),
    ACHIEVEMENT_CREDENTIAL: (_Form("AchievementCredential"),),
    ENDORSEMENT_CREDENTIAL: (_Form("EndorsementCredential"),),
    PROFILE: (_Form("Profile"),),
    ANY_ACHIEVEMENT_CREDENTIAL: (
        _Form("AchievementCredential"),
        _Form("AchievementCredential", version="1.1"),
    ),
}


def known(url: object) -> bool:
    """Tell whether we hold a schema for `url`."""
    return isinstance(url, str) and _plain(url) in _FORMS


def schema(url: str) -> dict[str, Any]:
    """Return the JSON Schema at `url`.

    Raises:
        UnknownSchema: we hold none.
    """
    forms = _forms(url)
    made = [_made(form) for form in forms]
    whole = made[0] if len(made) == 1 else {"anyOf": made}
    return {"$schema": "https://json-schema.org/draft/2019-09/schema", "$id": url, **whole}


def validate(document: Mapping[str, Any], url: str) -> list[SchemaProblem]:
    """Return what is wrong with `document` by the schema at `url`; nothing means it fits.

    Of several forms the one with the fewest problems speaks.

    Raises:
        UnknownSchema: we hold no such schema.
    """
    if any(_fits(form, document) for form in _forms(url)):
        return []
    reports = [
        [_problem(error) for error in _take(_validator(form).iter_errors(document))]
        for form in _forms(url)
    ]
    return min(reports, key=len)


def texts_that_count(document: Mapping[str, Any], url: str) -> frozenset[Path]:
    """Return the places of the texts that the schema at `url` asks more of than to be texts.

    In any other place another text makes no difference to `validate`.

    Raises:
        UnknownSchema: we hold no such schema.
    """
    return frozenset(place for form in _forms(url) for place in reached(_made(form), document))


def _plain(url: str) -> str:
    """The two folders of the specification hold the same schemas."""
    return url.replace(_FOLDER + "json-ld/", _FOLDER + "json/", 1)


def _forms(url: str) -> tuple[_Form, ...]:
    if not known(url):
        raise UnknownSchema(f"{url!r} is not among the schemas we hold")
    return _FORMS[_plain(url)]


@cache
def _table() -> dict[str, Any]:
    text = files("contexts").joinpath("data", "schema", "open-badges-3.0.json").read_bytes()
    table: dict[str, Any] = loads(text)
    return table


def _made(form: _Form) -> dict[str, Any]:
    table = _table()
    classes = {name: _class(name, form) for name in table["classes"]}
    root = form.root if form.version == "2.0" else form.root + "11"
    return {"$ref": f"#/$defs/{root}", "$defs": classes}


def _class(name: str, form: _Form) -> dict[str, Any]:
    row = _table()["classes"][name]
    required = [
        member
        for member in row["required"]
        if form.strict or (name, member) != ("CredentialStatus", "id")
    ]
    return {
        "type": "object",
        "required": required,
        "properties": {
            member: _member(kind, row["types"], form) for member, kind in row["members"].items()
        },
        "additionalProperties": not row.get("closed", False),
    }


def _member(kind: str, types: list[list[str]], form: _Form) -> dict[str, Any]:
    if kind == "types":
        return _types(types, form)
    if kind == "type":
        return {"enum": types[0]}
    if kind == "context":
        return _context(form)
    if not kind.endswith("*"):
        return _value(kind, form)
    one = _value(kind[:-1], form)
    return _list_of(one, one, form)


def _list_of(item: dict[str, Any], single: dict[str, Any], form: _Form) -> dict[str, Any]:
    if form.strict:
        return {"type": "array", "items": item}
    return {"if": {"type": "array"}, "then": {"items": item}, "else": single}


def _value(kind: str, form: _Form) -> dict[str, Any]:
    if kind in _SIMPLE:
        return dict(_SIMPLE[kind])
    if kind.startswith("enum "):
        row = _table()["enums"][kind.removeprefix("enum ")]
        extension = [{"type": "string", "pattern": _EXTENSION}] if row["open"] else []
        return {"anyOf": [{"enum": row["values"]}, *extension]}
    if kind == "ProfileRef":
        reference = {"$ref": "#/$defs/Profile"}
        return {"if": {"type": "string"}, "else": {"type": "object", **reference}}
    twin = kind + "11"
    name = twin if form.version == "1.1" and twin in _table()["classes"] else kind
    return {"$ref": f"#/$defs/{name}"}


def _types(groups: list[list[str]], form: _Form) -> dict[str, Any]:
    several = {
        "type": "array",
        "minItems": 1,
        "items": {"type": "string"},
        "allOf": [{"contains": {"enum": group}} for group in groups],
    }
    if form.strict:
        return several
    return {"if": {"type": "array"}, "then": several, "else": {"type": "string"}}


def _context(form: _Form) -> dict[str, Any]:
    several = {
        "type": "array",
        "minItems": 2,
        "items": [
            {"const": _CREDENTIALS[form.version]},
            {"type": "string", "pattern": _OB_CONTEXT},
        ],
        "additionalItems": _ANY_CONTEXT,
    }
    if form.strict:
        return several
    return {"if": {"type": "array"}, "then": several, "else": _ANY_CONTEXT}


def _fits(form: _Form, document: Mapping[str, Any]) -> bool:
    """Tell whether the fast validator accepts; what it refuses, the slow one looks at again."""
    try:
        return _fast_validator(form).is_valid(document)
    except (TypeError, ValueError):  # a value that is not JSON
        return False


@cache
def _fast_validator(form: _Form) -> "jsonschema_rs.Draft201909Validator":
    import jsonschema_rs  # noqa: PLC0415 - takes long to import, and few need it

    return jsonschema_rs.Draft201909Validator(
        _made(form),
        validate_formats=True,
        formats={"date-time": _accepts(_is_date_time), "date": _accepts(_is_date)},
    )


def _accepts(check: Callable[[object], bool]) -> Callable[[str], bool]:
    def accepts(text: str) -> bool:
        try:
            return check(text)
        except ValueError:
            return False

    return accepts


@cache
def _validator(form: _Form) -> "Validator":
    import jsonschema  # noqa: PLC0415 - takes long to import, and few need it

    checker = jsonschema.FormatChecker(formats=())
    checker.checks("date-time", raises=ValueError)(_is_date_time)
    checker.checks("date", raises=ValueError)(_is_date)
    return jsonschema.Draft201909Validator(_made(form), format_checker=checker)


def _is_date_time(text: object) -> bool:
    if not isinstance(text, str):
        return True
    if not _DATE_TIME.fullmatch(text):
        return False
    datetime.fromisoformat(text)
    return True


def _is_date(text: object) -> bool:
    if isinstance(text, str):
        date.fromisoformat(text)
        return len(text) == 10
    return True


def _take(errors: Iterator["ValidationError"]) -> Iterator["ValidationError"]:
    for _, error in zip(range(MAX_PROBLEMS), errors, strict=False):
        yield error


def _problem(error: "ValidationError") -> SchemaProblem:
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in error.absolute_path)
    path = "".join(f"/{step}" for step in steps)
    return SchemaProblem(path, error.message[:300])
