"""What VC-API is given for verifying, and when its answer is yes.

The verifier itself is `issuer.verify`; `issuer.app` hands it in.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from fastapi import Request

from badges.verify import Policy

__all__ = ["Checker", "checker_of", "failures", "policy_for"]

DECISIVE = frozenset({"structure", "proof", "issuer", "dates", "status", "credentials", "holder"})
"""Checks that must not fail or stay open; the others are warnings to this kind of caller."""


TOLERATED = frozenset({"holder-differs", "issuer-key-unconfirmed", "issuer_key_changed"})
"""Findings that VC-API leaves to its caller: somebody may present what was issued to another, and
what is to be known of the issuer's key is in the report."""


HOLDER_PROVED = frozenset({"holder-proved", "holder-signed"})
"""Findings with which a presentation of nothing says something: who its holder is (VCDM §4.13)."""


class Checker(Protocol):
    """Checks a document from a stranger and reports."""

    async def __call__(self, document: bytes, policy: Policy) -> Mapping[str, Any]:
        """Return the report of the public contract."""
        ...


def checker_of(request: Request) -> Checker:
    """Return the verifier of the service this request came to."""
    checker: Checker = request.app.state.checker
    return checker


def policy_for(options: Mapping[str, Any]) -> Policy:
    """Return what the caller's options ask for; ``checks: ["proof"]`` looks at proofs only."""
    challenge, domain = options.get("challenge"), options.get("domain")
    return Policy(
        challenge=challenge if isinstance(challenge, str) else None,
        domain=domain if isinstance(domain, str) else None,
        proof_only=options.get("checks") == ["proof"],
    )


def failures(report: Mapping[str, Any], policy: Policy) -> list[dict[str, str]]:
    """Return what speaks against the document; nothing does if it is verified."""
    decisive = {"structure", "proof"} if policy.proof_only else DECISIVE
    found = [
        {"check": f["check"], "code": f["code"], "detail": f["detail"]}
        for f in report["findings"]
        if f["check"] in decisive and f["outcome"] in {"failed", "unknown"}
        if f["code"] not in TOLERATED
    ]
    if any(f["code"] in HOLDER_PROVED for f in report["findings"]):
        found = [f for f in found if f["code"] != "no-credentials"]
    for inner in report.get("credentials", ()):
        found += failures(inner, policy)
    return found
