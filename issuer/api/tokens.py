"""Give a client a token for its secret, or for a signed assertion.

Spec: RFC 6749 §2.3.1, §4.4, §5; RFC 7521 §4.2; RFC 7523 §2.2, §3.
"""

import hmac
import secrets
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus

import orjson
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
from sqlalchemy import Connection

from issuer.api import store
from issuer.api.model import Client, Scope
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.session import unit_of_work
from issuer.db.token_hash import token_hash
from issuer.instance import Instance
from issuer.organisations.attempts import count, succeeded

__all__ = ["LIFETIME", "TokenRefused", "grant"]

LIFETIME = timedelta(hours=1)
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_ASSERTION = 8_000
LONGEST_LIFE = timedelta(minutes=10)
"""How far ahead an assertion may end: so long its `jti` is remembered."""

SKEW = timedelta(seconds=30)
ALGORITHMS = ["ES256", "ES384", "EdDSA", "RS256", "PS256"]


class TokenRefused(Exception):
    """No token for this request; `code` is OAuth's own (RFC 6749 §5.2)."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code

    @property
    def status(self) -> int:
        """HTTP status that goes with the code."""
        return 401 if self.code == "invalid_client" else 400


@dataclass(frozen=True, slots=True)
class Shown:
    """Who a client says it is, and how it proves it."""

    client_id: str
    secret: str = ""
    assertion: str = ""


def grant(
    instance: Instance, form: Mapping[str, str], authorization: str, address: str
) -> dict[str, Any]:
    """Return the answer to a token request.

    Failures are counted for each client and network address together: who knows a client's id
    cannot lock it out from elsewhere.

    Raises:
        TokenRefused: with OAuth's code.
        TooManyAttempts: too many went wrong; the proof is not even looked at.
    """
    shown = _shown(form, authorization)
    if "grant_type" not in form:
        raise TokenRefused("invalid_request", "grant_type is missing")
    token, now = secrets.token_urlsafe(32), instance.now()
    attempt = count(instance, f"client:{shown.client_id} at {address}", address)
    with unit_of_work(instance.engine) as connection:
        store.forget_expired(connection, now)
        client = _proved(instance, connection, shown)
        succeeded(connection, attempt)
    with unit_of_work(instance.engine) as connection:
        if form["grant_type"] != "client_credentials":
            raise TokenRefused("unsupported_grant_type", "ask with grant_type=client_credentials")
        scopes = _scopes(client, form.get("scope", ""))
        store.add_token(connection, client.id, token_hash(token), scopes, now + LIFETIME)
        store.change(connection, client.id, used_at=now)
        detail: dict[str, str | int] = {"scope": " ".join(sorted(scopes))}
        append(connection, [Event(client.actor, "client.token", client.actor, detail)], now)
    return {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": int(LIFETIME.total_seconds()),
        "scope": " ".join(sorted(scopes)),
    }


def _shown(form: Mapping[str, str], authorization: str) -> Shown:
    """Find the one way by which a client signs in (RFC 6749 §2.3: never two at once)."""
    ways = [bool(authorization), "client_secret" in form, "client_assertion" in form]
    if sum(ways) > 1:
        raise TokenRefused("invalid_request", "sign in in one way only")
    if authorization:
        shown = _basic(authorization)
        if form.get("client_id", shown.client_id) != shown.client_id:
            raise TokenRefused("invalid_request", "the two client_id differ")
        return shown
    if "client_assertion" in form:
        if form.get("client_assertion_type") != ASSERTION:
            raise TokenRefused("invalid_client", f"client_assertion_type is {ASSERTION}")
        return _asserted(form["client_assertion"], form.get("client_id"))
    if not form.get("client_id") or not form.get("client_secret"):
        raise TokenRefused("invalid_client", "send client_id and client_secret, or an assertion")
    return Shown(form["client_id"], form["client_secret"])


def _basic(authorization: str) -> Shown:
    scheme, _, value = authorization.partition(" ")
    try:
        text = b64decode(value.strip(), validate=True).decode("utf-8")
    except ValueError as error:
        raise TokenRefused("invalid_client", "Authorization is not readable") from error
    name, colon, secret = text.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise TokenRefused("invalid_client", "sign in with Basic: client_id and client_secret")
    return Shown(unquote_plus(name), unquote_plus(secret))


def _asserted(assertion: str, client_id: str | None) -> Shown:
    """Read who signed an assertion; whether they did is looked at later."""
    try:
        if len(assertion) > LONGEST_ASSERTION:
            raise ValueError("too long")  # noqa: TRY301 - one refusal for all
        signed = JWS()
        signed.deserialize(assertion)
        claims = orjson.loads(signed.objects["payload"])
        name = claims["sub"]
        if not isinstance(name, str) or client_id not in {None, name}:
            raise ValueError("another client")  # noqa: TRY301 - likewise
    except (JWException, ValueError, KeyError, TypeError) as error:
        raise TokenRefused("invalid_client", "client_assertion is no JWT of this client") from error
    return Shown(name, assertion=assertion)


def _proved(instance: Instance, connection: Connection, shown: Shown) -> Client:
    refused = TokenRefused("invalid_client", "this client and this proof do not belong together")
    client = store.by_client_id(connection, shown.client_id[:100])
    if client is None or client.closed_at:
        raise refused
    if shown.assertion:
        if client.public_key is None:
            raise refused
        _check_assertion(instance, connection, client, shown.assertion)
    elif not hmac.compare_digest(client.secret_hash or b"", token_hash(shown.secret)):
        raise refused
    return client


def _check_assertion(
    instance: Instance, connection: Connection, client: Client, assertion: str
) -> None:
    """Check signature and claims of an assertion, and use it up (RFC 7523 §3)."""
    signed = JWS()
    signed.allowed_algs = ALGORITHMS
    try:
        signed.deserialize(assertion, JWK.from_json(client.public_key or ""))
        claims = orjson.loads(signed.payload)
    except (JWException, ValueError, TypeError) as error:
        raise TokenRefused(
            "invalid_client", "the signature of client_assertion is wrong"
        ) from error
    if problem := _claims_problem(instance, client, claims):
        raise TokenRefused("invalid_client", problem)
    ends = datetime.fromtimestamp(claims["exp"], UTC) + SKEW
    if not store.use_assertion(connection, client.id, token_hash(claims["jti"]), ends):
        raise TokenRefused("invalid_client", "client_assertion was used before")


def _claims_problem(instance: Instance, client: Client, claims: Mapping[str, Any]) -> str:
    """Say what is wrong with the claims of an assertion; empty when nothing is."""
    now = instance.now()
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    origin = instance.settings.origin
    moments = {name: claims.get(name) for name in ("exp", "nbf", "iat")}
    if any(type(at) not in {int, float, type(None)} for at in moments.values()):
        return "exp, nbf and iat are numbers of seconds"
    ends, jti = moments["exp"], claims.get("jti")
    limit, soon = (now + LONGEST_LIFE).timestamp(), (now + SKEW).timestamp()
    checks = {
        "iss and sub are the client_id": claims.get("iss") == client.client_id == claims.get("sub"),
        f"aud is {origin}/api/token": f"{origin}/api/token" in named or origin in named,
        "exp is missing": ends is not None,
        "client_assertion has ended": ends is not None and ends > (now - SKEW).timestamp(),
        "exp is at most 10 minutes ahead": ends is not None and ends <= limit,
        "client_assertion is not good yet": (moments["nbf"] or 0) <= soon,
        "iat lies ahead": (moments["iat"] or 0) <= soon,
        "jti is missing": isinstance(jti, str) and 0 < len(jti) <= 255,
    }
    return next((said for said, holds in checks.items() if not holds), "")


def _scopes(client: Client, asked: str) -> frozenset[Scope]:
    """Return what a token is to be good for: all that the client may, or less."""
    if not asked.strip():
        return client.scopes
    words = frozenset(asked.split())
    if not words <= {scope.value for scope in client.scopes}:
        raise TokenRefused("invalid_scope", "this client may not do all that")
    return frozenset(Scope(word) for word in words)
