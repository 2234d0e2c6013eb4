"""The register a service verifies against: its own organisations, and what it imported."""

import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Connection

from badges.proofs.x509 import der
from badges.verify.policy import Policy
from badges.verify.register import Listing, Register
from issuer.instance import Instance
from issuer.organisations import store as organisations
from issuer.register.imports import trusted_listings
from issuer.signing.trust_folder import TrustFolder

__all__ = ["own_policy", "own_register", "policy_at_hand", "with_seal_trust"]

FRESH = 1.0
"""Seconds a policy is used again: wallets claim many credentials in a row."""

LOCAL = {"localhost", "127.0.0.1", "::1"}


def own_register(connection: Connection, *, rehearsed: bool = False) -> Register:
    """Return every organisation of this service, and every issuer of the registers it trusts.

    The sandbox is in it only where we check, before we hand it out, what it `rehearsed`.
    """
    listings = [
        Listing(
            id=found.did,
            name=found.particulars.legal_name,
            country=found.particulars.country,
            homepage=found.particulars.homepage or "",
            logo=found.particulars.logo or "",
        )
        for found in organisations.all_organisations(connection)
        if rehearsed or not found.is_sandbox
    ]
    name = listings[0].name if listings else ""
    own = {listing.id: listing for listing in listings}
    return Register(name=name, listings=trusted_listings(connection) | own)


def own_policy(instance: Instance, connection: Connection, *, rehearsed: bool = False) -> Policy:
    """Return the policy for looking at our own credentials."""
    host = urlsplit(instance.settings.origin).hostname or ""
    rules = Policy(
        register=own_register(connection, rehearsed=rehearsed), allow_local=host in LOCAL
    )
    return with_seal_trust(rules, instance.settings.trust, instance.now())


def policy_at_hand(instance: Instance, connection: Connection) -> Policy:
    """Return the policy of the check before handing out, as it was at most `FRESH` seconds ago.

    For who looks again with a fresh one before anything is refused.
    """
    kept: tuple[float, Policy] | None = instance.kept.get("own policy")
    if kept is None or time.monotonic() - kept[0] >= FRESH:
        kept = time.monotonic(), own_policy(instance, connection, rehearsed=True)
        instance.kept["own policy"] = kept
    return kept[1]


def with_seal_trust(rules: Policy, folder: Path, now: datetime) -> Policy:
    """Return `rules` with the authorities of a trust folder.

    Raises:
        TrustListUnreadable: a file in it holds no certificate.
    """
    trust = TrustFolder(folder).anchors(now)
    return replace(
        rules,
        seal_authorities=tuple(map(der, trust.seals)),
        timestamp_authorities=tuple(map(der, trust.timestamps)),
    )
