"""The register of trusted issuers: who is recognised, by which name, since when.

Shape (JSON): ``{"name", "version", "issued", "expires", "issuers": [{"id", "name", "country",
``"since", "until", "homepage", "logo"}]}``; a plain list of DIDs or of such objects does as well.
Whether the register itself is signed by whom we trust is asked where it is imported.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from badges import strict_json
from badges.credential import parse_moment
from badges.errors import MalformedValue

__all__ = ["Listing", "Register", "parse_register"]


@dataclass(frozen=True, slots=True)
class Listing:
    """One issuer in the register."""

    id: str
    name: str = ""
    country: str = ""
    homepage: str = ""
    logo: str = ""
    since: datetime | None = None
    until: datetime | None = None
    register: str = ""
    """Name of the register it comes from, where several are joined."""

    def covers(self, when: datetime) -> bool:
        """Tell whether the issuer was listed at `when`."""
        begun = self.since is None or self.since <= when
        return begun and (self.until is None or when < self.until)


@dataclass(frozen=True, slots=True)
class Register:
    """A list of issuers somebody stands behind."""

    name: str
    listings: Mapping[str, Listing]
    version: str = ""
    issued: datetime | None = None
    expires: datetime | None = None

    def find(self, issuer: str) -> Listing | None:
        """Return the listing of `issuer`, whatever its dates."""
        return self.listings.get(issuer)


def parse_register(text: bytes | str) -> Register:
    """Read a register.

    Raises:
        MalformedCredential: not JSON.
        MalformedValue: not a register.
    """
    value = strict_json.loads(text)
    document = {"issuers": value} if isinstance(value, list) else value
    if not isinstance(document, dict) or not isinstance(document.get("issuers"), list):
        raise MalformedValue("a register has a list of issuers")
    issuers: list[Any] = document["issuers"]
    listings = [_listing(item) for item in issuers]
    if len({listing.id for listing in listings}) < len(listings):
        raise MalformedValue("the register lists one issuer twice")
    return Register(
        name=_text(document, "name"),
        listings={listing.id: listing for listing in listings},
        version=str(document.get("version", "")),
        issued=_moment(document, "issued"),
        expires=_moment(document, "expires"),
    )


def _listing(item: object) -> Listing:
    if isinstance(item, str):
        return Listing(item)
    if not isinstance(item, Mapping) or not _text(item, "id"):
        raise MalformedValue("an issuer in the register has no id")
    return Listing(
        id=_text(item, "id"),
        name=_text(item, "name"),
        country=_text(item, "country"),
        homepage=_text(item, "homepage"),
        logo=_text(item, "logo"),
        since=_moment(item, "since"),
        until=_moment(item, "until"),
    )


def _text(item: Mapping[str, Any], member: str) -> str:
    value = item.get(member, "")
    if not isinstance(value, str):
        raise MalformedValue(f"{member} in the register is not a text")
    return value


def _moment(item: Mapping[str, Any], member: str) -> datetime | None:
    value = item.get(member)
    return None if value is None else parse_moment(value)
