"""What Open Badges ask beyond their JSON schema.

Spec: Open Badges 3.0, AchievementCredential, IdentityObject, Result; verification, steps 4 and 7.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from badges.credential import contexts, many, node_id, subjects, types
from badges.errors import MalformedValue, Problem

__all__ = ["check_badge", "is_badge"]

BADGE_TYPES = frozenset({"OpenBadgeCredential", "AchievementCredential"})


def is_badge(document: Mapping[str, Any]) -> bool:
    """Tell whether a credential says it is an Open Badge."""
    return bool(types(document) & BADGE_TYPES)


def check_badge(document: Mapping[str, Any]) -> list[Problem]:
    """Return every way in which a badge is not one, beyond what its schema can see."""
    return [*_contexts(document), *_subjects(document)]


def _problem(path: str, message: str) -> Problem:
    return Problem(MalformedValue.code, path, message)


def _contexts(document: Mapping[str, Any]) -> Iterator[Problem]:
    found = [c for c in contexts(document) if isinstance(c, str)]
    if len(found) < 2 or not found[1].startswith("https://purl.imsglobal.org/spec/ob/v3p0/context"):
        yield _problem("/@context", "the second context is not that of Open Badges 3.0")


def _subjects(document: Mapping[str, Any]) -> Iterator[Problem]:
    found = subjects(document)
    if len(found) != 1:
        yield _problem("/credentialSubject", "a badge has exactly one subject")
    for subject in found:
        yield from _subject(subject)


def _subject(subject: Mapping[str, Any]) -> Iterator[Problem]:
    if "AchievementSubject" not in types(subject):
        yield _problem("/credentialSubject/type", "the subject is not an AchievementSubject")
    if not subject.get("id") and not many(subject.get("identifier")):
        yield _problem("/credentialSubject", "the badge does not say whom it is for")
    achievement = subject.get("achievement")
    if not isinstance(achievement, Mapping):
        yield _problem("/credentialSubject/achievement", "the badge has no achievement")
        return
    criteria = achievement.get("criteria")
    if not isinstance(criteria, Mapping) or not (criteria.get("id") or criteria.get("narrative")):
        yield _problem("/credentialSubject/achievement/criteria", "the criteria say nothing")
    yield from _results(subject, achievement)


def _results(subject: Mapping[str, Any], achievement: Mapping[str, Any]) -> Iterator[Problem]:
    described = {
        name: description
        for description in many(achievement.get("resultDescription"))
        if (name := node_id(description)) is not None and isinstance(description, Mapping)
    }
    for result in many(subject.get("result")):
        if isinstance(result, Mapping):
            yield from _result(result, described)


def _result(
    result: Mapping[str, Any], described: Mapping[str, Mapping[str, Any]]
) -> Iterator[Problem]:
    """A result is what its description in the same achievement allows it to be."""
    meant = result.get("resultDescription")
    if meant is None:
        return
    if not isinstance(meant, str) or meant not in described:
        yield _problem("/credentialSubject/result", "a result is not described in the badge")
        return
    levels = [node_id(level) for level in many(described[meant].get("rubricCriterionLevel"))]
    if levels and result.get("achievedLevel", levels[0]) not in levels:
        path = "/credentialSubject/result/achievedLevel"
        yield _problem(path, "the level reached is not one of its description")
    if described[meant].get("resultType") == "Status" and "status" not in result:
        yield _problem("/credentialSubject/result/status", "a result of the type Status has none")
