"""What the page of a credential says, in one language: for the eye, and read aloud.

Shape: `describe` turns an award into words; `page_image` draws them, `spoken` reads them out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from badges.award import Award, Organisation, pick
from badges.award.european_codes import code_of
from badges.edc.write import issue_end
from issuer.edc.page_words import word

__all__ = ["PageText", "describe", "spoken"]


@dataclass(frozen=True, slots=True)
class PageText:
    """The words of one page, in reading order."""

    language: str
    kind: str
    title: str
    awarded_to: str
    learner: str
    description: str
    facts: tuple[tuple[str, str], ...]
    skills_heading: str
    skills: tuple[str, ...]
    outcomes_heading: str
    outcomes: tuple[str, ...]
    awarded_by: tuple[str, ...]
    signatures: tuple[tuple[str, str], ...]
    check: str
    url: str
    credential_id: str
    notice: str = ""


def describe(  # noqa: PLR0913 - the facts of one page, each named
    award: Award,
    language: str,
    *,
    issuer: Organisation | None = None,
    url: str = "",
    credential_id: str = "",
    notice: str = "",
) -> PageText:
    """Put an award into words.

    Args:
        award: what is awarded to whom.
        language: of the page.
        issuer: who seals, where that is not the awarding body.
        url: where it can be checked; goes into the QR code.
        credential_id: as in the document.
        notice: what a reader must know first, such as that the seal is a test.
    """
    achievement = award.achievement
    bodies = tuple(pick(body.names, language) or body.legal_name for body in achievement.bodies)
    signatures = [(word("Awarded by", language), " · ".join(bodies))]
    if issuer and issuer.legal_name not in {body.legal_name for body in achievement.bodies}:
        sealer = pick(issuer.names, language) or issuer.legal_name
        signatures.append((word("Sealed by", language), sealer))
    if assured := [quality.body.legal_name for quality in achievement.quality_assurance]:
        signatures.append((word("Quality assured by", language), " · ".join(assured)))
    return PageText(
        language=language,
        kind=_kind(award, language),
        title=pick(achievement.title, language),
        awarded_to=word("awarded to", language),
        learner=award.learner.name,
        description=pick(achievement.description, language),
        facts=tuple(_facts(award, language)),
        skills_heading=word("Skills", language),
        skills=tuple(pick(skill.label, language) for skill in achievement.skills),
        outcomes_heading=word("Learning outcomes", language),
        outcomes=tuple(pick(outcome.title, language) for outcome in achievement.learning_outcomes),
        awarded_by=bodies,
        signatures=tuple(signatures),
        check=word("Check this credential", language),
        url=url,
        credential_id=credential_id,
        notice=notice,
    )


def _kind(award: Award, language: str) -> str:
    kind = award.achievement.achievement_type
    if kind in ("MicroCredential", "Micro-credential"):
        return word("Micro-credential", language)
    return kind.removeprefix("ext:")


def _facts(award: Award, language: str) -> Iterator[tuple[str, str]]:
    achievement = award.achievement
    if ects := award.credits_earned or achievement.ects:
        yield word("Credits", language), f"{ects:g} ECTS"
    if hours := achievement.workload_hours:
        yield word("Workload", language), f"{hours:g} {word('hours', language)}"
    if level := _level(award):
        yield word("Level", language), level
    if mode := achievement.participation:
        yield word("Participation", language), _label(mode, language)
    kinds = dict.fromkeys(_label(each.type, language) for each in achievement.assessments)
    if kinds:
        yield word("Assessment", language), ", ".join(kinds)
    if award.grade:
        yield word("Result", language), award.grade
    yield word("Awarded on", language), _day(award.awarded.date(), language)
    if ends := issue_end(award):
        yield word("Valid until", language), _day(ends.date(), language)


def _level(award: Award) -> str:
    achievement = award.achievement
    levels = [f"EQF {achievement.eqf_level}"] if achievement.eqf_level else []
    levels += [f"{national.name} {national.level}" for national in achievement.nqf]
    return " · ".join(levels)


def _label(value: object, language: str) -> str:
    code = code_of(value)  # type: ignore[arg-type] # the words of the award model
    label = code.label(language) if code else str(value).replace("-", " ")
    return label[:1].upper() + label[1:]


def _day(day: date, language: str) -> str:
    try:
        return format_date(day, format="long", locale=Locale.parse(language, sep="-"))
    except (UnknownLocaleError, ValueError):
        return day.isoformat()


def spoken(page: PageText) -> str:
    """Return the page as running text, for those who do not see it."""
    lines = [page.notice, f"{page.kind}: {page.title}", f"{page.awarded_to} {page.learner}"]
    lines.append(page.description)
    lines += [f"{label}: {value}" for label, value in (*page.facts, *page.signatures)]
    if page.skills:
        lines.append(f"{page.skills_heading}: {'; '.join(page.skills)}")
    if page.outcomes:
        lines.append(f"{page.outcomes_heading}: {'; '.join(page.outcomes)}")
    if page.url:
        lines.append(f"{page.check}: {page.url}")
    return "\n".join(line for line in lines if line)
