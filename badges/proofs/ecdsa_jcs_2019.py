"""``ecdsa-jcs-2019``: ECDSA over the JSON text of a document.

Spec: Data Integrity ECDSA Cryptosuites 1.0 §3.3.
"""

from badges.proofs import jcs
from badges.proofs.budget import BUDGET, measure
from badges.proofs.suite import Document, HashName, Suite, Vintages
from did.public_key import Curve

__all__ = ["SUITE"]


def transform(document: Document, _hash_name: HashName, _vintages: Vintages) -> bytes:
    """Return the canonical JSON of `document` (§3.3.3)."""
    measure(document, BUDGET)
    return jcs.canonicalize(document)


SUITE = Suite("ecdsa-jcs-2019", frozenset({Curve.P256, Curve.P384}), transform, signs_context=True)
