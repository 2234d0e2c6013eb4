"""What an award of an achievement would look like, before anything is decided, kept or signed.

Shape: an invented learner; every document is written by the writers of real awards, and none of
them is given a key. A preview of a document is wrapped, so that nobody takes it for one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from badges.award import Achievement, Award, Learner
from badges.edc.write import Issue, unchecked
from badges.ob3.build import build_credential
from badges.ob3.meaning import read_meaning
from issuer.awarding.credential import Credential
from issuer.awarding.model import Issuance, State
from issuer.claiming.keepsake import Keepsake
from issuer.edc.facts import draw_pages
from issuer.organisations.branding.model import Look
from issuer.organisations.model import Organisation
from issuer.web.i18n import gettext as _

__all__ = ["Sample", "mark"]

LEARNER = Learner(given_name="Alex", family_name="Example")
NOBODY = "urn:uuid:00000000-0000-4000-8000-000000000000"


def mark() -> str:
    """Say what stands on every preview."""
    return _("Preview, not sealed")


@dataclass(frozen=True, slots=True)
class Sample:
    """An award that was never made."""

    achievement: Achievement
    issuer: Organisation
    """Who would sign."""

    language: str
    now: datetime
    verify_url: str
    look: Look | None = None
    """How the organisation appears; None looks like the service."""

    @property
    def award(self) -> Award:
        """The award."""
        grading = self.achievement.grading
        return Award(
            id="urn:learnseal:preview",
            achievement=self.achievement,
            learner=LEARNER,
            awarded=datetime(self.now.year, self.now.month, self.now.day, tzinfo=UTC),
            issuer=self.issuer.particulars,
            grade=grading.required if grading else None,
            language=self.language,
        )

    def open_badge(self) -> dict[str, Any]:
        """Return the Open Badge, unsigned."""
        return build_credential(
            self.award,
            credential_id=NOBODY,
            issuer_did=self.issuer.did,
            valid_from=self.now.replace(microsecond=0),
        )

    def european(self) -> dict[str, Any]:
        """Return the European Digital Credential, unsealed; its page says that it is a preview."""
        award = self.award
        pages = draw_pages(
            award, url=self.verify_url, credential_id=NOBODY, look=self.look, notice=mark()
        )
        facts = Issue(
            credential_id=NOBODY, issued=self.now.replace(microsecond=0), pages=pages, is_draft=True
        )
        return unchecked(award, facts)

    def keepsake(self) -> Keepsake:
        """Return what a learner would get."""
        badge = self.open_badge()
        issuance = Issuance(0, 0, self.issuer.id, "ldp_vc", "", NOBODY, State.RESERVED)
        document = orjson.dumps(wrapped(badge), option=orjson.OPT_INDENT_2)
        credential = Credential(issuance, document, "application/json")
        return Keepsake(credential, read_meaning(badge), revoked=False, suspended=False)


def wrapped(document: dict[str, Any]) -> dict[str, Any]:
    """Wrap a document, so that no tool takes it for a credential."""
    return {"notice": mark(), "credential": document}
