"""An award as a European Digital Credential, ready to be sealed or uploaded.

Spec: EDC application profile 1.1.0 over VCDM 1.1. A micro-credential is of profile Generic.
Shape: `write_edc` returns the credential as JSON with a fixed order of members;
`frozen` turns it into the bytes that are sealed and never written again.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from badges.award import Award, LangString, Organisation, pick
from badges.edc.building import BADGE_SCHEME, Nodes, coded, concept, language_code, moment, text
from badges.edc.problem import errors
from badges.edc.rules import CONTEXTS, TYPES, check_edc
from badges.edc.write_claim import write_claim
from badges.edc.write_organisation import write_issuer, write_person
from badges.errors import NotExportable
from badges.proofs.x509 import SealIdentity
from contexts.codes import find

__all__ = ["Issue", "Page", "frozen", "unchecked", "write_edc", "write_upload"]

SCHEMA = "http://data.europa.eu/snb/model/ap/edc-generic-full"
GENERIC = "http://data.europa.eu/snb/credential/e34929035b"
MANDATE = "http://data.europa.eu/snb/evidence-type/c_18016257"


@dataclass(frozen=True, slots=True)
class Page:
    """The picture of the credential in one language."""

    language: str
    image: bytes
    media_type: str = "image/png"
    spoken: str = ""
    """The same as text, for who does not see the picture."""


@dataclass(frozen=True, slots=True)
class Issue:
    """The facts of one issuance, beyond the award itself."""

    credential_id: str
    """`urn:credential:<uuid>`."""

    issued: datetime
    pages: Sequence[Page]
    issuer: Organisation | None = None
    """Who seals, where that is not the awarding body: the alliance."""

    seal: SealIdentity | None = None
    """Whom the seal certificate names; nothing for a draft."""

    valid_from: datetime | None = None
    """When it starts to be valid, where that is not the day of the award."""

    valid_until: datetime | None = None
    """When it ends, where the achievement does not say how long it is valid."""

    mandate: str = ""
    """On which ground the issuer seals for the awarding body."""

    badge: bytes | None = None
    """The signed Open Badge, which carries the revocation status."""

    badge_id: str = ""
    is_draft: bool = False


def write_edc(award: Award, issue: Issue) -> dict[str, Any]:
    """Return the credential, checked.

    Raises:
        NotExportable: a rule is broken; the problems name field and fix.
    """
    document = unchecked(award, issue)
    found = errors(check_edc(document, is_draft=issue.is_draft, seal=issue.seal))
    if found:
        raise NotExportable(problem.as_error() for problem in found)
    return document


def frozen(document: Mapping[str, Any]) -> bytes:
    """Return the bytes that are sealed; nothing may write the document a second time."""
    return orjson.dumps(document)


def write_upload(document: Mapping[str, Any], email: str | None) -> dict[str, Any]:
    """Wrap a draft as the Europass issuer takes it, with the address it is sent to."""
    delivery = {"deliveryAddress": [email]} if email else {}
    return {"credential": dict(document), "deliveryDetails": delivery}


def unchecked(award: Award, issue: Issue) -> dict[str, Any]:
    """Return the credential as it would be written, whatever is missing or wrong."""
    nodes = Nodes()
    issuer = issue.issuer or award.awarding_body
    ends = issue.valid_until or issue_end(award)
    members = {
        "@context": list(CONTEXTS),
        "id": issue.credential_id,
        "type": list(TYPES),
        "credentialSchema": [{"id": SCHEMA, "type": "ShaclValidator2017"}],
        "credentialProfiles": [concept(find("credential-profile", GENERIC))],
        "identifier": _badge_id(nodes, issue),
        "issuer": write_issuer(nodes, issuer, award.language, issue.seal),
        "issuanceDate": moment(issue.issued),
        "issued": moment(issue.issued),
        "validFrom": moment(issue.valid_from or award.awarded),
        "validUntil": moment(ends) if ends else None,
        "expirationDate": moment(ends) if ends else None,
        "evidence": _mandate(nodes, issue),
        "credentialSubject": {
            **write_person(nodes, award.learner, award.language),
            "hasClaim": [write_claim(nodes, award)],
        },
        "displayParameter": _display(nodes, award, issue),
        "attachment": _badge(nodes, issue),
    }
    return {term: value for term, value in members.items() if value is not None}


def issue_end(award: Award) -> datetime | None:
    """Return when the credential ends, if ever."""
    validity = award.achievement.validity
    return award.awarded + validity if validity else None


def _badge_id(nodes: Nodes, issue: Issue) -> list[dict[str, Any]] | None:
    if not issue.badge_id:
        return None
    about = {"notation": issue.badge_id, "schemeName": BADGE_SCHEME}
    return [nodes.make("Identifier", about)]


def _mandate(nodes: Nodes, issue: Issue) -> list[dict[str, Any]] | None:
    if not issue.mandate:
        return None
    about = {"dcType": coded("evidence-type", MANDATE), "evidenceStatement": issue.mandate}
    return [nodes.make("Evidence", about)]


def _badge(nodes: Nodes, issue: Issue) -> list[dict[str, Any]] | None:
    if not issue.badge:
        return None
    content = base64.b64encode(issue.badge).decode()
    return [nodes.media(content, "application/json", {"en": "Open Badge 3.0, signed"})]


def _display(nodes: Nodes, award: Award, issue: Issue) -> dict[str, Any]:
    shown = [page.language for page in issue.pages]
    described = text(award.achievement.description)
    return nodes.make(
        "DisplayParameter",
        {
            "title": _in_languages(text(award.achievement.title), shown),
            "description": described,
            "language": [_language(tag) for tag in shown],
            "primaryLanguage": _language(_primary(award, shown)),
            "individualDisplay": [_page(nodes, page) for page in issue.pages],
        },
    )


def _language(tag: str) -> dict[str, Any]:
    code = language_code(tag)
    return concept(code) if code else coded("language", tag)


def _primary(award: Award, shown: Sequence[str]) -> str:
    return shown[0] if shown and award.language not in shown else award.language


def _in_languages(said: LangString, shown: Sequence[str]) -> dict[str, str]:
    """Return the text in each language shown; where it is missing, in the one we have."""
    spoken = {tag.partition("-")[0].casefold() for tag in said}
    added = {tag: pick(said, tag) for tag in shown if tag.partition("-")[0] not in spoken}
    return {**added, **said}


def _page(nodes: Nodes, page: Page) -> dict[str, Any]:
    content = base64.b64encode(page.image).decode()
    image = nodes.media(content, page.media_type, description={page.language: page.spoken})
    detail = nodes.make("DisplayDetail", {"image": image, "page": 1})
    about = {"language": _language(page.language), "displayDetail": [detail]}
    return nodes.make("IndividualDisplay", about)
