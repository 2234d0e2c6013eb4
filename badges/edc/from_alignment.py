"""What the alignments of an Open Badge say about the EU standard elements.

Spec: Open Badges 3.0, Alignment. Ours carry a `targetType` of `badges.ob3.alignment.Target`;
those of others are known by where they point: EQF, ISCED-F, ESCO. The rest are skills.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import zip_longest
from typing import Any, TypeVar

from badges.award import (
    Assessment,
    AssessmentType,
    Framework,
    LearningOutcome,
    LearningSetting,
    Mode,
    Organisation,
    QualityAssurance,
    QualityAssuranceType,
    Skill,
    Stackability,
    Supervision,
)
from badges.ob3.alignment import ELM, Target

__all__ = ["Aligned", "read_alignments"]

Json = Mapping[str, Any]
Word = TypeVar("Word", bound=StrEnum)
EQF = re.compile(r"https?://data\.europa\.eu/(?:snb/eqf/|esco/eqf/?)([1-8])")
ISCED = re.compile(r"https?://data\.europa\.eu/(?:snb|esco)/isced-f/(\d{2,4})")
LEVEL = "Level: "


@dataclass(slots=True)
class Aligned:
    """The elements found, as members of an achievement."""

    found: dict[str, Any] = field(default_factory=dict)
    skills: list[Skill] = field(default_factory=list)
    supervision: list[Supervision] = field(default_factory=list)
    says_ects: bool = False

    def add(self, member: str, value: Any) -> None:
        """Keep one more value of a member that has several."""
        self.found[member] = (*self.found.get(member, ()), value)

    def members(self) -> dict[str, Any]:
        """Return the members of the achievement.

        A badge says how assessments are watched, not which: the first word is for all of them,
        further ones go to one assessment each.
        """
        first, *others = [*self.supervision, None]
        assessments = [
            replace(one, supervision=word)
            for one, word in zip_longest(self.found.get("assessments", ()), others[:-1])
            if one
        ]
        return {**self.found, "supervision": first, "assessments": tuple(assessments)}

    def outcomes(
        self, titles: tuple[str, ...], name: str, language: str
    ) -> tuple[LearningOutcome, ...]:
        """Return the outcomes: those listed, else one that bears the achievement's name."""
        listed = titles or ((name,) if self.skills and name else ())
        return tuple(
            LearningOutcome({language: title}, tuple(self.skills) if place == 0 else ())
            for place, title in enumerate(listed)
        )


def read_alignments(alignments: Iterable[Json], language: str) -> Aligned:
    """Sort alignments by what they say."""
    aligned = Aligned()
    for one in alignments:
        read = READERS.get(str(one.get("targetType")))
        if not (read and read(aligned, one, language)) and not _known_place(aligned, one):
            _skill(aligned, one, language)
    return aligned


def _get(one: Json, term: str) -> str:
    value = one.get(term)
    return value if isinstance(value, str) else ""


def _word(words: type[Word], one: Json) -> Word | None:
    code = _get(one, "targetCode")
    return next((word for word in words if word.value == code), None)


def _known_place(aligned: Aligned, one: Json) -> bool:
    url = _get(one, "targetUrl")
    if level := EQF.match(url):
        aligned.found["eqf_level"] = int(level[1])
    elif area := ISCED.match(url):
        aligned.add("isced_f", area[1])
    else:
        return False
    return True


def _skill(aligned: Aligned, one: Json, language: str) -> bool:
    url, name = _get(one, "targetUrl"), _get(one, "targetName")
    if not url or not name:
        return False
    described = _get(one, "targetDescription")
    level = described.removeprefix(LEVEL) if described.startswith(LEVEL) else None
    esco = url.startswith("http://data.europa.eu/esco/")
    aligned.skills.append(
        Skill(
            uri=url,
            label={language: name},
            framework="ESCO" if esco else _get(one, "targetFramework"),
            code=_get(one, "targetCode") or None,
            level=level,
        )
    )
    return True


def _credits(aligned: Aligned, one: Json, language: str) -> bool:
    del language
    aligned.says_ects = _get(one, "targetFramework").upper() == "ECTS"
    return True


def _workload(aligned: Aligned, one: Json, language: str) -> bool:
    del language
    code = _get(one, "targetCode")
    try:
        aligned.found["workload_hours"] = float(code)
    except ValueError:
        return False
    return True


def _assessment(aligned: Aligned, one: Json, language: str) -> bool:
    kind, words = _word(AssessmentType, one), _get(one, "targetDescription")
    if kind:
        criteria = {language: words} if words else {}
        aligned.add("assessments", Assessment(kind, criteria=criteria))
    return kind is not None


def _national(aligned: Aligned, one: Json, language: str) -> bool:
    del language
    url = _get(one, "targetUrl")
    known = None if url.startswith(ELM) else url
    aligned.add("nqf", Framework(_get(one, "targetFramework"), _get(one, "targetCode"), known))
    return True


def _quality(aligned: Aligned, one: Json, language: str) -> bool:
    kind, title, url = (
        _word(QualityAssuranceType, one),
        _get(one, "targetDescription"),
        _get(one, "targetUrl"),
    )
    if kind is None or not _get(one, "targetName").strip():
        return False
    body = Organisation(_get(one, "targetName"), "")
    known = None if url.startswith(ELM) else url
    assured = QualityAssurance(kind, body, known, {language: title} if title else {})
    aligned.add("quality_assurance", assured)
    return True


def _stackability(aligned: Aligned, one: Json, language: str) -> bool:
    del language
    word = _word(Stackability, one)
    if word:
        aligned.found["stackability"] = word
    else:
        aligned.add("stacks_into", _get(one, "targetUrl"))
    return True


def _single(member: str, words: type[StrEnum]) -> Any:
    def read(aligned: Aligned, one: Json, language: str) -> bool:
        del language
        word = _word(words, one)
        if word:
            aligned.found[member] = word
        return word is not None

    return read


def _note(member: str) -> Any:
    def read(aligned: Aligned, one: Json, language: str) -> bool:
        if words := _get(one, "targetName"):
            aligned.found[member] = {language: words}
        url = _get(one, "targetUrl")
        if member == "further_information" and not url.startswith(ELM):
            aligned.found["homepage"] = url
        return True

    return read


def _supervision(aligned: Aligned, one: Json, language: str) -> bool:
    del language
    word = _word(Supervision, one)
    if word:
        aligned.supervision.append(word)
    return word is not None


def _cycle(aligned: Aligned, one: Json, language: str) -> bool:
    del language
    aligned.found["cycle"] = _get(one, "targetCode")
    return True


READERS: Mapping[str, Any] = {
    Target.ASSESSMENT: _assessment,
    Target.CREDITS: _credits,
    Target.CYCLE: _cycle,
    Target.FURTHER: _note("further_information"),
    Target.MODE: _single("participation", Mode),
    Target.NQF: _national,
    Target.PREREQUISITES: _note("prerequisites"),
    Target.QUALITY: _quality,
    Target.SETTING: _single("setting", LearningSetting),
    Target.STACKABILITY: _stackability,
    Target.SUPERVISION: _supervision,
    Target.WORKLOAD: _workload,
}
"""Our own kinds of alignment; each reader says whether it understood."""
