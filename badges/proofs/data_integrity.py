"""Embedded proofs: adding one to a document, and checking one.

Spec: VC Data Integrity 1.0 §4.2 to §4.5 (add and verify; proof sets; proof chains).
Shape: a secured document carries ``proof``, always a list when we write it, one or several when
       we read it. A proof that names others in ``previousProof`` covers them too.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from itertools import product
from typing import Any

import orjson

from badges.credential import may_hold_unsafe, moment
from badges.credential.rules import is_url
from badges.errors import (
    BadgeError,
    DataLoss,
    MalformedValue,
    ProofInvalid,
    ProofTransformation,
    UnsupportedSuite,
)
from badges.proofs import known_text, multibase
from badges.proofs.budget import BUDGET, measure
from badges.proofs.suite import DATA_INTEGRITY, Document, HashData, Suite, Vintages
from badges.proofs.suites import suite_named, suite_of
from contexts import loader
from did.public_key import Curve, PublicKey
from did.signer import Signer

__all__ = [
    "add_proof",
    "check_form",
    "proof_options",
    "prove",
    "refuse_odd_characters",
    "signing_inputs",
    "split",
    "verify_one_of",
    "verify_proof",
]

CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
DATA_INTEGRITY_V2 = "https://w3id.org/security/data-integrity/v2"

_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})", re.ASCII
)

MAX_PROOFS = 16
"""Most proofs in one document: each costs a canonicalization."""

_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
    + "]"
)
"""Control characters but tab and line ends, lone surrogates and noncharacters."""

MAX_READINGS = 4
"""Most choices of older context texts we try for one proof."""

OF_MANY = "eddsa-rdfc-2022"
"""The suite of credentials that are issued in bulk."""


def proof_options(  # noqa: PLR0913 - one argument per member of a proof
    signer: Signer,
    suite: str,
    *,
    created: datetime,
    purpose: str = "assertionMethod",
    challenge: str | None = None,
    domain: str | None = None,
    expires: datetime | None = None,
    previous: str | list[str] | None = None,
    proof_id: str | None = None,
) -> dict[str, Any]:
    """Return a proof that lacks only its ``proofValue`` (§2.1)."""
    members = {
        "id": proof_id,
        "type": DATA_INTEGRITY,
        "cryptosuite": suite,
        "created": moment(created),
        "expires": moment(expires) if expires else None,
        "verificationMethod": signer.verification_method,
        "proofPurpose": purpose,
        "challenge": challenge,
        "domain": domain,
        "previousProof": previous,
    }
    return {name: value for name, value in members.items() if value is not None}


def add_proof(
    document: Document,
    signer: Signer,
    suite_name: str,
    *,
    created: datetime,
    look: bool = True,
    **members: Any,
) -> dict[str, Any]:
    """Return `document` with one more proof; the document given is not changed.

    A VC 1.1 document gets the Data Integrity context, which its own context lacks. `look` is
    whether to check the new signature: needless where our verifier looks at the whole next.

    Raises:
        DataLoss: part of the document would not be signed.
        ProofTransformation: it cannot be signed with this key or beside its other proofs.
        UnsupportedSuite: we do not sign with that suite.
        BadgeError: it cannot be transformed (see ``canon`` and ``jcs``).
    """
    suite = suite_named(suite_name)
    if not suite.may_sign:
        raise UnsupportedSuite(f"{suite_name} is not for signing like this; we only check it")
    options = proof_options(signer, suite_name, created=created, **members)
    if may_hold_unsafe(document):
        measure(document, BUDGET)
        refuse_odd_characters(document)
    unsecured, proofs = split(document) if "proof" in document else (dict(document), [])
    if proofs and _needs_context(unsecured):
        raise ProofTransformation("its other proofs were made without the Data Integrity context")
    unsecured = _with_context(unsecured)
    if suite.signs_context and "@context" in unsecured:
        options["@context"] = unsecured["@context"]
    inputs = signing_inputs(suite, unsecured, options, proofs)
    hash_data = suite.hash_data(*inputs, signer.public_key.curve, {})
    signature = signer.sign(hash_data.message)
    if look and not suite.fits(signature, signer.public_key, hash_data):
        raise ProofTransformation("the key made a signature that does not fit its public half")
    proof = {**options, "proofValue": multibase.encode_z(signature)}
    return {**unsecured, "proof": [*proofs, proof]}


def prove(
    text: known_text.KnownText, signer: Signer, suite_name: str, *, created: datetime, look: bool
) -> bytes | None:
    """Return the value of ``proof`` as JSON: what `add_proof` adds to a document without one.

    For documents that a template recognised, which hold no odd character; None for any other.

    Raises:
        ProofTransformation: the new signature does not fit.
        ProofInvalid: the suite does not work with this key.
        BadgeError: it cannot be transformed.
    """
    document, contexts = text.document, text.document.get("@context")
    if text.sight is None or suite_name != OF_MANY or "proof" in document:
        return None
    if not isinstance(contexts, list) or {*map(type, contexts)} != {str}:
        return None
    curve, method = signer.public_key.curve, signer.verification_method
    standing = _standing_options(method, curve, moment(created), tuple(contexts))
    if standing is None:
        return None
    options_hash, head = standing
    message = options_hash + known_text.digest(text)
    signature = signer.sign(message)
    if look and not signer.public_key.verify(signature, message):
        raise ProofTransformation("the key made a signature that does not fit its public half")
    return b'[%b,"proofValue":"%b"}]' % (head, multibase.encode_z(signature).encode())


@lru_cache(maxsize=64)
def _standing_options(
    method: str, curve: Curve, created: str, contexts: tuple[str, ...]
) -> tuple[bytes, bytes] | None:
    """Return the hash of the options that the proofs of a chunk share, and their open JSON."""
    suite_named(OF_MANY).check_curve(curve)
    if _needs_context({"@context": [*contexts]}):
        return None
    options = {
        "type": DATA_INTEGRITY,
        "cryptosuite": OF_MANY,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    canonical = suite_named(OF_MANY).transform({**options, "@context": [*contexts]}, "sha256", {})
    return sha256(canonical).digest(), orjson.dumps(options)[:-1]


def verify_proof(secured: Document, proof: Document, key: PublicKey) -> HashData:
    """Check one proof of `secured` with `key` and return what was signed.

    Tries the current text of every context first, then older ones; ``vintages`` of the answer
    says which fitted. Proofs named in ``previousProof`` are covered but not checked here.

    Raises:
        ProofInvalid: the signature does not fit.
        MalformedValue: the proof is not written as it must be.
        UnsupportedSuite: we do not know its suite.
        BadgeError: the document cannot be transformed (see ``canon`` and ``jcs``).
    """
    suite_of(proof).check_curve(key.curve)
    unsecured, proofs = split(secured)
    if proof not in proofs:
        raise ProofInvalid("the proof is not one of this document")
    check_form(proof)
    return verify_one_of(proofs, proof, unsecured, key)


def verify_one_of(
    proofs: list[dict[str, Any]], proof: Document, unsecured: Document, key: PublicKey
) -> HashData:
    """Check one of the proofs that a document was taken apart into, as `verify_proof` does.

    Args:
        proofs: as `split` gives them.
        proof: one of them, in the right form (see `check_form`).
        unsecured: the document without them.
        key: the key to check it with.

    Raises:
        BadgeError: as `verify_proof` does.
    """
    suite = suite_of(proof)
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    inputs = signing_inputs(suite, unsecured, options, proofs)
    failure: BadgeError | None = None
    for reading in _readings(unsecured):
        try:
            return suite.verify(*inputs, proof["proofValue"], key, reading)
        except (DataLoss, ProofInvalid) as error:
            failure = failure or error
    raise failure or ProofInvalid("the signature does not fit the document")


def split(secured: Document) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Take a document and its proofs apart.

    Raises:
        ProofInvalid: there is no proof, or there are too many.
        MalformedValue: a proof is not an object, or two have the same id.
    """
    proofs = secured.get("proof", [])
    proofs = proofs if isinstance(proofs, list) else [proofs]
    if not 0 < len(proofs) <= MAX_PROOFS:
        raise ProofInvalid(f"a secured document has between 1 and {MAX_PROOFS} proofs")
    if not all(isinstance(proof, dict) for proof in proofs):
        raise MalformedValue("a proof is an object")
    names = [proof["id"] for proof in proofs if "id" in proof]
    if any(names.count(name) > 1 for name in names):
        raise MalformedValue("two proofs have the same id")
    return {name: value for name, value in secured.items() if name != "proof"}, proofs


