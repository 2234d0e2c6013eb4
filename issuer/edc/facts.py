"""What goes into the European Digital Credential of one award: facts, pages, the text itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from badges.award import Award, Organisation
from badges.edc.building import language_code
from badges.edc.pictures import picture_of
from badges.edc.problem import Problem
from badges.edc.write import Issue, Page, frozen, write_edc
from badges.errors import NotExportable
from issuer.awarding import store as awarding
from issuer.awarding.formats import FORMATS
from issuer.awarding.model import Issuance, State
from issuer.awarding.seats import Room
from issuer.edc import store
from issuer.edc.page_image import DEFAULT_ACCENT, draw_page
from issuer.edc.page_text import describe, spoken
from issuer.edc.store import Draft
from issuer.errors import NotIssued
from issuer.organisations.branding.model import Look
from issuer.organisations.branding.store import look_of_award
from issuer.organisations.model import Organisation as Registered
from issuer.organisations.service import root
from issuer.organisations.store import all_organisations
from issuer.signing.sealing import Sealer

__all__ = ["TEST_NOTICE", "Writer", "draw_pages"]

TEST_NOTICE = "TEST SEAL: this page and its seal have no legal effect"

SANDBOXED = Problem(
    "sandbox", "/issuer", "a sandbox awarded it: nothing of it is real, and nobody seals it"
)
"""Why what a sandbox awards never becomes a European Digital Credential."""


@dataclass(slots=True)
class Writer:
    """Writes the EDC of many issuances; what they share is looked up once."""

    room: Room
    sealer: Sealer | None
    alliance: Registered = field(init=False)
    _looks: dict[str, Look] = field(default_factory=dict)
    _sandboxes: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Look up who seals, and for whom nobody does."""
        self.alliance = root(self.room.connection)
        every = all_organisations(self.room.connection)
        self._sandboxes = frozenset(found.did for found in every if found.is_sandbox)

    def draft(self, number: int) -> Draft:
        """Return the text of an issuance's EDC, checked by every rule.

        Raises:
            NotFound: there is no such issuance.
            NotIssued: its Open Badge is not signed yet, or was voided.
            NotExportable: Europass would refuse it; the problems name field and fix.
        """
        award, issue, issuance = self.facts(number)
        payload = frozen(write_edc(award, issue))
        return Draft(number, issuance.award_id, issue.credential_id, payload)

    def facts(self, number: int) -> tuple[Award, Issue, Issuance]:
        """Return what an EDC is about."""
        issuance, award = store.award_of(self.room, number)
        if any(body.did in self._sandboxes for body in award.achievement.bodies):
            raise NotExportable([SANDBOXED.as_error()])
        badge = self._badge(issuance)
        issuer = _issuer(award, self.alliance, self.sealer)
        name = f"urn:credential:{issuance.credential_id.rpartition(':')[2]}"
        pages = draw_pages(
            award,
            issuer=issuer,
            url=f"{self.room.instance.settings.origin}/verify",
            credential_id=name,
            notice=TEST_NOTICE if self.sealer and self.sealer.is_test else "",
            look=self._look(award, issuance),
        )
        issue = Issue(
            credential_id=name,
            issued=self.room.instance.now(),
            pages=pages,
            issuer=issuer,
            seal=self.sealer.identity if self.sealer else None,
            mandate=_mandate(award, issuer),
            badge=badge if issuance.format == store.OPEN_BADGE else None,
            badge_id=issuance.credential_id,
            is_draft=self.sealer is None,
        )
        return award, issue, issuance

    def _look(self, award: Award, issuance: Issuance) -> Look:
        key = f"{award.achievement.id} {award.achievement.version}"
        if key not in self._looks:
            self._looks[key] = look_of_award(self.room.connection, issuance.award_id)
        return self._looks[key]

    def _badge(self, issuance: Issuance) -> bytes:
        parts = awarding.document_parts(self.room.connection, issuance.id)
        if parts is None or issuance.state is not State.PUBLISHED:
            raise NotIssued(f"this credential is {issuance.state}, not published")
        return FORMATS[issuance.format].join(*parts)


def _issuer(award: Award, alliance: Registered, sealer: Sealer | None) -> Organisation:
    """Return who seals: the organisation the certificate names, else the alliance."""
    own = award.awarding_body
    if sealer and sealer.identity.legal_name == own.legal_name:
        return own
    return alliance.particulars


def _mandate(award: Award, issuer: Organisation) -> str:
    """Say on whose behalf an alliance seals; nothing where the awarding body seals itself."""
    bodies = [body.legal_name for body in award.achievement.bodies]
    if issuer.legal_name in bodies:
        return ""
    return f"{issuer.legal_name} seals this credential on behalf of {', '.join(bodies)}."


def draw_pages(  # noqa: PLR0913 - what a page says beside the award, and how it looks
    award: Award,
    *,
    issuer: Organisation | None = None,
    url: str = "",
    credential_id: str = "",
    notice: str = "",
    look: Look | None = None,
) -> tuple[Page, ...]:
    """Draw the page of an award in each language of its title.

    The logo is the one its organisation has here, else one that is embedded in its particulars.
    """
    embedded = picture_of(award.achievement.bodies[0].logo or "")
    logo = (look and look.logo) or (embedded.octets if embedded else None)
    accent = look.page_colour if look else DEFAULT_ACCENT
    found = []
    for language in _languages(award):
        page = describe(
            award, language, issuer=issuer, url=url, credential_id=credential_id, notice=notice
        )
        image = draw_page(page, logo=logo, accent=accent)
        found.append(Page(language, image, spoken=spoken(page)))
    return tuple(found)


def _languages(award: Award) -> Iterator[str]:
    wanted = (award.language, *award.achievement.title)
    titled = {tag.partition("-")[0].casefold() for tag in award.achievement.title}
    seen = set()
    for tag in wanted:
        language = tag.partition("-")[0].casefold()
        if language in titled and language not in seen and language_code(language):
            seen.add(language)
            yield language
