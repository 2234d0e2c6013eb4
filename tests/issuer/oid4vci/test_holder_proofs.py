"""Holder proofs apart from the wire: presentations, attestations, and their limits."""

from datetime import UTC, datetime

import pytest

from badges.proofs import data_integrity
from did import jwk
from did.public_key import Curve
from did.signers import memory
from issuer.oid4vci.holder_proofs import Expected, verify_proofs
from issuer.oid4vci.model import BATCH_SIZE
from issuer.oid4vci.refusal import Refused
from tests.issuer.oid4vci.wallet import compact, new_key

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
ISSUER = "https://badges.example/o/halvik"
ATTESTER = new_key()


def expected(**changes):
    plain = {
        "audience": ISSUER,
        "now": NOW,
        "nonce_holds": lambda nonce: nonce == "n",
        "attesters": (ATTESTER.public_key,),
    }
    return Expected(**plain | changes)


def presentation(key, **changes):
    """Return a presentation signed for the issuer; changes are made before signing."""
    options = {"purpose": "authentication", "challenge": "n", "domain": ISSUER} | changes
    suite = options.pop("suite", "eddsa-rdfc-2022")
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": options.pop("holder", key.verification_method.partition("#")[0]),
    }
    options = {name: value for name, value in options.items() if value is not None}
    return data_integrity.add_proof(document, key, suite, created=NOW, **options)


@pytest.fixture
def key():
    return memory.generate(Curve.ED25519)


def refused(proofs, code="invalid_proof", **changes):
    with pytest.raises(Refused) as caught:
        verify_proofs(proofs, expected(**changes))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("curve", "suite"),
    [
        (Curve.ED25519, "eddsa-rdfc-2022"),
        (Curve.ED25519, "eddsa-jcs-2022"),
        (Curve.P256, "ecdsa-rdfc-2019"),
    ],
)
def test_a_presentation_proves_the_key(curve, suite):
    key = memory.generate(curve)
    proven = verify_proofs({"di_vp": [presentation(key, suite=suite)]}, expected())
    assert [holder.did for holder in proven.holders] == [key.verification_method.partition("#")[0]]
    assert proven.nonces == {"n"}


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": "assertionMethod"},
        {"domain": "https://evil.example"},
        {"domain": None},
        {"challenge": None},
        {"holder": "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"},
    ],
)
def test_a_presentation_that_is_not_for_us(key, changes):
    refused({"di_vp": [presentation(key, **changes)]})


def test_a_presentation_with_another_nonce(key):
    refused({"di_vp": [presentation(key, challenge="other")]}, "invalid_nonce")


def test_a_presentation_that_was_changed(key):
    signed = presentation(key)
    refused({"di_vp": [signed | {"id": "urn:uuid:other"}]})
    (proof,) = signed["proof"]
    refused({"di_vp": [signed | {"proof": [proof, proof]}]})
    refused({"di_vp": [{k: v for k, v in signed.items() if k != "proof"}]})


@pytest.mark.parametrize(
    "method", ["did:web:127.0.0.1#k", "did:web:evil.example#k", "nonsense", "", "https://x#k"]
)
def test_a_presentation_never_makes_us_fetch(key, method):
    signed = presentation(key)
    (proof,) = signed["proof"]
    refused({"di_vp": [signed | {"proof": [proof | {"verificationMethod": method}]}]})


def attestation(keys, signer=ATTESTER, **claims):
    body = {"iat": SECONDS, "nonce": "n", "attested_keys": [jwk.to_jwk(k.public_key) for k in keys]}
    return compact(signer, {"typ": "key-attestation+jwt"}, body | claims)


def test_an_attestation_stands_for_each_of_its_keys():
    keys = [new_key() for _ in range(3)]
    proven = verify_proofs({"attestation": [attestation(keys)]}, expected())
    assert [holder.key for holder in proven.holders] == [key.public_key for key in keys]


@pytest.mark.parametrize(
    "make",
    [
        lambda keys: attestation(keys, signer=new_key()),
        lambda keys: attestation([]),
        lambda keys: attestation(keys, attested_keys="x"),
        lambda keys: attestation(keys, attested_keys=[{"kty": "EC", "d": "x"}]),
        lambda keys: attestation(keys, iat=SECONDS - 86_400),
        lambda keys: attestation(keys, exp=SECONDS - 1),
        lambda keys: attestation(keys, nonce=None),
        lambda keys: attestation([new_key() for _ in range(BATCH_SIZE + 1)]),
        lambda keys: attestation([keys[0], keys[0]]),
        lambda keys: "nonsense",
    ],
)
def test_attestations_that_are_not_right(make):
    refused({"attestation": [make([new_key()])]})


def test_attestations_mean_nothing_where_nobody_is_trusted():
    refused({"attestation": [attestation([new_key()])]}, attesters=())


def proof(key, attested=None):
    header = {"typ": "openid4vci-proof+jwt", "kid": key.verification_method}
    if attested is not None:
        header["key_attestation"] = attested
    return compact(key, header, {"aud": ISSUER, "iat": SECONDS, "nonce": "n"})


def test_an_attested_proof():
    key = new_key()
    proven = verify_proofs({"jwt": [proof(key, attestation([key]))]}, expected())
    assert proven.holders[0].key == key.public_key


def test_an_attestation_of_other_keys():
    refused({"jwt": [proof(new_key(), attestation([new_key()]))]})


def test_the_client_is_who_it_was():
    key = new_key()
    header = {"typ": "openid4vci-proof+jwt", "kid": key.verification_method}
    claims = {"aud": ISSUER, "iat": SECONDS, "nonce": "n", "iss": "other"}
    refused({"jwt": [compact(key, header, claims)]}, client_id="wallet")
    assert verify_proofs({"jwt": [compact(key, header, claims)]}, expected())  # anonymous


def test_a_did_key_needs_no_fragment_and_a_wrong_one_is_refused():
    key = new_key()
    did = key.verification_method.partition("#")[0]
    claims = {"aud": ISSUER, "iat": SECONDS, "nonce": "n"}
    header = {"typ": "openid4vci-proof+jwt"}
    good = compact(key, header | {"kid": did}, claims)
    assert verify_proofs({"jwt": [good]}, expected()).holders[0].did == did
    refused({"jwt": [compact(key, header | {"kid": f"{did}#other"}, claims)]})
