"""One OpenID provider, as the operator named it: the only file that knows Authlib.

Spec: OpenID Connect Discovery 1.0 §4, Core 1.0 §3.1.3.7 (validating an ID token).
Shape: the provider's description and keys are fetched when they are first needed and kept for an
hour; an unknown key is looked for once more. Nothing is followed to another address.
"""

import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.deprecate import AuthlibDeprecationWarning
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from issuer.errors import InvalidSettings, SignInRefused, Unreachable
from issuer.settings import Settings

with warnings.catch_warnings(action="ignore", category=AuthlibDeprecationWarning):
    # It tells of its next HTTP library, which operators can do nothing about.
    from authlib.integrations.httpx_client import OAuth2Client
    from authlib.integrations.httpx_client._compat import httpx2 as httpx  # whichever it uses

__all__ = ["Claims", "Provider", "provider_of"]

SCOPE = "openid email profile"
ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA"]
"""How an ID token may be signed: never ``none``, never with a shared secret."""

PATIENCE = 10.0
KEPT = 3600.0
SKEW = 60
MAX_BYTES = 2**20
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
RETURN = "/staff/single-sign-on/return"


@dataclass(frozen=True, slots=True)
class Claims:
    """Who the provider says somebody is."""

    issuer: str
    subject: str
    name: str
    email: str
    """Empty unless the provider has checked that it is theirs."""


@dataclass(slots=True)
class Provider:
    """An OpenID provider and what we are to it."""

    issuer: str
    client_id: str
    redirect_uri: str
    client_secret: str | None = field(default=None, repr=False)
    label: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _kept: dict[str, tuple[float, Mapping[str, Any]]] = field(default_factory=dict, repr=False)

    def authorization_url(self, state: str, nonce: str, verifier: str) -> str:
        """Return where to send a browser.

        Raises:
            Unreachable: the provider's description cannot be had.
        """
        with self._client() as client:
            address = self._endpoint(client, "authorization_endpoint")
            made, _ = client.create_authorization_url(
                address, state=state, code_verifier=verifier, nonce=nonce
            )
        return str(made)

    def claims(self, code: str, verifier: str, nonce: str, now: datetime) -> Claims:
        """Return who a code stands for.

        Raises:
            SignInRefused: the provider refuses the code, or its token does not hold.
            Unreachable: the provider does not answer.
        """
        with self._client() as client:
            token = self._exchange(client, code, verifier)
            text = token.get("id_token")
            if not isinstance(text, str):
                raise SignInRefused("the university's answer says nobody's name")
            found = dict(self._validated(client, text, nonce, now))
            if "email" not in found:
                found |= self._user_info(client, found["sub"])
        verified = found.get("email_verified") is True
        return Claims(
            issuer=self.issuer,
            subject=str(found["sub"])[:255],
            name=str(found.get("name") or "")[:200],
            email=str(found.get("email") or "").strip().lower()[:254] if verified else "",
        )

    def _exchange(self, client: OAuth2Client, code: str, verifier: str) -> Mapping[str, Any]:
        try:
            token: Mapping[str, Any] = client.fetch_token(
                self._endpoint(client, "token_endpoint"), code=code, code_verifier=verifier
            )
        except (AuthlibBaseError, ValueError) as error:
            raise SignInRefused("the university did not confirm the sign-in") from error
        except httpx.HTTPError as error:
            raise Unreachable("the university's sign-in does not answer") from error
        return token

    def _user_info(self, client: OAuth2Client, subject: object) -> Mapping[str, Any]:
        """Ask for what the ID token leaves out (Core §5.3); of another person it says nothing."""
        try:
            answer = client.get(self._endpoint(client, "userinfo_endpoint"))
            found = answer.json() if answer.status_code == httpx.codes.OK else {}
        except (httpx.HTTPError, AuthlibBaseError, ValueError, Unreachable):
            return {}
        return found if isinstance(found, dict) and found.get("sub") == subject else {}

    def _validated(
        self, client: OAuth2Client, text: str, nonce: str, now: datetime
    ) -> Mapping[str, Any]:
        options = {"iss": {"values": [self.issuer]}, "aud": {"values": [self.client_id]}}
        params = {"client_id": self.client_id, "nonce": nonce}
        try:
            decoded = self._decoded(client, text)
            token = CodeIDToken(decoded.claims, decoded.header, options, params)
            token.validate(now=int(now.timestamp()), leeway=SKEW)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
            raise SignInRefused("the university's answer does not hold") from error
        return dict(token)

    def _decoded(self, client: OAuth2Client, text: str) -> jwt.Token:
        try:
            return jwt.decode(text, self._keys(client), algorithms=ALGORITHMS)
        except (JoseError, ValueError):  # a key we have not seen yet, perhaps
            self._kept.pop(self._endpoint(client, "jwks_uri"), None)
            return jwt.decode(text, self._keys(client), algorithms=ALGORITHMS)

    def _keys(self, client: OAuth2Client) -> KeySet:
        found = self._document(client, self._endpoint(client, "jwks_uri"))
        return KeySet.import_key_set({"keys": list(found.get("keys", []))})

    def _endpoint(self, client: OAuth2Client, name: str) -> str:
        place = self.issuer.rstrip("/") + "/.well-known/openid-configuration"
        described = self._document(client, place)
        if described.get("issuer") != self.issuer:
            raise Unreachable("the provider describes itself as another one")
        address = str(described.get(name) or "")
        if not _is_safe(address):
            raise Unreachable(f"the provider has no {name} that can be used")
        return address

    def _document(self, client: OAuth2Client, address: str) -> Mapping[str, Any]:
        with self._lock:
            since, kept = self._kept.get(address, (0.0, {}))
            if kept and time.monotonic() - since < KEPT:
                return kept
            try:
                answer = client.request("GET", address, withhold_token=True)
                answer.raise_for_status()
                found = answer.json() if len(answer.content) <= MAX_BYTES else None
            except (httpx.HTTPError, ValueError) as error:
                raise Unreachable("the university's sign-in does not answer") from error
            if not isinstance(found, dict):
                raise Unreachable("the university's sign-in answers with something else")
            self._kept[address] = (time.monotonic(), found)
            return found

    @contextmanager
    def _client(self) -> Iterator[OAuth2Client]:
        with OAuth2Client(
            client_id=self.client_id,
            client_secret=self.client_secret,
            token_endpoint_auth_method="client_secret_basic" if self.client_secret else "none",
            scope=SCOPE,
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            timeout=PATIENCE,
            follow_redirects=False,
            trust_env=False,
        ) as client:
            yield client


def provider_of(settings: Settings) -> Provider | None:
    """Return the provider the operator named; None where there is none.

    Raises:
        InvalidSettings: its address is no https address, or the client has no name there.
    """
    if not settings.oidc_issuer:
        return None
    if not _is_safe(settings.oidc_issuer):
        raise InvalidSettings("LEARNSEAL_OIDC_ISSUER: name an https address")
    if not settings.oidc_client_id:
        raise InvalidSettings("LEARNSEAL_OIDC_CLIENT_ID: name this service as the provider does")
    secret = settings.oidc_client_secret_file
    try:
        text = secret.read_text().strip() if secret else None
    except OSError as error:
        raise InvalidSettings(f"LEARNSEAL_OIDC_CLIENT_SECRET_FILE: {error.strerror}") from error
    label = settings.oidc_label or urlsplit(settings.oidc_issuer).hostname or ""
    where = settings.origin + RETURN
    return Provider(settings.oidc_issuer, settings.oidc_client_id, where, text, label)


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
