"""What VC-API is given for verifying, and when its answer is yes.

The verifier itself is `issuer.verify`; `issuer.app` hands it in.
"""

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from fastapi import Request

from badges.verify import Policy
from badges.verify.codes import CODES
from issuer.web.problems import type_of

__all__ = ["Checker", "checker_of", "failures", "policy_for", "problem_details"]

DECISIVE = frozenset({"structure", "proof", "issuer", "dates", "status", "credentials", "holder"})
"""Checks that must not fail or stay open; the others are warnings to this kind of caller."""


CONTRADICTED = frozenset({"resources"})
"""Checks that must not fail, but may stay open: VCDM 2.0 §5.3 asks for an error when a document
has another fingerprint, not when it cannot be had."""


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


def problem_details(against: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return what speaks against a document as problem details (VCDM 2.0 §7.2, RFC 9457)."""
    return [
        {
            "type": type_of(found["code"]),
            "title": CODES[found["code"]].title if found["code"] in CODES else found["code"],
            "detail": found["detail"],
        }
        for found in against
    ]


def failures(report: Mapping[str, Any], policy: Policy) -> list[dict[str, str]]:
    """Return what speaks against the document; nothing does if it is verified."""
    decisive = {"structure", "proof"} if policy.proof_only else DECISIVE
    found = [
        {"check": f["check"], "code": f["code"], "detail": f["detail"]}
        for f in report["findings"]
        if _speaks_against(f, decisive)
    ]
    if any(f["code"] in HOLDER_PROVED for f in report["findings"]):
        found = [f for f in found if f["code"] != "no-credentials"]
    for inner in report.get("credentials", ()):
        found += failures(inner, policy)
    return found


def _speaks_against(finding: Mapping[str, Any], decisive: Collection[str]) -> bool:
    bad = finding["check"] in decisive and finding["outcome"] in {"failed", "unknown"}
    contradicted = finding["check"] in CONTRADICTED and finding["outcome"] == "failed"
    return (bad or contradicted) and finding["code"] not in TOLERATED
