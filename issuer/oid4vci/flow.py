"""The protocol: each step as (what we know, what the wallet says) → (what we answer).

Spec: OpenID4VCI 1.0 §4.1 (offer), §6 (token), §8 (credential), §9 (deferred), §11 (notification).
Nothing here reads a clock or a database: `service` brings the state, spends what must be spent
once, and keeps what these functions return.
"""

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from badges import strict_json
from issuer.oid4vci import authorization
from issuer.oid4vci.messages import PRE_AUTHORIZED, CredentialRequest, TokenAnswer
from issuer.oid4vci.model import TOKEN_LIFE, Access, Authorization, GrantKind, Offer
from issuer.oid4vci.refusal import Code, Refused

__all__ = [
    "Redeemed",
    "choose_configuration",
    "create_access",
    "create_offer",
    "create_token_answer",
    "credential_identifiers",
    "derive_tx_code",
    "hash_tx_code",
    "offer_uri",
    "redeem_authorization",
    "verify_access",
    "verify_pre_authorized",
    "verify_tx_code",
]


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A grant that holds: for which configurations, and whether it must name identifiers."""

    configuration_ids: Sequence[str]
    with_identifiers: bool
    client_id: str | None = None
    scope: str | None = None


def create_offer(issuer: str, offer: Offer, secret: str) -> dict[str, Any]:
    """Return the credential offer (§4.1.1); `secret` is the code or the ``issuer_state``.

    It names neither the learner nor the transaction code.
    """
    grants: dict[str, Any]
    if offer.grant is GrantKind.AUTHORIZATION_CODE:
        grants = {"authorization_code": {"issuer_state": secret}}
    else:
        grants = {PRE_AUTHORIZED: {"pre-authorized_code": secret}}
        if offer.tx_code_hash is not None:
            grants[PRE_AUTHORIZED]["tx_code"] = {
                "input_mode": "numeric",
                "length": offer.tx_length,
                "description": "The code that came to you another way, for example by e-mail.",
            }
    return {
        "credential_issuer": issuer,
        "credential_configuration_ids": list(offer.configuration_ids),
        "grants": grants,
    }


def offer_uri(offer: Mapping[str, Any] | str) -> str:
    """Return the deep link of an offer: by value, or by reference when given its URL (§4.1)."""
    if isinstance(offer, str):
        return f"openid-credential-offer://?credential_offer_uri={quote(offer, safe='')}"
    text = strict_json.dumps(dict(offer)).decode()
    return f"openid-credential-offer://?credential_offer={quote(text, safe='')}"


def derive_tx_code(key: bytes, offer_name: str) -> str:
    """Return the transaction code of an offer: kept nowhere, made again when it is sent by mail."""
    keyed = hmac.digest(key, f"tx_code of\n{offer_name}".encode(), hashlib.sha256)
    return f"{int.from_bytes(keyed[:8], 'big') % 10**6:06d}"


def hash_tx_code(key: bytes, offer_name: str, code: str) -> bytes:
    """Return what the store keeps of a transaction code: useless without the service's key."""
    return hmac.digest(key, f"tx_code\n{offer_name}\n{code}".encode(), hashlib.sha256)


def verify_pre_authorized(offer: Offer, parameters: Mapping[str, str], now: datetime) -> None:
    """Check that `offer` may be redeemed by this request, its transaction code aside.

    Raises:
        Refused: ``invalid_grant`` or ``invalid_request``.
    """
    if offer.grant is not GrantKind.PRE_AUTHORIZED or not offer.is_open(now):
        raise Refused(
            Code.INVALID_GRANT, "this code is used, expired or locked: ask for a new offer"
        )
    given = "tx_code" in parameters
    if given != (offer.tx_code_hash is not None):
        wanted = "is missing" if not given else "was not asked for"
        raise Refused(Code.INVALID_REQUEST, f"tx_code {wanted}")


