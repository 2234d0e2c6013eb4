"""Play a wallet against any issuer and say, step by step, what holds and what does not.

Spec: OpenID4VCI 1.0, as a wallet reads it; the checks are those a strict wallet makes.
Shape: `check_offer` yields a `Step` for each thing looked at; the first failure ends the flow.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from badges import strict_json
from badges.errors import BadgeError
from badges.proofs import jws
from badges.verify import read
from did.errors import DidError
from did.signer import Signer
from issuer.oid4vci.messages import PRE_AUTHORIZED
from issuer.oid4vci.model import Format

__all__ = ["Step", "check_offer"]

MAX_BODY = 4 * 2**20


class StepFailed(Exception):
    """This is not as a wallet needs it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was looked at."""

    name: str
    passed: bool
    detail: str


@dataclass(slots=True)
class _Visit:
    """What the wallet knows so far."""

    uri: str
    http: httpx.Client
    signer: Signer
    now: Callable[[], datetime]
    tx_code: str | None
    offer: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    server: dict[str, Any] = field(default_factory=dict)
    token: dict[str, Any] = field(default_factory=dict)
    nonce: str | None = None
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def configuration_id(self) -> str:
        """Return what is asked for: the first thing offered."""
        return str(self.offer["credential_configuration_ids"][0])

    @property
    def configuration(self) -> Mapping[str, Any]:
        """Return what the metadata says about it."""
        found: Mapping[str, Any] = self.metadata["credential_configurations_supported"][
            self.configuration_id
        ]
        return found


def check_offer(
    uri: str,
    *,
    http: httpx.Client,
    signer: Signer,
    now: Callable[[], datetime],
    tx_code: str | None = None,
) -> Iterator[Step]:
    """Walk the whole pre-authorized flow of the offer in `uri`; it is used up by that."""
    visit = _Visit(uri, http, signer, now, tx_code)
    for name, take in _STEPS:
        try:
            detail = take(visit)
        except (StepFailed, BadgeError, DidError) as problem:
            yield Step(name, passed=False, detail=str(problem))
            return
        except httpx.HTTPError as problem:
            yield Step(name, passed=False, detail=f"{type(problem).__name__}: {problem}")
            return
        except (KeyError, TypeError, IndexError) as problem:
            yield Step(
                name, passed=False, detail=f"a member is missing or of another kind: {problem}"
            )
            return
        yield Step(name, passed=True, detail=detail)


def _offer(visit: _Visit) -> str:
    query = parse_qs(urlsplit(visit.uri).query)
    by_value, by_reference = query.get("credential_offer"), query.get("credential_offer_uri")
    if (by_value is None) == (by_reference is None):
        raise StepFailed("needs exactly one of credential_offer and credential_offer_uri")
    if by_value:
        visit.offer = _object(by_value[0].encode())
    else:
        visit.offer = _get(visit, (by_reference or [""])[0], "the offer")
    ids = visit.offer["credential_configuration_ids"]
    if not ids or len(set(ids)) < len(ids):
        raise StepFailed("credential_configuration_ids is empty or repeats itself")
    if visit.offer["credential_issuer"].rstrip("/") != visit.offer["credential_issuer"]:
        raise StepFailed("credential_issuer ends with a slash: wallets will miss the metadata")
    return f"{len(ids)} configuration(s) by {'value' if by_value else 'reference'}"


def _metadata(visit: _Visit) -> str:
    issuer = visit.offer["credential_issuer"]
    visit.metadata = _get(visit, _well_known(issuer, "openid-credential-issuer"), "the metadata")
    if visit.metadata["credential_issuer"] != issuer:
        raise StepFailed(
            f"metadata says {visit.metadata['credential_issuer']}, offer says {issuer}"
        )
    if visit.configuration_id not in visit.metadata["credential_configurations_supported"]:
        raise StepFailed(f"the metadata has no configuration {visit.configuration_id}")
    if visit.configuration["format"] not in set(Format):
        raise StepFailed(f"format {visit.configuration['format']} is not one we can look into")
    return f"{visit.configuration_id} as {visit.configuration['format']}"


def _server(visit: _Visit) -> str:
    servers = visit.metadata.get("authorization_servers") or [visit.offer["credential_issuer"]]
    place = _well_known(servers[0], "oauth-authorization-server")
    visit.server = _get(visit, place, "the server metadata")
    if visit.server["issuer"] != servers[0]:
        raise StepFailed(f"issuer is {visit.server['issuer']}, expected {servers[0]}")
    return str(visit.server["token_endpoint"])


def _token(visit: _Visit) -> str:
    grant = visit.offer.get("grants", {}).get(PRE_AUTHORIZED)
    if grant is None:
        raise StepFailed("no pre-authorized code: only a browser can go on")
    form = {"grant_type": PRE_AUTHORIZED, "pre-authorized_code": grant["pre-authorized_code"]}
    if "tx_code" in grant:
        if visit.tx_code is None:
            raise StepFailed("the offer asks for a transaction code: give it with --tx-code")
        form["tx_code"] = visit.tx_code
    answer = visit.http.post(visit.server["token_endpoint"], data=form)
    visit.token = _answer(answer, 200)
    if "no-store" not in answer.headers.get("cache-control", ""):
        raise StepFailed("the token answer may be cached: Cache-Control: no-store is missing")
    if visit.token["token_type"].lower() != "bearer":
        raise StepFailed(f"token_type {visit.token['token_type']} although no DPoP proof was sent")
    return f"{visit.token['token_type']}, {visit.token.get('expires_in', '?')} s"


def _nonce(visit: _Visit) -> str:
    if "nonce_endpoint" not in visit.metadata:
        return "no nonce endpoint"
    visit.nonce = str(_answer(visit.http.post(visit.metadata["nonce_endpoint"]), 200)["c_nonce"])
    return "fresh nonce"


def _credential(visit: _Visit) -> str:
    request: dict[str, Any] = {"proofs": {"jwt": [_proof(visit)]}}
    details = visit.token.get("authorization_details")
    if details:
        request["credential_identifier"] = details[0]["credential_identifiers"][0]
    else:
        request["credential_configuration_id"] = visit.configuration_id
    answer = visit.http.post(
        visit.metadata["credential_endpoint"], json=request, headers=_authorised(visit)
    )
    if answer.status_code == 202:
        raise StepFailed("the issuer defers: the credential comes later, we do not wait")
    visit.answer = _answer(answer, 200)
    if foreign := sorted(set(visit.answer) - {"credentials", "notification_id"}):
        raise StepFailed(f"members 1.0 does not know: {', '.join(foreign)}")
    return f"{len(visit.answer['credentials'])} credential(s)"


def _readable(visit: _Visit) -> str:
    credential = visit.answer["credentials"][0]["credential"]
    text = credential if isinstance(credential, str) else json.dumps(credential)
    presented = read(text.encode())
    document, did = presented.document, visit.signer.verification_method.partition("#")[0]
    if visit.configuration["format"] == Format.SD_JWT_VC:
        if "cnf" not in document:
            raise StepFailed("the credential is not bound to the key of the wallet (cnf)")
        if document.get("vct") != visit.configuration["vct"]:
            raise StepFailed("vct is not the one of the metadata")
        return "bound by cnf"
    subject = document.get("credentialSubject")
    if not isinstance(subject, Mapping) or subject.get("id") != did:
        raise StepFailed("the credential is not bound to the DID of the wallet")
    return f"{presented.form} bound to the wallet's DID"


def _notification(visit: _Visit) -> str:
    name, place = visit.answer.get("notification_id"), visit.metadata.get("notification_endpoint")
    if name is None or place is None:
        return "none asked for"
    body = {"notification_id": name, "event": "credential_accepted"}
    answer = visit.http.post(place, json=body, headers=_authorised(visit))
    if answer.status_code not in (200, 204):
        raise StepFailed(f"HTTP {answer.status_code}: {answer.text[:200]}")
    return "accepted"


_STEPS: tuple[tuple[str, Callable[[_Visit], str]], ...] = (
    ("offer", _offer),
    ("issuer metadata", _metadata),
    ("server metadata", _server),
    ("token", _token),
    ("nonce", _nonce),
    ("credential", _credential),
    ("content", _readable),
    ("notification", _notification),
)


def _proof(visit: _Visit) -> str:
    header = {"typ": "openid4vci-proof+jwt", "kid": visit.signer.verification_method}
    claims: dict[str, Any] = {
        "aud": visit.offer["credential_issuer"],
        "iat": int(visit.now().timestamp()),
    }
    if visit.nonce is not None:
        claims["nonce"] = visit.nonce
    return jws.create(header, strict_json.dumps(claims), visit.signer)


def _authorised(visit: _Visit) -> dict[str, str]:
    return {"Authorization": f"Bearer {visit.token['access_token']}"}


def _well_known(issuer: str, name: str) -> str:
    """Return the address between host and path (RFC 8414 §3.1)."""
    parts = urlsplit(issuer)
    return f"{parts.scheme}://{parts.netloc}/.well-known/{name}{parts.path.rstrip('/')}"


def _get(visit: _Visit, url: str, what: str) -> dict[str, Any]:
    answer = visit.http.get(url, headers={"Accept": "application/json"})
    found = _answer(answer, 200)
    if not answer.headers.get("content-type", "").startswith("application/json"):
        raise StepFailed(f"{what} is not application/json")
    return found


def _answer(answer: httpx.Response, status: int) -> dict[str, Any]:
    if answer.status_code != status:
        raise StepFailed(f"HTTP {answer.status_code} from {answer.url}: {answer.text[:300]}")
    return _object(answer.content)


def _object(body: bytes) -> dict[str, Any]:
    value = strict_json.loads(body, max_bytes=MAX_BODY)
    if not isinstance(value, dict):
        raise StepFailed("the answer is no JSON object")
    return value
