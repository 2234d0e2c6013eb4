"""The address that fills LinkedIn's "add a certification" form, and the same fields to copy.

Spec: LinkedIn help, "Add to Profile"; it fills the form where LinkedIn still does so.
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode

__all__ = ["Certification"]

ADDRESS = "https://www.linkedin.com/profile/add"


@dataclass(frozen=True, slots=True)
class Certification:
    """What LinkedIn's form asks for."""

    name: str
    organisation: str
    issued: date
    url: str
    id: str
    organisation_id: str = ""
    """LinkedIn's own number of the organisation's page, where known."""

    expires: date | None = None

    def link(self) -> str:
        """Return the address of the filled form, everything percent-encoded."""
        fields = {"startTask": "CERTIFICATION_NAME", "name": self.name}
        if self.organisation_id:
            fields["organizationId"] = self.organisation_id
        else:
            fields["organizationName"] = self.organisation
        fields |= {"issueYear": str(self.issued.year), "issueMonth": str(self.issued.month)}
        if self.expires:
            fields["expirationYear"] = str(self.expires.year)
            fields["expirationMonth"] = str(self.expires.month)
        fields |= {"certUrl": self.url, "certId": self.id}
        return f"{ADDRESS}?{urlencode(fields, quote_via=quote)}"
