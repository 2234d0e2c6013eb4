"""What a form of the editor says, in the shape of the YAML file.

Shape: every value stays the text that was typed, so that it can be shown again; the examination
of the achievement reads it. Rows keep what the form does not show (a code of a skill, say): they
are laid over the rows they were before, found by their place.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from issuer.admin.achievements.choices import LANGUAGES
from issuer.admin.achievements.steps import Step

__all__ = ["MOST_ROWS", "Sent", "read", "without_language", "written_in"]

MOST_ROWS = 40
"""Most rows of one kind: learning outcomes, assessments, languages."""

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """A form, and the languages its texts are in."""

    form: FormData
    languages: tuple[str, ...]

    def one(self, name: str) -> str:
        """Return a field; empty when it is not there."""
        value = self.form.get(name, "")
        return " ".join(value.split()) if isinstance(value, str) else ""

    def long(self, name: str) -> str:
        """Return a field of several lines."""
        value = self.form.get(name, "")
        return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""

    def each(self, name: str) -> list[str]:
        """Return every field of this name, numbered ones (``name.0``) too."""
        numbered = [self.one(f"{name}.{place}") for place in range(MOST_ROWS)]
        plain = [value for value in self.form.getlist(name) if isinstance(value, str)]
        return [value for value in dict.fromkeys(plain + numbered) if value]

    def number(self, name: str) -> str:
        """Return a number as programs write it."""
        return self.one(name).replace(",", ".")

    def texts(self, name: str) -> dict[str, str]:
        """Return a text in each language it was written in."""
        said = {tag: self.long(f"{name}.{tag}") for tag in self.languages}
        return {tag: text for tag, text in said.items() if text}

    def rows(
        self, name: str, before: object, read_row: Callable[[str, Content], Content]
    ) -> list[Content]:
        """Return the rows of one kind; those that are blank or were removed are left out."""
        known = before if isinstance(before, list) else []
        removed = self.one("go").removeprefix("remove:")
        found = []
        for place in range(MOST_ROWS):
            prefix = f"{name}.{place}"
            if prefix == removed or not any(key.startswith(f"{prefix}.") for key in self.form):
                continue
            old = known[place] if place < len(known) else {}
            row = _filled({**old, **read_row(prefix, old)})
            if row:
                found.append(row)
        return found


def read(step: Step, sent: Sent, before: Mapping[str, Any]) -> Content:
    """Return what one step says, over what was said `before`."""
    return {
        Step.ABOUT: _about,
        Step.LEARNING: _learning,
        Step.ASSESSMENT: _assessment,
        Step.QUALITY: _quality,
    }[step](sent, before)


def written_in(sent: Sent) -> tuple[str, ...]:
    """Return the languages of the texts: those that stay ticked, and one that is added."""
    wanted = [*sent.each("written_in"), sent.one("add_language")]
    known = {*LANGUAGES, *sent.languages}
    return tuple(dict.fromkeys(tag for tag in wanted if tag in known)) or sent.languages


def without_language(value: Any, tag: str) -> Any:
    """Return content without its texts in one language."""
    if isinstance(value, Mapping):
        kept = {name: without_language(item, tag) for name, item in value.items() if name != tag}
        return {name: item for name, item in kept.items() if item not in ({}, [])}
    if isinstance(value, list):
        return [without_language(item, tag) for item in value]
    return value


def _about(sent: Sent, _before: Mapping[str, Any]) -> Content:
    return {
        "title": sent.texts("title"),
        "description": sent.texts("description"),
        "type": sent.one("type"),
        "form": sent.one("form"),
        "homepage": sent.one("homepage"),
        "image": sent.one("image"),
        "tags": [tag.strip() for tag in sent.one("tags").split(",") if tag.strip()],
    }


def _learning(sent: Sent, before: Mapping[str, Any]) -> Content:
    def outcome(prefix: str, old: Content) -> Content:
        return {"title": sent.texts(f"{prefix}.title"), "skills": skills(prefix, old)}

    def skills(prefix: str, old: Content) -> list[Content]:
        known = {skill["uri"]: skill for skill in old.get("skills", ())}
        chosen = [uri for uri in sent.form.getlist(f"{prefix}.skills") if isinstance(uri, str)]
        return [
            _filled({"uri": uri, **known.get(uri, {}), "level": sent.one(f"{prefix}.level.{uri}")})
            for uri in dict.fromkeys(chosen)
        ]

    def national(prefix: str, _old: Content) -> Content:
        return {part: sent.one(f"{prefix}.{part}") for part in ("name", "level", "url")}

    return {
        "learning_outcomes": sent.rows(
            "learning_outcomes", before.get("learning_outcomes"), outcome
        ),
        "ects": sent.number("ects"),
        "hours": sent.number("hours"),
        "eqf_level": sent.one("eqf_level"),
        "nqf": sent.rows("nqf", before.get("nqf"), national),
        "cycle": sent.one("cycle"),
        "isced_f": [_code(value) for value in sent.each("isced_f")],
    }


def _assessment(sent: Sent, before: Mapping[str, Any]) -> Content:
    def assessment(prefix: str, _old: Content) -> Content:
        return {
            "type": sent.one(f"{prefix}.type"),
            "criteria": sent.texts(f"{prefix}.criteria"),
            "mode": sent.one(f"{prefix}.mode"),
            "supervision": sent.one(f"{prefix}.supervision"),
        }

    return {
        "assessment": sent.rows("assessment", before.get("assessment"), assessment),
        "grading": _grading(sent, before.get("grading") or {}),
        "participation": sent.one("participation"),
        "learning_setting": sent.one("learning_setting"),
        "opportunity": sent.one("opportunity"),
        "languages": sent.each("languages"),
        "prerequisites": sent.texts("prerequisites"),
    }


def _grading(sent: Sent, before: Content) -> Content:
    scale = [line.strip() for line in sent.long("grading.scale").split("\n") if line.strip()]
    return _filled(
        {
            **before,
            "name": sent.texts("grading.name"),
            "scale": scale,
            "minimum": sent.number("grading.minimum"),
            "maximum": sent.number("grading.maximum"),
            "required": sent.one("grading.required"),
        }
    )


def _quality(sent: Sent, before: Mapping[str, Any]) -> Content:
    def assured(prefix: str, old: Content) -> Content:
        body = {
            **old.get("body", {}),
            "legal_name": sent.one(f"{prefix}.body.legal_name"),
            "country": sent.one(f"{prefix}.body.country").upper(),
        }
        return {
            "type": sent.one(f"{prefix}.type"),
            "body": _filled(body),
            "url": sent.one(f"{prefix}.url"),
            "assured_on": sent.one(f"{prefix}.assured_on"),
            "statement": sent.texts(f"{prefix}.statement"),
        }

    stacking = {
        "kind": sent.one("stackability.kind"),
        "statement": sent.texts("stackability.statement"),
        "into": [line for line in sent.long("stackability.into").split() if line],
    }
    return {
        "quality_assurance": sent.rows(
            "quality_assurance", before.get("quality_assurance"), assured
        ),
        "stackability": _filled(stacking),
        "further_information": sent.texts("further_information"),
        "validity": _validity(sent),
    }


def _validity(sent: Sent) -> str:
    amount, unit = sent.number("validity"), sent.one("validity.unit")
    if not amount:
        return ""
    days = {"365": 365, "30": 30, "1": 1}.get(unit)
    if not re.fullmatch(r"[1-9][0-9]{0,4}", amount) or days is None:
        return amount
    return f"P{int(amount) * days}D"


def _code(value: str) -> str:
    """Return the code of ``0713 Electricity and energy``."""
    found = re.match(r"[0-9]{2,4}\b", value)
    return found[0] if found else value


def _filled(row: Content) -> Content:
    return {name: value for name, value in row.items() if value not in (None, "", [], {})}
