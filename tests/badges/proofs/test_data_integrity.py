import copy
from datetime import UTC, datetime

import pytest

from badges.errors import (
    BadgeError,
    DataLoss,
    MalformedValue,
    ProofInvalid,
    ProofTransformation,
    UnsupportedSuite,
)
from badges.proofs import data_integrity, multibase
from badges.proofs.suites import suite_named
from contexts import loader
from did import multikey
from did.public_key import Curve
from did.signers import memory
from tests.badges.proofs import vector

CREATED = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
KEY = memory.from_seed(Curve.ED25519, bytes(range(32)))
DOCUMENT = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "did:web:uni.example", "type": ["Profile"], "name": "Uni"},
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "type": ["AchievementSubject"]},
}
P256 = memory.from_seed(Curve.P256, bytes(range(1, 33)))
P384 = memory.from_seed(Curve.P384, bytes(range(1, 49)))
EDDSA = ("eddsa-rdfc-2022", "eddsa-jcs-2022")
SUITES = (*EDDSA, "ecdsa-rdfc-2019", "ecdsa-jcs-2019")


def signed(suite="eddsa-rdfc-2022", document=DOCUMENT, key=None, **members):
    key = key or (KEY if suite in EDDSA else P256)
    return data_integrity.add_proof(document, key, suite, created=CREATED, **members)


def check(secured, index=0, key=None):
    proof = secured["proof"][index]
    key = key or (P256 if str(proof.get("cryptosuite")).startswith("ecdsa") else KEY)
    return data_integrity.verify_proof(secured, proof, key.public_key)


def changed(secured, **members):
    """The document with members of its first proof replaced; None takes one away."""
    proof = {**secured["proof"][0], **members}
    proof = {name: value for name, value in proof.items() if value is not None}
    return {**secured, "proof": [proof, *secured["proof"][1:]]}


@pytest.mark.parametrize(
    ("suite", "end"), [("eddsa-rdfc-2022", "DataInt"), ("eddsa-jcs-2022", "JCS")]
)
def test_the_official_vector_is_reproduced_with_every_intermediate_value(shared, suite, end):
    folder = shared / "vectors" / suite
    signer = vector.signer(vector.load(folder, "keyPair.json"))
    document = vector.load(folder, "unsigned.json")
    secured = data_integrity.add_proof(document, signer, suite, created=CREATED)
    official = vector.load(folder, f"signed{end}.json")
    assert secured == {**official, "proof": [official["proof"]]}
    seen = data_integrity.verify_proof(official, official["proof"], signer.public_key)
    assert seen.document == (folder / f"canonDoc{end}.txt").read_bytes()
    assert seen.options == (folder / f"proofCanon{end}.txt").read_bytes()
    assert seen.document_hash.hex() == vector.text(folder, f"docHash{end}.txt")
    assert seen.options_hash.hex() == vector.text(folder, f"proofHash{end}.txt")
    assert seen.message.hex() == vector.text(folder, f"combinedHash{end}.txt")
    signature = multibase.decode_z(official["proof"]["proofValue"])
    assert signature.hex() == vector.text(folder, f"sigHex{end}.txt")
    assert official["proof"]["proofValue"] == vector.text(folder, f"sigBTC58{end}.txt")


def test_the_open_badges_vector_is_reproduced_with_every_intermediate_value(shared):
    folder = shared / "openbadges/test-vectors"
    official = vector.load(folder, "ob3-eddsa-rdfc-2022.json")
    method = official["proofOptions"]["verificationMethod"]
    seed = bytes.fromhex(official["seedHex"])
    signer = memory.from_seed(Curve.ED25519, seed, method)
    assert multikey.encode(signer.public_key) == official["publicKeyMultibase"]
    created = datetime.fromisoformat(official["proofOptions"]["created"])
    document = official["unsecured"]
    secured = data_integrity.add_proof(document, signer, "eddsa-rdfc-2022", created=created)
    assert secured["proof"][0]["proofValue"] == official["proofValue"]
    assert secured["proof"][0] == official["secured"]["proof"]
    seen = data_integrity.verify_proof(
        official["secured"], official["secured"]["proof"], signer.public_key
    )
    assert seen.document_hash.hex() == official["documentHash"]
    assert seen.options_hash.hex() == official["proofHash"]
    assert seen.document.decode() == (folder / "document-canon.txt").read_text()
    assert seen.options.decode() == (folder / "proof-canon.txt").read_text()


