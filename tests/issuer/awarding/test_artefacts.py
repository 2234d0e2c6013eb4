from datetime import date

import orjson
import pytest

from badges.award import Learner
from issuer.awarding import store
from issuer.awarding.artefacts import Beside, issue_again, issue_copies
from issuer.awarding.model import Decision, Order
from issuer.awarding.service import Wish, award_one, revoke, status_of
from issuer.db.session import reading
from issuer.errors import AlreadyRevoked, NotFound
from issuer.status.model import Reason
from issuer.status.service import Act

HOLDER = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
WISH = Wish("energy-positive-neighbourhoods", Decision(Learner(full_name="Zoë"), date(2026, 6, 12)))


class Noted:
    """What was kept beside copies, in order."""

    def __init__(self):
        self.calls = []

    def beside(self):
        return Beside(
            lambda connection: self.calls.append("intended"),
            lambda connection: self.calls.append("published"),
        )


@pytest.fixture
def first(instance, achievements):
    """The first artefact of an award."""
    return award_one(instance, WISH).issuance


def artefacts(instance, award_id):
    with reading(instance.engine) as connection:
        return store.of_award(connection, award_id)


def test_a_copy_for_a_wallet_is_a_sibling_with_a_place_of_its_own(instance, first):
    copy = issue_again(instance, first.award_id, Order(holder=HOLDER))
    assert copy == issue_again(instance, first.award_id, Order(holder=HOLDER))
    assert orjson.loads(copy.document)["credentialSubject"]["id"] == HOLDER
    both = (first.credential_id, copy.issuance.credential_id)
    assert len({status_of(instance, name)[1][0].index for name in both}) == 2


def test_copies_come_in_the_order_asked_and_the_same_once(instance, first):
    orders = [Order(format="dc+sd-jwt", holder=HOLDER), Order(holder=HOLDER), Order(holder=HOLDER)]
    copies = issue_copies(instance, first.award_id, orders)
    assert [copy.issuance.format for copy in copies] == ["dc+sd-jwt", "ldp_vc", "ldp_vc"]
    assert copies[1] == copies[2]
    assert len(artefacts(instance, first.award_id)) == 3


def test_what_is_kept_beside_comes_with_the_intent_and_with_the_copy(instance, first):
    noted = Noted()
    for calls in (2, 4):
        issue_copies(instance, first.award_id, [Order(holder=HOLDER)], beside=noted.beside())
        assert len(noted.calls) == calls
    assert noted.calls == ["intended", "published"] * 2


def test_what_is_refused_beside_issues_nothing(instance, first):
    def refuse(connection):
        raise NotFound("not today")

    orders = [Order(holder=HOLDER)]
    with pytest.raises(NotFound):
        issue_copies(instance, first.award_id, orders, beside=Beside(intended=refuse))
    assert artefacts(instance, first.award_id) == [first]


def test_a_copy_that_is_refused_keeps_nothing_beside(instance, first, clock):
    noted = Noted()
    revoke(instance, [first.credential_id], Act("staff", clock(), Reason.ISSUED_IN_ERROR))
    with pytest.raises(AlreadyRevoked):
        issue_copies(instance, first.award_id, [Order(holder=HOLDER)], beside=noted.beside())
    assert noted.calls == ["intended"]  # and the commit it was part of did not come
    assert artefacts(instance, first.award_id) == [first]


def test_a_sibling_of_nothing_is_refused(instance, achievements):
    with pytest.raises(NotFound):
        issue_again(instance, 999, Order())
