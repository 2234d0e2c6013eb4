"""Receiving: from an offer to the credentials, as a wallet of OpenID4VCI 1.0 does it.

Spec: OpenID4VCI 1.0 §6 (token), §7 (nonce), §8 (credential, ``jwt`` proof), §9 (deferred),
§11 (notification), §12.2 (metadata); RFC 8414 §3.1.
Shape: `discover` → `redeem` → `request`; the key is asked for once the issuer's wishes are known.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from badges import strict_json
from badges.proofs import jws
from did import jwk
from did.signer import Signer
from wallet_demo.door import ask, ask_json
from wallet_demo.errors import InvalidAnswer, Refused, TxCodeNeeded, WalletError
from wallet_demo.offer import PRE_AUTHORIZED, Offer

__all__ = ["FORMATS", "Issuance", "Site", "Visit", "discover", "notify", "redeem", "request"]

FORMATS = frozenset({"ldp_vc", "jwt_vc_json", "dc+sd-jwt"})
"""What this wallet can hold."""

MAX_WAITS = 10
"""How often a deferred credential is asked for."""

LONGEST_WAIT = 30.0

Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Site:
    """What the metadata say about the issuer and about what is offered."""

    issuer: str
    credential_endpoint: str
    token_endpoint: str
    configuration: Mapping[str, Any]
    endpoints: Mapping[str, str]
    """The optional ones: nonce, deferred_credential, notification."""

    @property
    def format(self) -> str:
        """Return the format of the credential to come."""
        return str(self.configuration["format"])

    @property
    def algorithms(self) -> frozenset[str]:
        """Return the algorithms the issuer accepts in a ``jwt`` proof."""
        return frozenset(
            self.configuration["proof_types_supported"]["jwt"]["proof_signing_alg_values_supported"]
        )

    @property
    def binds_to_did(self) -> bool:
        """Tell whether the key is shown as a did:key, rather than bare."""
        methods = self.configuration.get("cryptographic_binding_methods_supported", [])
        return "did:key" in methods

    @property
    def title(self) -> str:
        """Return what the issuer calls it."""
        shown = self.configuration.get("credential_metadata", self.configuration).get("display")
        named = shown[0].get("name") if shown else None
        return str(named or self.configuration.get("vct") or "Credential")


@dataclass(frozen=True, slots=True)
class Issuance:
    """What the issuer handed out."""

    credential: str | Mapping[str, Any]
    notification_id: str | None


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay at an issuer's counter, with the token for it."""

    http: httpx.Client
    site: Site
    token: Mapping[str, Any]
    now: Callable[[], datetime]
    sleep: Sleep = time.sleep


def discover(http: httpx.Client, offer: Offer) -> Site:
    """Read the metadata of the issuer and of its authorization server.

    Raises:
        InvalidAnswer: they contradict the offer, or lack what a wallet needs.
        Unreachable: they cannot be had.
    """
    said = _well_known(http, offer.issuer, "openid-credential-issuer", "credential_issuer")
    try:
        server = offer.server or said.get("authorization_servers", [offer.issuer])[0]
        spoken = _well_known(http, server, "oauth-authorization-server", "issuer")
        site = Site(
            offer.issuer,
            _text(said["credential_endpoint"]),
            _text(spoken["token_endpoint"]),
            said["credential_configurations_supported"][offer.configuration],
            {
                name: _text(said[f"{name}_endpoint"])
                for name in ("nonce", "deferred_credential", "notification")
                if f"{name}_endpoint" in said
            },
        )
        if site.format not in FORMATS:
            raise InvalidAnswer(f"this wallet cannot hold {site.format[:40]}")
        site.algorithms, site.title, site.binds_to_did  # noqa: B018 - a bad shape shows here
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise InvalidAnswer(f"the metadata lack a member: {error}") from error
    return site


def redeem(
    http: httpx.Client, site: Site, offer: Offer, tx_code: str | None = None
) -> Mapping[str, Any]:
    """Return the token answer for the code of an offer.

    Raises:
        TxCodeNeeded: the issuer wants the code it sent another way.
        Refused: the code was used, has ended, or the transaction code is wrong.
    """
    form = {"grant_type": PRE_AUTHORIZED, "pre-authorized_code": offer.code}
    if offer.tx_code is not None:
        if not tx_code:
            told = str(offer.tx_code.get("description", "")) or "the issuer sent it another way"
            raise TxCodeNeeded(f"give the code: {told[:300]}")
        form["tx_code"] = tx_code
    token = ask_json(http, "POST", site.token_endpoint, data=form)
    kind, access = token.get("token_type"), token.get("access_token")
    if not isinstance(kind, str) or kind.lower() != "bearer" or not isinstance(access, str):
        raise InvalidAnswer("the token is not one this wallet can use")
    return token


