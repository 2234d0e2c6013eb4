"""Every timestamp of one signature, checked over the characters it should cover.

Spec: ETSI TS 119 182-1 §5.2.6 (``adoTst``), §5.3.4 (``sigTst``), §5.3.5 (``sigRTst``,
      ``rfsTst``), §5.3.6 (``arcTst``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from badges.errors import MalformedCredential, TimestampInvalid
from badges.proofs.jades.counter_signature import counter_signature
from badges.proofs.jades.encoding import from_b64url
from badges.proofs.jades.opened import Opened
from badges.proofs.jades.path import find_path, issuer_among
from badges.proofs.jades.report import Finding, Outcome
from badges.proofs.jades.timestamp import Timestamp, verify_token
from badges.proofs.jades.trust import TrustAnchors
from badges.proofs.jades.unsigned import Property, archive_input, references_input, tokens

__all__ = ["Stamps", "stamps"]

KINDS = {
    "adoTst": "content-timestamp",
    "sigTst": "signature-timestamp",
    "sigRTst": "references-timestamp",
    "rfsTst": "references-timestamp",
    "arcTst": "archive-timestamp",
}
"""Names on the wire → names of the checks."""


@dataclass(frozen=True, slots=True)
class Stamps:
    """What the timestamps say."""

    findings: tuple[Finding, ...]
    sealed: tuple[tuple[datetime, bool], ...]
    """Times of the good signature timestamps, and whether their authority is on the list."""

    certificates: tuple[x509.Certificate, ...]

    @property
    def first(self) -> datetime | None:
        """The earliest time a good signature timestamp gives."""
        return min((time for time, _ in self.sealed), default=None)

    def proven_at(self, trust: TrustAnchors) -> datetime | None:
        """Return the earliest time that counts: with a list, only its authorities do."""
        good = [time for time, listed in self.sealed if listed or not trust.is_checked]
        return min(good, default=None)


@dataclass(frozen=True, slots=True)
class _Checked:
    kind: str
    token: Timestamp | None
    fault: str = ""


def stamps(found: Opened, trust: TrustAnchors) -> Stamps:
    """Check every timestamp and counter-signature of one signature."""
    checked = [*_content(found), *_unsigned(found)]
    findings = [_finding(each) for each in checked]
    findings += [
        counter_signature(p.value, found.part) for p in found.properties if p.name == "cSig"
    ]
    good = [(each.kind, each.token) for each in checked if each.token is not None]
    on_list = [_is_listed(token, trust, found.pool) for _, token in good]
    if good and trust.is_checked:
        findings.append(_trust_finding(all(on_list)))
    unlisted = [token for (_, token), ok in zip(good, on_list, strict=True) if not ok]
    findings += [loose for token in unlisted for loose in _loose(token, found.pool)]
    return Stamps(
        tuple(findings),
        tuple(
            (t.time, ok) for (kind, t), ok in zip(good, on_list, strict=True) if kind == "sigTst"
        ),
        tuple(certificate for _, token in good for certificate in token.certificates),
    )


def _content(found: Opened) -> Iterator[_Checked]:
    header, payload = found.header, found.jws.payload or ""
    if "adoTst" not in header.members:
        return
    try:
        octets = from_b64url(payload) if header.is_b64 else payload.encode()
    except (MalformedCredential, UnicodeEncodeError) as error:
        yield _Checked("adoTst", None, str(error))
        return
    yield from _tokens("adoTst", header.members["adoTst"], (octets,))


def _unsigned(found: Opened) -> Iterator[_Checked]:
    for place, each in enumerate(found.properties):
        if each.name in KINDS:
            yield from _tokens(each.name, each.value, _inputs(found, each, place))


def _inputs(found: Opened, each: Property, place: int) -> tuple[bytes, ...]:
    """Return the octets that may stand under a timestamp (one, but for clear ``sigTst``)."""
    part, before = found.part, found.properties[:place]
    if each.name == "sigTst":
        text = part.signature.encode()
        return (text,) if each.text is not None else (text, from_b64url(part.signature))
    if each.name == "arcTst":
        covered = archive_input(found.jws.payload or "", part, before)
        return () if covered is None else (covered,)
    return (references_input(part, each, before),)


def _tokens(kind: str, container: object, inputs: tuple[bytes, ...]) -> Iterator[_Checked]:
    try:
        for token in tokens(container):
            yield _checked(kind, token, inputs)
    except MalformedCredential as error:
        yield _Checked(kind, None, str(error))


def _checked(kind: str, token: bytes, inputs: tuple[bytes, ...]) -> _Checked:
    fault = "what it covers cannot be rebuilt from clear entries"
    for octets in inputs:
        try:
            return _Checked(kind, verify_token(token, octets))
        except TimestampInvalid as error:
            fault = str(error)
    return _Checked(kind, None, fault)


def _finding(checked: _Checked) -> Finding:
    check = KINDS[checked.kind]
    if checked.token is None:
        return Finding(check, Outcome.FAILED, f"{check}-invalid", checked.fault)
    return Finding(
        check, Outcome.PASSED, f"{check}-valid", f"{checked.token.time:%Y-%m-%dT%H:%M:%SZ}"
    )


def _is_listed(token: Timestamp, trust: TrustAnchors, pool: Sequence[x509.Certificate]) -> bool:
    everyone = (*token.certificates, *pool)
    return find_path(token.authority, everyone, trust.timestamps, token.time).anchored


def _loose(token: Timestamp, pool: Sequence[x509.Certificate]) -> Iterator[Finding]:
    """Yield a finding where a certificate in the token stands on nothing that is here.

    No signature covers the other certificates of a token, so a changed one must show here.
    """
    everyone = (*token.certificates, *pool)
    for each in token.certificates:
        if each != token.authority and issuer_among(each, everyone) is None:
            detail = f"nothing here vouches for {each.subject.rfc4514_string()} in a timestamp"
            check = "timestamp-certificates"
            yield Finding(check, Outcome.UNKNOWN, "timestamp-certificate-unproven", detail)


def _trust_finding(listed: bool) -> Finding:
    if listed:
        return Finding("timestamp-trust", Outcome.PASSED, "timestamp-authority-trusted")
    detail = "a timestamp authority is not on the trust list: its time counts for nothing"
    return Finding("timestamp-trust", Outcome.UNKNOWN, "timestamp-authority-not-listed", detail)
