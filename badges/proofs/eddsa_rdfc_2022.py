"""``eddsa-rdfc-2022``: Ed25519 over the RDF meaning of a document.

Spec: Data Integrity EdDSA Cryptosuites 1.0 §3.2.
"""

from badges.proofs import known_shapes
from badges.proofs.suite import Document, HashName, Suite, Vintages
from did.public_key import Curve

__all__ = ["SUITE"]


def transform(document: Document, hash_name: HashName, vintages: Vintages) -> bytes:
    """Return the canonical N-Quads of `document` (§3.2.3)."""
    return known_shapes.canonicalize(document, contexts=vintages, hash_name=hash_name)


SUITE = Suite("eddsa-rdfc-2022", frozenset({Curve.ED25519}), transform)
