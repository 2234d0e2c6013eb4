"""The rules every verifiable credential keeps, whatever it is about.

Spec: VCDM 2.0 §4 (contexts, ids, types, issuer, subject, dates, status, schemas), §5 (related
      resources, refresh, terms of use, evidence), §11.1 (language and direction); VCDM 1.1 §4.
Shape: each rule gives problems; the signer refuses to sign with any, the verifier reports them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from badges.credential.times import parse_moment
from badges.credential.view import (
    OBJECT,
    contexts,
    many,
    node_id,
    types,
    valid_from,
    valid_until,
    version,
)
from badges.errors import MalformedValue, Problem

__all__ = ["RULES", "check_presentation_rules", "check_rules", "is_url"]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\"<>\\^`{|}\x00-\x20]+")

_SRI = re.compile(
    r"(?:sha256-[A-Za-z0-9+/]{43}=|sha384-[A-Za-z0-9+/]{64}|sha512-[A-Za-z0-9+/]{86}==)(?:\?.*)?"
)

_MULTIBASE = re.compile(r"z[1-9A-HJ-NP-Za-km-z]{40,100}|u[A-Za-z0-9_-]{40,100}")

MALFORMED = MalformedValue.code


def is_url(value: object) -> bool:
    """Tell whether `value` is an absolute URL (or URN, or DID): one text with a scheme."""
    return isinstance(value, str) and _SCHEME.fullmatch(value) is not None


def check_rules(document: Mapping[str, Any]) -> list[Problem]:
    """Return every way in which `document` is not a well-formed credential."""
    return [problem for rule in RULES for problem in rule(document)]


def _problem(path: str, message: str) -> Problem:
    return Problem(MALFORMED, path, message)


def _context(document: Mapping[str, Any]) -> Iterator[Problem]:
    if version(document) is None:
        yield _problem("/@context", "the first context is not that of verifiable credentials")
    if version(document) == 2 and not isinstance(document["@context"], list):
        yield _problem("/@context", "the contexts are not a list")
    if not all(isinstance(entry, str | Mapping) for entry in contexts(document)):
        yield _problem("/@context", "a context is neither an address nor an object")


def _types(document: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _has_type(document, "VerifiableCredential")


def _has_type(document: Mapping[str, Any], name: str) -> Iterator[Problem]:
    if name not in types(document):
        yield _problem("/type", f"the type {name} is missing")
    if not all(isinstance(name, str) for name in many(document.get("type"))):
        yield _problem("/type", "a type is not a text")


def _id(document: Mapping[str, Any]) -> Iterator[Problem]:
    if "id" in document and not is_url(document["id"]):
        yield _problem("/id", "the id is not one URL")


def _holder(document: Mapping[str, Any]) -> Iterator[Problem]:
    if "holder" in document and not is_url(node_id(document["holder"])):
        yield _problem("/holder", "the holder has no id that is a URL")


def _shown(document: Mapping[str, Any]) -> Iterator[Problem]:
    """In the first data model a credential may be a token; here it is always an object."""
    kinds = Mapping if version(document) == 2 else Mapping | str
    if not all(isinstance(one, kinds) for one in many(document.get("verifiableCredential"))):
        yield _problem("/verifiableCredential", "a credential is not an object")


def _presentation_types(document: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _has_type(document, "VerifiablePresentation")


def _issuer(document: Mapping[str, Any]) -> Iterator[Problem]:
    if not is_url(node_id(document.get("issuer"))):
        yield _problem("/issuer", "the issuer has no id that is a URL")


def _subject(document: Mapping[str, Any]) -> Iterator[Problem]:
    found = many(document.get("credentialSubject"))
    if not found:
        yield _problem("/credentialSubject", "there is no subject")
    for subject in found:
        if not isinstance(subject, Mapping) or not subject:
            yield _problem("/credentialSubject", "a subject says nothing")
        elif "id" in subject and not is_url(subject["id"]):
            yield _problem("/credentialSubject/id", "the id of a subject is not one URL")


def _dates(document: Mapping[str, Any]) -> Iterator[Problem]:
    moments = []
    for value in (valid_from(document), valid_until(document)):
        if value is None:
            continue
        try:
            moments.append(parse_moment(value))
        except MalformedValue as error:
            yield _problem(
                "/validFrom" if value is valid_from(document) else "/validUntil", str(error)
            )
    if len(moments) == 2 and moments[1] < moments[0]:
        yield _problem("/validUntil", "it ends before it begins")
    if version(document) == 1 and valid_from(document) is None:
        yield _problem("/issuanceDate", "there is no date of issue")


def _typed(member: str, *, with_id: bool) -> Callable[[Mapping[str, Any]], Iterator[Problem]]:
    def rule(document: Mapping[str, Any]) -> Iterator[Problem]:
        for item in many(document.get(member)):
            if not isinstance(item, OBJECT) or not _is_typed(item):
                yield _problem(f"/{member}", "an entry has no type")
            elif "id" in item and not is_url(item["id"]):
                yield _problem(f"/{member}/id", "the id of an entry is not a URL")
            elif with_id and "id" not in item:
                yield _problem(f"/{member}/id", "an entry has no id")

    return rule


def _is_typed(item: Mapping[str, Any]) -> bool:
    for name in many(item.get("type")):  # noqa: SIM110 - in half the time of a generator
        if isinstance(name, str):
            return True
    return False


def _related(document: Mapping[str, Any]) -> Iterator[Problem]:
    seen: set[str] = set()
    for item in many(document.get("relatedResource")):
        if not isinstance(item, Mapping) or not is_url(item.get("id")):
            yield _problem("/relatedResource", "a related resource has no id that is a URL")
            continue
        if item["id"] in seen:
            yield _problem("/relatedResource/id", "two related resources have one id")
        seen.add(item["id"])
        if not {"digestSRI", "digestMultibase"} & item.keys():
            yield _problem("/relatedResource", "a related resource has no digest")
        if "digestSRI" in item and not _is_sri(item["digestSRI"]):
            yield _problem("/relatedResource/digestSRI", "it is no sha256, sha384 or sha512 digest")
        if "digestMultibase" in item and not _is_multibase(item["digestMultibase"]):
            yield _problem("/relatedResource/digestMultibase", "it is no digest")


def _is_sri(value: object) -> bool:
    """Tell whether `value` is integrity metadata with a digest of a kind we know."""
    return isinstance(value, str) and any(map(_SRI.fullmatch, value.split()))


def _is_multibase(value: object) -> bool:
    """Tell whether `value` may be a digest in one of the two bases of VC Data Integrity §2.6."""
    return isinstance(value, str) and _MULTIBASE.fullmatch(value) is not None


def _texts(document: Mapping[str, Any]) -> Iterator[Problem]:
    for path, node in (("", document), ("/issuer", document.get("issuer"))):
        if isinstance(node, Mapping):
            for member in ("name", "description"):
                for value in many(node.get(member)):
                    yield from _text(f"{path}/{member}", value)


def _text(path: str, value: object) -> Iterator[Problem]:
    if isinstance(value, Mapping) and not _is_language_value(value):
        yield _problem(path, "a text object has other members than its language")
    elif not isinstance(value, str | Mapping):
        yield _problem(path, "it is no text")


def _is_language_value(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("@value"), str) and set(value) <= {
        "@value",
        "@language",
        "@direction",
    }


RULES: tuple[Callable[[Mapping[str, Any]], Iterator[Problem]], ...] = (
    _context,
    _types,
    _id,
    _issuer,
    _subject,
    _dates,
    _texts,
    _typed("credentialStatus", with_id=False),
    _typed("credentialSchema", with_id=True),
    _typed("refreshService", with_id=False),
    _typed("termsOfUse", with_id=False),
    _typed("evidence", with_id=False),
    _related,
)
"""Each a function of the document alone, to which any `Mapping` is an object."""


PRESENTATION_RULES = (
    _context,
    _presentation_types,
    _id,
    _holder,
    _shown,
    _typed("termsOfUse", with_id=False),
)
"""The same for a presentation (VCDM 2.0 §4.13)."""


def check_presentation_rules(document: Mapping[str, Any]) -> list[Problem]:
    """Return every way in which `document` is not a well-formed presentation."""
    return [problem for rule in PRESENTATION_RULES for problem in rule(document)]
