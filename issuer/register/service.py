"""The alliance's own register: the organisations of this service, as a verifier wants it."""

from urllib.parse import urlsplit

from sqlalchemy import Connection

from badges.proofs.x509 import der
from badges.verify.policy import Policy
from badges.verify.register import Listing, Register
from issuer.instance import Instance
from issuer.organisations import store as organisations
from issuer.signing.trust_folder import TrustFolder

__all__ = ["own_policy", "own_register"]

LOCAL = {"localhost", "127.0.0.1", "::1"}


def own_register(connection: Connection) -> Register:
    """Return every organisation of this service as a recognised issuer."""
    listings = [
        Listing(
            id=found.did,
            name=found.particulars.legal_name,
            country=found.particulars.country,
            homepage=found.particulars.homepage or "",
            logo=found.particulars.logo or "",
        )
        for found in organisations.all_organisations(connection)
    ]
    name = listings[0].name if listings else ""
    return Register(name=name, listings={listing.id: listing for listing in listings})


def own_policy(instance: Instance, connection: Connection) -> Policy:
    """Return the policy for looking at our own credentials."""
    host = urlsplit(instance.settings.origin).hostname or ""
    trust = TrustFolder(instance.settings.trust).anchors(instance.now())
    return Policy(
        register=own_register(connection),
        allow_local=host in LOCAL,
        seal_authorities=tuple(map(der, trust.seals)),
        timestamp_authorities=tuple(map(der, trust.timestamps)),
    )
