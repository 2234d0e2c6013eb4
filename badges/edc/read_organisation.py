"""Organisations and people of an EDC, read into the award model.

Spec: ELM Organisation, Person. What the model has no place for is left to the loss report.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import unquote

from badges.award import Identifier, Learner, Organisation
from badges.edc.building import DID_SCHEME, EIDAS, LEGAL_SCHEMES
from badges.edc.literals import parse_instant, texts
from badges.edc.nodes import Json, identifier, many
from badges.edc.pictures import Picture
from contexts.codes import Code, UnknownCode, find

__all__ = ["code_in", "first", "note", "objects", "read_organisation", "read_person", "said"]


def objects(node: Json, term: str) -> list[Json]:
    """Return the objects under a term."""
    return [value for value in many(node.get(term)) if isinstance(value, dict)]


def first(node: Json, *terms: str) -> Json:
    """Follow terms to the first object each time; an empty object where the way ends."""
    for term in terms:
        node = next(iter(objects(node, term)), {})
    return node


def said(value: Any) -> dict[str, str]:
    """Return text by language; of several texts in one language the first."""
    found: dict[str, str] = {}
    for language, words in value.items() if isinstance(value, dict) else ():
        text = next((item for item in many(words) if isinstance(item, str)), "")
        if text.strip():
            found[language] = text
    return found


def note(node: Json) -> dict[str, str]:
    """Return the text of a note."""
    return said(node.get("noteLiteral"))


def code_in(name: str, node: Any) -> Code | None:
    """Return the code an object stands for, if the list has it."""
    try:
        return find(name, identifier(node))
    except UnknownCode:
        return None


def read_organisation(node: Json) -> Organisation:
    """Return an organisation; its first name is the legal one."""
    names = said(node.get("legalName")) or said(node.get("prefLabel"))
    own = next(iter(names), "")
    country = code_in("country", first(node, "location", "address").get("countryCode"))
    address = note(first(node, "location", "address", "fullAddress"))
    parent = first(node, "groupMemberOf")
    key = identifier(node)
    numbers = tuple(_identifiers(node))
    written = next((one.value for one in numbers if one.scheme == DID_SCHEME), None)
    return Organisation(
        legal_name=names.get(own, "") or key or "?",
        country=country.alias if country else "",
        did=key if key.startswith("did:") else written,
        names={tag: name for tag, name in names.items() if tag != own},
        identifiers=tuple(one for one in numbers if one.scheme != DID_SCHEME),
        homepage=_link(node, "homepage"),
        logo=_picture(first(node, "logo")),
        email=_email(node),
        parent=read_organisation(parent) if said(parent.get("prefLabel")) else None,
        address={"streetAddress": next(iter(address.values()))} if address else {},
    )


def _identifiers(node: Json) -> Iterator[Identifier]:
    for number in objects(node, "identifier"):
        if value := number.get("notation"):
            yield Identifier(str(number.get("schemeName") or "identifier"), str(value))
    for scheme, term in (*LEGAL_SCHEMES.items(), (EIDAS, "eIDASIdentifier")):
        for number in objects(node, term):
            if value := number.get("notation"):
                yield Identifier(scheme, str(value))


def _link(node: Json, term: str) -> str | None:
    url = first(node, term).get("contentURL")
    return url if isinstance(url, str) else None


def _email(node: Json) -> str | None:
    address = identifier(first(node, "contactPoint", "emailAddress"))
    return unquote(address.removeprefix("mailto:")) if address.startswith("mailto:") else None


def _picture(media: Json) -> str | None:
    code = code_in("file-type", media.get("contentType"))
    content = media.get("content")
    if not (code and code.alias and isinstance(content, str)):
        return None
    return Picture(content, code.alias).url


def read_person(node: Json) -> Learner:
    """Return the learner; who has no name keeps the id of the document."""
    given, family, full = (
        next((text for _, text in texts(node.get(term))), "")
        for term in ("givenName", "familyName", "fullName")
    )
    key = identifier(node)
    numbers = {
        str(number.get("schemeName") or "identifier"): str(number["notation"])
        for number in objects(node, "identifier")
        if number.get("notation")
    }
    email = _email(node)
    if not (given or family or full or email or numbers) and not key.startswith("did:"):
        numbers = {"id": key or "unknown"}
    return Learner(
        given_name=given,
        family_name=family,
        full_name="" if full == f"{given} {family}".strip() else full,
        email=email,
        birth_date=_day(node.get("dateOfBirth")),
        did=key if key.startswith("did:") else None,
        identifiers=numbers,
    )


def _day(value: Any) -> date | None:
    moment = parse_instant(value)
    return moment.date() if moment else None