def check_form(proof: Document) -> None:
    """Refuse a proof that lacks what every proof must say.

    Raises:
        MalformedValue: a member is missing or of the wrong form.
    """
    for name in ("type", "verificationMethod", "proofPurpose", "proofValue"):
        if not isinstance(proof.get(name), str) or not proof[name]:
            raise MalformedValue(f"a proof needs one text as its {name}")
    if "id" in proof and not is_url(proof["id"]):
        raise MalformedValue("the id of a proof is a URL")
    for name in ("challenge", "nonce"):
        if not isinstance(proof.get(name, ""), str):
            raise MalformedValue(f"a proof gives {name} as one text")
    for name in ("created", "expires"):
        if name in proof and not _is_moment(proof[name]):
            raise MalformedValue(f"a proof gives {name} as a date and time with its zone")


def signing_inputs(
    suite: Suite, unsecured: Document, options: Document, proofs: list[dict[str, Any]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the document and the options as `suite` transforms them (§4.2, §4.4).

    Raises:
        ProofInvalid: a proof to build on is not among `proofs`, or the contexts do not fit.
    """
    covered = _previous(options.get("previousProof"), proofs)
    document = {**unsecured, "proof": covered} if covered else dict(unsecured)
    context = unsecured.get("@context")
    if suite.signs_context:
        if "@context" in options:
            document["@context"] = _shared_context(options["@context"], context)
        return document, dict(options)
    if options.get("@context", context) != context:
        raise ProofInvalid("the proof has a context of its own")
    return document, {**options, "@context": context}


def _shared_context(signed: object, present: object) -> object:
    """The context of the proof, which the document's must start with (eddsa-jcs §3.3.2)."""
    wanted = signed if isinstance(signed, list) else [signed]
    found = present if isinstance(present, list) else [present]
    if found[: len(wanted)] != wanted:
        raise ProofInvalid("the document's context does not start with the one that was signed")
    return signed


def _previous(names: object, proofs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The proofs that a proof covers (§4.5 step 4)."""
    if names is None:
        return []
    wanted = names if isinstance(names, list) else [names]
    found = [proof for name in wanted for proof in proofs if proof.get("id", "") == name]
    if not wanted or len(found) != len(wanted):
        raise ProofInvalid("a proof builds on another one that is not here")
    return found


def _readings(document: Document) -> Iterator[Vintages]:
    """All current texts first, then the older texts of the contexts that have some."""
    yield {}
    names = _context_names(document)
    dated = [name for name in names if loader.known(name) and len(loader.vintages(name)) > 1]
    choices = product(*(loader.vintages(name) for name in dated))
    for index, choice in enumerate(choices):
        if 0 < index <= MAX_READINGS:
            yield {text.url: text.sha256 for text in choice}


def _needs_context(document: Mapping[str, Any]) -> bool:
    names = _context_names(document)
    return CREDENTIALS_V1 in names and not {CREDENTIALS_V2, DATA_INTEGRITY_V2} & set(names)


def _with_context(document: dict[str, Any]) -> dict[str, Any]:
    if not _needs_context(document):
        return document
    names = document["@context"]
    names = names if isinstance(names, list) else [names]
    return {**document, "@context": [*names, DATA_INTEGRITY_V2]}


def _context_names(document: Mapping[str, Any]) -> list[str]:
    names = document.get("@context", [])
    names = names if isinstance(names, list) else [names]
    return [name for name in names if isinstance(name, str)]


def _is_moment(text: object) -> bool:
    """Tell whether `text` is an XSD dateTimeStamp (§2.1)."""
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def refuse_odd_characters(value: object) -> None:
    """Keep out of new documents what implementations write differently.

    Raises:
        MalformedValue: a control character or a noncharacter.
    """
    if isinstance(value, str):
        found = None if value.isprintable() else _ODD.search(value)
        if found:
            raise MalformedValue(f"the character U+{ord(found[0]):04X} cannot be signed reliably")
    elif isinstance(value, Mapping):
        for name, member in value.items():
            refuse_odd_characters(name)
            refuse_odd_characters(member)
    elif isinstance(value, list):
        for item in value:
            refuse_odd_characters(item)
