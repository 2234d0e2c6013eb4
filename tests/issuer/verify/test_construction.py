"""With whom an achievement was co-constructed is told of genuine credentials of its owner only."""

import pytest

from issuer.catalogue import reviews
from issuer.catalogue.drafts import Author
from issuer.db.session import reading, unit_of_work
from issuer.verify.construction import co_constructors

AI = "principles-of-artificial-intelligence"
ADDRESS = f"https://badges.example/o/alvor/achievements/{AI}"


@pytest.fixture
def owner(instance, alliance, achievements):
    """The owner of the achievement; somebody outside has signed off what is published."""
    found = next(each for each in alliance if each.slug == "alvor")
    with unit_of_work(instance.engine) as connection:
        author = Author(instance, connection, found, "account:1")
        token = reviews.invite(author, AI, "the city").rpartition("/")[2]
        review = reviews.find(instance, connection, token)
        said = {"name": "Kim Ek", "organisation": "City", "digest": achievements[AI].digest}
        reviews.sign_off(instance, connection, review, **said)
    return found


def report(owner, *, verdict="valid", issuer=None, **achievement):
    about = {"id": ADDRESS, "version": "1"} | achievement
    content = {"achievement": about, "issuer": {"id": issuer or owner.did}}
    return {"verdict": verdict, "credential": content}


def names(instance, told):
    return [each.name for each in co_constructors(instance, told)]


def test_a_genuine_credential_of_the_owner_tells_it(instance, owner, alliance):
    assert names(instance, report(owner)) == ["Kim Ek"]
    assert names(instance, report(owner, verdict="genuine_with_remarks")) == ["Kim Ek"]
    assert names(instance, report(owner, issuer=alliance[0].did)) == ["Kim Ek"]


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "not_valid"},
        {"verdict": "could_not_check"},
        {"issuer": "did:web:badges.example:o:halvik"},
        {"issuer": "did:key:stranger"},
        {"version": "2"},
        {"version": "one"},
        {"id": f"https://elsewhere.example/o/alvor/achievements/{AI}"},
        {"id": f"https://badges.example/o/halvik/achievements/{AI}"},
        {"id": "https://badges.example/o/alvor/achievements/none"},
        {"id": ""},
    ],
)
def test_nothing_is_told_of_anything_else(instance, owner, change):
    assert names(instance, report(owner, **change)) == []


def test_a_sign_off_that_was_taken_back_is_not_told(instance, owner):
    with unit_of_work(instance.engine) as connection:
        author = Author(instance, connection, owner, "account:1")
        (review,) = reviews.reviews_of(connection, owner, AI)
        reviews.withdraw(author, AI, review.invitation.id)
    with reading(instance.engine) as connection:
        assert reviews.reviews_of(connection, owner, AI)[0].sign_off.withdrawn_at
    assert names(instance, report(owner)) == []
