"""Organisations and people in the words of the European Learning Model.

Spec: ELM Organisation, LegalIdentifier, Location, Person (`reference`: EDC profile 1.1.0).
"""

from typing import Any
from urllib.parse import quote

from badges.award import Learner, Organisation
from badges.edc.building import DID_SCHEME, EIDAS, LEGAL_SCHEMES, Nodes, coded, moment, text
from badges.edc.pictures import picture_of
from badges.proofs.x509 import SealIdentity

__all__ = ["write_issuer", "write_organisation", "write_person"]


def write_organisation(nodes: Nodes, organisation: Organisation, language: str) -> dict[str, Any]:
    """Return an awarding body, or an agency."""
    about = _about(nodes, organisation, language)
    if organisation.did:
        did = {"notation": organisation.did, "schemeName": DID_SCHEME}
        about["identifier"] = [*about["identifier"], nodes.make("Identifier", did)]
    return nodes.make("Organisation", about)


def write_issuer(
    nodes: Nodes, organisation: Organisation, language: str, seal: SealIdentity | None
) -> dict[str, Any]:
    """Return who seals: the organisation with the legal identifier its certificate carries."""
    about = _about(nodes, organisation, language)
    known = {number.scheme.casefold(): number.value for number in organisation.identifiers}
    certified = seal.identifier if seal else None
    if notation := known.get(EIDAS) or certified or known.get("vat"):
        country = seal.country if seal else organisation.country
        about["eIDASIdentifier"] = _legal(nodes, notation, country)
    return nodes.make("Organisation", about, key=organisation.did or "urn:epass:issuer:1")


def _about(nodes: Nodes, organisation: Organisation, language: str) -> dict[str, Any]:
    legal: dict[str, Any] = {}
    others = []
    for number in organisation.identifiers:
        scheme = number.scheme.casefold()
        term = LEGAL_SCHEMES.get(scheme)
        if term and term not in legal:
            legal[term] = _legal(nodes, number.value, organisation.country)
        elif scheme != EIDAS:
            member = {"notation": number.value, "schemeName": number.scheme}
            others.append(nodes.make("Identifier", member))
    return {
        "legalName": legal_name(organisation, language),
        "location": [place] if (place := _location(nodes, organisation, language)) else None,
        "identifier": others,
        **legal,
        "homepage": [page] if (page := nodes.link(organisation.homepage)) else None,
        "contactPoint": _contact(nodes, organisation.email),
        "groupMemberOf": _group(nodes, organisation, language),
        "logo": _logo(nodes, organisation),
    }


def legal_name(organisation: Organisation, language: str) -> dict[str, str]:
    """Return the name in every language; the registered one stands under its own language."""
    names = text(organisation.names)
    own = next((tag for tag, name in names.items() if name == organisation.legal_name), None)
    if own:
        return {own: names[own], **names}
    taken = {tag.casefold() for tag in names}
    free = next(tag for tag in (language, "en", "und") if tag.casefold() not in taken)
    return {free: organisation.legal_name, **names}


def _legal(nodes: Nodes, notation: str, country: str) -> dict[str, Any]:
    spatial = coded("country", country) if country else None
    return nodes.make("LegalIdentifier", {"notation": notation, "spatial": spatial})


def _location(nodes: Nodes, organisation: Organisation, language: str) -> dict[str, Any] | None:
    if not organisation.country:
        return None
    parts = [part for part in organisation.address.values() if part.strip()]
    address = {
        "countryCode": coded("country", organisation.country),
        "fullAddress": nodes.note({language: ", ".join(parts)}),
    }
    return nodes.make("Location", {"address": [nodes.make("Address", address)]})


def _contact(nodes: Nodes, email: str | None) -> list[dict[str, Any]] | None:
    if not email:
        return None
    mailbox = {"id": "mailto:" + quote(email, safe="@+.!$&'*=_-~"), "type": "Mailbox"}
    return [nodes.make("ContactPoint", {"emailAddress": [mailbox]})]


def _group(nodes: Nodes, organisation: Organisation, language: str) -> list[dict[str, Any]] | None:
    if organisation.parent is None:
        return None
    parent = organisation.parent
    group = {
        "prefLabel": legal_name(parent, language),
        "contactPoint": _contact(nodes, parent.email),
    }
    return [nodes.make("Group", group)]


def _logo(nodes: Nodes, organisation: Organisation) -> dict[str, Any] | None:
    picture = picture_of(organisation.logo or "")
    return nodes.media(picture.content, picture.media_type) if picture else None


def write_person(nodes: Nodes, learner: Learner, language: str) -> dict[str, Any]:
    """Return the learner without claims; a name stands in one language (the profile allows one)."""
    numbers = [
        nodes.make("Identifier", {"notation": value, "schemeName": scheme})
        for scheme, value in learner.identifiers.items()
        if value
    ]
    about = {
        "givenName": text({language: learner.given_name}),
        "familyName": text({language: learner.family_name}),
        "fullName": text({language: learner.name}),
        "dateOfBirth": moment(learner.birth_date) if learner.birth_date else None,
        "identifier": numbers,
        "contactPoint": _contact(nodes, learner.email),
    }
    return nodes.make("Person", about, key=learner.did or "urn:epass:person:1")
