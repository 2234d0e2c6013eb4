"""Collect once what a whole chunk of issuances shares: who signs, and what is awarded.

The rows are read anew for each chunk. What is made of them is kept by this process and used again
while the rows say the same, so that what others keep for these very objects is found again too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

import orjson
from sqlalchemy import Connection

from badges.award import Achievement, Award
from did.document import DidDocument
from issuer.awarding.formats import Seat
from issuer.awarding.life_store import Pending
from issuer.awarding.model import Decision, Issuance
from issuer.catalogue import store as catalogue
from issuer.catalogue.service import achievement_by
from issuer.catalogue.store import Version
from issuer.errors import NotFound
from issuer.instance import Instance
from issuer.organisations import store as organisations
from issuer.organisations.keys import active_among
from issuer.organisations.model import Key, Organisation
from issuer.organisations.service import document_of
from issuer.signing.service import signer

__all__ = ["Room"]

MOST_KEPT = 64
"""Achievement versions whose award model is kept."""


@dataclass(slots=True)
class Room:
    """Organisations, keys and achievements looked up once for one chunk."""

    instance: Instance
    connection: Connection
    documents: dict[str, bytes] = field(default_factory=dict)
    """DID documents of the organisations that sign, by path, as the store has them now."""

    _organisations: dict[int, Organisation] = field(default_factory=dict)
    _seats: dict[tuple[int, int], tuple[int, Seat]] = field(default_factory=dict)
    _achievements: dict[int, Achievement] = field(default_factory=dict)

    def organisation(self, number: int) -> Organisation:
        """Return an organisation."""
        if number not in self._organisations:
            found = organisations.by_id(self.connection, number)
            kept = self.instance.kept.setdefault("organisations that issue", {})
            before = kept.get(number)
            self._organisations[number] = kept[number] = before if before == found else found
        return self._organisations[number]

    def seat(self, organisation_id: int, key_id: int = 0) -> tuple[int, Seat]:
        """Return the key (the active one when 0) and the seat of an organisation.

        Raises:
            NoSigningKey: there is none, or it is compromised.
            KeyUnavailable: it cannot be opened.
        """
        place = (organisation_id, key_id)
        if place not in self._seats:
            self._seats[place] = self._open(organisation_id, key_id)
        return self._seats[place]

    def _open(self, organisation_id: int, key_id: int) -> tuple[int, Seat]:
        of = self.organisation(organisation_id)
        keys = organisations.keys_of(self.connection, of.id)
        key = _numbered(keys, key_id) if key_id else active_among(keys, of)
        opened = signer(self.instance, key)
        document, written = self._document(of, keys)
        self.documents[f"/o/{of.slug}/did.json"] = written
        return key.id, Seat(of.did, document, opened)

    def _document(self, of: Organisation, keys: Sequence[Key]) -> tuple[DidDocument, bytes]:
        """Return the DID document of an organisation with these keys, and its bytes."""
        kept = self.instance.kept.setdefault("their DID documents", {})
        known = kept.get(of.id)
        if known is None or known[0] is not of or known[1] != keys:
            document = document_of(of, keys)
            known = kept[of.id] = of, keys, DidDocument(document), orjson.dumps(document)
        return known[2], known[3]

    def achievement(self, version_id: int) -> Achievement:
        """Return an achievement version as the award model has it."""
        if version_id not in self._achievements:
            version = catalogue.by_number(self.connection, version_id)
            body = self.organisation(version.organisation_id)
            self._achievements[version_id] = self._modelled(version, body)
        return self._achievements[version_id]

    def _modelled(self, version: Version, body: Organisation) -> Achievement:
        kept = self.instance.kept.setdefault("achievements they award", {})
        known = kept.get(version.id)
        if known is None or known[0] is not body or known[1] != version:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            made = achievement_by(self.instance, body, version)
            known = kept[version.id] = body, version, made
        found: Achievement = known[2]
        return found

    def award(self, issuance: Issuance | Pending, achievement_id: int, decision: Decision) -> Award:
        """Return the award an issuance is about."""
        return Award(
            id=f"urn:learnseal:award:{issuance.award_id}",
            achievement=self.achievement(achievement_id),
            learner=decision.learner,
            awarded=_start_of(decision.awarded_on),
            issuer=self.organisation(issuance.organisation_id).particulars,
            grade=decision.grade,
            skill_levels=decision.skill_levels,
            activity_start=_start_of(decision.activity_start) if decision.activity_start else None,
            activity_end=_start_of(decision.activity_end) if decision.activity_end else None,
            evidence=decision.evidence,
            narrative=decision.narrative,
            language=decision.language,
        )


def _numbered(keys: Iterable[Key], number: int) -> Key:
    for key in keys:
        if key.id == number:
            return key
    raise NotFound(f"the organisation has no key number {number}")


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
