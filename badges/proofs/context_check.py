"""Nothing in a document may be spelled so that a reader of its JSON overlooks it.

Spec: VC Data Integrity 1.0 §2.4.1 (context validation, after proof verification).
The signature covers the meaning, our checks read the JSON. ``validUntil`` written as its full IRI,
through a prefix, or wrapped in an object means the same and reads as absent. So: only pinned
contexts, and each thing they define in the one spelling they define for it.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from badges.errors import RespelledTerm, UnknownContext
from badges.proofs import canon, known_shapes
from badges.proofs.budget import BUDGET, measure
from badges.proofs.sight import Sight
from contexts import vocabulary

if TYPE_CHECKING:
    from badges.proofs.expansion import Spelling

__all__ = ["check_contexts"]

BASES = (
    "https://www.w3.org/ns/credentials/v2",
    "https://www.w3.org/2018/credentials/v1",
)
"""The first context of every credential and presentation: exactly one of them."""

CREDENTIALS = frozenset(
    {"VerifiableCredential", "EndorsementCredential", "EnvelopedVerifiableCredential"}
)
"""Types of the only objects inside a document that bring a context of their own."""

SINGLE = frozenset(
    {
        "challenge",
        "created",
        "cryptosuite",
        "encodedList",
        "expirationDate",
        "expires",
        "issuanceDate",
        "nonce",
        "proofPurpose",
        "proofValue",
        "statusListCredential",
        "statusListIndex",
        "validFrom",
        "validUntil",
        "verificationMethod",
    }
)
"""Members our checks read as one text: a list of one means the same and reads as nothing."""

KEYWORDS = {"@id": "id", "@type": "type"}
"""The one spelling of the keywords that every object uses."""


def check_contexts(
    document: Mapping[str, Any],
    *,
    contexts: Mapping[str, str] | None = None,
    sight: Sight | None = None,
) -> None:
    """Refuse a secured or unsecured document that hides something from a plain reader.

    `contexts` picks older texts, as in ``canon.canonicalize``; give it what the proof used.
    `sight` is what recognised the document, where that is known (see ``ShapeMemo.sight``).

    Raises:
        RespelledTerm: something has another spelling than its context gives it.
        UnknownContext: the contexts are not in the order of the specification.
        BadgeError: it cannot be expanded (see ``canon.canonicalize``).
    """
    if contexts:
        _check(document, contexts)
    else:
        known_shapes.require("context", document, lambda shown: _check(shown, {}), sight)


def _check(document: Mapping[str, Any], contexts: Mapping[str, str]) -> None:
    """Check one document. The shape decides: an IRI that has a term is a part of the shape."""
    measure(document, BUDGET)
    _check_base(document.get("@context"), "")
    _check_inner_contexts(document)
    _check_identity(document)
    for spelling in canon.expand(document, contexts=contexts).spellings:
        reason = _respelled(spelling)
        if reason:
            raise RespelledTerm(f"{spelling.place.path[:300]}/{spelling.key[:80]}: {reason}")


def _check_base(context: object, path: str) -> None:
    names = context if isinstance(context, list) else [context]
    if names[:1] not in ([BASES[0]], [BASES[1]]):
        raise UnknownContext(f"{path}/@context: a credential begins with {BASES[0]}")
    if any(name in BASES for name in names[1:]) or len(names) != len(set(map(str, names))):
        raise UnknownContext(f"{path}/@context: a context is named twice")


def _check_inner_contexts(document: Mapping[str, Any]) -> None:
    """Only a credential inside the document may bring contexts, and it needs its own base."""
    for path, place in _objects(document, ""):
        if "@context" not in place or not path or _is_proof_of(document, place):
            continue
        types = place.get("type")
        names = types if isinstance(types, list) else [types]
        if CREDENTIALS.isdisjoint(filter(_is_text, names)):
            raise UnknownContext(f"{path}/@context: only a credential has contexts of its own")
        _check_base(place["@context"], path)


def _is_proof_of(document: Mapping[str, Any], place: Mapping[str, Any]) -> bool:
    """A JCS proof repeats the contexts that it was made under (eddsa-jcs-2022 §3.3.1)."""
    proofs = document.get("proof")
    inside = any(place is proof for proof in (proofs if isinstance(proofs, list) else [proofs]))
    mine, whole = (
        names if isinstance(names, list) else [names]
        for names in (place["@context"], document.get("@context"))
    )
    return inside and whole[: len(mine)] == mine


def _check_identity(document: Mapping[str, Any]) -> None:
    """What is said of the credential is said in the credential, not in a part with its id."""
    for path, place in _objects(document, ""):
        speaks = path and place.keys() - {"id", "type"} and "id" in place
        if speaks and place["id"] == document.get("id"):
            raise RespelledTerm(f"{path}/id: it speaks of the document that holds it")


def _objects(value: object, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, Mapping):
        yield path, value
        for name, member in value.items():
            yield from _objects(member, f"{path}/{name[:80]}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _objects(item, f"{path}/{index}")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _respelled(spelling: "Spelling") -> str:
    """Say what is wrong with the spelling of one member; empty: nothing."""
    iri = spelling.iri or ""
    if iri.startswith("@"):
        return _keyword(spelling, iri) or (_names(spelling) if iri == "@type" else _exact(spelling))
    terms = vocabulary.members_for(iri)
    if terms and (not spelling.is_term or spelling.key not in terms):
        return f"write it as {' or '.join(sorted(terms))}"
    value = spelling.place[spelling.key]
    if spelling.key in SINGLE and not _is_text(value):
        return "it is one text"
    return _names(spelling) if spelling.names else _exact(spelling)


def _keyword(spelling: "Spelling", keyword: str) -> str:
    if keyword in KEYWORDS:
        return "" if spelling.key == KEYWORDS[keyword] else f"write it as {KEYWORDS[keyword]}"
    if spelling.key != keyword or not _is_language_value(spelling.place):
        return "write the plain value; only a text with its language is written as an object"
    return ""


def _is_language_value(place: Mapping[str, Any]) -> bool:
    """Tell whether an object is a text with its language, its direction, or both."""
    extra = place.keys() - {"@value"}
    return "@value" in place and bool(extra) and extra <= {"@language", "@direction"}


def _names(spelling: "Spelling") -> str:
    """Types, and other values out of a vocabulary, are given by the term if there is one."""
    for text, iri in spelling.values.items():
        terms = vocabulary.types_for(iri or "")
        if terms and text not in terms:
            return f"write {text[:80]!r} as {' or '.join(sorted(terms))}"
        if text not in spelling.terms and text != iri and ":" in text:
            return f"{text[:80]!r} is not written out"
    return ""


def _exact(spelling: "Spelling") -> str:
    for text, iri in spelling.values.items():
        if text != iri:
            return f"{text[:80]!r} is not written out"
    return ""
