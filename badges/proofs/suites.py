"""The suites we know, by the name a proof gives.

A new suite is one file and one line here.
"""

from collections.abc import Mapping

from badges.errors import MalformedValue, UnsupportedSuite
from badges.proofs import (
    ecdsa_jcs_2019,
    ecdsa_rdfc_2019,
    ecdsa_sd_2023,
    ed25519_signature_2020,
    eddsa_2022,
    eddsa_jcs_2022,
    eddsa_rdfc_2022,
)
from badges.proofs.suite import DATA_INTEGRITY, Document, Suite

__all__ = ["SUITES", "suite_named", "suite_of"]

SUITES: Mapping[str, Suite] = {
    suite.name: suite
    for suite in (
        eddsa_rdfc_2022.SUITE,
        eddsa_jcs_2022.SUITE,
        ecdsa_rdfc_2019.SUITE,
        ecdsa_jcs_2019.SUITE,
        ecdsa_sd_2023.SUITE,
        eddsa_2022.SUITE,
        ed25519_signature_2020.SUITE,
    )
}
"""Value of ``cryptosuite`` (or of ``type``, for older proofs) → the suite."""


def suite_named(name: str) -> Suite:
    """Return the suite with this name.

    Raises:
        UnsupportedSuite: we know none.
    """
    if name not in SUITES:
        raise UnsupportedSuite(f"{name[:80]!r} is not a suite we know: {', '.join(SUITES)}")
    return SUITES[name]


def suite_of(proof: Document) -> Suite:
    """Return the suite that `proof` says it was made with.

    Raises:
        MalformedValue: it does not say.
        UnsupportedSuite: we do not know it.
    """
    kind = proof.get("type")
    name = proof.get("cryptosuite") if kind == DATA_INTEGRITY else kind
    if not isinstance(kind, str) or not isinstance(name, str):
        raise MalformedValue("a proof needs one type, and a cryptosuite that names its suite")
    suite = suite_named(name)
    if suite.proof_type != kind:
        raise UnsupportedSuite(f"{name[:80]!r} is not the type of a proof")
    return suite
