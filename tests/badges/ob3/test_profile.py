from badges.award import Organisation
from badges.ob3.profile import build_profile


def test_a_profile_says_who_where_and_under_which_roof(university):
    profile = build_profile(university, "did:web:morgenau.example")
    assert profile["id"] == "did:web:morgenau.example"
    assert profile["address"]["addressCountryCode"] == "AT"
    assert profile["parentOrg"]["name"] == "Nordlicht Alliance"
    assert profile["otherIdentifier"][0]["identifierType"] == "ext:schac"


def test_what_is_not_known_is_left_out():
    profile = build_profile(Organisation("Tiny College", "FI"), "did:key:z")
    assert set(profile) == {"id", "type", "name", "address"}
