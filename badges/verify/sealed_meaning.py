"""What a European Digital Credential says, and the seven checks Europass shows of it.

Shape: only texts, read with care from documents of strangers; what is absent is left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from badges.credential import many, node_id, valid_from, valid_until
from badges.edc.read import read_edc
from badges.errors import BadgeError
from badges.ob3.build import build_credential
from badges.ob3.meaning import read_meaning
from badges.verify.outcome import Finding, Outcome

__all__ = ["europass_checks", "first", "read_sealed_meaning", "texts"]

_NOBODY = "did:web:nobody.invalid"
"""Stands where a badge names its issuer; never shown."""

_OWN = {"id", "name", "types", "valid_from", "valid_until", "awarded", "issuer", "learner"}
"""What this module reads by itself."""

MAX_TEXT = 4_000
_SCHEME = "http://data.europa.eu/snb/verification/"
_STATUS = "http://data.europa.eu/snb/verification-status/"

SEVEN = (
    ("format", "2f5b89b96f", ("structure", "schema")),
    ("seal", "f9c2016fe9", ("proof", "issuer", "register")),
    ("owner", "1faf8d450f", ("recipient",)),
    ("revocation", "271aef9eb4", ("status",)),
    ("expiry", "94d828f160", ("dates",)),
    ("accreditation", "e2bbc86a28", ()),
    ("custom", "c_50990fe3", ()),
)
"""Europass's checks: name, concept, and which of our findings answer it (none: skipped)."""

STATUSES = {"ok": "9895008394", "error": "9d26eb9a37", "skipped": "641f0c5e5d"}


def europass_checks(findings: Iterable[Finding]) -> Iterator[dict[str, str]]:
    """Yield the seven checks of the Europass viewer with their status, in its order."""
    outcomes = {each.check: each.outcome for each in findings}
    for name, concept, asked in SEVEN:
        status = _status([outcomes.get(check, Outcome.UNKNOWN) for check in asked])
        yield {
            "check": name,
            "id": _SCHEME + concept,
            "status": status,
            "status_id": _STATUS + STATUSES[status],
        }


def _status(outcomes: list[Outcome]) -> str:
    if Outcome.FAILED in outcomes:
        return "error"
    return "ok" if outcomes and set(outcomes) == {Outcome.PASSED} else "skipped"


def read_sealed_meaning(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the credential says, in the words that pages use for every credential."""
    claim = first(first(document.get("credentialSubject")).get("hasClaim"))
    awarded = first(claim.get("awardedBy"))
    facts = {
        "id": _plain(node_id(document)),
        "name": _text(first(document.get("displayParameter")).get("title"))
        or _text(claim.get("title")),
        "valid_from": _plain(valid_from(document)),
        "valid_until": _plain(document.get("validUntil") or valid_until(document)),
        "awarded": _plain(awarded.get("awardingDate")),
        "issuer": _organisation(document.get("issuer")),
        "awarding_body": _organisation(first(awarded.get("awardingBody"))),
        "learner": _learner(first(document.get("credentialSubject"))),
        "achievement": _achievement(claim),
    }
    own = {name: value for name, value in facts.items() if value not in ("", {})}
    elements = _elements(document)
    achievement = elements.get("achievement", {}) | own.get("achievement", {})
    return elements | own | ({"achievement": achievement} if achievement else {})


def _elements(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the EU standard elements, read as those of the Open Badge it corresponds to.

    A gloss and not a check: what cannot be read is left out.
    """
    try:
        reading = read_edc(document)
        badge = build_credential(
            reading.award,
            credential_id=reading.credential_id,
            issuer_did=_NOBODY,
            status=None,
            valid_from=reading.valid_from,
        )
        meaning = read_meaning(badge)
    except (BadgeError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return {}
    return {name: value for name, value in meaning.items() if name not in _OWN}


def _organisation(found: object) -> dict[str, str]:
    organisation = first(found)
    facts = {
        "id": _plain(organisation.get("id")),
        "name": _text(organisation.get("legalName")),
        "identifier": _plain(first(organisation.get("eIDASIdentifier")).get("notation")),
    }
    return {name: text for name, text in facts.items() if text}


def _learner(person: Mapping[str, Any]) -> dict[str, str]:
    facts = {"id": _plain(person.get("id")), "name": _text(person.get("fullName")) or _name(person)}
    return {name: text for name, text in facts.items() if text}


def _achievement(claim: Mapping[str, Any]) -> dict[str, str]:
    specification = first(claim.get("specifiedBy"))
    facts = {
        "id": _plain(specification.get("id")),
        "name": _text(specification.get("title")) or _text(claim.get("title")),
        "description": _text(specification.get("description")),
    }
    return {name: text for name, text in facts.items() if text}


def _name(person: Mapping[str, Any]) -> str:
    return f"{_text(person.get('givenName'))} {_text(person.get('familyName'))}".strip()


def texts(value: object) -> Iterator[str]:
    """Yield the texts of a language map, English first."""
    if isinstance(value, Mapping):
        ordered = sorted(value.items(), key=lambda each: each[0] != "en")
        value = [text for _, some in ordered for text in many(some)]
    for each in many(value):
        if isinstance(each, str):
            yield each[:MAX_TEXT]


def _text(value: object) -> str:
    return next(texts(value), "")


def _plain(value: object) -> str:
    return value[:MAX_TEXT] if isinstance(value, str) else ""


def _all(value: object) -> list[Mapping[str, Any]]:
    return [each for each in many(value) if isinstance(each, Mapping)]


def first(value: object) -> Mapping[str, Any]:
    """Return the first object of one or several, or an empty one."""
    return next(iter(_all(value)), {})
