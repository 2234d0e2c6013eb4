"""did:key: the key is the document, and only in its one spelling."""

import json

import pytest

from did.document import DidDocument
from did.errors import InvalidDid
from did.methods import key
from did.public_key import Curve
from did.signers import memory


def test_its_one_key_is_under_its_own_name():
    signer = memory.generate(Curve.P256)
    did, fragment = signer.verification_method.split("#")
    document = key.read(did, None)
    assert did.endswith(fragment)
    assert [method["id"] for method in document["verificationMethod"]] == [f"{did}#{fragment}"]
    assert key.location(did) is None
    assert "keyAgreement" not in document


def test_the_official_documents_mean_the_same(shared):
    for name in ("ed25519-x25519", "nist-curves"):
        vectors = json.loads((shared / f"vectors/did-key/{name}.json").read_text())
        for did, vector in vectors.items():
            if did.startswith("did:key:z2J9"):  # P-521, which we do not use
                with pytest.raises(InvalidDid):
                    key.read(did)
                continue
            document = key.read(did)
            assert document["id"] == did
            for relationship in key.RELATIONSHIPS:
                assert document[relationship] == vector["didDocument"][relationship]
            assert DidDocument(document).methods("assertionMethod")


@pytest.mark.parametrize(
    "did",
    [
        "did:key:",
        "did:key:z",
        "did:key:z6Mk",
        "did:key:1.1:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw",
        "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw#z6Mk",
        "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMs0",
        "did:key:z6LShs9GGnqk85isEBzzshkuVWrVKsRp24GnDuHk8QWkARMW",
        "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
        "did:key:u7QHXWpgBgrEKt9VL_tPJZAc6DuFy89qmIyWvAhpo9wdRGg",
        "did:web:uni.example",
    ],
)
def test_another_spelling_or_kind_is_refused(did):
    with pytest.raises(InvalidDid):
        key.read(did)
