import pytest

from badges.errors import MalformedValue, ProofInvalid, UnsupportedSuite
from badges.proofs.suites import SUITES, suite_named, suite_of
from did.public_key import Curve

ED25519, EC = {Curve.ED25519}, {Curve.P256, Curve.P384}
CURVES = {
    "eddsa-rdfc-2022": ED25519,
    "eddsa-jcs-2022": ED25519,
    "ecdsa-rdfc-2019": EC,
    "ecdsa-jcs-2019": EC,
    "ecdsa-sd-2023": {Curve.P256},
    "eddsa-2022": ED25519,
    "Ed25519Signature2020": ED25519,
}


def test_the_table_holds_the_suites_of_the_documentation():
    assert {name: set(suite.curves) for name, suite in SUITES.items()} == CURVES


@pytest.mark.parametrize("name", sorted(CURVES))
@pytest.mark.parametrize("curve", list(Curve))
def test_each_suite_takes_its_own_kinds_of_key_only(name, curve):
    if curve in CURVES[name]:
        assert suite_named(name).check_curve(curve) is None
    else:
        with pytest.raises(ProofInvalid, match="kind"):
            suite_named(name).check_curve(curve)


@pytest.mark.parametrize("name", ["", "none", "eddsa-rdfc-2023", "EdDSA-RDFC-2022", "x" * 10_000])
def test_refuses_a_suite_we_do_not_know(name):
    with pytest.raises(UnsupportedSuite):
        suite_named(name)


@pytest.mark.parametrize(
    "proof",
    [
        {},
        {"type": "DataIntegrityProof"},
        {"cryptosuite": "eddsa-rdfc-2022"},
        {"type": ["DataIntegrityProof"], "cryptosuite": "eddsa-rdfc-2022"},
        {"type": "DataIntegrityProof", "cryptosuite": None},
        {"type": None},
        {"type": {"id": "x"}},
    ],
)
def test_refuses_a_proof_that_does_not_say_how_it_was_made(proof):
    with pytest.raises(MalformedValue):
        suite_of(proof)


def test_an_old_proof_names_its_suite_by_its_type():
    assert suite_of({"type": "Ed25519Signature2020"}).name == "Ed25519Signature2020"
    with pytest.raises(UnsupportedSuite):
        suite_of({"type": "eddsa-rdfc-2022"})
