"""What the page says about verdicts, states and facts; what it says about findings is in badges.

Shape: keys are the words of the report (they come from a worker as JSON); texts are English
msgids, translated when a page is made.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from issuer.web.i18n import gettext

__all__ = ["ELEMENTS", "STATES", "VERDICTS", "Words", "verdicts"]


class Words(NamedTuple):
    """A verdict's headline and what it means."""

    title: str
    meaning: str


def _(message: str) -> str:
    """Mark `message` for the catalogues."""
    return message


VERDICTS: Mapping[str, Words] = {
    "valid": Words(
        _("Valid"),
        _("Genuine, in force, and from an organisation in the register."),
    ),
    "genuine_with_remarks": Words(
        _("Genuine, with remarks"),
        _("The signature is intact, but something else needs your attention."),
    ),
    "not_valid": Words(
        _("Not valid"),
        _("Changed, revoked, forged or not a credential at all. Do not rely on it."),
    ),
    "could_not_check": Words(
        _("Could not be checked"),
        _("Something we need was out of reach. It may be genuine or not: try again later."),
    ),
}

STATES: Mapping[str, str] = {
    "passed": _("passed"),
    "failed": _("failed"),
    "remark": _("remark"),
    "unknown": _("could not be checked"),
    "not_applicable": _("does not apply"),
}

ELEMENTS: Mapping[str, str] = {
    "ects": _("Credits"),
    "workload": _("Workload"),
    "eqf_level": _("Level"),
    "nqf_level": _("National level"),
    "cycle": _("Cycle of higher education"),
    "results": _("Result"),
    "assessments": _("Assessed by"),
    "supervision": _("Supervision and identity check"),
    "participation": _("Form of participation"),
    "setting": _("Kind of learning"),
    "quality_assurance": _("Quality assured by"),
    "stackability": _("Counts towards"),
    "prerequisites": _("Prerequisites"),
    "fields": _("Field of study"),
    "further_information": _("Further information"),
}
"""Standard elements as the report names them, in the order an employer reads them."""


def verdicts() -> Iterator[tuple[str, Words]]:
    """Go through the verdicts in the reader's language."""
    for verdict, words in VERDICTS.items():
        yield verdict, Words(gettext(words.title), gettext(words.meaning))
