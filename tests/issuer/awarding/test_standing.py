"""How awards stand, as an employer sees it: in every format, and whatever the office decided."""

from datetime import timedelta

import orjson
import pytest

from badges.award import Learner
from badges.status.bits import expand
from badges.verify import Verdict
from issuer.awarding import standing
from issuer.awarding.artefacts import issue_again
from issuer.awarding.model import Order
from issuer.awarding.service import award_one
from issuer.awarding.standing import Change, change_awards
from issuer.db import outbox
from issuer.db.session import reading, unit_of_work
from issuer.errors import AlreadySuspended
from issuer.organisations import aftercare
from issuer.organisations.aftercare import Aftercare
from issuer.status.model import Reason
from issuer.status.publication import publish
from issuer.status.service import Act
from tests.issuer.awarding.test_service import ENERGY, report_on, wish

FORMATS = ("ldp_vc", "jwt_vc_json", "dc+sd-jwt")


@pytest.fixture
def suspendable(instance, achievements):
    """The awarding body wants its awards to be suspendable."""
    owner = achievements[ENERGY].organisation_id
    with unit_of_work(instance.engine) as connection:
        aftercare.save(connection, owner, Aftercare(suspendable=True))


@pytest.fixture
def change(instance, clock):
    def make(award_ids, kind, reason=Reason.UNDER_REVIEW):
        clock.forward(minutes=1)
        return change_awards(instance, award_ids, kind, Act("account:1", clock(), reason, "note"))

    return make


def verdict_and_code(instance, document):
    report = report_on(instance, document)
    return report.verdict, next(f.code for f in report.findings if f.check == "status")


@pytest.mark.parametrize("form", FORMATS)
def test_s8_suspended_reinstated_and_revoked_is_what_everybody_sees(
    instance, suspendable, change, form
):
    number = award_one(instance, wish()).issuance.award_id
    document = issue_again(instance, number, Order(form)).document
    assert verdict_and_code(instance, document) == (Verdict.VALID, "not-revoked")
    assert change([number], Change.SUSPEND) == [number]
    seen = verdict_and_code(instance, document)
    assert seen == (Verdict.GENUINE_WITH_REMARKS, "suspended")
    assert change([number], Change.REINSTATE) == [number]
    assert verdict_and_code(instance, document) == (Verdict.VALID, "not-revoked")
    change([number], Change.SUSPEND)
    assert change([number], Change.REVOKE, Reason.MISCONDUCT) == [number]
    assert verdict_and_code(instance, document) == (Verdict.NOT_VALID, "revoked")
    assert change([number], Change.REINSTATE) == []
    assert verdict_and_code(instance, document) == (Verdict.NOT_VALID, "revoked")


def test_a_suspendable_badge_still_carries_one_status(instance, suspendable):
    document = orjson.loads(award_one(instance, wish()).document)
    assert isinstance(document["credentialStatus"], dict)
    assert document["credentialStatus"]["statusPurpose"] == "suspension"


def test_without_the_organisations_wish_nothing_is_suspended(instance, achievements, change):
    number = award_one(instance, wish()).issuance.award_id
    assert change([number], Change.SUSPEND) == []
    with reading(instance.engine) as connection:
        assert not standing.standings(connection, [number])[number].suspendable


def test_nothing_new_is_issued_of_a_suspended_award(instance, suspendable, change):
    number = award_one(instance, wish()).issuance.award_id
    change([number], Change.SUSPEND)
    with pytest.raises(AlreadySuspended):
        issue_again(instance, number, Order("dc+sd-jwt"))


def test_a_published_revocation_of_a_suspendable_award_stands_in_a_restored_store(
    instance, suspendable, change, clock
):
    """The rows say it is in force, the published list says it is revoked: the list is right."""
    number = award_one(instance, wish()).issuance.award_id
    change([number], Change.REVOKE)
    with unit_of_work(instance.engine) as connection:
        found = connection.exec_driver_sql(
            "SELECT id, public_id FROM status_list WHERE purpose = 'suspension'"
        ).one()
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER TABLE status_entry DISABLE TRIGGER ALL")
        else:
            connection.exec_driver_sql("DROP TRIGGER revocation_stands")
        connection.exec_driver_sql("UPDATE status_entry SET set_at = NULL")
        connection.exec_driver_sql(
            "UPDATE status_list SET published_bits = NULL WHERE published_bits IS NOT NULL"
        )
    clock.now += timedelta(minutes=1)
    publish(instance, found.id)
    document = orjson.loads((instance.settings.published / f"{found.public_id}.json").read_bytes())
    assert any(expand(document["credentialSubject"]["encodedList"]))


def test_many_are_changed_in_one_commit_and_the_others_left_alone(instance, suspendable, change):
    first = award_one(instance, wish()).issuance.award_id
    other = award_one(instance, wish(learner=Learner(given_name="Bo"))).issuance.award_id
    change([first], Change.REVOKE)
    assert change([first, other, other], Change.REVOKE) == [other]
    with reading(instance.engine) as connection:
        told = [m.payload["awards"] for m in outbox.pending(connection, standing.CHANGED)]
    assert told == [[first], [other]]
