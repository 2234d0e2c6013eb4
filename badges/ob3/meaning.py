"""What a badge says, in the words of the EU standard elements: for people and for programs.

Spec: Council Recommendation 2022/C 243/02, Annex I; Open Badges 3.0.
Shape: only texts and numbers, read with care from documents of strangers; what is absent is left
       out. Nothing in it may be believed before the verdict says so.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from badges.credential import many, node_id, subjects, types, valid_from, valid_until
from badges.ob3.alignment import Target

__all__ = ["read_claims", "read_meaning"]

MAX_TEXT = 4_000
"""Longest text we pass on."""

MAX_ITEMS = 100
"""Most items of a list we pass on."""

_SINGLE = {
    "eqf_level": Target.EQF,
    "nqf_level": Target.NQF,
    "cycle": Target.CYCLE,
    "workload": Target.WORKLOAD,
    "participation": Target.MODE,
    "setting": Target.SETTING,
    "prerequisites": Target.PREREQUISITES,
    "stackability": Target.STACKABILITY,
    "further_information": Target.FURTHER,
}
"""Elements of which there is one; other issuers' spellings of the level are known too."""

_SEVERAL = {
    "fields": Target.FIELD,
    "assessments": Target.ASSESSMENT,
    "supervision": Target.SUPERVISION,
    "quality_assurance": Target.QUALITY,
}


def read_meaning(credential: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `credential` says, by element."""
    subject = next(iter(subjects(credential)), {})
    achievement = subject.get("achievement")
    achievement = achievement if isinstance(achievement, Mapping) else {}
    facts = {
        "id": _text(node_id(credential)),
        "name": _text(credential.get("name")) or _text(achievement.get("name")),
        "types": sorted(types(credential))[:MAX_ITEMS],
        "valid_from": _text(valid_from(credential)),
        "valid_until": _text(valid_until(credential)),
        "awarded": _text(credential.get("awardedDate")),
        "issuer": _party(credential.get("issuer")),
        "learner": _learner(subject),
        "achievement": _achievement(achievement),
        "results": list(_results(subject, achievement)),
        "credits_earned": _number(subject.get("creditsEarned")),
        **_elements(achievement),
    }
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}


def read_claims(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the claims of an SD-JWT VC say, by the same elements (see `badges.ob3.claims`).

    A stranger may use other claims: what is not understood is left out.
    """
    achievement = claims.get("achievement")
    achievement = achievement if isinstance(achievement, Mapping) else {}
    grade, level = _text(claims.get("grade")), _number(achievement.get("eqf_level"))
    facts = {
        "id": _text(claims.get("jti")),
        "name": _text(achievement.get("name")),
        "awarded": _text(claims.get("awarded")),
        "learner": {"name": name} if (name := _text(claims.get("name"))) else {},
        "achievement": _achievement(achievement),
        "results": [{"name": "", "value": grade}] if grade else [],
        "ects": _number(achievement.get("ects")),
        "eqf_level": {"name": f"EQF level {level:g}"} if level is not None else {},
        "skills": [
            {"name": name, "url": _text(skill.get("id"))}
            for skill in _items(achievement.get("skills"))
            if (name := _text(skill.get("name")))
        ],
    }
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}


def _text(value: object) -> str:
    if isinstance(value, Mapping) and isinstance(value.get("@value"), str):
        value = value["@value"]
    return value[:MAX_TEXT] if isinstance(value, str) else ""


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _items(value: object) -> Iterator[Mapping[str, Any]]:
    for item in many(value)[:MAX_ITEMS]:
        if isinstance(item, Mapping):
            yield item


def _party(value: object) -> dict[str, str]:
    party = value if isinstance(value, Mapping) else {}
    address = party.get("address")
    country = address.get("addressCountryCode") if isinstance(address, Mapping) else None
    facts = {
        "id": _text(node_id(value)),
        "name": _text(party.get("name")),
        "url": _text(party.get("url")),
        "email": _text(party.get("email")),
        "country": _text(country),
        "image": _text(node_id(party.get("image"))),
    }
    return {name: text for name, text in facts.items() if text}


def _learner(subject: Mapping[str, Any]) -> dict[str, str]:
    names = [
        _text(identity.get("identityHash"))
        for identity in _items(subject.get("identifier"))
        if identity.get("hashed") is not True
        and identity.get("identityType") in {"name", "ext:name"}
    ]
    facts = {"id": _text(subject.get("id")), "name": (names or [_text(subject.get("name"))])[0]}
    return {name: text for name, text in facts.items() if text}


def _achievement(achievement: Mapping[str, Any]) -> dict[str, Any]:
    criteria = achievement.get("criteria")
    criteria = criteria if isinstance(criteria, Mapping) else {}
    facts = {
        "id": _text(achievement.get("id")),
        "type": _text(achievement.get("achievementType")),
        "name": _text(achievement.get("name")),
        "description": _text(achievement.get("description")),
        "criteria": _text(criteria.get("narrative")),
        "criteria_url": _text(criteria.get("id")),
        "language": _text(achievement.get("inLanguage")),
        "version": _text(achievement.get("version")),
        "image": _text(node_id(achievement.get("image"))),
    }
    return {name: text for name, text in facts.items() if text}


def _elements(achievement: Mapping[str, Any]) -> dict[str, Any]:
    skills: list[dict[str, str]] = []
    aligned: dict[object, list[dict[str, str]]] = {}
    for alignment in _items(achievement.get("alignment")):
        kind = alignment.get("targetType")
        target = kind if isinstance(kind, str) and kind in _OWN else Target.SKILL
        found = skills if target == Target.SKILL else aligned.setdefault(str(target), [])
        found.append(_alignment(alignment))
    bare = _number(achievement.get("creditsAvailable"))
    return {
        "ects": bare if Target.CREDITS.value in aligned else None,  # bare credits may be anything
        **{name: next(iter(aligned.get(t.value, ())), {}) for name, t in _SINGLE.items()},
        **{name: aligned.get(t.value, []) for name, t in _SEVERAL.items()},
        "skills": skills,
    }


_OWN = frozenset(Target)


def _alignment(alignment: Mapping[str, Any]) -> dict[str, str]:
    facts = {
        "name": _text(alignment.get("targetName")),
        "code": _text(alignment.get("targetCode")),
        "url": _text(alignment.get("targetUrl")),
        "framework": _text(alignment.get("targetFramework")),
        "note": _text(alignment.get("targetDescription")),
    }
    return {name: text for name, text in facts.items() if text}


def _results(
    subject: Mapping[str, Any], achievement: Mapping[str, Any]
) -> Iterator[dict[str, str]]:
    described = {d.get("id"): d for d in _items(achievement.get("resultDescription"))}
    for result in _items(subject.get("result")):
        meant = described.get(_text(result.get("resultDescription")), {})
        value = _text(result.get("value")) or _text(result.get("status"))
        if value:
            yield {"name": _text(meant.get("name")), "value": value}
