"""An unsigned Open Badge 3.0 from an award, in the form that every schema generation accepts.

Spec: Open Badges 3.0, AchievementCredential; VCDM 2.0. Three generations of the JSON schema are
      in use and disagree: arrays everywhere, one ``credentialStatus`` with an id, plain strings
      and RFC 3339 times in UTC pass all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Required, TypedDict, Unpack

import orjson

from badges.award import Award, Evidence, Learner, Organisation, pick
from badges.credential import (
    V2,
    may_be_unsafe,
    may_hold_unsafe,
    moment,
    texts,
    unsafe_character,
)
from badges.errors import IncompleteAward, MalformedValue
from badges.ob3.achievement import (
    build_achievement,
    build_results,
    number,
    write_achievement,
)
from badges.ob3.identity import hashed_identity, plain_identity
from badges.ob3.profile import build_profile, write_profile

__all__ = ["OB3_CONTEXT", "Facts", "build_credential", "write_credential"]

OB3_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"


class Facts(TypedDict, total=False):
    """What one issuance adds to its award."""

    credential_id: Required[str]
    """A URI nobody can guess, such as ``urn:uuid:…``."""

    issuer_did: Required[str]
    """DID of the key that will sign."""

    valid_from: Required[datetime]
    """When it starts to be valid."""

    valid_until: datetime | None
    """When it ends; by default the achievement's validity after `valid_from`."""

    status: Mapping[str, Any] | None
    """The ``credentialStatus`` entry reserved for it."""

    holder: str | None
    """DID of the wallet key it is bound to; the learner's own where None."""

    salt: str | None
    """For the hashed e-mail address; the credential's id, unique to it, where None."""


def build_credential(award: Award, **facts: Unpack[Facts]) -> dict[str, Any]:
    """Return the unsigned badge for `award`.

    Raises:
        IncompleteAward: the learner cannot be named.
        MalformedValue: a text holds characters that signers and readers disagree about.
    """
    credential = _badge(award, facts, build_profile, build_achievement)
    _refuse_unsafe_text(credential)
    return credential


def write_credential(award: Award, **facts: Unpack[Facts]) -> bytes:
    """Return the same badge as compact JSON, sooner: what a cohort shares was written before.

    Raises:
        IncompleteAward, MalformedValue: as `build_credential` does.
    """
    try:
        written = orjson.dumps(_badge(award, facts, _written_profile, _written_achievement))
    except TypeError:  # half a character
        written = None
    if written is None or may_be_unsafe(written):  # tell where, or find it harmless
        return orjson.dumps(build_credential(award, **facts))
    return written


def _written_profile(organisation: Organisation, profile_id: str) -> orjson.Fragment:
    return orjson.Fragment(write_profile(organisation, profile_id))


def _written_achievement(award: Award, creator_id: str, issuer_id: str) -> orjson.Fragment:
    return orjson.Fragment(write_achievement(award, creator_id, issuer_id))


def _badge(
    award: Award,
    facts: Facts,
    profile: Callable[[Organisation, str], object],
    achievement: Callable[[Award, str, str], object],
) -> dict[str, Any]:
    issuer_did, valid_from = facts["issuer_did"], facts["valid_from"]
    ends = facts.get("valid_until") or _end(award, valid_from)
    earned = achievement(award, _creator_id(award, issuer_did), issuer_did)
    credential: dict[str, Any] = {
        "@context": [V2, OB3_CONTEXT],
        "id": facts["credential_id"],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": pick(award.achievement.title, award.language),
        "issuer": profile(award.awarding_body, issuer_did),
        "validFrom": moment(valid_from),
        "awardedDate": moment(award.awarded),
        "credentialSubject": _subject(award, facts) | {"achievement": earned} | _earned(award),
    }
    if ends is not None:
        credential["validUntil"] = moment(ends)
    if award.evidence:
        credential["evidence"] = _evidence(award)
    status = facts.get("status")
    if status is not None:
        credential["credentialStatus"] = dict(status)
    return credential


def _end(award: Award, valid_from: datetime) -> datetime | None:
    validity: timedelta | None = award.achievement.validity
    return None if validity is None else valid_from + validity


def _subject(award: Award, facts: Facts) -> dict[str, Any]:
    holder = facts.get("holder")
    learner = replace(award.learner, did=holder) if holder else award.learner
    subject: dict[str, Any] = {"type": ["AchievementSubject"]}
    if learner.did:
        subject["id"] = learner.did
    if identities := _identities(learner, facts.get("salt") or facts["credential_id"]):
        subject["identifier"] = identities
    if len(subject) == 1:
        raise IncompleteAward("the learner has neither a name nor an identifier")
    return subject


def _creator_id(award: Award, issuer_did: str) -> str:
    creator = award.achievement.creator
    body = award.awarding_body
    own = creator.did or (None if creator is body or creator == body else creator.homepage)
    return own or issuer_did


def _earned(award: Award) -> dict[str, Any]:
    earned = award.credits_earned or award.achievement.ects
    members = {
        "result": build_results(award),
        "creditsEarned": number(earned) if earned else None,
        "activityStartDate": moment(award.activity_start) if award.activity_start else None,
        "activityEndDate": moment(award.activity_end) if award.activity_end else None,
        "narrative": award.narrative,
    }
    return {member: value for member, value in members.items() if value}


def _identities(learner: Learner, salt: str) -> list[dict[str, Any]]:
    identities = []
    if name := learner.name:
        identities.append(plain_identity("name", name))
    if learner.email:
        identities.append(hashed_identity("emailAddress", learner.email, salt))
    for kind, value in learner.identifiers.items():
        identities.append(hashed_identity(kind, value, salt))
    return identities


def _evidence(award: Award) -> list[dict[str, Any]]:
    return [_piece(evidence) for evidence in award.evidence]


def _piece(evidence: Evidence) -> dict[str, Any]:
    members = {
        "type": ["Evidence"],
        "id": evidence.url,
        "name": evidence.name,
        "narrative": evidence.narrative,
        "description": evidence.description,
        "genre": evidence.genre,
    }
    return {member: value for member, value in members.items() if value}


def _refuse_unsafe_text(credential: Mapping[str, Any]) -> None:
    if not may_hold_unsafe(credential):
        return
    for path, text in texts(credential):
        if found := unsafe_character(text):
            raise MalformedValue(f"{path} holds the character {found}; take it out")
