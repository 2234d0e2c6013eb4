"""A micro-credential as the claims of an SD-JWT VC, written from the award.

Spec: SD-JWT VC §2.2.2; names of people as OpenID Connect Core §5.1; the rest is ours and told by
the type metadata of each achievement.
Shape: who learned it and how well can be kept back; what was learned, from whom and when cannot.
"""

from typing import Any

from badges.award import Achievement, Award, Learner, pick
from badges.credential import moment

__all__ = ["DISCLOSABLE", "write_claims"]

DISCLOSABLE = (("name",), ("given_name",), ("family_name",), ("grade",))
"""What the holder may keep back, where it is there at all."""


def write_claims(award: Award, credential_id: str) -> dict[str, Any]:
    """Return the claims of `award` that do not depend on its holder or time."""
    body = award.achievement.bodies[0]
    claims = {
        "jti": credential_id,
        **_person(award.learner),
        "achievement": _achievement(award.achievement, award.language),
        "awarding_body": {"name": body.legal_name, "country": body.country},
        "awarded": moment(award.awarded),
        "grade": award.grade,
    }
    return {name: value for name, value in claims.items() if value not in (None, "")}


def _person(learner: Learner) -> dict[str, str]:
    return {
        "name": learner.name,
        "given_name": learner.given_name,
        "family_name": learner.family_name,
    }


def _achievement(achievement: Achievement, language: str) -> dict[str, Any]:
    outcomes = [pick(outcome.title, language) for outcome in achievement.learning_outcomes]
    skills = [
        {"id": skill.uri, "name": pick(skill.label, language)} for skill in achievement.skills
    ]
    told = {
        "id": achievement.id,
        "version": achievement.version,
        "type": achievement.achievement_type,
        "name": pick(achievement.title, language),
        "description": pick(achievement.description, language),
        "ects": achievement.ects,
        "workload_hours": achievement.workload_hours,
        "eqf_level": achievement.eqf_level,
        "learning_outcomes": outcomes,
        "skills": skills,
    }
    return {name: value for name, value in told.items() if value not in (None, [])}
