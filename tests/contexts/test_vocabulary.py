import pytest

from contexts import vocabulary

CRED = "https://www.w3.org/2018/credentials#"
OB = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"


@pytest.mark.parametrize(
    ("iri", "term"),
    [
        (CRED + "validUntil", "validUntil"),
        (CRED + "credentialStatus", "credentialStatus"),
        ("https://w3id.org/security#expiration", "expires"),
        ("http://purl.org/dc/terms/created", "created"),
        ("https://www.w3.org/ns/credentials/status#statusListIndex", "statusListIndex"),
        (OB + "Achievement", "achievement"),
        (OB + "Criteria", "criteria"),
        ("http://data.europa.eu/snb/model/elm/awardedBy", "awardedBy"),
    ],
)
def test_a_member_has_one_spelling(iri, term):
    assert vocabulary.members_for(iri) == {term}


@pytest.mark.parametrize(
    ("iri", "term"),
    [
        (CRED + "VerifiableCredential", "VerifiableCredential"),
        (OB + "Achievement", "Achievement"),
        ("https://w3id.org/security#assertionMethod", "assertionMethod"),
    ],
)
def test_a_type_has_one_spelling(iri, term):
    assert vocabulary.types_for(iri) == {term}


@pytest.mark.parametrize("iri", ["", "https://example.com/x", "validUntil", "cred:validUntil"])
def test_what_no_context_of_ours_defines_has_none(iri):
    assert vocabulary.members_for(iri) == frozenset()
    assert vocabulary.types_for(iri) == frozenset()


def test_no_member_has_two_spellings():
    for iri in vocabulary._terms():
        assert len(vocabulary.members_for(iri)) == 1, iri