def test_the_official_proof_sets_are_reproduced(shared):
    folder = shared / "vectors/eddsa-proof-sets"
    keys = vector.load(folder, "multiKeyPairs.json")
    document = vector.load(folder, "unsigned.json")
    for number in (1, 2):
        official = vector.load(folder, f"proofSetConfigSigned{number}.json")
        signer = vector.signer(keys[f"keyPair{number}"])
        document = data_integrity.add_proof(
            document, signer, "eddsa-rdfc-2022", created=CREATED, proof_id=official["id"]
        )
        assert document["proof"][-1] == official
    assert document == vector.load(folder, "signedProofSet2.json")
    for number, proof in enumerate(document["proof"], 1):
        key = vector.signer(keys[f"keyPair{number}"]).public_key
        assert data_integrity.verify_proof(document, proof, key)


@pytest.mark.parametrize("suite", SUITES)
def test_what_we_sign_we_verify(suite):
    secured = signed(suite)
    assert isinstance(secured["proof"], list)
    assert check(secured).message


def test_signing_leaves_the_draft_alone():
    before = copy.deepcopy(DOCUMENT)
    signed()
    assert before == DOCUMENT


@pytest.mark.parametrize("suite", SUITES)
def test_refuses_a_changed_document(suite):
    secured = {**signed(suite), "validFrom": "2024-01-01T00:00:00Z"}
    with pytest.raises(ProofInvalid, match="does not fit"):
        check(secured)


@pytest.mark.parametrize("suite", SUITES)
def test_refuses_an_added_member(suite):
    secured = {**signed(suite), "validUntil": "2034-01-01T00:00:00Z"}
    with pytest.raises(ProofInvalid, match="does not fit"):
        check(secured)


def test_refuses_an_added_member_that_is_no_term():
    with pytest.raises(DataLoss, match="/invented"):
        check({**signed(), "invented": "x"})


@pytest.mark.parametrize("suite", SUITES)
def test_refuses_another_key(suite):
    with pytest.raises(ProofInvalid, match="does not fit"):
        check(signed(suite), key=memory.generate(Curve.ED25519 if suite in EDDSA else Curve.P256))


@pytest.mark.parametrize(
    ("suite", "curve"),
    [(suite, curve) for suite in EDDSA for curve in (Curve.P256, Curve.P384)]
    + [(suite, Curve.ED25519) for suite in SUITES if suite not in EDDSA],
)
def test_refuses_a_key_of_another_kind(suite, curve):
    with pytest.raises(ProofInvalid, match="kind"):
        check(signed(suite), key=memory.generate(curve))


@pytest.mark.parametrize("suite", ["ecdsa-rdfc-2019", "ecdsa-jcs-2019"])
def test_p_384_signs_with_sha_384_throughout(suite):
    secured = signed(suite, key=P384)
    seen = check(secured, key=P384)
    assert len(seen.message) == 96
    assert len(multibase.decode_z(secured["proof"][0]["proofValue"])) == 96
    with pytest.raises(ProofInvalid):
        check(secured, key=P256)


@pytest.mark.parametrize("r", [b"\0" * 32, b"\1" * 32])
@pytest.mark.parametrize("suite", ["ecdsa-rdfc-2019", "ecdsa-jcs-2019"])
def test_refuses_a_signature_of_zeros(suite, r):
    with pytest.raises(ProofInvalid):
        check(changed(signed(suite), proofValue=multibase.encode_z(r + b"\0" * 32)))


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("other", SUITES)
def test_refuses_a_proof_under_the_name_of_another_suite(suite, other):
    if suite == other:
        return
    with pytest.raises(BadgeError):
        check(changed(signed(suite), cryptosuite=other), key=KEY if suite in EDDSA else P256)


OLD = {"eddsa-2022": "DataIntegrityProof", "Ed25519Signature2020": "Ed25519Signature2020"}


