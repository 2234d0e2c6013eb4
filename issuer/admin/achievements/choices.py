"""What the editor offers to choose from, in the reader's words."""

from collections.abc import Iterable
from enum import StrEnum

from babel import Locale

from badges.award import (
    AssessmentType,
    LearningSetting,
    Mode,
    OpportunityType,
    QualityAssuranceType,
    Stackability,
    Supervision,
)
from badges.award.european_codes import code_of
from contexts.codes import code_list
from issuer.web import i18n
from issuer.web.i18n import gettext as _

__all__ = ["LANGUAGES", "choices", "fields_of_study", "language_names", "word_of"]

LANGUAGES = (
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv",
    "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv", "bs", "ca", "cy", "eu", "gl", "is", "ka", "lb",
    "mk", "no", "sq", "sr", "tr", "uk",
)  # fmt: skip
"""Languages a text or a course can be in: those of the Union first, then its neighbours."""

LEVELS = ("basic", "intermediate", "advanced", "expert")
"""Levels of a skill on offer; a file may use other words, which stay."""


def word_of(word: StrEnum | str) -> str:
    """Say a word of a closed list."""
    code = code_of(word) if isinstance(word, StrEnum) else None
    text = code.label(i18n.language()) if code else str(word).replace("-", " ")
    return text[:1].upper() + text[1:]


def choices() -> dict[str, dict[str, str]]:
    """Return every closed list: name → value → words."""
    return {
        "assessment": _listed(AssessmentType),
        "mode": _listed(Mode),
        "setting": _listed(LearningSetting),
        "opportunity": _listed(OpportunityType),
        "quality": _listed(QualityAssuranceType),
        "stackability": _listed(Stackability),
        "supervision": _listed(Supervision),
        "cycle": {
            "short": _("Short cycle"),
            "first": _("First cycle (bachelor)"),
            "second": _("Second cycle (master)"),
            "third": _("Third cycle (doctorate)"),
        },
        "level": {level: word_of(level) for level in LEVELS},
        "language": language_names(LANGUAGES),
        "unit": {"365": _("years"), "30": _("months of 30 days"), "1": _("days")},
    }


def language_names(tags: Iterable[str]) -> dict[str, str]:
    """Return what languages are called in the reader's language."""
    reader = Locale.parse(i18n.language())
    named = {tag: Locale.parse(tag, sep="-").get_display_name(reader) or tag for tag in tags}
    return {tag: name[:1].upper() + name[1:] for tag, name in named.items()}


def fields_of_study() -> dict[str, str]:
    """Return the detailed fields of ISCED-F 2013."""
    codes = code_list("isced-f").codes
    return {key: code.label(i18n.language()) for key, code in codes.items() if len(key) == 4}


def _listed(words: type[StrEnum]) -> dict[str, str]:
    said = {word.value: word_of(word) for word in words}
    return dict(sorted(said.items(), key=lambda item: item[1]))
