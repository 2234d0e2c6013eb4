"""Which of the mandatory EU standard elements a badge says, whoever issued it.

Spec: Council Recommendation 2022/C 243/02, Annex I. Open Badges have no member for learning
outcomes: they are in the criteria, and as skills among the alignments.
"""

from collections.abc import Callable, Mapping
from typing import Any

from badges.award.elements import MANDATORY, Element

__all__ = ["elements_said", "is_called_micro_credential"]

Meaning = Mapping[str, Any]

_SAID: Mapping[Element, Callable[[Meaning], object]] = {
    Element.LEARNER: lambda m: m.get("learner"),
    Element.TITLE: lambda m: m.get("name"),
    Element.COUNTRY: lambda m: m.get("issuer", {}).get("country"),
    Element.AWARDING_BODY: lambda m: m.get("issuer", {}).get("name"),
    Element.DATE: lambda m: m.get("awarded") or m.get("valid_from"),
    Element.OUTCOMES: lambda m: m.get("skills") or m.get("achievement", {}).get("criteria"),
    Element.WORKLOAD: lambda m: m.get("ects") or m.get("workload"),
    Element.LEVEL: lambda m: m.get("eqf_level") or m.get("nqf_level") or m.get("cycle"),
    Element.ASSESSMENT: lambda m: m.get("assessments"),
    Element.PARTICIPATION: lambda m: m.get("participation"),
    Element.QUALITY: lambda m: m.get("quality_assurance"),
}


def elements_said(meaning: Meaning) -> tuple[Element, ...]:
    """Name the mandatory elements that are in what a badge says (`badges.ob3.meaning`)."""
    return tuple(element for element in MANDATORY if _SAID[element](meaning))


def is_called_micro_credential(meaning: Meaning) -> bool:
    """Tell whether the issuer calls it a micro-credential; one that says nothing does not."""
    kind = str(meaning.get("achievement", {}).get("type", ""))
    return kind.removeprefix("ext:").replace("-", "").casefold() == "microcredential"
