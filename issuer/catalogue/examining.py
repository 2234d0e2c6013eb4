"""Look an achievement over: what is wrong, what the EU standard elements lack, what to think of.

Shape: one examination for files, drafts, the command line and the API. It never raises for what
people wrote: a value that cannot be read is a problem with the path of its field, and the
elements are still counted on what can be read.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import ValidationError

from badges.award import Achievement, Element, LangString, missing_elements
from badges.award.elements import MANDATORY
from badges.award.workload import (
    FEWEST_HOURS,
    MOST_HOURS,
    hours_per_credit,
    is_usual_workload,
)
from badges.errors import BadgeError
from issuer.catalogue.messages import AchievementEntry
from issuer.catalogue.writing import entry_to_achievement
from issuer.organisations.model import Particulars

__all__ = ["FIELDS", "MICRO_CREDENTIAL", "Examination", "Remark", "digest_of", "examine"]

MICRO_CREDENTIAL = "MicroCredential"
"""The OB 3.0 achievement type that only a complete achievement may bear."""

FIELDS: Mapping[Element, str] = {
    Element.TITLE: "title",
    Element.COUNTRY: "country of the awarding body",
    Element.AWARDING_BODY: "awarding_body",
    Element.OUTCOMES: "learning_outcomes",
    Element.WORKLOAD: "ects (or hours)",
    Element.LEVEL: "eqf_level (or nqf, cycle)",
    Element.ASSESSMENT: "assessment",
    Element.PARTICIPATION: "participation",
    Element.QUALITY: "quality_assurance",
}
"""EU standard element → the field of the file that carries it."""

_NOTHING = {"en": "?"}
"""Stands where a title or description is missing, so that the rest can be read."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to mend, or to think of, and where."""

    field: str
    """Path in the file: ``assessment.0.type``."""

    message: str


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found."""

    problems: tuple[Remark, ...]
    """Values that cannot stand."""

    lacking: tuple[Remark, ...]
    """What every achievement needs and this one does not have yet."""

    missing: tuple[Element, ...]
    """Mandatory EU standard elements that are not there."""

    advice: tuple[Remark, ...]
    """Allowed, and worth a second look."""

    entry: AchievementEntry | None
    """The achievement; None while something is wrong or lacking."""

    achievement: Achievement | None
    """As far as it can be read, for previews."""

    @property
    def count(self) -> int:
        """How many of the mandatory elements there are; learner and date come with each award."""
        return len(MANDATORY) - len(self.missing)

    @property
    def is_micro_credential(self) -> bool:
        """Tell whether it may be published as a micro-credential."""
        return self.entry is not None and not self.missing

    def to_json(self) -> dict[str, Any]:
        """Return the wire form."""
        return {
            "elements": self.count,
            "missing": [element.value for element in self.missing],
            "problems": [asdict(each) for each in (*self.problems, *self.lacking)],
            "advice": [asdict(each) for each in self.advice],
            "digest": self.digest,
        }

    @property
    def digest(self) -> str:
        """The fingerprint of the text; empty while it is not whole."""
        return digest_of(self.entry) if self.entry else ""


def digest_of(entry: AchievementEntry) -> str:
    """Return the fingerprint by which a text is known in versions, reviews and the audit log."""
    return hashlib.sha256(entry.model_dump_json().encode()).hexdigest()


def examine(
    content: Mapping[str, Any], body: Particulars, uri: str, *, version: int = 1
) -> Examination:
    """Look over what was written so far, in the shape of the YAML file.

    Args:
        content: may lack anything.
        body: the awarding body.
        uri: of the achievement.
        version: the number it is to have.
    """
    problems, lacking, entry = _read(content)
    readable = entry or _as_far_as_possible(content, problems, lacking)
    achievement = None
    if readable is not None:
        try:
            achievement = entry_to_achievement(readable, uri, version, body)
        except BadgeError as error:
            problems = (*problems, Remark("", str(error)))
    missing = _missing(achievement, {remark.field for remark in (*problems, *lacking)})
    advice = tuple(_advice(achievement)) if achievement and not problems else ()
    whole = entry if achievement and not problems else None
    return Examination(problems, lacking, missing, advice, whole, achievement)


def _read(
    content: Mapping[str, Any],
) -> tuple[tuple[Remark, ...], tuple[Remark, ...], AchievementEntry | None]:
    try:
        return (), (), AchievementEntry.model_validate(content)
    except ValidationError as error:
        found = [(_path(each["loc"]), each) for each in error.errors(include_url=False)]
    problems = [Remark(path, _message(each)) for path, each in found if not _is_gap(path, each)]
    lacking = [Remark(path, "not given") for path, each in found if _is_gap(path, each)]
    return tuple(problems), tuple(lacking), None


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)


def _is_gap(path: str, error: Mapping[str, Any]) -> bool:
    """Tell a text that is still to be written from a value that is wrong."""
    return path in {"title", "description"} and error["type"] in {"missing", "too_short"}


def _message(error: Mapping[str, Any]) -> str:
    if error["type"] == "string_pattern_mismatch" and error["loc"][-1] == "country":
        return "must be a country code of two letters, like NL"
    if error["type"] == "string_pattern_mismatch" and error["loc"] != ("id",):
        return "must be an address like https://university.example/page"
    if error["loc"][-1:] == ("label",):
        return "this skill has no name here: choose it from the list"
    told = _PLAIN.get(error["type"])
    if told:
        return told.format(**(error.get("ctx") or {}))
    text = str(error["msg"])
    return text[:1].lower() + text[1:]


_PLAIN = {
    "missing": "not given",
    "too_short": "not given",
    "float_parsing": "must be a number, such as 2 or 2.5",
    "int_parsing": "must be a whole number",
    "finite_number": "must be a number, such as 2 or 2.5",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than_equal": "must be {le:g} or less",
    "enum": "must be one of {expected}",
    "extra_forbidden": "there is no such field; check its spelling",
    "date_from_datetime_parsing": "must be a date like 2026-05-31",
    "time_delta_parsing": "must be a duration like P365D",
}


def _as_far_as_possible(
    content: Mapping[str, Any], problems: tuple[Remark, ...], lacking: tuple[Remark, ...]
) -> AchievementEntry | None:
    """Read what is left without the fields that cannot be read."""
    wrong = {remark.field.partition(".")[0] for remark in (*problems, *lacking)}
    rest = {name: value for name, value in content.items() if name not in wrong}
    try:
        return AchievementEntry.model_validate(
            {"title": _NOTHING, "description": _NOTHING, "id": "no-name", "awarding_body": "?"}
            | rest
        )
    except ValidationError:
        return None


def _missing(achievement: Achievement | None, wrong: set[str]) -> tuple[Element, ...]:
    if achievement is None:
        return tuple(FIELDS)
    found = set(missing_elements(achievement))
    if "title" in wrong:
        found.add(Element.TITLE)
    return tuple(element for element in MANDATORY if element in found)


def _advice(achievement: Achievement) -> Iterator[Remark]:
    if not is_usual_workload(achievement):
        hours = hours_per_credit(achievement)
        yield Remark(
            "hours",
            f"{hours:.3g} hours a credit: one ECTS credit usually stands for "
            f"{FEWEST_HOURS} to {MOST_HOURS} hours",
        )
    if not achievement.skills:
        yield Remark("learning_outcomes", "no skill yet: skills are what employers search for")
    for path, text in _texts(achievement):
        if text and (lacking := [tag for tag in achievement.title if tag not in text]):
            yield Remark(path, f"not written yet in: {', '.join(lacking)}")


def _texts(achievement: Achievement) -> Iterator[tuple[str, LangString]]:
    """Go through the texts a reader expects in every language of the title."""
    yield "description", achievement.description
    for place, outcome in enumerate(achievement.learning_outcomes):
        yield f"learning_outcomes.{place}.title", outcome.title
    for place, assessment in enumerate(achievement.assessments):
        yield f"assessment.{place}.criteria", assessment.criteria
    yield "prerequisites", achievement.prerequisites
