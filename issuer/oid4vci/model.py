"""The nouns of issuing into wallets: configurations, offers, authorisations, tokens.

Spec: OpenID4VCI 1.0 §3 (overview), §4.1 (offer), §12.2.4 (configurations).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from did.public_key import PublicKey

__all__ = [
    "BATCH_SIZE",
    "CODE_LIFE",
    "MAX_COPIES",
    "NONCE_LIFE",
    "TOKEN_LIFE",
    "TX_TRIES",
    "Access",
    "Authorization",
    "Configuration",
    "Format",
    "GrantKind",
    "Holder",
    "Offer",
]

CODE_LIFE = timedelta(minutes=10)
"""How long a pre-authorized or authorization code lives."""

TOKEN_LIFE = timedelta(minutes=15)
"""How long an access token lives."""

NONCE_LIFE = timedelta(minutes=5)
"""How long a ``c_nonce`` lives."""

TX_TRIES = 5
"""Wrong transaction codes after which the offer is dead."""

BATCH_SIZE = 10
"""Most copies of one badge that a wallet may ask for at once."""

MAX_COPIES = 50
"""Most copies one offer ever gives out, batches and later requests together."""


class Format(StrEnum):
    """The forms a badge is given in; the values are the names on the wire."""

    LDP_VC = "ldp_vc"
    JWT_VC_JSON = "jwt_vc_json"
    SD_JWT_VC = "dc+sd-jwt"


class GrantKind(StrEnum):
    """How a wallet is let in."""

    PRE_AUTHORIZED = "pre-authorized"
    AUTHORIZATION_CODE = "authorization_code"


@dataclass(frozen=True, slots=True)
class Configuration:
    """One achievement in one format, as the metadata lists it."""

    id: str
    """Also its OAuth scope."""

    format: Format
    achievement: str
    body: str
    """Slug of the awarding body, which defines the type."""

    title: Mapping[str, str]
    description: Mapping[str, str]
    image: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """One award offered to one wallet."""

    id: int
    name: str
    """Its random name: in tickets and in the API; opens nothing by itself."""

    organisation_id: int
    award_id: int
    configuration_ids: Sequence[str]
    grant: GrantKind
    expires_at: datetime
    tx_code_hash: bytes | None = None
    tx_length: int = 6
    tx_tries: int = 0
    deferred_seconds: int = 0
    redeemed_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Tell whether a wallet may still redeem it."""
        return self.redeemed_at is None and now < self.expires_at and self.tx_tries < TX_TRIES


@dataclass(frozen=True, slots=True)
class Authorization:
    """What an authorization request asks for, once it is understood (RFC 6749 §4.1.1)."""

    client_id: str
    redirect_uri: str
    code_challenge: str
    configuration_ids: tuple[str, ...]
    state: str | None = None
    scope: str | None = None
    by_details: bool = False
    """It used ``authorization_details``: the token answer must return identifiers."""

    issuer_state: str | None = None
    dpop_jkt: str | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """What the bearer of an access token may fetch."""

    offer_id: int
    organisation_id: int
    expires_at: datetime
    configuration_ids: Sequence[str]
    identifiers: Mapping[str, str] | None = None
    """credential_identifier → configuration id; None when no identifiers were given out."""

    client_id: str | None = None
    """None when the wallet stayed anonymous."""

    jkt: str | None = None
    """Thumbprint of the key the token is bound to (DPoP)."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A key a wallet proved to hold."""

    key: PublicKey
    jwk: Mapping[str, Any]
    did: str | None = None
    """Its did:key or did:jwk; None when the wallet gave the bare key."""