def request(visit: Visit, offer: Offer, signer: Signer) -> Issuance:
    """Return the credential, bound to the key of `signer`.

    Raises:
        Refused: the issuer said no.
        InvalidAnswer: the answer has no credential.
    """
    body = _identifier(offer, visit.token)
    try:
        answer = _post(visit, body | _proofs(visit, signer))
    except Refused as refused:
        if refused.error != "invalid_nonce":
            raise
        answer = _post(visit, body | _proofs(visit, signer))
    return _read(_wait(visit, answer))


def notify(visit: Visit, issuance: Issuance, event: str) -> bool:
    """Tell the issuer what became of a credential; a wallet goes on if that fails (§11)."""
    place = visit.site.endpoints.get("notification")
    if place is None or issuance.notification_id is None:
        return False
    body = {"notification_id": issuance.notification_id, "event": event}
    try:
        answer = ask(visit.http, "POST", place, json=body, headers=_authorised(visit))
    except WalletError:
        return False
    return answer.status in (200, 204)


def _identifier(offer: Offer, token: Mapping[str, Any]) -> dict[str, Any]:
    """Name what is asked for; the issuer's own name wins where it gave one (§8.2)."""
    details = token.get("authorization_details")
    if not details:
        return {"credential_configuration_id": offer.configuration}
    try:
        return {"credential_identifier": details[0]["credential_identifiers"][0]}
    except (KeyError, TypeError, IndexError) as error:
        raise InvalidAnswer("authorization_details without a credential identifier") from error


def _proofs(visit: Visit, signer: Signer) -> dict[str, Any]:
    header: dict[str, Any] = {"typ": "openid4vci-proof+jwt"}
    if visit.site.binds_to_did:
        header["kid"] = signer.verification_method
    else:
        header["jwk"] = jwk.to_jwk(signer.public_key)
    claims: dict[str, Any] = {"aud": visit.site.issuer, "iat": int(visit.now().timestamp())}
    if "nonce" in visit.site.endpoints:
        answer = ask_json(visit.http, "POST", visit.site.endpoints["nonce"])
        claims["nonce"] = answer.get("c_nonce")
        if not isinstance(claims["nonce"], str):
            raise InvalidAnswer("the nonce endpoint gave no c_nonce")
    return {"proofs": {"jwt": [jws.create(header, strict_json.dumps(claims), signer)]}}


def _post(visit: Visit, body: Mapping[str, Any]) -> Mapping[str, Any]:
    place = visit.site.credential_endpoint
    return ask_json(visit.http, "POST", place, json=body, headers=_authorised(visit))


def _wait(visit: Visit, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Ask again while the issuer says that the credential comes later."""
    for _ in range(MAX_WAITS):
        if "transaction_id" not in answer:
            return answer
        place = visit.site.endpoints.get("deferred_credential")
        interval = answer.get("interval", 5)
        if place is None or not isinstance(interval, int | float):
            raise InvalidAnswer("the credential comes later, and nobody says where or when")
        visit.sleep(max(0.0, min(float(interval), LONGEST_WAIT)))
        later = {"transaction_id": answer["transaction_id"]}
        answer = ask_json(visit.http, "POST", place, json=later, headers=_authorised(visit))
    raise InvalidAnswer("the issuer needs longer: try the offer again another day")


def _read(answer: Mapping[str, Any]) -> Issuance:
    try:
        credential = answer["credentials"][0]["credential"]
    except (KeyError, TypeError, IndexError) as error:
        raise InvalidAnswer("the answer holds no credential") from error
    name = answer.get("notification_id")
    if not isinstance(credential, str | dict) or not credential:
        raise InvalidAnswer("the credential is neither a text nor an object")
    return Issuance(credential, name if isinstance(name, str) else None)


def _authorised(visit: Visit) -> dict[str, str]:
    return {"Authorization": f"Bearer {visit.token['access_token']}"}


def _well_known(http: httpx.Client, issuer: str, name: str, own: str) -> Mapping[str, Any]:
    """Return metadata from the inserted path, or the appended one of older drafts."""
    parts = urlsplit(issuer)
    host, path = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
    try:
        said = ask_json(http, "GET", f"{host}/.well-known/{name}{path}")
    except (Refused, InvalidAnswer):
        said = ask_json(http, "GET", f"{host}{path}/.well-known/{name}")
    if said.get(own) != issuer:
        raise InvalidAnswer(f"the metadata belong to {str(said.get(own))[:200]}, not to {issuer}")
    return said


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidAnswer("an endpoint must be a text")
    return value
