"""What the wallet itself checks: does the credential hold, is it bound to this key, does it stand?

Shape: the same verifier as everywhere (`badges.verify`), fed with what the wallet fetches now.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx

from badges.errors import BadgeError
from badges.verify import Case, Form, Outcome, Policy, Report, Verdict, check, needs, read
from did import jwk
from did.errors import DidError
from did.fetch import Fetched
from did.public_key import PublicKey
from did.signer import did_key_method
from wallet_demo.door import ask
from wallet_demo.errors import NotForThisWallet, NotTrustworthy, Unreachable

__all__ = ["check_received", "verify"]

ROUNDS = 4
"""Keys, then lists, then the keys of lists, then nothing new."""

FORM_OF = {
    "ldp_vc": Form.EMBEDDED,
    "jwt_vc_json": Form.VC_JWT,
    "dc+sd-jwt": Form.SD_JWT_VC,
}
"""What each format of OpenID4VCI must turn out to be."""

GENUINE = ("structure", "proof", "issuer")
"""Findings without which a credential is not worth keeping."""


def verify(http: httpx.Client, credential: bytes, now: datetime, *, local: bool = False) -> Report:
    """Check a credential with what the network says now; what cannot be had is not known."""
    presented, policy = read(credential), Policy(allow_local=local)
    evidence: dict[str, Fetched] = {}
    asked: set[str] = set()
    for _ in range(ROUNDS):
        wanted = needs(presented, evidence, policy) - asked
        if not wanted:
            break
        asked |= wanted
        evidence |= _gather(http, wanted, now, local=local)
    return check(Case(presented, evidence, policy, now))


def check_received(report: Report, credential: bytes, expected: str, key: PublicKey) -> None:
    """Refuse what an honest issuer would not send to this key.

    Raises:
        NotTrustworthy: another format than promised, not genuine, or no longer in force.
        NotForThisWallet: bound to another key.
    """
    presented = read(credential)
    if presented.form is not FORM_OF[expected]:
        raise NotTrustworthy(f"{presented.form} came where {expected} was promised")
    found = {finding.check: finding.outcome for finding in report.findings}
    if report.verdict is Verdict.NOT_VALID or any(
        found.get(name) is not Outcome.PASSED for name in GENUINE
    ):
        raise NotTrustworthy(report.summary())
    bound = _cnf(presented.document) if presented.form is Form.SD_JWT_VC else _subject(presented)
    if bound not in (jwk.thumbprint(key), did_key_method(key).partition("#")[0]):
        raise NotForThisWallet("the credential names the key of somebody else")


def _gather(
    http: httpx.Client, urls: frozenset[str], now: datetime, *, local: bool
) -> dict[str, Fetched]:
    found = {}
    for url in sorted(urls):
        for place in _places(url, local=local):
            try:
                answer = ask(http, "GET", place, headers={"accept": "*/*"})
            except Unreachable:
                continue
            found[url] = Fetched(url, answer.status, answer.content_type, {}, answer.body, now)
            break
    return found


def _places(url: str, *, local: bool) -> tuple[str, ...]:
    """Return where to ask: did:web means https, but a service in development has none."""
    if local and url.startswith("https://localhost:"):
        return url, f"http{url.removeprefix('https')}"
    return (url,)


def _subject(presented: Any) -> str | None:
    subject = presented.document.get("credentialSubject")
    if isinstance(subject, list) and len(subject) == 1:
        subject = subject[0]
    name = subject.get("id") if isinstance(subject, Mapping) else None
    return name if isinstance(name, str) else None


def _cnf(claims: Mapping[str, Any]) -> str | None:
    """Return what names the holder's key: the thumbprint of a bare one, or its DID."""
    cnf = claims.get("cnf")
    if not isinstance(cnf, Mapping):
        return None
    if isinstance(cnf.get("kid"), str):
        return str(cnf["kid"]).partition("#")[0]
    try:
        return jwk.thumbprint(jwk.from_jwk(cnf.get("jwk", {})))
    except (DidError, BadgeError, AttributeError):
        return None