def old_proof(name, document):
    """A proof as software of its time made it: we have no public way to make one."""
    suite = suite_named(name)
    options = {
        "type": OLD[name],
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": KEY.verification_method,
        "proofPurpose": "assertionMethod",
    }
    if OLD[name] == "DataIntegrityProof":
        options["cryptosuite"] = name
    bound = {**options, "@context": document["@context"]}
    data = suite.hash_data(document, bound, Curve.ED25519, {})
    value = multibase.encode_z(KEY.sign(data.message))
    return {**document, "proof": [{**options, "proofValue": value}]}


OLD_DOCUMENT = {
    **DOCUMENT,
    "@context": [
        "https://www.w3.org/2018/credentials/v1",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        "https://w3id.org/security/data-integrity/v1",
        "https://w3id.org/security/suites/ed25519-2020/v1",
    ],
    "issuanceDate": "2023-01-01T00:00:00Z",
}
del OLD_DOCUMENT["validFrom"]


@pytest.mark.parametrize("name", sorted(OLD))
def test_old_badges_are_checked_but_no_new_ones_are_made_that_way(name):
    secured = old_proof(name, OLD_DOCUMENT)
    assert check(secured, key=KEY)
    with pytest.raises(ProofInvalid):
        check({**secured, "issuanceDate": "2024-01-01T00:00:00Z"}, key=KEY)
    with pytest.raises(UnsupportedSuite, match="only check"):
        signed(name, OLD_DOCUMENT)


def test_an_old_proof_type_is_not_the_name_of_a_suite():
    secured = old_proof("Ed25519Signature2020", OLD_DOCUMENT)
    named = changed(secured, type="DataIntegrityProof", cryptosuite="Ed25519Signature2020")
    with pytest.raises(UnsupportedSuite, match="not the type"):
        check(named, key=KEY)


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize(
    "members",
    [
        {"proofPurpose": "authentication"},
        {"proofPurpose": "capabilityInvocation"},
        {"created": "2023-02-24T23:36:39Z"},
        {"created": None},
        {"expires": "2040-01-01T00:00:00Z"},
        {"challenge": "abc"},
        {"domain": "https://verifier.example"},
        {"verificationMethod": "did:web:other.example#key"},
        {"nonce": "abc"},
    ],
)
def test_refuses_changed_options(suite, members):
    with pytest.raises(ProofInvalid, match="does not fit"):
        check(changed(signed(suite), **members))


@pytest.mark.parametrize("purpose", ["assertion", "AssertionMethod", "sec:assertionMethod", "x"])
def test_refuses_a_purpose_that_is_none(purpose):
    with pytest.raises((DataLoss, ProofInvalid)):
        check(changed(signed(), proofPurpose=purpose))


@pytest.mark.parametrize(
    "members",
    [
        {"cryptosuite": "eddsa-rdfc-2021"},
        {"cryptosuite": "EDDSA-RDFC-2022"},
        {"cryptosuite": " eddsa-rdfc-2022"},
        {"cryptosuite": "none"},
        {"cryptosuite": ""},
        {"cryptosuite": "DataIntegrityProof"},
        {"type": "Ed25519Signature1999"},
        {"type": "eddsa-rdfc-2022"},
        {"type": "https://w3id.org/security#DataIntegrityProof"},
    ],
)
def test_refuses_a_suite_we_do_not_know(members):
    with pytest.raises(UnsupportedSuite):
        check(changed(signed(), **members))


@pytest.mark.parametrize(
    "members",
    [
        {"type": None},
        {"type": ["DataIntegrityProof"]},
        {"type": 5},
        {"cryptosuite": None},
        {"cryptosuite": ["eddsa-rdfc-2022"]},
        {"verificationMethod": None},
        {"verificationMethod": {"id": "did:example:1"}},
        {"proofPurpose": None},
        {"proofPurpose": ["assertionMethod"]},
        {"proofValue": None},
        {"proofValue": ""},
        {"proofValue": 5},
        {"proofValue": ["z3"]},
        {"created": "2023-02-24"},
        {"created": "2023-02-24T23:36:38"},
        {"created": "2023-02-31T23:36:38Z"},
        {"created": 5},
        {"expires": "never"},
        {"expires": ["2040-01-01T00:00:00Z"]},
    ],
)
def test_refuses_a_proof_that_lacks_what_every_proof_says(members):
    with pytest.raises(MalformedValue):
        check(changed(signed(), **members))


