"""From a certificate up to a trust anchor, as things stood at one moment.

Spec: RFC 5280 §6.1, without policies and name constraints: a certificate that makes one of those
      critical is not understood and ends the path.
Why our own: the verifier of `cryptography` knows only TLS servers and clients.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from badges.errors import MalformedCredential
from badges.proofs.x509 import Constraints, constraints, is_current, is_issued_by

__all__ = ["Path", "find_path", "issuer_among"]

MAX_LENGTH = 8
"""Most certificates of a path; real ones have two to four."""

MAX_CHECKS = 60
"""Most signatures checked to find a path: crossed certificates must not become a maze."""

_UNDERSTOOD = {
    *("basic_constraints", "key_usage", "extended_key_usage", "certificate_policies"),
    *("subject_alt_name", "issuer_alt_name", "crl_distribution_points", "qc_statements"),
}


@dataclass(frozen=True, slots=True)
class Path:
    """A chain, the certificate in question first; `anchored` when it reached a trust anchor."""

    certificates: tuple[x509.Certificate, ...]
    anchored: bool
    reason: str = ""
    """Why it is not anchored, for people."""


def find_path(
    leaf: x509.Certificate,
    pool: Sequence[x509.Certificate],
    anchors: Sequence[x509.Certificate],
    at: datetime,
) -> Path:
    """Return the path from `leaf` to one of `anchors` that was good at `at`, if there is one.

    Without anchors the longest chain is returned, never anchored.
    """
    longest: tuple[x509.Certificate, ...] = (leaf,)
    for chain in _chains(leaf, (*anchors, *pool), anchors):
        reason = _first_fault(chain, anchors, at)
        if chain[-1] in anchors and not reason:
            return Path(chain, anchored=True)
        longest = max(longest, chain, key=len)
    return Path(longest, anchored=False, reason=_first_fault(longest, anchors, at) or _NO_ANCHOR)


_NO_ANCHOR = "it does not lead to a certificate on the trust list"


def issuer_among(
    certificate: x509.Certificate, pool: Sequence[x509.Certificate]
) -> x509.Certificate | None:
    """Return the certificate of `pool` that issued `certificate`, or None."""
    return next((each for each in pool if is_issued_by(certificate, each)), None)


def _chains(
    leaf: x509.Certificate,
    pool: Sequence[x509.Certificate],
    anchors: Sequence[x509.Certificate],
) -> Iterator[tuple[x509.Certificate, ...]]:
    """Yield the chains from `leaf` up, depth first, as long as the allowance lasts."""
    everyone, left = tuple(dict.fromkeys(pool)), MAX_CHECKS
    waiting: list[tuple[x509.Certificate, ...]] = [(leaf,)]
    while waiting:
        chain = waiting.pop()
        named = [] if chain[-1] in anchors else _named(chain, everyone)[:left]
        left -= len(named)
        fitting = [each for each in named if is_issued_by(chain[-1], each)]
        waiting.extend((*chain, each) for each in reversed(fitting))
        if not fitting:
            yield chain


def _named(
    chain: tuple[x509.Certificate, ...], everyone: Sequence[x509.Certificate]
) -> list[x509.Certificate]:
    """Return who bears the name of the chain's last issuer and is not in it yet."""
    if len(chain) == MAX_LENGTH:
        return []
    name = chain[-1].issuer
    return [each for each in everyone if each.subject == name and each not in chain]


def _first_fault(
    chain: Sequence[x509.Certificate], anchors: Sequence[x509.Certificate], at: datetime
) -> str:
    for below, certificate in enumerate(chain):
        name = certificate.subject.rfc4514_string()
        try:
            fault = _fault(certificate, below, is_anchor=certificate in anchors, at=at)
        except MalformedCredential as error:
            fault = str(error)
        if fault:
            return f"{name}: {fault}"
        if certificate in anchors:
            return ""
    return ""


def _fault(certificate: x509.Certificate, below: int, *, is_anchor: bool, at: datetime) -> str:
    allowed = constraints(certificate)
    is_old_root = is_anchor and certificate.version is not x509.Version.v3
    if below and not is_old_root and not _may_issue(allowed, below - 1):
        return "may not issue certificates"
    if is_anchor:
        return ""  # on the list: its own dates no longer matter (ETSI EN 319 102-1 §5.2.6)
    if not is_current(certificate, at):
        return f"not valid on {at:%Y-%m-%d}"
    if unknown := sorted(allowed.critical - _UNDERSTOOD):
        return f"critical extensions we do not know ({', '.join(unknown)})"
    return ""


def _may_issue(allowed: Constraints, authorities_below: int) -> bool:
    limit = allowed.max_path_length
    if not allowed.is_authority or (limit is not None and authorities_below > limit):
        return False
    return allowed.key_usage is None or "key_cert_sign" in allowed.key_usage
