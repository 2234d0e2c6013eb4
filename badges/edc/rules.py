"""The rules Europass applies beyond the official shapes, and `check_edc`, which runs them all.

Shape: `RULES` is the table; each rule looks at a whole document and yields problems.
An `error` stops sealing; a `remark` is something only the issuer can judge.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from badges.edc.document import Document
from badges.edc.fields import name_of
from badges.edc.literals import parse_instant, texts
from badges.edc.media import MAX_TOTAL_BYTES, Pixels, wrong_file_type, wrong_media
from badges.edc.nodes import Json, Node, identifier, many, types
from badges.edc.problem import Problem
from badges.edc.structure import check_node
from badges.proofs.x509 import SealIdentity
from contexts.codes import CodeList, UnknownCode, code_list, find, list_of_scheme

__all__ = ["CONTEXTS", "check_edc"]

CONTEXTS = (
    "https://www.w3.org/2018/credentials/v1",
    "http://data.europa.eu/snb/model/context/edc-ap",
)
"""The two contexts of an EDC, in their order."""

TYPES = ("VerifiableCredential", "EuropeanDigitalCredential")

ESCO_SKILL = re.compile(
    r"http://data\.europa\.eu/esco/(skill|isced-f)/[0-9A-Za-z.-]+",
)
MAX_PROBLEMS = 300
"""Most problems told at once."""

POINTS = re.compile(r"\d{1,4}(\.\d{1,3})?")
CREDENTIAL_ID = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


def check_edc(
    document: Any,
    *,
    is_draft: bool = False,
    seal: SealIdentity | None = None,
    is_skill: Callable[[str], bool] | None = None,
) -> list[Problem]:
    """Find everything wrong with an EDC; errors come first.

    Args:
        document: the credential as JSON.
        is_draft: it goes to a sealing service, which adds issuer identifier and dates.
        seal: whom the seal certificate names, where it is known.
        is_skill: tells whether an ESCO skill IRI exists, where a list is at hand.
    """
    if not isinstance(document, dict):
        return [Problem("not-a-credential", "", "This is not a credential; give a JSON object.")]
    read = Document.read(document, is_draft=is_draft, seal=seal, is_skill=is_skill)
    found = [problem for rule in RULES for problem in rule(read)]
    ranked = sorted(dict.fromkeys(found), key=lambda problem: problem.severity != "error")
    return _few(ranked)


def _few(problems: list[Problem]) -> list[Problem]:
    if len(problems) <= MAX_PROBLEMS:
        return problems
    rest = len(problems) - MAX_PROBLEMS
    more = Problem("and-more", "", f"There are {rest} problems more: mend these first.")
    return [*problems[:MAX_PROBLEMS], more]


def _kind(document: Document) -> Iterator[Problem]:
    value = document.value
    if tuple(many(value.get("@context"))) != CONTEXTS:
        message = "Europass takes exactly two contexts: " + " and ".join(CONTEXTS) + "."
        yield Problem("wrong-context", "@context", message)
    if not set(TYPES) <= set(types(value)):
        yield Problem("wrong-type", "type", f"The type must name {' and '.join(TYPES)}.")
    if not CREDENTIAL_ID.fullmatch(identifier(value)):
        message = "The credential needs an id, like urn:credential: followed by a UUID."
        yield Problem("missing", "id", message)


def _profile(document: Document) -> Iterator[Problem]:
    for node in document.nodes:
        yield from check_node(node, document.described, draft=document.is_draft)


def _learner(document: Document) -> Iterator[Problem]:
    for position, person in enumerate(many(document.value.get("credentialSubject"))):
        if isinstance(person, dict) and not any(
            person.get(term) for term in ("givenName", "familyName", "fullName")
        ):
            path = f"credentialSubject[{position}]" if position else "credentialSubject"
            message = "The learner has no name; Europass shows none. Add given and family name."
            yield Problem("no-name", path, message, "remark")


def _refused_terms(document: Document) -> Iterator[Problem]:
    fixes = {
        "dateModified": "leave it out: the official context gives it a type its shapes refuse",
        "credentialStatus": "leave it out: revocation travels in the attached Open Badge",
        "termsOfUse": "leave it out: no form of it passes the official shapes",
    }
    for node in document.nodes:
        for term, fix in fixes.items():
            if term in node.value:
                yield Problem("refused-term", _at(node, term), f"{term} is refused; {fix}.")


def _codes(document: Document) -> Iterator[Problem]:
    for node in document.of("Concept"):
        for scheme in many(node.value.get("inScheme")):
            found = list_of_scheme(identifier(scheme))
            if found and found.get(identifier(node.value)) is None:
                yield _unknown_code(node, found)


def _unknown_code(node: Node, found: CodeList) -> Problem:
    key = identifier(node.value)
    known = f"Use one of: {found.suggestions()}."
    if found.complete:
        message = f"The {name_of(node.term)} {key!r} is not in the list {found.name}. {known}"
        return Problem("unknown-code", node.path, message)
    message = f"We do not know the {name_of(node.term)} {key!r}; our list may be short. {known}"
    return Problem("unknown-code", node.path, message, "remark")


def _levels(document: Document) -> Iterator[Problem]:
    for node in document.nodes:
        for term in ("eqfLevel", "nqfLevel"):
            if term in node.value and "Qualification" not in types(node.value):
                message = (
                    f"The {name_of(term)} belongs to a Qualification; make this one, or move it."
                )
                yield Problem("level-misplaced", _at(node, term), message)


def _points(document: Document) -> Iterator[Problem]:
    for node in document.of("CreditPoint"):
        point = node.value.get("point")
        if point is not None and not (isinstance(point, str) and POINTS.fullmatch(point)):
            message = (
                f'The {name_of("point")} must be a number in quotes, like "3"; it is {point!r}.'
            )
            yield Problem("wrong-points", _at(node, "point"), message)


def _same_id(document: Document) -> Iterator[Problem]:
    for key, nodes in document.known.items():
        said = [node.value for node in nodes if len(node.value) > 1]
        if len({repr(value) for value in said}) < 2:
            continue
        if len({repr(_plain(value)) for value in said}) > 1:
            places = ", ".join(node.path or "the credential" for node in nodes[:3])
            message = f"{key!r} is described in different ways ({places}); give each its own id."
            yield Problem("same-id", nodes[0].path, message)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return sorted((term, _plain(item)) for term, item in value.items())
    if isinstance(value, list):
        return _plain(value[0]) if len(value) == 1 else [_plain(item) for item in value]
    return value


def _period(document: Document) -> Iterator[Problem]:
    value = document.value
    start = parse_instant(value.get("validFrom"))
    for term in ("validUntil", "expirationDate"):
        end = parse_instant(value.get(term))
        if start and end and end < start:
            message = f"The {name_of(term)} is before the start of validity; correct one of them."
            yield Problem("wrong-period", term, message)


def _pages(document: Document) -> Iterator[Problem]:
    display = document.value.get("displayParameter")
    if not isinstance(display, dict):
        return
    titled = {language.partition("-")[0] for language, _ in texts(display.get("title"))}
    shown = {
        identifier(page.get("language"))
        for page in many(display.get("individualDisplay"))
        if isinstance(page, dict)
    }
    primary = identifier(display.get("primaryLanguage"))
    languages = [identifier(language) for language in many(display.get("language"))]
    if primary and primary not in languages:
        message = "The main language is not among the languages of the credential; add it there."
        yield Problem("wrong-language", "displayParameter.primaryLanguage", message)
    for language in filter(None, languages):
        label = _language(language)
        if label not in titled and label:
            message = f"There is no title in {label}; add one, or leave the language out."
            yield Problem("missing-title", "displayParameter.title", message)
        if language not in shown:
            message = f"There is no page image in {label or language}; make one."
            yield Problem("missing-page", "displayParameter.individualDisplay", message)


def _language(iri: str) -> str:
    try:
        return find("language", iri).alias
    except UnknownCode:
        return ""


def _media(document: Document) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    pixels = Pixels()
    for node in document.of("MediaObject"):
        content = str(node.value.get("content"))
        if content not in seen:
            seen[content] = wrong_media(node.value, pixels)
        if seen[content]:
            message = f"The {name_of(node.term)} {seen[content]}."
            yield Problem("wrong-media", node.path, message)
        elif wrong := wrong_file_type(node.value):
            message = f"The {name_of(node.term)} {wrong}."
            yield Problem("other-file-type", node.path, message, "remark")
    if sum(map(len, seen)) > MAX_TOTAL_BYTES:
        message = (
            f"The pictures and files are over {MAX_TOTAL_BYTES // 2**20} MB; make them smaller."
        )
        yield Problem("too-big", "", message)


def _skills(document: Document) -> Iterator[Problem]:
    for node in document.nodes:
        if node.term != "relatedESCOSkill":
            continue
        key = identifier(node.value)
        known = document.is_skill(key) if document.is_skill else ESCO_SKILL.fullmatch(key)
        if not known:
            message = f"{key!r} is not an ESCO skill; search for the skill and take its address."
            yield Problem("unknown-skill", node.path, message)


def _seal_subject(document: Document) -> Iterator[Problem]:
    issuer, seal = document.value.get("issuer"), document.seal
    if seal is None or document.is_draft or not isinstance(issuer, dict):
        return
    legal = issuer.get("eIDASIdentifier")
    legal = legal if isinstance(legal, dict) else {}
    country = identifier(legal.get("spatial"))
    checks = (
        (
            "issuer.legalName",
            seal.legal_name,
            {text for _, text in texts(issuer.get("legalName"))},
        ),
        ("issuer.eIDASIdentifier.notation", seal.identifier, {legal.get("notation")}),
        ("issuer.eIDASIdentifier.spatial", _country(seal.country), {country}),
    )
    for path, certified, given in checks:
        if certified not in given:
            said = ", ".join(str(item) for item in given) or "nothing"
            message = (
                f"The seal certificate says {certified!r}, the credential says {said}."
                " Correct the organisation, or use its own certificate."
            )
            yield Problem("seal-mismatch", path, message)


def _country(spelling: str) -> str:
    try:
        return find("country", spelling).iri
    except UnknownCode:
        return spelling


EXPECTED_LISTS = {
    ("*", "mode"): "mode",
    ("*", "idVerification"): "supervision",
    ("CreditPoint", "framework"): "credit-framework",
    ("MediaObject", "contentType"): "file-type",
    ("MediaObject", "contentEncoding"): "encoding",
    ("LearningAssessmentSpecification", "dcType"): "assessment",
    ("LearningActivitySpecification", "dcType"): "learning-activity",
}
"""Lists the profile names but its shapes do not ask for."""


def _expected_lists(document: Document) -> Iterator[Problem]:
    for node in document.nodes:
        for (role, term), name in EXPECTED_LISTS.items():
            if term in node.value and (role == "*" or role in types(node.value)):
                yield from _outside(node, term, name)


def _outside(node: Node, term: str, name: str) -> Iterator[Problem]:
    scheme = code_list(name).scheme
    for value in many(node.value[term]):
        if isinstance(value, dict) and not _has_scheme(value, scheme):
            message = f"The {name_of(term)} is usually a code of {scheme}; Europass may warn."
            yield Problem("other-list", _at(node, term), message, "remark")


def _has_scheme(value: Json, scheme: str) -> bool:
    return scheme in {identifier(item) for item in many(value.get("inScheme"))}


def _at(node: Node, term: str) -> str:
    return f"{node.path}.{term}" if node.path else term


RULES: tuple[Callable[[Document], Iterator[Problem]], ...] = (
    _kind,
    _profile,
    _learner,
    _refused_terms,
    _codes,
    _levels,
    _points,
    _same_id,
    _period,
    _pages,
    _media,
    _skills,
    _seal_subject,
    _expected_lists,
)
"""Every rule, in the order of the report."""