def test_refuses_a_jcs_proof_named_rdfc():
    with pytest.raises(BadgeError):
        check(changed(signed("eddsa-jcs-2022"), cryptosuite="eddsa-rdfc-2022"))


def test_refuses_an_rdfc_proof_named_jcs():
    with pytest.raises(ProofInvalid):
        check(changed(signed(), cryptosuite="eddsa-jcs-2022"))


def spellings(value):
    signature = multibase.decode_z(value)
    order = 2**252 + 27742317777372353535851937790883648493
    larger = (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    return {
        "base64url": multibase.encode_u(signature),
        "no header": value[1:],
        "wrong header": "Z" + value[1:],
        "space before": " " + value,
        "space after": value + " ",
        "line feed after": value + "\n",
        "space inside": value[:9] + " " + value[9:],
        "zero byte in front": multibase.encode_z(b"\0" + signature),
        "zero byte behind": multibase.encode_z(signature + b"\0"),
        "a byte short": multibase.encode_z(signature[:-1]),
        "S plus the order": multibase.encode_z(signature[:32] + larger),
        "zeros": multibase.encode_z(bytes(64)),
        "hex": signature.hex(),
        "half a megabyte": "z" + "2" * 500_000,
    }


@pytest.mark.parametrize(
    "case",
    [
        "base64url",
        "no header",
        "wrong header",
        "space before",
        "space after",
        "line feed after",
        "space inside",
        "zero byte in front",
        "zero byte behind",
        "a byte short",
        "S plus the order",
        "zeros",
        "hex",
        "half a megabyte",
    ],
)
def test_refuses_any_other_spelling_of_the_signature(case):
    secured = signed()
    value = spellings(secured["proof"][0]["proofValue"])[case]
    with pytest.raises((ProofInvalid, MalformedValue)):
        check(changed(secured, proofValue=value))


def test_refuses_a_proof_that_is_not_the_documents():
    secured, other = signed(), signed(expires=CREATED)
    with pytest.raises(ProofInvalid, match="not one of"):
        data_integrity.verify_proof(secured, other["proof"][0], KEY.public_key)


@pytest.mark.parametrize("proof", [[], [{}] * 17])
def test_refuses_no_proof_and_a_crowd_of_proofs(proof):
    with pytest.raises(ProofInvalid, match="between 1 and"):
        data_integrity.split({**DOCUMENT, "proof": proof})


@pytest.mark.parametrize("proof", ["z3", 5, None, ["z3"], [None], [[]]])
def test_refuses_a_proof_that_is_no_object(proof):
    with pytest.raises(MalformedValue):
        data_integrity.split({**DOCUMENT, "proof": proof})


def test_refuses_two_proofs_with_the_same_id():
    secured = signed(proof_id="urn:uuid:1")
    with pytest.raises(MalformedValue, match="same id"):
        data_integrity.split({**secured, "proof": secured["proof"] * 2})


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("previous", ["urn:uuid:1", ["urn:uuid:1"]])
def test_a_chain_covers_the_proof_before_it(suite, previous):
    first = signed(suite, proof_id="urn:uuid:1")
    chain = signed(suite, first, previous=previous)
    assert check(chain, 0)
    assert check(chain, 1)
    assert b"proofValue" in check(chain, 1).document


@pytest.mark.parametrize("suite", SUITES)
def test_refuses_a_chain_whose_first_proof_was_changed(suite):
    chain = signed(suite, signed(suite, proof_id="urn:uuid:1"), previous="urn:uuid:1")
    other = signed(suite, proof_id="urn:uuid:1", challenge="other")
    swapped = {**chain, "proof": [other["proof"][0], chain["proof"][1]]}
    assert check(swapped, 0)
    with pytest.raises(ProofInvalid, match="does not fit"):
        check(swapped, 1)


@pytest.mark.parametrize("previous", ["urn:uuid:9", ["urn:uuid:9"], ["urn:uuid:1", "urn:uuid:9"]])
def test_refuses_a_chain_with_a_missing_link(previous):
    first = signed(proof_id="urn:uuid:1")
    with pytest.raises(ProofInvalid, match="not here"):
        signed(document=first, previous=previous)


def test_refuses_a_chain_whose_first_proof_was_taken_away():
    chain = signed(document=signed(proof_id="urn:uuid:1"), previous="urn:uuid:1")
    with pytest.raises(ProofInvalid, match="not here"):
        check({**chain, "proof": chain["proof"][1:]})


def test_a_vc_1_1_document_gets_the_context_its_proof_needs():
    document = {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": ["VerifiableCredential"],
        "issuer": "did:web:uni.example",
        "issuanceDate": "2023-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:1"},
    }
    secured = signed(document=document)
    assert secured["@context"][1:] == ["https://w3id.org/security/data-integrity/v2"]
    assert check(secured)
    again = signed(document=secured)
    assert again["@context"] == secured["@context"]
    foreign = {**document, "proof": [{"type": "Ed25519Signature2020"}]}
    with pytest.raises(ProofTransformation, match="context"):
        signed(document=foreign)


