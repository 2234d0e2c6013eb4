"""The four steps in which an achievement is written: which field is where, and what it is called.

Shape: a field of the form is named by its path in the YAML file (``assessment.0.type``), a text
also by its language (``title.en``); so a problem found anywhere leads to its place on a page.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from badges.award import Element
from issuer.web.i18n import gettext as _

__all__ = [
    "PARTS",
    "Step",
    "anchor",
    "element_words",
    "field_words",
    "link_to",
    "step_of",
    "step_words",
]


class Step(StrEnum):
    """One page of the editor."""

    ABOUT = "about"
    LEARNING = "learning"
    ASSESSMENT = "assessment"
    QUALITY = "quality"

    @property
    def next(self) -> "Step | None":
        """The step after this one."""
        every = list(Step)
        place = every.index(self) + 1
        return every[place] if place < len(every) else None


PARTS: Mapping[Step, tuple[str, ...]] = {
    Step.ABOUT: ("title", "description", "type", "form", "homepage", "image", "tags"),
    Step.LEARNING: (
        "learning_outcomes", "ects", "hours", "eqf_level", "nqf", "cycle", "isced_f",
    ),
    Step.ASSESSMENT: (
        "assessment", "grading", "participation", "learning_setting", "opportunity",
        "languages", "prerequisites",
    ),
    Step.QUALITY: (
        "quality_assurance", "stackability", "further_information", "validity",
    ),
}  # fmt: skip
"""The parts of the file that each step writes."""

TEXTS = frozenset(
    {"title", "description", "criteria", "statement", "prerequisites", "further_information"}
)
"""Names of fields that are written once in each language."""

ELEMENT_FIELDS: Mapping[Element, str] = {
    Element.TITLE: "title",
    Element.COUNTRY: "organisation",
    Element.AWARDING_BODY: "organisation",
    Element.OUTCOMES: "learning_outcomes",
    Element.WORKLOAD: "ects",
    Element.LEVEL: "eqf_level",
    Element.ASSESSMENT: "assessment",
    Element.PARTICIPATION: "participation",
    Element.QUALITY: "quality_assurance",
    Element.PREREQUISITES: "prerequisites",
    Element.SUPERVISION: "assessment.0.supervision",
    Element.GRADE: "grading",
    Element.STACKABILITY: "stackability",
    Element.FURTHER: "further_information",
}
"""The field that brings each EU standard element."""

FIRST = {
    "learning_outcomes": "learning_outcomes.0.title",
    "assessment": "assessment.0.type",
    "quality_assurance": "quality_assurance.0.type",
    "grading": "grading.name",
    "stackability": "stackability.kind",
    "nqf": "nqf.0.name",
    "isced_f": "isced_f.0",
    "languages": "languages.0",
}
"""Where a part begins on its page."""


def step_of(field: str) -> Step:
    """Return the step on which a field is."""
    part = field.partition(".")[0]
    return next((step for step, parts in PARTS.items() if part in parts), Step.ABOUT)


def anchor(field: str, language: str) -> str:
    """Return the id of a field on its page."""
    path = FIRST.get(field, field)
    if path.endswith((".body", ".skills")) or re.search(r"\.skills\.", path):
        path = f"{path.partition('.skills')[0].removesuffix('.body')}"
        path += ".body.legal_name" if field.endswith(".body") else ".search"
    is_text = path.rpartition(".")[2] in TEXTS or path == "grading.name"
    return f"{path}.{language}" if is_text else path


def link_to(here: str, field: str, language: str) -> str:
    """Return the address of a field; `here` is the address of the achievement."""
    return f"{here}/edit/{step_of(field)}#{anchor(field, language)}"


def step_words() -> dict[Step, str]:
    """Say what each step is about."""
    return {
        Step.ABOUT: _("What it is"),
        Step.LEARNING: _("What is learned"),
        Step.ASSESSMENT: _("How it is assessed"),
        Step.QUALITY: _("Quality and use"),
    }


def element_words() -> dict[Element, str]:
    """Say each EU standard element."""
    return {
        Element.LEARNER: _("Identification of the learner"),
        Element.TITLE: _("Title"),
        Element.COUNTRY: _("Country of the issuer"),
        Element.AWARDING_BODY: _("Awarding body"),
        Element.DATE: _("Date of issue"),
        Element.OUTCOMES: _("Learning outcomes"),
        Element.WORKLOAD: _("Notional workload, in ECTS where possible"),
        Element.LEVEL: _("Level (EQF or national) or cycle"),
        Element.ASSESSMENT: _("Type of assessment"),
        Element.PARTICIPATION: _("Form of participation"),
        Element.QUALITY: _("Type of quality assurance"),
        Element.PREREQUISITES: _("Prerequisites"),
        Element.SUPERVISION: _("Supervision and identity check"),
        Element.GRADE: _("Grade"),
        Element.STACKABILITY: _("Integration and stackability"),
        Element.FURTHER: _("Further information"),
    }


def field_words(field: str) -> str:
    """Say what a field is called, with its number where there are several."""
    named = {
        "title": _("Title"),
        "description": _("Description"),
        "type": _("Kind"),
        "form": _("What your alliance calls it"),
        "homepage": _("Web page"),
        "image": _("Picture"),
        "tags": _("Tags"),
        "learning_outcomes": _("Learning outcome"),
        "ects": _("ECTS credits"),
        "hours": _("Hours of work"),
        "eqf_level": _("EQF level"),
        "nqf": _("National level"),
        "cycle": _("Cycle"),
        "isced_f": _("Field of study"),
        "assessment": _("Assessment"),
        "grading": _("Results"),
        "participation": _("Form of participation"),
        "learning_setting": _("Kind of learning"),
        "opportunity": _("Kind of offer"),
        "languages": _("Language of instruction"),
        "prerequisites": _("Prerequisites"),
        "quality_assurance": _("Quality assurance"),
        "stackability": _("Stackability"),
        "further_information": _("Further information"),
        "validity": _("Validity"),
    }
    part, *rest = field.split(".")
    number = f" {int(rest[0]) + 1}" if rest and rest[0].isdigit() else ""
    return f"{named.get(part, part)}{number}"
