"""The tables of how organisations appear: nothing where the alliance's way holds."""

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table, Text

from issuer.db.tables import metadata

__all__ = ["TABLES", "branding", "branding_mail"]

branding = Table(
    "branding",
    metadata,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True, autoincrement=False),
    Column("logo", LargeBinary),
    Column("colour", String(7)),
    Column("dark_colour", String(7)),
    Column("page_colour", String(7)),
    Column("sender_name", String(120)),
    Column("sender_address", String(254)),
    Column("languages", String(200)),
)
"""What one organisation decided of its look; the logo is a PNG made here."""

branding_mail = Table(
    "branding_mail",
    metadata,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True, autoincrement=False),
    Column("language", String(16), primary_key=True),
    Column("subject", String(200), nullable=False),
    Column("body", Text, nullable=False),
)
"""The mail with the link, in an organisation's own words."""

TABLES = (branding, branding_mail)
