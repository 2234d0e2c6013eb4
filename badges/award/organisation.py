"""An organisation that defines, awards or assures: the awarding body.

Units: ``country`` is ISO 3166-1 alpha-2 (``NL``); ``region`` an ISO 3166-2 or NUTS code.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from badges.award.lang import LangString
from badges.errors import MalformedValue

__all__ = ["Identifier", "Organisation"]


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number or name that a register gave to an organisation."""

    scheme: str
    """Short name of the register: ``schac``, ``ror``, ``vat``, ``pic``, ``eidas`` …"""

    value: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """A university, an alliance, an agency."""

    legal_name: str
    country: str
    did: str | None = None
    names: LangString = field(default_factory=dict)
    """The legal name in other languages, where it has one."""

    identifiers: tuple[Identifier, ...] = ()
    region: str | None = None
    homepage: str | None = None
    logo: str | None = None
    """URL of the logo (https or data)."""

    email: str | None = None
    parent: "Organisation | None" = None
    """The alliance or larger body it is part of."""

    address: Mapping[str, str] = field(default_factory=dict)
    """OB 3.0 address members: ``streetAddress``, ``postalCode``, ``addressLocality`` …"""

    def __post_init__(self) -> None:
        if not self.legal_name.strip():
            raise MalformedValue("an organisation needs its legal name")
        if self.country and not re.fullmatch("[A-Z]{2}", self.country):
            raise MalformedValue(f"country {self.country!r} is not a code like 'NL'")

    def identifier(self, scheme: str) -> str | None:
        """Return the organisation's identifier in `scheme`, if it has one."""
        return next((i.value for i in self.identifiers if i.scheme == scheme), None)
