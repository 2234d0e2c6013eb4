import pytest

from badges.credential.rules import check_presentation_rules, check_rules, is_url
from badges.credential.view import V1, V2

GOOD = {
    "@context": [V2],
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential"],
    "issuer": "did:web:uni.example",
    "validFrom": "2026-11-01T12:00:00Z",
    "credentialSubject": {"id": "did:example:1"},
}
RESOURCE = {"id": "https://a.example/x", "digestSRI": f"sha384-{64 * 'x'}"}


def test_a_plain_credential_has_no_problem():
    assert check_rules(GOOD) == []


@pytest.mark.parametrize(
    "change",
    [
        {"relatedResource": [RESOURCE]},
        {"relatedResource": [{"id": "https://a.example/x", "digestMultibase": f"uEi{43 * 'A'}"}]},
        {"issuer": {"id": "did:web:a", "name": [{"@value": "x", "@language": "de"}, "y"]}},
        {"name": {"@value": "x", "@language": "ar", "@direction": "rtl"}},
        {"name": [{"@value": "x"}, "y"]},
        {"description": "x"},
    ],
    ids=str,
)
def test_what_the_data_model_allows_is_no_problem(change):
    assert check_rules(GOOD | change) == []


def test_an_old_credential_keeps_the_old_names():
    old = {k: v for k, v in GOOD.items() if k != "validFrom"} | {"@context": [V1]}
    assert check_rules(old | {"issuanceDate": "2026-11-01T12:00:00Z"}) == []
    assert [p.path for p in check_rules(old)] == ["/issuanceDate"]


@pytest.mark.parametrize(
    "change",
    [
        {"@context": ["https://example.org"]},
        {"@context": []},
        {"@context": V2},
        {"@context": {"@vocab": V2}},
        {"@context": [{}, V2]},
        {"@context": [V2, 5]},
        {"type": ["Other"]},
        {"type": []},
        {"type": ["VerifiableCredential", 5]},
        {"id": 5},
        {"id": ["urn:a", "urn:b"]},
        {"id": "not a url"},
        {"issuer": None},
        {"issuer": "university"},
        {"issuer": {"name": "University"}},
        {"issuer": ["did:web:a"]},
        {"credentialSubject": None},
        {"credentialSubject": []},
        {"credentialSubject": {}},
        {"credentialSubject": "did:example:1"},
        {"credentialSubject": [GOOD["credentialSubject"], {}]},
        {"credentialSubject": {"id": "x"}},
        {"validFrom": "2026-11-01"},
        {"validUntil": "yesterday"},
        {"validUntil": "2026-10-01T12:00:00Z"},
        {"validFrom": 5},
        {"credentialStatus": {"id": "urn:x"}},
        {"credentialStatus": {"type": "T", "id": "x"}},
        {"credentialStatus": ["x"]},
        {"credentialSchema": {"type": "JsonSchema"}},
        {"credentialSchema": {"id": "https://a.example/s"}},
        {"refreshService": {"id": "https://a.example/r"}},
        {"termsOfUse": {"id": "urn:x"}},
        {"evidence": [{"id": "urn:x"}]},
        {"relatedResource": "https://a.example"},
        {"relatedResource": [{"digestSRI": "x"}]},
        {"relatedResource": [RESOURCE, RESOURCE]},
        {"relatedResource": [{"id": "https://a.example/x"}]},
        {"relatedResource": [RESOURCE | {"digestSRI": "md5-abc"}]},
        {"relatedResource": [RESOURCE | {"digestSRI": "sha384-abc"}]},
        {"relatedResource": [RESOURCE | {"digestMultibase": 5}]},
        {"relatedResource": [RESOURCE | {"digestMultibase": "uEi"}]},
        {"relatedResource": [RESOURCE | {"digestMultibase": f"b{50 * 'a'}"}]},
        {"issuer": {"id": "did:web:a", "name": 5}},
        {"issuer": {"id": "did:web:a", "name": {"@value": "x", "url": "y"}}},
        {"issuer": {"id": "did:web:a", "description": [True]}},
        {"name": 5},
        {"name": [True]},
        {"name": {"@value": 5}},
        {"name": {"@value": "x", "other": "y"}},
        {"name": {"en": "x"}},
        {"description": [{"@language": "en"}]},
    ],
    ids=str,
)
def test_each_broken_rule_is_a_problem(change):
    assert check_rules(GOOD | change)


@pytest.mark.parametrize("value", ["", "a", "a b:c", ":x", "https:", "urn:a b", None, 5, "1a:x"])
def test_what_is_not_a_url(value):
    assert not is_url(value)


@pytest.mark.parametrize("value", ["did:web:a", "urn:uuid:1", "https://a.example/ä?x#y"])
def test_what_is_a_url(value):
    assert is_url(value)


SHOWN = {"@context": [V2], "type": "VerifiablePresentation", "verifiableCredential": [GOOD]}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"id": "urn:uuid:2"},
        {"holder": "did:web:a"},
        {"holder": {"id": "did:web:a", "name": "A"}},
        {"verifiableCredential": GOOD},
        {"verifiableCredential": []},
        {"termsOfUse": {"type": "T"}},
        {"@context": [V1], "verifiableCredential": ["a.b.c"]},
    ],
    ids=str,
)
def test_what_the_data_model_allows_in_a_presentation_is_no_problem(change):
    assert check_presentation_rules(SHOWN | change) == []


@pytest.mark.parametrize(
    "change",
    [
        {"@context": V2},
        {"@context": ["https://example.org", V2]},
        {"@context": []},
        {"type": "VerifiableCredential"},
        {"type": ["VerifiablePresentation", 5]},
        {"type": None},
        {"id": "not a url"},
        {"id": ["urn:a", "urn:b"]},
        {"holder": "somebody"},
        {"holder": {"name": "A"}},
        {"holder": None},
        {"holder": ["did:web:a", "did:web:b"]},
        {"verifiableCredential": ["https://a.example/credential"]},
        {"verifiableCredential": "a.b.c"},
        {"verifiableCredential": [GOOD, 5]},
        {"termsOfUse": {"id": "urn:x"}},
    ],
    ids=str,
)
def test_each_broken_rule_of_a_presentation_is_a_problem(change):
    assert check_presentation_rules(SHOWN | change)
