"""What a credential says that its holder can do: its content, in an employer's order.

Shape: plain text and addresses, read defensively from the document as it came; every value is
still a stranger's word and is escaped by the page. Facts the European micro-credential standard
knows stand in alignments, by ``targetType``; foreign spellings of the same facts are read too.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypedDict

__all__ = ["Fact", "Meaning", "Result", "Skill", "meaning_of"]

MAX_TEXT = 4_000
"""Most characters of one text we show."""

MAX_ITEMS = 60
"""Most items of one list we show."""

KINDS: Mapping[str, str] = {
    "ext:AssessmentType": "assessment",
    "ext:CreditSystem": "credits",
    "ext:EQF": "level",
    "ext:FurtherInformation": "further",
    "ext:ISCEDF": "field",
    "ext:LearningSetting": "setting",
    "ext:NQF": "level",
    "ext:ParticipationMode": "participation",
    "ext:Prerequisites": "prerequisites",
    "ext:QFEHEACycle": "level",
    "ext:QualityAssurance": "quality",
    "ext:Stackability": "stackability",
    "ext:Supervision": "supervision",
    "ext:Workload": "workload",
}
"""``targetType`` → the row of the page it belongs to; `FACTS` in `wording` has their titles."""

SKILLS = frozenset({"ext:ESCOSkill", "ext:Skill", "ceasn:Competency", "CFItem"})
"""``targetType`` values that name a skill; an alignment to ESCO is one whatever its type."""


class Skill(TypedDict):
    """One skill: its name, where it is defined, the level reached."""

    name: str
    url: str
    framework: str
    level: str


class Fact(TypedDict):
    """One row: which kind of fact, what it says, where one can read more."""

    kind: str
    text: str
    url: str


class Result(TypedDict):
    """One grade or other result: what was measured, and its value."""

    name: str
    value: str


class Meaning(TypedDict):
    """Everything the page tells about what was learned."""

    title: str
    description: str
    criteria: str
    learner: str
    issuer_id: str
    issuer_name: str
    issuer_url: str
    awarded: str
    valid_from: str
    valid_until: str
    language: str
    skills: list[Skill]
    facts: list[Fact]
    results: list[Result]


def text(value: object) -> str:
    """Return a text to show: a string, a number, or the value of a language object."""
    if isinstance(value, Mapping):
        value = value.get("@value")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)[:MAX_TEXT]


def nodes(value: object) -> Iterator[Mapping[str, Any]]:
    """Go through the objects of a member that may hold one, several or none."""
    several = value if isinstance(value, list) else [value]
    yield from (item for item in several[:MAX_ITEMS] if isinstance(item, Mapping))


def first(value: object) -> Mapping[str, Any]:
    """Return the first object of a member, or an empty one."""
    return next(nodes(value), {})


def identifier(value: object) -> str:
    """Return the id of something given by its id or as an object."""
    return text(value.get("id")) if isinstance(value, Mapping) else text(value)


def meaning_of(credential: Mapping[str, Any]) -> Meaning:
    """Read `credential`; what it does not say is empty."""
    subject = first(credential.get("credentialSubject"))
    achievement = first(subject.get("achievement"))
    issuer = credential.get("issuer")
    profile = first(issuer)
    return Meaning(
        title=text(achievement.get("name")) or text(credential.get("name")),
        description=text(achievement.get("description")) or text(credential.get("description")),
        criteria=text(first(achievement.get("criteria")).get("narrative")),
        learner=learner(subject),
        issuer_id=identifier(issuer),
        issuer_name=text(profile.get("name")),
        issuer_url=text(profile.get("url")),
        awarded=text(credential.get("awardedDate")),
        valid_from=text(credential.get("validFrom") or credential.get("issuanceDate")),
        valid_until=text(credential.get("validUntil") or credential.get("expirationDate")),
        language=text(achievement.get("inLanguage")),
        skills=list(skills(achievement, levels(subject, achievement))),
        facts=[*facts(achievement), *credits_of(subject, achievement)],
        results=list(results(subject, achievement)),
    )


def learner(subject: Mapping[str, Any]) -> str:
    """Return the learner's name, where the credential gives one unhashed."""
    for entry in nodes(subject.get("identifier")):
        named = str(entry.get("identityType", "")).removeprefix("ext:") in {"name", "fullName"}
        if named and entry.get("hashed") is False:
            return text(entry.get("identityHash"))
    return text(subject.get("name")) or text(subject.get("fullName"))


def is_skill(alignment: Mapping[str, Any]) -> bool:
    """Tell whether an alignment names a skill."""
    kind, address = alignment.get("targetType"), text(alignment.get("targetUrl"))
    return (isinstance(kind, str) and kind in SKILLS) or "/esco/skill/" in address


def levels(subject: Mapping[str, Any], achievement: Mapping[str, Any]) -> dict[str, str]:
    """Return the level reached in each skill, by the skill's address."""
    reached = {
        identifier(result.get("resultDescription")): text(result.get("value"))
        for result in nodes(subject.get("result"))
    }
    found: dict[str, str] = {}
    for description in nodes(achievement.get("resultDescription")):
        for alignment in nodes(description.get("alignment")):
            if level := reached.get(text(description.get("id"))):
                found[text(alignment.get("targetUrl"))] = level
    return found


def skills(achievement: Mapping[str, Any], reached: Mapping[str, str]) -> Iterator[Skill]:
    """Go through the skills of an achievement."""
    for alignment in nodes(achievement.get("alignment")):
        if not is_skill(alignment):
            continue
        address = text(alignment.get("targetUrl"))
        taught = text(alignment.get("targetDescription"))
        level = taught.removeprefix("Level: ") if taught.startswith("Level: ") else ""
        yield Skill(
            name=text(alignment.get("targetName")),
            url=address,
            framework=text(alignment.get("targetFramework")),
            level=reached.get(address) or level,
        )


def facts(achievement: Mapping[str, Any]) -> Iterator[Fact]:
    """Go through the standard elements that stand in alignments, and other alignments as such."""
    for alignment in nodes(achievement.get("alignment")):
        if is_skill(alignment):
            continue
        kind = KINDS.get(str(alignment.get("targetType")), "alignment")
        note = text(alignment.get("targetDescription"))
        name = text(alignment.get("targetName"))
        said = f"{name} ({note})" if note and note != name else name
        yield Fact(kind=kind, text=said, url=text(alignment.get("targetUrl")))


def credits_of(subject: Mapping[str, Any], achievement: Mapping[str, Any]) -> Iterator[Fact]:
    """Tell the credits earned, or those the achievement carries."""
    system = next((f["text"] for f in facts(achievement) if f["kind"] == "credits"), "")
    earned = text(subject.get("creditsEarned")) or text(achievement.get("creditsAvailable"))
    if earned and not system:
        yield Fact(kind="credits", text=earned, url="")


def results(subject: Mapping[str, Any], achievement: Mapping[str, Any]) -> Iterator[Result]:
    """Go through grades and other results that are not levels of a skill."""
    names = {
        text(d.get("id")): text(d.get("name"))
        for d in nodes(achievement.get("resultDescription"))
        if not d.get("alignment")
    }
    for result in nodes(subject.get("result")):
        described = identifier(result.get("resultDescription"))
        value = text(result.get("value")) or text(result.get("status"))
        if value and (described in names or not described):
            yield Result(name=names.get(described, ""), value=value)