def test_refuses_to_sign_with_a_key_of_another_kind():
    with pytest.raises(ProofInvalid, match="kind"):
        data_integrity.add_proof(
            DOCUMENT, memory.generate(Curve.P256), "eddsa-rdfc-2022", created=CREATED
        )


def test_refuses_to_sign_with_a_suite_we_do_not_know():
    with pytest.raises(UnsupportedSuite, match="eddsa-rdfc-2022"):
        signed("md5")


@pytest.mark.parametrize(
    "character", ["\x00", "\x07", "\x08", "\x7f", "\ufffe", "\uffff", "\ufdd0"]
)
@pytest.mark.parametrize("suite", SUITES)
def test_refuses_to_sign_characters_that_others_write_differently(suite, character):
    with pytest.raises(MalformedValue, match=r"U\+"):
        signed(suite, {**DOCUMENT, "name": f"a{character}b"})


class Careless:
    """A key whose signatures fit nothing."""

    verification_method = KEY.verification_method
    algorithm = KEY.algorithm
    public_key = KEY.public_key

    def sign(self, message):
        return bytes(64)


def test_refuses_a_signature_that_does_not_fit_its_own_key():
    with pytest.raises(ProofTransformation, match="public half"):
        data_integrity.add_proof(DOCUMENT, Careless(), "eddsa-rdfc-2022", created=CREATED)


def test_a_context_of_the_proofs_own_is_refused():
    own = changed(signed(), **{"@context": "https://www.w3.org/ns/credentials/v2"})
    with pytest.raises(ProofInvalid, match="context of its own"):
        check(own)


def test_a_jcs_proof_allows_contexts_added_behind_and_signs_without_them():
    secured = signed("eddsa-jcs-2022")
    more = {**secured, "@context": [*secured["@context"], "https://w3id.org/dcc/v1"]}
    assert check(more).message == check(secured).message


def test_refuses_a_jcs_proof_when_a_context_was_put_in_front():
    secured = signed("eddsa-jcs-2022")
    more = {**secured, "@context": ["https://w3id.org/dcc/v1", *secured["@context"]]}
    with pytest.raises(ProofInvalid, match="start with"):
        check(more)


def test_a_badge_signed_under_the_older_open_badges_text_still_verifies():
    context = DOCUMENT["@context"][1]
    older = {context: loader.vintages(context)[1].sha256}
    suite = suite_named("eddsa-rdfc-2022")
    options = data_integrity.proof_options(KEY, suite.name, created=CREATED)
    document = DOCUMENT | {"name": "Badge"}
    bound = {**options, "@context": document["@context"]}
    data = suite.hash_data(document, bound, Curve.ED25519, older)
    proof = {**options, "proofValue": multibase.encode_z(KEY.sign(data.message))}
    secured = {**document, "proof": [proof]}
    assert check(secured)
