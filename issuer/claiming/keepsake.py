"""What a learner takes home: the credential of an award, and whether it still stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from badges.ob3.meaning import read_meaning
from issuer.awarding.artefacts import issue_again
from issuer.awarding.credential import Credential
from issuer.awarding.model import Order
from issuer.awarding.service import status_of
from issuer.instance import Instance
from issuer.status.model import Purpose

__all__ = ["Keepsake", "take"]


@dataclass(frozen=True, slots=True)
class Keepsake:
    """One credential, ready to be shown and taken."""

    credential: Credential
    meaning: Mapping[str, Any]
    revoked: bool
    suspended: bool

    @property
    def filename(self) -> str:
        """A name for the file that every system takes."""
        title = str(self.meaning.get("name", "")).lower()
        plain = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in title)
        return "-".join(filter(None, plain.split("-")))[:60] or "credential"

    @property
    def awarded(self) -> date | None:
        """The day of the award."""
        return _date(self.meaning.get("awarded") or self.meaning.get("valid_from"))

    @property
    def ends(self) -> date | None:
        """The day it ends, if it does."""
        return _date(self.meaning.get("valid_until"))


def take(instance: Instance, award_id: int) -> Keepsake:
    """Return the credential of an award as a file for anyone, bound to no wallet.

    Raises:
        NotFound: there is no such award.
        NotIssued: it is not signed yet, or was voided.
    """
    credential = issue_again(instance, award_id, Order(), actor="claim")
    _, entries = status_of(instance, credential.issuance.credential_id)
    set_purposes = {entry.purpose for entry in entries if entry.set_at}
    return Keepsake(
        credential,
        read_meaning(orjson.loads(credential.document)),
        revoked=Purpose.REVOCATION in set_purposes,
        suspended=Purpose.SUSPENSION in set_purposes,
    )


def _date(value: Any) -> date | None:
    return datetime.fromisoformat(value).date() if value else None
