"""Open Badge to European Digital Credential and back, with what is missing and what is lost.

Shape: both ways lead through the award model. The result is a new credential, asserted by who
converts: a signature never survives. What is lost is found by going there and back again.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from badges.award import Award, Organisation
from badges.edc.building import BADGE_PROFILE
from badges.edc.from_ob3 import Badge, is_same_profile, read_badge
from badges.edc.losses import EDC_REASONS, OB3_REASONS, Loss, losses
from badges.edc.missing import MissingAnswer, Need, answer, missing_answers
from badges.edc.nodes import Json, many
from badges.edc.read import Reading, read_edc
from badges.edc.write import Issue, Page, unchecked, write_edc
from badges.ob3.build import build_credential

__all__ = ["Conversion", "attached_badge", "badge_losses", "edc_to_ob3", "ob3_to_edc"]


@dataclass(frozen=True, slots=True)
class Conversion:
    """What came of a conversion; no document while a needed answer is missing."""

    document: dict[str, Any] | None
    missing: tuple[MissingAnswer, ...]
    losses: tuple[Loss, ...]
    award: Award

    def to_json(self) -> dict[str, Any]:
        """Return the wire form."""
        return {
            "document": self.document,
            "missing": [one.to_json() for one in self.missing],
            "losses": [one.to_json() for one in self.losses],
        }


def ob3_to_edc(
    credential: Mapping[str, Any],
    pages: Callable[[Award], Sequence[Page]],
    issued: datetime,
    *,
    answers: Mapping[str, Any] | None = None,
    is_draft: bool = True,
) -> Conversion:
    """Convert an Open Badge, filling in what the issuer answered.

    Args:
        credential: the Open Badge.
        pages: draws the page images of the finished award.
        issued: the time of issuing.
        answers: to the questions of an earlier try, by key.
        is_draft: for upload; else the legal identifier must be known.

    Raises:
        MalformedCredential: it is not an Open Badge we can read.
        WrongAnswer: an answer does not fit its question.
        NotExportable: a rule is broken; the problems name field and fix.
    """
    badge = read_badge(credential)
    award = answer(badge.award, answers or {})
    missing = tuple(missing_answers(award))
    lost = badge_losses(credential, _badge_again(badge))
    stops = {Need.EUROPASS} if is_draft else {Need.EUROPASS, Need.SEAL}
    if any(one.need in stops for one in missing):
        return Conversion(None, missing, lost, award)
    known = replace(badge, award=award)
    facts = replace(_issue(known, issued), pages=tuple(pages(award)), is_draft=is_draft)
    return Conversion(write_edc(award, facts), missing, lost, award)


def _issue(badge: Badge, issued: datetime) -> Issue:
    key = badge.credential_id
    made = str(uuid5(NAMESPACE_URL, key))
    unique = key.removeprefix("urn:uuid:") if key.startswith("urn:uuid:") else made
    return Issue(
        credential_id=f"urn:credential:{unique}",
        issued=issued,
        pages=(),
        issuer=badge.award.awarding_body,
        valid_from=badge.valid_from,
        valid_until=badge.valid_until,
        badge_id=key,
    )


def _badge_again(badge: Badge) -> dict[str, Any]:
    """Return the Open Badge that would come back out of the EDC."""
    there = unchecked(badge.award, _issue(badge, badge.valid_from))
    return _to_badge(read_edc(there))


def badge_losses(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Loss, ...]:
    """Name what one Open Badge says and another does not."""
    return tuple(losses(_spelt_out(before), _spelt_out(after), OB3_REASONS))


def _spelt_out(badge: Mapping[str, Any]) -> dict[str, Any]:
    """Return a badge whose creator, where that is the issuer, says all the issuer says."""
    issuer = badge.get("issuer")
    subject = badge["credentialSubject"]
    subject = subject[0] if isinstance(subject, list) else subject
    achievement = subject["achievement"]
    creator = achievement.get("creator")
    if not (isinstance(issuer, Mapping) and creator and is_same_profile(creator, issuer)):
        return dict(badge)
    named = {**issuer, **(creator if isinstance(creator, Mapping) else {})}
    spelt_out = {**subject, "achievement": {**achievement, "creator": named}}
    return {**badge, "credentialSubject": spelt_out}


def edc_to_ob3(document: Mapping[str, Any]) -> Conversion:
    """Convert an EDC into an unsigned Open Badge.

    Raises:
        MalformedCredential: it is not an EDC we can read.
    """
    reading = read_edc(document)
    badge = _to_badge(reading)
    back = read_badge(badge)
    again = unchecked(back.award, _issue(back, reading.valid_from))
    return Conversion(badge, (), tuple(losses(document, again, EDC_REASONS)), reading.award)


def _to_badge(reading: Reading) -> dict[str, Any]:
    award = reading.award
    body, creator = award.awarding_body, award.achievement.creator
    badge = build_credential(
        _without_profile_ids(award),
        credential_id=reading.badge_id or _badge_id(reading.credential_id),
        issuer_did=profile_id(body),
        valid_from=reading.valid_from,
        valid_until=reading.valid_until,
    )
    badge["credentialSubject"]["achievement"]["creator"]["id"] = profile_id(creator)
    return badge


def _badge_id(credential_id: str) -> str:
    return credential_id.replace("urn:credential:", "urn:uuid:", 1)


def profile_id(organisation: Organisation) -> str:
    """Return the id of an organisation in an Open Badge."""
    known = organisation.did or organisation.identifier(BADGE_PROFILE) or organisation.homepage
    return known or f"urn:ob3:issuer:{organisation.legal_name.encode().hex()[:40]}"


def _without_profile_ids(award: Award) -> Award:
    def clean(body: Organisation) -> Organisation:
        kept = tuple(one for one in body.identifiers if one.scheme != BADGE_PROFILE)
        return replace(body, identifiers=kept)

    achievement = award.achievement
    return replace(
        award,
        issuer=clean(award.issuer) if award.issuer else None,
        achievement=replace(
            achievement,
            creator=clean(achievement.creator),
            awarding_bodies=tuple(map(clean, achievement.awarding_bodies)),
        ),
    )


def attached_badge(document: Json) -> bytes | None:
    """Return the signed Open Badge an EDC carries, if it carries one."""
    for media in many(document.get("attachment")):
        content = media.get("content") if isinstance(media, dict) else None
        try:
            data = base64.b64decode(content or "", validate=True)
        except ValueError:
            continue
        if data.lstrip().startswith(b"{") and b"OpenBadgeCredential" in data:
            return data
    return None
