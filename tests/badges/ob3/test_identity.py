import pytest

from badges.ob3.identity import hash_identity, hashed_identity, matches, plain_identity

OFFICIAL = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"


def test_hashes_like_the_example_of_the_specification():
    assert hash_identity("a@example.com", "Kosher") == OFFICIAL


def test_knows_the_learner_by_the_address_in_either_case():
    identity = hashed_identity("emailAddress", "zoe@example.org", "salt")
    assert matches(identity, "zoe@example.org")
    assert matches(identity, " Zoe@Example.org ")


def test_reads_old_md5_hashes():
    identity = {"hashed": True, "identityHash": "md5$0cc175b9c0f1b6a831c399e269772661"}
    assert matches(identity, "a")


def test_a_name_in_the_open_matches_whatever_its_case():
    assert matches(plain_identity("name", "Zoë Ångström"), "zoë ångström")


@pytest.mark.parametrize(
    ("identity", "claimed"),
    [
        (hashed_identity("emailAddress", "zoe@example.org", "salt"), "zoe@example.com"),
        (hashed_identity("emailAddress", "zoe@example.org", "salt"), ""),
        ({"hashed": True, "identityHash": "sha1$abc"}, "zoe@example.org"),
        ({"hashed": True, "identityHash": 5}, "5"),
        ({"hashed": True, "identityHash": "sha256$x", "salt": 5}, "x"),
        ({"hashed": True, "identityHash": "sha256$é"}, "x"),
        ({}, ""),
        ({"hashed": True, "identityHash": "zoe"}, "zoe"),
    ],
)
def test_anybody_else_does_not_match(identity, claimed):
    assert not matches(identity, claimed)
