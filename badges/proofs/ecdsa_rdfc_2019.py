"""``ecdsa-rdfc-2019``: ECDSA over the RDF meaning of a document.

Spec: Data Integrity ECDSA Cryptosuites 1.0 §3.2. With P-384 every hash is SHA-384, also inside
the canonicalization.
"""

from badges.proofs import known_shapes
from badges.proofs.suite import Document, HashName, Suite, Vintages
from did.public_key import Curve

__all__ = ["SUITE"]


def transform(document: Document, hash_name: HashName, vintages: Vintages) -> bytes:
    """Return the canonical N-Quads of `document` (§3.2.3)."""
    return known_shapes.canonicalize(document, contexts=vintages, hash_name=hash_name)


SUITE = Suite("ecdsa-rdfc-2019", frozenset({Curve.P256, Curve.P384}), transform)
