"""The keys an issuer had when we saw it before, and whether it has other ones now.

Spec: row V18 of the threat model: a web address can be taken over, and the new owner writes a
      document with keys of its own.
Shape: issuer → thumbprints (RFC 7638). A document that still lists a key we knew, in use, retired
       or revoked, is a rotation; one from which all of them are gone at once is a remark. Only
       identities that are web addresses have a history: did:key and did:jwk are their key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from badges.verify.case import Case
from badges.verify.keys import KeyRing, is_web
from badges.verify.named_keys import issuer_of
from badges.verify.outcome import Finding, Outcome
from badges.verify.presented import Form, Presented
from badges.verify.report import Report
from badges.verify.web_keys import Search, keys_of_server
from did.errors import DidError
from did.jwk import thumbprint

__all__ = ["CHANGED", "Seen", "changed", "issuers", "seen"]

CHANGED = "issuer_key_changed"

MAX_KEYS = 20
"""Most keys of one issuer that are worth remembering."""

_SOUND = ("structure", "proof")


@dataclass(frozen=True, slots=True)
class Seen:
    """What one check saw of an issuer."""

    keys: tuple[str, ...]
    is_explained: bool
    """Whether nothing was known before, or a key that was is still listed."""


def issuers(presented: Presented) -> frozenset[str]:
    """Name the issuers whose history matters for `presented`."""
    names = {issuer_of(one) for one in _credentials(presented) if one.problem is None}
    return frozenset(name for name in names if name is not None and _has_history(name))


def changed(case: Case, signed_with: str) -> Finding | None:
    """Return the remark that the issuer's keys are others than before, if they are."""
    issuer = case.issuer or ""
    known = case.policy.known_keys.get(issuer, frozenset())
    if not known or known & set(_listed(case.ring, issuer)):
        return None
    detail = f"{signed_with}; {len(known)} known before, none of them listed now"
    return Finding("issuer", Outcome.FAILED, CHANGED, detail)


def seen(case: Case, report: Report) -> Mapping[str, Seen]:
    """Return the keys of the issuers whose signature and key held."""
    reports = report.inner if case.presented.form is Form.PRESENTATION else (report,)
    found = dict[str, Seen]()
    for one, told in zip(_credentials(case.presented), reports, strict=False):
        issuer = issuer_of(one) if one.problem is None else None
        if issuer is not None and _has_history(issuer) and _holds(told):
            explained = told.finding("issuer") is not None and not _is_changed(told)
            found[issuer] = Seen(_listed(case.ring, issuer), explained)
    return found


def _credentials(presented: Presented) -> tuple[Presented, ...]:
    return presented.inner if presented.form is Form.PRESENTATION else (presented,)


def _has_history(issuer: str) -> bool:
    return issuer.startswith("did:web:") or is_web(issuer)


def _holds(report: Report) -> bool:
    sound = all(_outcome(report, name) is Outcome.PASSED for name in _SOUND)
    return sound and (_outcome(report, "issuer") is Outcome.PASSED or _is_changed(report))


def _outcome(report: Report, name: str) -> Outcome | None:
    finding = report.finding(name)
    return None if finding is None else finding.outcome


def _is_changed(report: Report) -> bool:
    finding: Any = report.finding("issuer")
    return finding is not None and finding.code == CHANGED


def _listed(ring: KeyRing, issuer: str) -> tuple[str, ...]:
    """Return the thumbprints of all keys in the issuer's document, whatever their state."""
    if is_web(issuer):
        keys = keys_of_server(Search(ring.evidence, ring.now), issuer) or []
    else:
        try:
            keys = [method.public_key for method in ring.document(issuer).every_method()]
        except DidError:
            keys = []
    return tuple(dict.fromkeys(thumbprint(key) for key in keys[:MAX_KEYS]))
