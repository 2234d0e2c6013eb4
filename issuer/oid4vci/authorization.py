"""Letting a wallet in through the browser: authorization requests, pushed or not.

Spec: RFC 6749 §4.1, RFC 7636 (PKCE, S256 only), RFC 9126 (PAR), RFC 9207 (``iss``),
RFC 9396 (``authorization_details``), OpenID4VCI 1.0 §5.
Wallets are public clients that nobody registered: their ``client_id`` proves nothing, the code is
tied to ``redirect_uri`` and ``code_challenge`` instead.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

from badges import strict_json
from badges.errors import MalformedCredential
from badges.proofs.jws import b64url_encode
from issuer.oid4vci.model import Authorization
from issuer.oid4vci.refusal import Code, Refused

__all__ = [
    "authorization_to_json",
    "create_redirect",
    "json_to_authorization",
    "parse_authorization_details",
    "parse_authorization_request",
    "parse_redirect_uri",
    "verify_code_verifier",
]

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)
_FORBIDDEN_SCHEMES = frozenset({"javascript", "data", "vbscript", "file", "blob", "about", ""})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def parse_redirect_uri(parameters: Mapping[str, str]) -> str:
    """Return where the answer goes; errors before this point stay with us (RFC 6749 §4.1.2.1).

    Raises:
        Refused: ``invalid_request``: no client, or no place an answer may be sent to.
    """
    if not parameters.get("client_id"):
        raise Refused(Code.INVALID_REQUEST, "client_id is missing")
    uri = parameters.get("redirect_uri", "")
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError as error:
        raise Refused(Code.INVALID_REQUEST, "redirect_uri is no URL") from error
    if parts.scheme in _FORBIDDEN_SCHEMES or parts.fragment or len(uri) > 2048:
        raise Refused(Code.INVALID_REQUEST, "redirect_uri is missing or may not be used")
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise Refused(Code.INVALID_REQUEST, "redirect_uri needs https")
    return uri


def parse_authorization_request(
    parameters: Mapping[str, str], known: Collection[str], issuer: str
) -> Authorization:
    """Read an authorization request for configurations among `known`.

    Raises:
        Refused: ``unsupported_response_type``, ``invalid_request``, ``invalid_scope`` or
            ``invalid_authorization_details``.
    """
    redirect_uri = parse_redirect_uri(parameters)
    if parameters.get("response_type") != "code":
        raise Refused(Code.UNSUPPORTED_RESPONSE_TYPE, "response_type is code")
    if parameters.get("code_challenge_method") != "S256":
        raise Refused(Code.INVALID_REQUEST, "code_challenge_method is S256")
    if not _CHALLENGE.fullmatch(parameters.get("code_challenge", "")):
        raise Refused(Code.INVALID_REQUEST, "code_challenge is missing or not a SHA-256 hash")
    if "resource" in parameters and parameters["resource"] != issuer:
        raise Refused(Code.INVALID_REQUEST, f"resource is {issuer}")
    details = parameters.get("authorization_details")
    wanted = parse_authorization_details(details, known, issuer) if details else ()
    scoped = _parse_scope(parameters.get("scope"), known)
    return Authorization(
        client_id=parameters["client_id"],
        redirect_uri=redirect_uri,
        code_challenge=parameters["code_challenge"],
        configuration_ids=tuple(dict.fromkeys((*wanted, *scoped))),
        state=parameters.get("state"),
        scope=parameters.get("scope"),
        by_details=bool(details),
        issuer_state=parameters.get("issuer_state"),
        dpop_jkt=parameters.get("dpop_jkt"),
    )


def parse_authorization_details(text: str, known: Collection[str], issuer: str) -> tuple[str, ...]:
    """Return the configurations that ``authorization_details`` asks for (§5.1.1).

    Raises:
        Refused: ``invalid_authorization_details``.
    """
    try:
        details = strict_json.loads(text, max_bytes=16 * 1024)
    except MalformedCredential as error:
        raise Refused(Code.INVALID_AUTHORIZATION_DETAILS, f"not readable: {error}") from error
    if not isinstance(details, list) or not details:
        raise Refused(Code.INVALID_AUTHORIZATION_DETAILS, "an array with at least one object")
    return tuple(_configuration(detail, known, issuer) for detail in details)


def _configuration(detail: Any, known: Collection[str], issuer: str) -> str:
    if not isinstance(detail, dict) or detail.get("type") != "openid_credential":
        raise Refused(Code.INVALID_AUTHORIZATION_DETAILS, "type is openid_credential")
    name = detail.get("credential_configuration_id")
    if not isinstance(name, str) or name not in known:
        raise Refused(Code.INVALID_AUTHORIZATION_DETAILS, "no such credential_configuration_id")
    if "locations" in detail and detail["locations"] != [issuer]:
        raise Refused(Code.INVALID_AUTHORIZATION_DETAILS, f"locations is [{issuer}]")
    return name


def _parse_scope(scope: str | None, known: Collection[str]) -> Sequence[str]:
    names = [name for name in (scope or "").split(" ") if name and name != "openid"]
    if unknown := [name for name in names if name not in known]:
        raise Refused(Code.INVALID_SCOPE, f"no such scope: {' '.join(unknown)[:200]}")
    return names


def create_redirect(uri: str, issuer: str, state: str | None, answer: Mapping[str, str]) -> str:
    """Return `uri` with the answer, the ``state`` it came with and who answers (RFC 9207)."""
    members = {**answer, **({} if state is None else {"state": state}), "iss": issuer}
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode(members)}"


def verify_code_verifier(verifier: str | None, challenge: str) -> None:
    """Check that whoever redeems the code also asked for it (RFC 7636 §4.6).

    Raises:
        Refused: ``invalid_grant``, or ``invalid_request`` when there is none.
    """
    if verifier is None:
        raise Refused(Code.INVALID_REQUEST, "code_verifier is missing")
    if not _VERIFIER.fullmatch(verifier):
        raise Refused(Code.INVALID_GRANT, "code_verifier has not the form of one")
    found = b64url_encode(hashlib.sha256(verifier.encode("ascii")).digest())
    if not hmac.compare_digest(found, challenge):
        raise Refused(Code.INVALID_GRANT, "code_verifier does not fit the code_challenge")


def authorization_to_json(request: Authorization) -> str:
    """Return a request as text for the store."""
    return json.dumps({name: getattr(request, name) for name in Authorization.__slots__})


def json_to_authorization(text: str) -> Authorization:
    """Return a request that was stored."""
    members = json.loads(text)
    return Authorization(**members | {"configuration_ids": tuple(members["configuration_ids"])})
