"""What an alliance file says: one alliance and its members."""

from badges.award import Identifier
from issuer.organisations.model import Particulars
from issuer.organisations.yaml_file import Message

__all__ = ["AllianceFile", "OrganisationEntry"]

_ADDRESS = {
    "street": "streetAddress",
    "postal_code": "postalCode",
    "locality": "addressLocality",
    "region": "addressRegion",
}
"""Our field → the address member of Open Badges."""


class LegalIdentifier(Message):
    """A number in a public register."""

    scheme: str
    notation: str
    country: str = ""


class Address(Message):
    """Where an organisation is."""

    street: str = ""
    postal_code: str = ""
    locality: str = ""
    region: str = ""


class OrganisationEntry(Message):
    """One organisation."""

    slug: str
    legal_name: str
    name: str = ""
    country: str
    region: str | None = None
    legal_identifier: LegalIdentifier | None = None
    identifiers: tuple[LegalIdentifier, ...] = ()
    homepage: str | None = None
    email: str | None = None
    logo: str | None = None
    address: Address = Address()

    def particulars(self) -> Particulars:
        """Return the entry as the award model has it."""
        given = filter(None, (self.legal_identifier, *self.identifiers))
        address = self.address.model_dump()
        return Particulars(
            legal_name=self.legal_name,
            country=self.country,
            names={"en": self.name} if self.name else {},
            identifiers=tuple(Identifier(found.scheme.lower(), found.notation) for found in given),
            region=self.region,
            homepage=self.homepage,
            logo=self.logo,
            email=self.email,
            address={_ADDRESS[part]: value for part, value in address.items() if value},
        )


class AllianceFile(Message):
    """The file: the alliance first, then its members."""

    alliance: OrganisationEntry
    members: tuple[OrganisationEntry, ...] = ()
