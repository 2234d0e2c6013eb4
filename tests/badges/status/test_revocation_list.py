import pytest

from badges.errors import StatusVerification
from badges.status.revocation_list import is_revoked

URL = "https://uni.example/revoked"
ISSUER = "https://uni.example/issuer"


def ask(document, credential="urn:uuid:1"):
    return is_revoked(document, list_url=URL, issuer=ISSUER, credential=credential)


LIST = {"id": URL, "issuer": ISSUER, "revokedCredential": [{"id": "urn:uuid:1", "revoked": True}]}


def test_says_which_credential_is_revoked():
    assert ask(LIST)
    assert not ask(LIST, "urn:uuid:2")


def test_an_entry_without_a_word_on_it_is_revoked():
    assert ask({"revokedCredential": [{"id": "urn:uuid:1"}]})


@pytest.mark.parametrize(
    "document",
    [
        {**LIST, "id": "https://uni.example/other"},
        {**LIST, "issuer": "https://other.example"},
        {**LIST, "issuer": {"id": "https://other.example"}},
        {"id": URL},
        {**LIST, "revokedCredential": {"id": "urn:uuid:1"}},
        {**LIST, "revokedCredential": ["urn:uuid:1"]},
        {**LIST, "revokedCredential": [{"id": "urn:uuid:1", "revoked": "false"}]},
    ],
)
def test_v16_refuses_a_list_that_cannot_be_relied_on(document):
    with pytest.raises(StatusVerification):
        ask(document)
