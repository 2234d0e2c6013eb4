"""What a cryptosuite is: how a document and its proof options become the bytes that are signed.

Spec: VC Data Integrity 1.0 §3 (cryptosuites), §4.1 (algorithm properties).
Shape: a suite is one value in one file; ``suites`` lists them. Siblings never import each other.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from badges.errors import ProofInvalid
from badges.proofs import multibase
from did.public_key import Curve, PublicKey

__all__ = ["DATA_INTEGRITY", "Document", "HashData", "HashName", "Suite", "Transform", "Vintages"]

Document = Mapping[str, Any]
HashName = Literal["sha256", "sha384"]
Vintages = Mapping[str, str]
"""Context URL → digest of the older text to read it by; empty: all current."""

CURRENT: Vintages = MappingProxyType({})

DATA_INTEGRITY = "DataIntegrityProof"
"""The proof type of all current suites."""

Transform = Callable[[Document, HashName, Vintages], bytes]
"""Document → canonical bytes."""

Check = Callable[[Document, Document, object, PublicKey, Vintages], "HashData"]
"""Document, options with their context, ``proofValue``, key → what was signed, or ProofInvalid."""

HASH_OF_CURVE: Mapping[Curve, HashName] = {
    Curve.ED25519: "sha256",
    Curve.P256: "sha256",
    Curve.P384: "sha384",
}

SIGNATURE_LENGTH = {Curve.ED25519: 64, Curve.P256: 64, Curve.P384: 96}


class HashData(NamedTuple):
    """Everything on the way from a document to the bytes that are signed."""

    document: bytes
    """The canonical document."""

    options: bytes
    """The canonical proof options."""

    document_hash: bytes
    options_hash: bytes
    vintages: Vintages = CURRENT
    """The older context texts that were used; empty: all current."""

    @property
    def message(self) -> bytes:
        """What is signed: the hash of the options, then the hash of the document."""
        return self.options_hash + self.document_hash


@dataclass(frozen=True, slots=True)
class Suite:
    """One way to sign."""

    name: str
    """The value of ``cryptosuite``, or the proof type of the suites from before there was one."""

    curves: frozenset[Curve]
    transform: Transform
    proof_type: str = DATA_INTEGRITY
    may_sign: bool = True
    """Whether we still make such proofs; the old ones we only check."""

    signs_context: bool = False
    """Whether the proof itself carries the ``@context`` it was made under (JCS suites)."""

    check: Check | None = None
    """How to check a proof, where it is more than one signature over two hashes."""

    def hash_data(
        self, document: Document, options: Document, curve: Curve, vintages: Vintages
    ) -> HashData:
        """Return the bytes to sign for `document` under `options` with a key of `curve`.

        Raises:
            ProofInvalid: the suite does not work with such a key.
            BadgeError: the document cannot be transformed (see ``canon`` and ``jcs``).
        """
        self.check_curve(curve)
        hash_name = HASH_OF_CURVE[curve]
        canonical_options = self.transform(options, hash_name, vintages)
        canonical_document = self.transform(document, hash_name, vintages)
        return HashData(
            canonical_document,
            canonical_options,
            hashlib.new(hash_name, canonical_document).digest(),
            hashlib.new(hash_name, canonical_options).digest(),
            vintages,
        )

    def verify(
        self,
        document: Document,
        options: Document,
        proof_value: object,
        key: PublicKey,
        vintages: Vintages,
    ) -> HashData:
        """Check a proof of `document` and return what was signed.

        Raises:
            ProofInvalid: the signature does not fit, or the key is of another kind.
            MalformedValue: the proof value is not written as it must be.
            BadgeError: the document cannot be transformed (see ``canon`` and ``jcs``).
        """
        self.check_curve(key.curve)
        if self.check is not None:
            return self.check(document, options, proof_value, key, vintages)
        signature = multibase.decode_z(proof_value)
        hash_data = self.hash_data(document, options, key.curve, vintages)
        if not self.fits(signature, key, hash_data):
            raise ProofInvalid("the signature does not fit the document")
        return hash_data

    def check_curve(self, curve: Curve) -> None:
        """Refuse a key of another kind.

        Raises:
            ProofInvalid: the suite does not work with such a key.
        """
        if curve not in self.curves:
            raise ProofInvalid(f"{self.name} does not work with a key of the kind {curve}")

    def fits(self, signature: bytes, key: PublicKey, hash_data: HashData) -> bool:
        """Tell whether `signature` is the signature of `key` over `hash_data`."""
        return len(signature) == SIGNATURE_LENGTH[key.curve] and key.verify(
            signature, hash_data.message
        )