def verify_tx_code(offer: Offer, key: bytes, given: str | None) -> None:
    """Compare the transaction code; the caller has counted the try before.

    Raises:
        Refused: ``invalid_grant``.
    """
    if offer.tx_code_hash is None:
        return
    found = hash_tx_code(key, offer.name, given or "")
    if not hmac.compare_digest(found, offer.tx_code_hash):
        raise Refused(Code.INVALID_GRANT, "the transaction code is wrong")


def redeem_authorization(request: Authorization, parameters: Mapping[str, str]) -> Redeemed:
    """Check that the bearer of an authorization code is the wallet that asked for it.

    Raises:
        Refused: ``invalid_grant`` or ``invalid_request``.
    """
    if parameters.get("redirect_uri", request.redirect_uri) != request.redirect_uri:
        raise Refused(Code.INVALID_GRANT, "redirect_uri is not the one of the request")
    if parameters.get("client_id", request.client_id) != request.client_id:
        raise Refused(Code.INVALID_GRANT, "this code is for another client")
    authorization.verify_code_verifier(parameters.get("code_verifier"), request.code_challenge)
    return Redeemed(request.configuration_ids, request.by_details, request.client_id, request.scope)


def credential_identifiers(key: bytes, offer: Offer, ids: Sequence[str]) -> dict[str, str]:
    """Return identifier → configuration: one dataset for each, the same in every token."""
    return {
        f"{name}.{hmac.digest(key, f'{offer.award_id} {name}'.encode(), 'sha256').hex()[:16]}": name
        for name in ids
    }


def create_access(
    offer: Offer, redeemed: Redeemed, *, key: bytes, now: datetime, jkt: str | None
) -> Access:
    """Return what the access token of a grant may fetch."""
    ids = tuple(redeemed.configuration_ids)
    return Access(
        offer_id=offer.id,
        organisation_id=offer.organisation_id,
        expires_at=now + TOKEN_LIFE,
        configuration_ids=ids,
        identifiers=credential_identifiers(key, offer, ids) if redeemed.with_identifiers else None,
        client_id=redeemed.client_id,
        jkt=jkt,
    )


def create_token_answer(token: str, access: Access, scope: str | None) -> TokenAnswer:
    """Return the token answer; identifiers only when details were used (§6.2)."""
    details = None
    if access.identifiers is not None:
        details = [
            {
                "type": "openid_credential",
                "credential_configuration_id": name,
                "credential_identifiers": [identifier],
            }
            for identifier, name in access.identifiers.items()
        ]
    return TokenAnswer(
        access_token=token,
        token_type="DPoP" if access.jkt else "Bearer",
        expires_in=int(TOKEN_LIFE.total_seconds()),
        authorization_details=details,
        scope=scope,
    )


def verify_access(access: Access | None, organisation_id: int, now: datetime) -> Access:
    """Check that a token is one of this organisation and still lives.

    Raises:
        Refused: ``invalid_token``.
    """
    if access is None or access.organisation_id != organisation_id or now >= access.expires_at:
        raise Refused(Code.INVALID_TOKEN, "the access token is unknown or has expired")
    return access


def choose_configuration(request: CredentialRequest, access: Access, known: Collection[str]) -> str:
    """Return the configuration a request asks for and its token allows (§8.2, §8.3.1.2).

    Raises:
        Refused: ``unknown_credential_configuration``, ``unknown_credential_identifier``,
            ``invalid_credential_request`` or ``credential_request_denied``.
    """
    if request.credential_identifier is not None:
        name = (access.identifiers or {}).get(request.credential_identifier)
        if name is None:
            raise Refused(Code.UNKNOWN_CREDENTIAL_IDENTIFIER, "no such credential_identifier")
        return name
    wanted = str(request.credential_configuration_id)
    if wanted not in known:
        raise Refused(Code.UNKNOWN_CREDENTIAL_CONFIGURATION, "no such configuration here")
    if wanted not in access.configuration_ids:
        raise Refused(Code.CREDENTIAL_REQUEST_DENIED, "this token is for another badge")
    if access.identifiers is not None:
        raise Refused(
            Code.INVALID_CREDENTIAL_REQUEST,
            "the token answer gave identifiers: ask by credential_identifier",
        )
    return wanted
