"""``Ed25519Signature2020``: Ed25519 as a proof type of its own, from before suites; only checked.

Spec: Ed25519Signature2020 (W3C CCG report, July 2022) §3: URDNA2015 and SHA-256 over the options
and the document, as in eddsa-rdfc-2022.
"""

from badges.proofs import known_shapes
from badges.proofs.suite import Document, HashName, Suite, Vintages
from did.public_key import Curve

__all__ = ["SUITE"]


def transform(document: Document, hash_name: HashName, vintages: Vintages) -> bytes:
    """Return the canonical N-Quads of `document`."""
    return known_shapes.canonicalize(document, contexts=vintages, hash_name=hash_name)


SUITE = Suite(
    "Ed25519Signature2020",
    frozenset({Curve.ED25519}),
    transform,
    proof_type="Ed25519Signature2020",
    may_sign=False,
)
