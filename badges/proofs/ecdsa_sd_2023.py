"""``ecdsa-sd-2023``: the holder shows a part of a document, and it is still signed.

Spec: Data Integrity ECDSA Cryptosuites 1.0 §3.5 (functions) and §3.6 (algorithms).
The issuer signs the mandatory lines together and every other line singly, with a key made for this
one document; blank nodes are named by an HMAC, so that their names tell nothing of what is hidden.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any

from badges.errors import MalformedValue, ProofInvalid
from badges.proofs import canon, multibase
from badges.proofs.disclosure import Groups, Labeller, Labels, group, labelled_lines, select
from badges.proofs.disclosure_value import (
    P256_MULTICODEC,
    BaseValue,
    DerivedValue,
    parse_base,
    parse_derived,
)
from badges.proofs.suite import Document, HashData, HashName, Suite, Vintages
from did.errors import InvalidKey
from did.public_key import Curve, PublicKey
from did.signer import Signer

__all__ = ["SUITE", "base_value", "derive", "verify_derived"]

NAME = "ecdsa-sd-2023"


def base_value(  # noqa: PLR0913 - two keys and their randomness are arguments
    document: Document,
    options: Document,
    signer: Signer,
    *,
    mandatory: Iterable[str],
    hmac_key: bytes,
    line_signer: Signer,
) -> str:
    """Return the ``proofValue`` that the issuer gives to the holder (§3.6.1 to §3.6.5).

    `options` carries the document's context; `line_signer` is a P-256 key made for this document
    and thrown away; `hmac_key` is 32 random bytes.

    Raises:
        ProofInvalid: a key is not P-256.
        MalformedValue: a mandatory pointer leads nowhere.
        BadgeError: the document cannot be transformed (see ``canon.canonicalize``).
    """
    SUITE.check_curve(signer.public_key.curve)
    SUITE.check_curve(line_signer.public_key.curve)
    pointers = tuple(mandatory)
    groups = group(document, _hmac_labeller(hmac_key), {"mandatory": pointers})
    chosen = frozenset(groups.selected["mandatory"])
    public_key = P256_MULTICODEC + line_signer.public_key.raw
    message = _message(options, public_key, [groups.lines[index] for index in sorted(chosen)])
    return BaseValue(
        signer.sign(message.message),
        public_key,
        hmac_key,
        tuple(
            line_signer.sign(line.encode())
            for index, line in enumerate(groups.lines)
            if index not in chosen
        ),
        pointers,
    ).serialize()


def derive(
    document: Document, proof_value: object, selective: Iterable[str]
) -> tuple[dict[str, Any], str]:
    """Return the part of an unsecured document to show, and its ``proofValue`` (§3.6.6).

    Raises:
        MalformedValue: this is no base proof, or a pointer leads nowhere.
        ProofInvalid: the base proof is of another document.
    """
    base = parse_base(proof_value)
    shown = tuple(dict.fromkeys((*base.mandatory_pointers, *selective)))
    part = select(document, shown)
    if part is None:
        raise MalformedValue("choose at least one part to show")
    pointers = {"mandatory": base.mandatory_pointers, "shown": shown}
    groups = group(document, _hmac_labeller(base.hmac_key), pointers)
    return part, _derived(base, groups).serialize()


def verify_derived(
    document: Document, options: Document, proof_value: object, key: PublicKey, vintages: Vintages
) -> HashData:
    """Check what a holder shows (§3.6.8) and return what the issuer signed.

    Raises:
        ProofInvalid: a signature does not fit, or a line has none.
        MalformedValue: the proof value is not written as it must be.
        BadgeError: the document cannot be transformed (see ``canon.canonicalize``).
    """
    derived = parse_derived(proof_value)
    lines = labelled_lines(document, _map_labeller(derived.labels), vintages)
    mandatory = frozenset(derived.mandatory)
    if mandatory and max(mandatory) >= len(lines):
        raise ProofInvalid("a mandatory line is not there")
    free = [line for index, line in enumerate(lines) if index not in mandatory]
    if len(free) != len(derived.signatures):
        raise ProofInvalid("the lines and their signatures do not match")
    signed = [line for index, line in enumerate(lines) if index in mandatory]
    message = _message(options, derived.public_key, signed, vintages)
    if not key.verify(derived.signature, message.message):
        raise ProofInvalid("the signature does not fit the document")
    line_key = _line_key(derived.public_key)
    for line, signature in zip(free, derived.signatures, strict=True):
        if not line_key.verify(signature, line.encode()):
            raise ProofInvalid("the signature of a line does not fit it")
    return message


def transform(document: Document, _hash_name: HashName, vintages: Vintages) -> bytes:
    """Return the canonical N-Quads of the proof options (§3.6.3)."""
    return canon.canonicalize(document, contexts=vintages)


def _derived(base: BaseValue, groups: Groups) -> DerivedValue:
    """Keep the signatures and labels of the lines that are shown (§3.5.6)."""
    mandatory, shown = frozenset(groups.selected["mandatory"]), groups.selected["shown"]
    free = [index for index in range(len(groups.lines)) if index not in mandatory]
    if len(free) != len(base.signatures):
        raise ProofInvalid("the proof is of another document")
    signature_of = dict(zip(free, base.signatures, strict=True))
    return DerivedValue(
        base.signature,
        base.public_key,
        tuple(signature_of[index] for index in shown if index not in mandatory),
        {
            int(canonical.removeprefix("_:c14n")): multibase.decode_u(label.removeprefix("_:"))
            for canonical, label in groups.canonical["shown"].items()
        },
        tuple(place for place, index in enumerate(shown) if index in mandatory),
    )


def _message(
    options: Document, public_key: bytes, mandatory: list[str], vintages: Vintages | None = None
) -> HashData:
    """What the issuer signs: options, the key of the lines, the mandatory lines (§3.5.1)."""
    canonical_options = transform(options, "sha256", vintages or {})
    content = "".join(mandatory).encode()
    return HashData(
        content,
        canonical_options,
        public_key + hashlib.sha256(content).digest(),
        hashlib.sha256(canonical_options).digest(),
        vintages or {},
    )


def _hmac_labeller(key: bytes) -> Labeller:
    def label(canonical: Labels) -> Labels:
        return {
            node: "_:" + multibase.encode_u(_hmac(key, name.removeprefix("_:")))
            for node, name in canonical.items()
        }

    return label


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _map_labeller(labels: Mapping[int, bytes]) -> Labeller:
    def label(canonical: Labels) -> Labels:
        numbers = {node: int(name.removeprefix("_:c14n")) for node, name in canonical.items()}
        if set(numbers.values()) != set(labels):
            raise ProofInvalid("the labels are not those of the nameless objects that are shown")
        return {node: "_:" + multibase.encode_u(labels[number]) for node, number in numbers.items()}

    return label


def _line_key(public_key: bytes) -> PublicKey:
    try:
        return PublicKey(Curve.P256, public_key.removeprefix(P256_MULTICODEC))
    except InvalidKey as error:
        raise MalformedValue("the key of the proof is not a P-256 key") from error


SUITE = Suite(NAME, frozenset({Curve.P256}), transform, may_sign=False, check=verify_derived)
