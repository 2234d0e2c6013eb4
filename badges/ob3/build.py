"""An unsigned Open Badge 3.0 from an award, in the form that every schema generation accepts.

Spec: Open Badges 3.0, AchievementCredential; VCDM 2.0. Three generations of the JSON schema are
      in use and disagree: arrays everywhere, one ``credentialStatus`` with an id, plain strings
      and RFC 3339 times in UTC pass all of them.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from badges.award import Award, Learner, pick
from badges.credential import V2, may_hold_unsafe, moment, texts, unsafe_character
from badges.errors import IncompleteAward, MalformedValue
from badges.ob3.achievement import build_achievement, build_results, number
from badges.ob3.identity import hashed_identity, plain_identity
from badges.ob3.profile import build_profile

__all__ = ["OB3_CONTEXT", "build_credential"]

OB3_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"


def build_credential(  # noqa: PLR0913 - the facts of one issuance, each named
    award: Award,
    *,
    credential_id: str,
    issuer_did: str,
    status: Mapping[str, Any] | None = None,
    valid_from: datetime,
    valid_until: datetime | None = None,
    holder: str | None = None,
    salt: str | None = None,
) -> dict[str, Any]:
    """Return the unsigned badge for `award`.

    Args:
        award: the decision to put into words.
        credential_id: a URI nobody can guess, such as ``urn:uuid:…``.
        issuer_did: DID of the key that will sign.
        status: the ``credentialStatus`` entry reserved for it.
        valid_from: when it starts to be valid.
        valid_until: when it ends; by default the achievement's validity after `valid_from`.
        holder: DID of the wallet key it is bound to; the learner's own where None.
        salt: for the hashed e-mail address; the credential's id, unique to it, where None.

    Raises:
        IncompleteAward: the learner cannot be named.
        MalformedValue: a text holds characters that signers and readers disagree about.
    """
    ends = valid_until or _end(award, valid_from)
    credential: dict[str, Any] = {
        "@context": [V2, OB3_CONTEXT],
        "id": credential_id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": pick(award.achievement.title, award.language),
        "issuer": build_profile(award.awarding_body, issuer_did),
        "validFrom": moment(valid_from),
        "awardedDate": moment(award.awarded),
        "credentialSubject": _subject(award, issuer_did, holder, salt or credential_id),
    }
    if ends is not None:
        credential["validUntil"] = moment(ends)
    if award.evidence:
        credential["evidence"] = _evidence(award)
    if status is not None:
        credential["credentialStatus"] = dict(status)
    _refuse_unsafe_text(credential)
    return credential


def _end(award: Award, valid_from: datetime) -> datetime | None:
    validity: timedelta | None = award.achievement.validity
    return None if validity is None else valid_from + validity


def _subject(award: Award, issuer_did: str, holder: str | None, salt: str) -> dict[str, Any]:
    learner = replace(award.learner, did=holder) if holder else award.learner
    subject: dict[str, Any] = {"type": ["AchievementSubject"]}
    if learner.did:
        subject["id"] = learner.did
    if identities := _identities(learner, salt):
        subject["identifier"] = identities
    if len(subject) == 1:
        raise IncompleteAward("the learner has neither a name nor an identifier")
    creator_id = _creator_id(award, issuer_did)
    subject["achievement"] = build_achievement(award, creator_id, issuer_did)
    return subject | _earned(award)


def _creator_id(award: Award, issuer_did: str) -> str:
    creator = award.achievement.creator
    own = creator.did or (None if creator == award.awarding_body else creator.homepage)
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
    if learner.name:
        identities.append(plain_identity("name", learner.name))
    if learner.email:
        identities.append(hashed_identity("emailAddress", learner.email, salt))
    for kind, value in learner.identifiers.items():
        identities.append(hashed_identity(kind, value, salt))
    return identities


def _evidence(award: Award) -> list[dict[str, Any]]:
    members = ("name", "narrative", "description", "genre")
    return [
        {
            "type": ["Evidence"],
            **({"id": evidence.url} if evidence.url else {}),
            **{m: getattr(evidence, m) for m in members if getattr(evidence, m)},
        }
        for evidence in award.evidence
    ]


def _refuse_unsafe_text(credential: Mapping[str, Any]) -> None:
    if not may_hold_unsafe(credential):
        return
    for path, text in texts(credential):
        if found := unsafe_character(text):
            raise MalformedValue(f"{path} holds the character {found}; take it out")
