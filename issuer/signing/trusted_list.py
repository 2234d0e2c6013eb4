"""A national trusted list of the EU: which authorities may vouch for seals and for timestamps.

Spec: ETSI TS 119 612 §5.5 (services: type, status, since when, history), §5.5.9.4 (for seals).
Shape: one XML file → services with their certificates and what was said of them from when on.
Signature: not checked here. A list is believed because the operator put the file where it is, so
           it must come from somebody the operator vouches for (docs/seals.md).
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from lxml import etree  # type: ignore[import-untyped]

from badges.errors import MalformedCredential
from badges.proofs.jades import TrustAnchors
from badges.proofs.x509 import read_certificate
from issuer.errors import TrustListUnreadable

__all__ = ["Service", "TrustedList", "read_trusted_list"]

MAX_BYTES = 32 * 2**20
"""Most bytes of a list: real ones have up to ten million."""

NAMES = {"t": "http://uri.etsi.org/02231/v2#"}
ROOT = "{http://uri.etsi.org/02231/v2#}TrustServiceStatusList"
GRANTED = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted"
FOR_SEALS = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/ForeSeals"
SEALS = "http://uri.etsi.org/TrstSvc/Svctype/CA/QC"
TIMESTAMPS = "http://uri.etsi.org/TrstSvc/Svctype/TSA/QTST"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is said of a service from a moment on."""

    since: datetime
    kind: str
    is_granted: bool
    is_for_seals: bool


@dataclass(frozen=True, slots=True)
class Service:
    """One service of one provider."""

    certificates: tuple[x509.Certificate, ...]
    standings: tuple[Standing, ...]
    """Newest first."""

    def at(self, moment: datetime) -> Standing | None:
        """Return what was said of it at a moment; None before it was on the list."""
        return next((each for each in self.standings if each.since <= moment), None)


@dataclass(frozen=True, slots=True)
class TrustedList:
    """See `badges.proofs.jades.TrustList`."""

    territory: str
    next_update: datetime | None
    """Until when it may be relied on; None: it is closed, and counts for nothing."""

    services: tuple[Service, ...]

    def is_current(self, now: datetime) -> bool:
        """Tell whether it may still be relied on."""
        return self.next_update is not None and now <= self.next_update

    def anchors(self, at: datetime) -> TrustAnchors:
        """Return the certificates of the services that were granted at `at`."""
        granted = [
            (standing, service.certificates)
            for service in self.services
            if (standing := service.at(at)) and standing.is_granted
        ]
        return TrustAnchors(
            tuple(c for s, found in granted if s.kind == SEALS and s.is_for_seals for c in found),
            tuple(c for s, found in granted if s.kind == TIMESTAMPS for c in found),
        )


def read_trusted_list(octets: bytes) -> TrustedList:
    """Return what a list says.

    Raises:
        TrustListUnreadable: too large, no XML, with a document type, or no trusted list.
    """
    root = _parsed(octets)
    scheme = root.find("t:SchemeInformation", NAMES)
    if root.tag != ROOT or scheme is None:
        raise TrustListUnreadable("this XML is no trusted list (ETSI TS 119 612)")
    update = scheme.findtext("t:NextUpdate/t:dateTime", namespaces=NAMES)
    services = root.iterfind(".//t:TSPService", NAMES)
    return TrustedList(
        scheme.findtext("t:SchemeTerritory", default="", namespaces=NAMES).strip(),
        _moment(update) if update else None,
        tuple(_service(each) for each in services),
    )


def _parsed(octets: bytes) -> Any:
    if len(octets) > MAX_BYTES:
        raise TrustListUnreadable(f"a trusted list has at most {MAX_BYTES // 2**20} MB")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(octets, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise TrustListUnreadable("the trusted list is no well-formed XML") from error
    if root.getroottree().docinfo.doctype:
        raise TrustListUnreadable("a trusted list has no document type")
    return root


def _service(node: Any) -> Service:
    now = node.find("t:ServiceInformation", NAMES)
    before = node.iterfind("t:ServiceHistory/t:ServiceHistoryInstance", NAMES)
    if now is None:
        raise TrustListUnreadable("a service on the trusted list says nothing of itself")
    standings = [_standing(each) for each in (now, *before)]
    newest_first = sorted(standings, key=lambda each: each.since, reverse=True)
    return Service(tuple(_certificates(now)), tuple(newest_first))


def _standing(node: Any) -> Standing:
    uris = {
        (found.text or "").strip()
        for found in node.iterfind(
            "t:ServiceInformationExtensions/t:Extension/t:AdditionalServiceInformation/t:URI", NAMES
        )
    }
    return Standing(
        _moment(node.findtext("t:StatusStartingTime", default="", namespaces=NAMES)),
        node.findtext("t:ServiceTypeIdentifier", default="", namespaces=NAMES).strip(),
        node.findtext("t:ServiceStatus", default="", namespaces=NAMES).strip() == GRANTED,
        FOR_SEALS in uris,
    )


def _certificates(node: Any) -> Iterator[x509.Certificate]:
    path = "t:ServiceDigitalIdentity/t:DigitalId/t:X509Certificate"
    for each in node.iterfind(path, NAMES):
        try:
            yield read_certificate(base64.b64decode("".join((each.text or "").split())))
        except (binascii.Error, ValueError, MalformedCredential) as error:
            raise TrustListUnreadable("a certificate on the trusted list is broken") from error


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise TrustListUnreadable(f"the trusted list has a time that is none: {text!r}") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
