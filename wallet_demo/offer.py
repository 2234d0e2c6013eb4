"""A credential offer: what stands behind the QR code.

Spec: OpenID4VCI 1.0 §4.1. By value or by reference; also accepted: the https page of a wallet or
issuer that carries the same query.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from badges import strict_json
from badges.errors import BadgeError
from wallet_demo.door import ask_json
from wallet_demo.errors import InvalidOffer

__all__ = ["PRE_AUTHORIZED", "Offer", "fetch_offer", "read_offer"]

PRE_AUTHORIZED = "urn:ietf:params:oauth:grant-type:pre-authorized_code"

MAX_LINK = 20_000
"""Longest link we look at: an offer by value may hold a long code."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What an issuer offers, and the code to fetch it with."""

    issuer: str
    configuration: str
    code: str
    tx_code: Mapping[str, Any] | None = None
    """What the issuer says about the code it sent another way; None: none is needed."""

    server: str | None = None
    """The authorization server, where the offer names one."""


def fetch_offer(http: httpx.Client, link: str) -> Offer:
    """Return the offer behind a link.

    Raises:
        InvalidOffer: not an offer, or one only a browser could follow.
        Unreachable: it cannot be had.
    """
    query = parse_qs(urlsplit(link[:MAX_LINK].strip()).query)
    by_value = query.get("credential_offer", [])
    by_reference = query.get("credential_offer_uri", [])
    if len(by_value) + len(by_reference) != 1:
        raise InvalidOffer("the link needs exactly one of credential_offer, credential_offer_uri")
    if by_reference:
        return read_offer(ask_json(http, "GET", by_reference[0]))
    try:
        return read_offer(strict_json.loads(by_value[0]))
    except BadgeError as error:
        raise InvalidOffer("the offer in the link is not JSON") from error


def read_offer(said: Any) -> Offer:
    """Read an offer.

    Raises:
        InvalidOffer: a member is missing or of another kind.
    """
    try:
        issuer, ids = said["credential_issuer"], said["credential_configuration_ids"]
        grant = said.get("grants", {}).get(PRE_AUTHORIZED)
        if grant is None:
            raise InvalidOffer("no pre-authorized code: open the offer in a wallet with a browser")
        code, tx_code = grant["pre-authorized_code"], grant.get("tx_code")
        server = grant.get("authorization_server")
        first = ids[0]
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise InvalidOffer(f"a member is missing or of another kind: {error}") from error
    texts = (issuer, first, code, *([] if server is None else [server]))
    if not all(isinstance(text, str) and text for text in texts):
        raise InvalidOffer("issuer, configuration and code must be texts")
    if tx_code is not None and not isinstance(tx_code, dict):
        raise InvalidOffer("tx_code must be an object")
    return Offer(issuer, first, code, tx_code, server)
