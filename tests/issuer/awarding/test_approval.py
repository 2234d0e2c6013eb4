"""Four eyes: what waits for a second person is awarded by nobody, whatever way it is tried."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from badges.award import Learner
from issuer.audit.store import rows
from issuer.awarding import approval, batch_store, batches
from issuer.awarding.bulk import Upload, award_list
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.awarding.work import start_waiting
from issuer.db.job_tables import batch_job
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import award
from issuer.errors import ApprovalDecided, NeedsApproval, NotFound, OwnApproval
from issuer.organisations import four_eyes
from tests.issuer.awarding.test_batches import ENERGY, people

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


class Engine:
    """A job engine that only notes what it is given."""

    def __init__(self):
        self.started = []

    def start(self, name, number, run):
        self.started.append((name, number, run))

    def is_busy(self, name, number):
        return True


@pytest.fixture
def strict(instance, achievements):
    """The university wants every award of more than one person seen by two."""
    with unit_of_work(instance.engine) as connection:
        four_eyes.save(connection, achievements[ENERGY].organisation_id, 1, instance.now())


@pytest.fixture
def submit(instance, achievements, tmp_path):
    def keep(count, actor="account:1", submission=None):
        path = tmp_path / "list.csv"
        path.write_text(people(count))
        return batches.submit(instance, Upload(path, ENERGY, actor=actor, submission=submission))

    return keep


def wish(name="Zoë", **more):
    learner = Learner(given_name=name, email=f"{name}@x.example")
    return Wish(ENERGY, Decision(learner, date(2026, 6, 12)), actor="account:1", **more)


def awards(instance):
    with reading(instance.engine) as connection:
        return connection.scalar(select(func.count()).select_from(award))


def do_everything(instance, number):
    batches.do_chunk(instance, number, 1, 99)
    for first, last in batches.plan(instance, number):
        batches.do_chunk(instance, number, first, last)


def test_s7_a_waiting_list_is_given_to_no_worker_and_awards_nobody(instance, strict, submit):
    number, engine = submit(2), Engine()
    assert batches.progress_of(instance, number).stage == "awaiting approval"
    start_waiting(instance, engine)
    batches.resume(instance, number, "account:1")
    start_waiting(instance, engine)
    do_everything(instance, number)
    assert (engine.started, awards(instance)) == ([], 0)


def test_s7_the_database_refuses_to_hand_over_what_waits(instance, strict, submit):
    number = submit(2)
    with pytest.raises(IntegrityError), unit_of_work(instance.engine) as connection:
        batch_store.hand_over(connection, number, 1)


@pytest.mark.parametrize(
    "values",
    [
        {"approval": "none"},
        {"approval": "approved"},
        {"approval": "approved", "decided_by": "account:1", "decided_at": "now"},
        {"asked_by": "account:2"},
        {"approval": "sent-back", "asked_by": None},
    ],
)
@sqlite
def test_s7_the_database_refuses_an_approval_by_nobody_or_by_the_sender(
    instance, strict, submit, values
):
    number = submit(2)
    if values.get("decided_at"):
        values = values | {"decided_at": instance.now()}
    change = update(batch_job).where(batch_job.c.batch_id == number).values(values)
    with pytest.raises(IntegrityError), unit_of_work(instance.engine) as connection:
        connection.execute(change)


def test_s7_a_second_person_approves_and_it_is_awarded(instance, strict, submit, clock):
    number, engine = submit(2), Engine()
    clock.forward(minutes=5)
    approval.approve(instance, number, "account:2")
    start_waiting(instance, engine)
    do_everything(instance, number)
    assert engine.started == [("award", number, 1)]
    assert awards(instance) == 2
    with reading(instance.engine) as connection:
        found = approval.read(connection, number)
        told = [line for row in rows(connection) if b"batch.approved" in (line := row.line)]
    assert (found.asked_by, found.decided_by) == ("account:1", "account:2")
    assert found.decided_at == clock.now
    assert len(told) == 1
    assert b'"account:2"' in told[0]
    assert f'"batch:{number}"'.encode() in told[0]


def test_s7_nobody_approves_or_sends_back_their_own_list(instance, strict, submit):
    number = submit(2)
    with pytest.raises(OwnApproval):
        approval.approve(instance, number, "account:1")
    with pytest.raises(OwnApproval):
        approval.send_back(instance, number, "account:1", "no")
    assert batches.progress_of(instance, number).stage == "awaiting approval"


def test_s7_what_was_sent_back_stays_so_with_its_reason(instance, strict, submit):
    number = submit(2)
    approval.send_back(instance, number, "account:2", "Two people are missing.")
    with pytest.raises(ApprovalDecided):
        approval.approve(instance, number, "account:3")
    with pytest.raises(ApprovalDecided):
        batches.resume(instance, number, "account:1")
    do_everything(instance, number)
    assert (batches.progress_of(instance, number).stage, awards(instance)) == ("sent back", 0)
    with reading(instance.engine) as connection:
        assert approval.read(connection, number).why == "Two people are missing."


@sqlite
def test_s7_no_way_past_the_second_person(instance, strict, submit, achievements, tmp_path):
    submit(2)
    with pytest.raises(NeedsApproval):
        award_list(instance, Upload(tmp_path / "list.csv", ENERGY))
    assert awards(instance) == 0
    with unit_of_work(instance.engine) as connection:
        four_eyes.save(connection, achievements[ENERGY].organisation_id, 0, instance.now())
    with pytest.raises(NeedsApproval):
        award_one(instance, wish())
    assert awards(instance) == 0


@sqlite
def test_s7_the_alliances_rule_holds_when_it_issues_for_a_member(instance, alliance, achievements):
    with unit_of_work(instance.engine) as connection:
        four_eyes.save(connection, alliance[0].id, 0, instance.now())
    award_one(instance, wish("Ada"))
    with pytest.raises(NeedsApproval):
        award_one(instance, wish("Bo", issuer=alliance[0].slug))


@sqlite
def test_s7_up_to_the_limit_nobody_has_to_look(instance, strict, submit):
    number = submit(1)
    assert batches.progress_of(instance, number).stage == "running"
    award_one(instance, wish())
    assert awards(instance) == 1


@sqlite
def test_s7_a_rule_that_is_lifted_leaves_waiting_what_waits(instance, strict, submit, achievements):
    number = submit(2)
    with unit_of_work(instance.engine) as connection:
        four_eyes.save(connection, achievements[ENERGY].organisation_id, None, instance.now())
    do_everything(instance, number)
    assert (batches.progress_of(instance, number).stage, awards(instance)) == (
        "awaiting approval",
        0,
    )


@sqlite
def test_a_single_award_waits_as_well_and_sending_it_twice_is_one(instance, achievements):
    with unit_of_work(instance.engine) as connection:
        four_eyes.save(connection, achievements[ENERGY].organisation_id, 0, instance.now())
    number = batches.submit_one(instance, wish(), "a" * 64)
    assert batches.submit_one(instance, wish(), "a" * 64) == number
    approval.approve(instance, number, "account:2")
    do_everything(instance, number)
    assert awards(instance) == 1


@sqlite
def test_a_form_sent_twice_is_one_list(instance, submit):
    number = submit(2, submission="b" * 64)
    assert submit(2, submission="b" * 64) == number
    assert submit(2, submission="c" * 64) != number


@sqlite
def test_of_a_form_sent_twice_at_once_one_list_stays(instance, submit, monkeypatch):
    first = submit(2, submission="b" * 64)
    monkeypatch.setattr(batches, "submitted", lambda *_: None)  # it was not there a moment ago
    assert submit(2, submission="b" * 64) == first
    with reading(instance.engine) as connection:
        left = connection.scalar(text("SELECT count(*) FROM batch_row WHERE batch_id <> 1"))
    assert (first, left) == (1, 0)


@sqlite
def test_a_list_begins_at_another_time(instance, submit, clock):
    number, engine = submit(1), Engine()
    batches.reschedule(instance, number, clock.now + timedelta(hours=1), "account:1")
    start_waiting(instance, engine)
    assert (batches.progress_of(instance, number).stage, engine.started) == ("scheduled", [])
    clock.forward(hours=2)
    start_waiting(instance, engine)
    assert engine.started == [("award", number, 1)]
    with pytest.raises(batches.AlreadyBegun):
        batches.reschedule(instance, number, None, "account:1")


def test_refuses_to_approve_what_is_not_there(instance, achievements):
    with pytest.raises(NotFound):
        approval.approve(instance, 4711, "account:2")


@sqlite
def test_refuses_to_approve_what_needs_none(instance, submit):
    with pytest.raises(ApprovalDecided):
        approval.approve(instance, submit(1), "account:2")
