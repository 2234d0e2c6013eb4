"""``eddsa-2022``: the draft name of eddsa-rdfc-2022, still found on badges of 2023; only checked.

Spec: Data Integrity EdDSA Cryptosuites, working draft of July 2022, §3.1.
"""

from badges.proofs import known_shapes
from badges.proofs.suite import Document, HashName, Suite, Vintages
from did.public_key import Curve

__all__ = ["SUITE"]


def transform(document: Document, hash_name: HashName, vintages: Vintages) -> bytes:
    """Return the canonical N-Quads of `document`."""
    return known_shapes.canonicalize(document, contexts=vintages, hash_name=hash_name)


SUITE = Suite("eddsa-2022", frozenset({Curve.ED25519}), transform, may_sign=False)
