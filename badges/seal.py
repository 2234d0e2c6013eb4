"""Sealing: what may be signed, and signing it.

Spec: VC Data Integrity 1.0 §4.2; VCDM 2.0 §7; Open Badges 3.0. A document is signed only after
      everything a verifier would refuse has been looked for; no key is touched before that.
Shape: ``prepare`` gives a `Sealable` or raises with every problem; ``sign`` takes nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from badges.credential import (
    issuer_id,
    many,
    may_be_unsafe,
    may_hold_unsafe,
    texts,
    unsafe_character,
    version,
)
from badges.credential.rules import RULES, check_rules
from badges.errors import BadgeError, MalformedValue, NotSealable, Problem
from badges.ob3.rules import check_badge, is_badge
from badges.proofs import data_integrity, known_shapes, known_text, vc_jwt
from badges.proofs.context_check import check_contexts
from badges.proofs.known_text import KnownText
from badges.proofs.resource_digest import fits, pinned_texts
from badges.proofs.selective_disclosure import add_base_proof
from badges.proofs.spared import Family, Rule
from badges.status.entry import BITSTRING, parse_entry
from contexts import schemas
from did.document import DidDocument
from did.errors import DidError
from did.signer import Signer

__all__ = [
    "SUITE",
    "Disclosure",
    "Sealable",
    "find_problems",
    "prepare",
    "prepare_text",
    "prove",
    "sign",
    "sign_base",
    "sign_jwt",
]

SUITE = "eddsa-rdfc-2022"
"""The suite every Open Badges verifier has to know."""


@dataclass(frozen=True, slots=True)
class Sealable:
    """A document that was found fit to be signed with one key; made by `prepare` only."""

    document: Mapping[str, Any]
    method: str
    """The key it was prepared for."""

    text: KnownText | None = field(default=None, repr=False, compare=False)
    """The document with its text, where it was prepared from that."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """How a credential may be shown in part: never use its two keys again."""

    mandatory: tuple[str, ...]
    """JSON pointers to what every part shows."""

    hmac_key: bytes = field(repr=False)
    """32 fresh random bytes."""

    line_signer: Signer
    """A fresh P-256 key."""


def prepare(
    draft: Mapping[str, Any], *, issuer_document: DidDocument, method: str, now: datetime
) -> Sealable:
    """Return `draft`, found fit to be signed with the key `method` of its issuer.

    Raises:
        NotSealable: with every problem that was found.
    """
    problems = [*find_problems(draft), *_key_problems(draft, issuer_document, method, now)]
    if problems:
        raise NotSealable(problems)
    return Sealable(draft, method)


def prepare_text(
    draft: bytes, *, issuer_document: DidDocument, method: str, now: datetime
) -> Sealable:
    """Do as `prepare` does with a draft that is JSON text, sooner where it is one of many.

    Raises:
        NotSealable: with every problem that was found.
        MalformedCredential: it cannot be read strictly.
    """
    text = known_text.read(draft)
    found = [] if known_text.spares(_CHECKS, text) else find_problems(text.document)
    problems = [*found, *_key_problems(text.document, issuer_document, method, now)]
    if problems:
        raise NotSealable(problems)
    return Sealable(text.document, method, text)


def prove(
    sealable: Sealable,
    signer: Signer,
    *,
    created: datetime,
    suite: str = SUITE,
    look: bool = True,
) -> bytes | None:
    """Return what `sign` would add, as JSON, to a document that is one of many.

    None where `sign` has to do it.

    Raises:
        NotSealable: the signer holds another key than the one it was prepared for.
        BadgeError: the suite cannot sign with this key.
    """
    _check_key(sealable, signer)
    if sealable.text is None:
        return None
    return data_integrity.prove(sealable.text, signer, suite, created=created, look=look)


def sign(
    sealable: Sealable,
    signer: Signer,
    *,
    created: datetime,
    suite: str = SUITE,
    look: bool = True,
) -> dict[str, Any]:
    """Return the credential with its embedded proof.

    `look` is whether to check the new signature: needless where our verifier looks at it next.

    Raises:
        NotSealable: the signer holds another key than the one it was prepared for.
        BadgeError: the suite cannot sign with this key.
    """
    _check_key(sealable, signer)
    return data_integrity.add_proof(sealable.document, signer, suite, created=created, look=look)


def sign_base(
    sealable: Sealable, signer: Signer, *, created: datetime, disclosure: Disclosure
) -> dict[str, Any]:
    """Return the credential with the proof from which its holder can show parts.

    Raises:
        NotSealable: the signer holds another key than the one it was prepared for.
        MalformedValue: a mandatory pointer leads nowhere.
        BadgeError: the suite cannot sign with this key.
    """
    _check_key(sealable, signer)
    return add_base_proof(
        sealable.document,
        signer,
        created=created,
        mandatory=disclosure.mandatory,
        hmac_key=disclosure.hmac_key,
        line_signer=disclosure.line_signer,
    )


def sign_jwt(sealable: Sealable, signer: Signer, *, typ: str = vc_jwt.OPEN_BADGE) -> str:
    """Return the credential as a signed token.

    Raises:
        NotSealable: the signer holds another key than the one it was prepared for.
        MalformedCredential: a field that the token repeats is missing.
    """
    _check_key(sealable, signer)
    return vc_jwt.create(sealable.document, signer, typ=typ)


def find_problems(draft: Mapping[str, Any]) -> list[Problem]:
    """Return everything that speaks against signing `draft`, whoever signs it."""
    if known_shapes.spares(_CHECKS, draft):
        return []
    unsafe = list(_text_problems(draft))
    problems = [*check_rules(draft), *unsafe, *_status_problems(draft)]
    problems += [*_resource_problems(draft), *_proof_problems(draft)]
    problems += [*_badge_problems(draft), *_schema_problems(draft)]
    return problems if unsafe else [*problems, *_word_problems(draft)]


def _proof_problems(draft: Mapping[str, Any]) -> Iterator[Problem]:
    if "proof" in draft:
        yield Problem("already-signed", "/proof", "it carries a proof already")


def _badge_problems(draft: Mapping[str, Any]) -> Iterator[Problem]:
    if is_badge(draft):
        yield from check_badge(draft)


def _word_problems(draft: Mapping[str, Any]) -> Iterator[Problem]:
    """Look for words that would not be signed, or that would be overlooked."""
    try:
        check_contexts(draft)
    except BadgeError as error:
        yield Problem(error.code, "", str(error))


def _check_key(sealable: Sealable, signer: Signer) -> None:
    if signer.verification_method != sealable.method:
        message = f"prepared for {sealable.method}, not for {signer.verification_method}"
        raise NotSealable([Problem("other-key", "/proof", message)])


def _key_problems(
    draft: Mapping[str, Any], issuer_document: DidDocument, method: str, now: datetime
) -> Iterator[Problem]:
    if issuer_id(draft) != issuer_document.id:
        message = f"the issuer is not {issuer_document.id}, whose key signs"
        yield Problem("other-issuer", "/issuer", message)
    try:
        _require_key(issuer_document, method, now)
    except DidError as error:
        yield Problem(error.code, "/issuer", str(error))


_last_key: tuple[DidDocument, str, datetime] | None = None


def _require_key(issuer_document: DidDocument, method: str, now: datetime) -> None:
    """Ask once for all documents of a chunk; a refusal is not remembered.

    Raises:
        DidError: the key may not sign.
    """
    global _last_key  # noqa: PLW0603 - one value is exchanged for another, so threads may read it
    last = _last_key
    if last is None or last[0] is not issuer_document or last[1:] != (method, now):
        issuer_document.authorised(method, "assertionMethod", now)
        _last_key = issuer_document, method, now


def _text_problems(draft: Mapping[str, Any]) -> Iterator[Problem]:
    if not may_hold_unsafe(draft):
        return
    for path, text in texts(draft):
        if found := unsafe_character(text):
            yield Problem(MalformedValue.code, path, f"it holds the character {found}")


def _status_problems(draft: Mapping[str, Any]) -> Iterator[Problem]:
    entries = draft.get("credentialStatus", [])
    for entry in entries if isinstance(entries, list) else [entries]:
        if isinstance(entry, Mapping) and entry.get("type") == BITSTRING:
            try:
                parsed = parse_entry(entry)
            except MalformedValue as error:
                yield Problem(error.code, "/credentialStatus", str(error))
                continue
            if entry.get("id") == parsed.list_url:
                message = "the id of an entry is not the address of its list"
                yield Problem(MalformedValue.code, "/credentialStatus/id", message)


def _resource_problems(draft: Mapping[str, Any]) -> Iterator[Problem]:
    """Compare what is said of documents that we hold."""
    for resource in many(draft.get("relatedResource")):
        url = resource.get("id") if isinstance(resource, Mapping) else None
        texts_held = [*pinned_texts(url)] if isinstance(url, str) else []
        if texts_held and not any(fits(resource, text) for text in texts_held):
            yield Problem("resource-differs", "/relatedResource", f"{url} has another digest")


def _schema_problems(draft: Mapping[str, Any]) -> Iterator[Problem]:
    """Hold a badge to the strict form, which every verifier takes; its proof comes later."""
    if is_badge(draft):
        for problem in schemas.validate(draft, _schema_of(draft)):
            yield Problem("schema", problem.path, problem.message)


def _schema_of(draft: Mapping[str, Any]) -> str:
    old = version(draft) == 1
    return schemas.ANY_ACHIEVEMENT_CREDENTIAL if old else schemas.STRICT_ACHIEVEMENT_CREDENTIAL


def _schema_texts(draft: Mapping[str, Any]) -> Iterable[tuple[str | int, ...]]:
    return schemas.texts_that_count(draft, _schema_of(draft)) if is_badge(draft) else ()


def _none(_: Mapping[str, Any]) -> Iterable[tuple[str | int, ...]]:
    return ()


_CHECKS = Family(
    "sealing",
    (
        *(Rule(rule) for rule in RULES),
        *(Rule(check) for check in (_status_problems, _resource_problems, _proof_problems)),
        Rule(_badge_problems),
        Rule(_schema_problems, _schema_texts),
        Rule(_word_problems, _none),  # the shape decides: see `check_contexts`
        Rule(_text_problems, _none),  # constant texts here, the others each for itself
    ),
    is_plain=lambda written: not may_be_unsafe(written),
)
"""All that `find_problems` looks for: what the shape of a draft settled is not asked again."""
