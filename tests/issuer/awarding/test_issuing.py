import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, event, func, select, update

from badges.award import Learner
from badges.verify import Register
from issuer.audit.service import verify
from issuer.awarding import life_store, store
from issuer.awarding.credential import credential_bytes
from issuer.awarding.drafting import intend
from issuer.awarding.idempotency import repeat
from issuer.awarding.issuing import finish, issue_batch, publish, resume, sign
from issuer.awarding.model import Decision, Order, State
from issuer.awarding.recording import Recording, record
from issuer.awarding.service import Wish, award_one
from issuer.db import writers
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import (
    audit_head,
    award,
    issuance,
    issuance_draft,
    issuance_proof,
    status_entry,
)
from issuer.errors import (
    AlreadyAwarded,
    KeyCompromised,
    NotFound,
    NotIssued,
    SelfCheckFailed,
    SelfCheckIncomplete,
    StoredBytesChanged,
)
from issuer.organisations.keys import active_key, compromise
from issuer.register.service import own_policy
from issuer.status.model import Purpose
from issuer.status.publication import publish_due
from issuer.status.service import Act, reserve, revoke
from issuer.status.store import entries_of

ENERGY = "energy-positive-neighbourhoods"


class CountingSigner:
    """A signer that counts how often its key was used."""

    def __init__(self, signer):
        self.signer, self.used = signer, 0
        self.verification_method = signer.verification_method
        self.algorithm, self.public_key = signer.algorithm, signer.public_key

    def sign(self, message):
        self.used += 1
        return self.signer.sign(message)


@pytest.fixture
def halvik_key(instance, alliance):
    """The key of the organisation that awards, counted from here on."""
    (uri,) = (uri for uri in instance.kept if "halvik" in uri)
    counting = instance.kept[uri] = CountingSigner(instance.kept[uri])
    return counting


@pytest.fixture
def reserved(instance, alliance, achievements):
    """Three issuances that are reserved and no more; their lists are out."""
    recording = Recording(achievements[ENERGY], alliance[1], Order(), "cli")
    people = [Learner(full_name=f"Learner {n}", email=f"{n}@student.example") for n in range(3)]
    with unit_of_work(instance.engine) as connection:
        decisions = [Decision(person, date(2026, 6, 12)) for person in people]
        numbers = record(instance, connection, recording, decisions)
    publish_due(instance)
    return numbers


def intended(instance, numbers):
    with unit_of_work(instance.engine) as connection:
        return intend(instance, connection, numbers, "cli")[0]


def states(instance, numbers):
    with reading(instance.engine) as connection:
        return [store.by_number(connection, number).state for number in numbers]


def count(instance, table):
    with reading(instance.engine) as connection:
        return connection.scalar(select(func.count()).select_from(table))


def stop_after(instance, numbers, step):
    """Do what a process had done when it was killed after `step`."""
    if step in {"intent", "sign"}:
        intended(instance, numbers)
    if step == "sign":
        sign(instance, numbers, "cli", {})


@pytest.mark.parametrize("step", ["reserve", "intent", "sign"])
def test_i1_what_a_killed_process_left_is_finished_by_the_next(instance, reserved, step):
    stop_after(instance, reserved, step)
    assert resume(instance) == 3
    assert states(instance, reserved) == [State.PUBLISHED] * 3
    assert count(instance, issuance_proof) == 3
    verify(instance.engine)


def test_what_is_on_its_way_is_found_without_looking_at_all_there_is(instance, reserved):
    if instance.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL scans a table this small whatever indexes it has")
    asked = []

    def listen(_connection, _cursor, statement, parameters, *_):
        asked.append((statement, parameters))

    event.listen(instance.engine, "before_cursor_execute", listen)
    with reading(instance.engine) as connection:
        assert life_store.open_numbers(connection) == reserved
        statement, parameters = asked[-1]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert "USING INDEX ix_issuance_open" in plan[0].detail


def test_what_is_void_or_published_is_not_on_its_way(instance, reserved):
    with unit_of_work(instance.engine) as connection:
        life_store.void(connection, reserved[0], "for a test")
    issue_batch(instance, reserved[1:2])
    with reading(instance.engine) as connection:
        assert life_store.open_numbers(connection) == reserved[2:]


def test_i1_there_is_nothing_left_to_finish_after_that(instance, reserved):
    resume(instance)
    assert resume(instance) == 0


def test_signing_again_after_a_crash_gives_the_same_bytes(instance, reserved, clock):
    prepared = intended(instance, reserved)
    sign(instance, reserved, "cli", prepared)
    with unit_of_work(instance.engine) as connection:
        first = [store.document_parts(connection, number) for number in reserved]
        connection.execute(delete(issuance_proof))
        connection.execute(update(issuance).values(state=State.INTENDED))
    clock.forward(hours=1)
    sign(instance, reserved, "cli", {})
    with reading(instance.engine) as connection:
        assert [store.document_parts(connection, number) for number in reserved] == first


def test_two_workers_on_one_chunk_make_one_credential_each(instance, reserved):
    with ThreadPoolExecutor(2) as workers:
        done = list(workers.map(lambda _: issue_batch(instance, reserved), range(2)))
    assert sorted(n for outcome in done for n in outcome.published) == reserved
    assert count(instance, issuance_proof) == 3
    verify(instance.engine)


def test_a_worker_that_was_overtaken_while_it_wrote_keeps_nothing_of_its_own(instance, reserved):
    asked = []

    def overtaken():
        if not asked:
            asked.append(intended(instance, reserved[:2]))
        return instance.now() + timedelta(hours=1)

    slow = replace(instance, now=overtaken)
    assert issue_batch(slow, reserved).published == reserved
    with reading(instance.engine) as connection:
        drafts = [store.document_parts(connection, number)[0] for number in reserved]
    (first,) = asked
    assert [held.draft for held in first.values()] == drafts[:2]
    assert count(instance, issuance_draft) == 3
    verify(instance.engine)


def test_ids_of_one_chunk_are_near_each_other_and_else_random(
    instance, reserved, alliance, achievements
):
    with unit_of_work(instance.engine) as connection:
        recording = Recording(achievements[ENERGY], alliance[1], Order(), "cli")
        decision = Decision(Learner(full_name="Zoë", email="z@x.example"), date(2026, 6, 12))
        (later,) = record(instance, connection, recording, [decision])
        *chunk, other = (
            UUID(store.by_number(connection, number).credential_id) for number in [*reserved, later]
        )
    assert {found.version for found in chunk} == {4}
    assert len({found.hex[:8] for found in chunk}) == 1
    assert (
        len({found.hex[8:16] for found in chunk}) == len({found.hex[16:] for found in chunk}) == 3
    )
    assert other.hex[:8] != chunk[0].hex[:8]


def test_the_disk_has_the_intents_before_a_key_is_used_and_all_of_it_in_the_end(
    instance, reserved, halvik_key, monkeypatch
):
    if instance.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL waits in its own commit")
    steps = []

    def sync(_):
        steps.append(("synced", halvik_key.used, states(instance, reserved)[0]))

    monkeypatch.setattr(writers, "sync", sync)
    issue_batch(instance, reserved)
    assert steps == [("synced", 0, State.INTENDED), ("synced", 3, State.PUBLISHED)]


def test_nothing_is_handed_out_before_it_is_published(instance, reserved):
    intended(instance, reserved)
    sign(instance, reserved, "cli", {})
    with pytest.raises(NotIssued, match="signed, not published"):
        credential_bytes(instance, reserved[0])
    publish(instance, reserved)
    assert credential_bytes(instance, reserved[0]).document


def test_i7_changed_bytes_are_never_signed(instance, reserved, halvik_key):
    intended(instance, reserved)
    with unit_of_work(instance.engine) as connection:
        on = " ON issuance_draft" if connection.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER draft_stays{on}")
        first = issuance_draft.c.issuance_id == reserved[0]
        forged = connection.scalar(select(issuance_draft.c.bytes).where(first))
        forged = bytes(forged).replace(b"Learner 0", b"Learner X")
        connection.execute(update(issuance_draft).where(first).values(bytes=forged))
    refused = sign(instance, reserved, "cli", {})
    assert isinstance(refused[reserved[0]], StoredBytesChanged)
    assert states(instance, reserved) == [State.VOID, State.SIGNED, State.SIGNED]
    assert halvik_key.used == 2


@pytest.mark.parametrize(("name", "value"), [("draft", b"{}"), ("_hash", bytes(32))])
def test_i7_bytes_changed_together_with_their_hash_are_not_signed_either(
    instance, reserved, halvik_key, name, value
):
    """The process that prepared them remembers what it prepared."""
    prepared = intended(instance, reserved[:1])
    setattr(prepared[reserved[0]], name, value)
    refused = sign(instance, reserved[:1], "cli", prepared)
    assert isinstance(refused[reserved[0]], StoredBytesChanged)
    assert halvik_key.used == 0


def test_i7_the_database_refuses_to_change_a_draft(instance, reserved):
    intended(instance, reserved)
    with (
        pytest.raises(Exception, match="never changed"),
        unit_of_work(instance.engine) as connection,
    ):
        connection.execute(update(issuance_draft).values(bytes=b"{}"))


def test_a_void_issuance_lets_its_award_be_made_again(instance, reserved, alliance, achievements):
    with unit_of_work(instance.engine) as connection:
        life_store.void(connection, reserved[0], "for a test")
        person = Learner(full_name="Learner 0", email="0@student.example")
        recording = Recording(achievements[ENERGY], alliance[1], Order(), "cli")
        decision = Decision(person, date(2026, 6, 12))
        (number,) = record(instance, connection, recording, [decision])
    assert issue_batch(instance, [number]).published == [number]


def test_i6_what_is_refused_uses_no_key(instance, reserved, halvik_key, alliance, achievements):
    recording = Recording(achievements[ENERGY], alliance[1], Order(), "cli")
    with unit_of_work(instance.engine) as connection:
        decision = Decision(Learner(full_name="Bad\x07Name"), date(2026, 6, 12))
        numbers = record(instance, connection, recording, [decision])
    outcome = issue_batch(instance, numbers)
    assert list(outcome.refused) == numbers
    assert states(instance, numbers) == [State.VOID]
    assert halvik_key.used == 0


def test_i19_without_an_audit_line_nothing_is_signed(instance, reserved, halvik_key):
    with unit_of_work(instance.engine) as connection:
        connection.execute(delete(audit_head))
    with pytest.raises(Exception, match="No row"):
        issue_batch(instance, reserved)
    assert halvik_key.used == 0
    assert states(instance, reserved) == [State.RESERVED] * 3


def test_i2_twenty_requests_at_once_with_one_key_make_one_credential(instance, achievements):
    decision = Decision(Learner(full_name="Zoë", email="z@x.example"), date(2026, 6, 12))
    wish = Wish(ENERGY, decision, repeat=repeat("k", b"request"))

    def ask(_):
        try:
            return award_one(instance, wish).document
        except (AlreadyAwarded, NotIssued):
            return None

    with ThreadPoolExecutor(20) as callers:
        answers = set(callers.map(ask, range(20))) - {None}
    assert len(answers) == 1
    assert count(instance, issuance) == count(instance, award) == 1
    assert award_one(instance, wish).document in answers


def test_i3_places_given_out_at_once_are_all_different(instance, alliance, issuance_rows, clock):
    numbers = issuance_rows(120)

    def take(start):
        with unit_of_work(instance.engine) as connection:
            some = numbers[start : start + 10]
            reserve(connection, alliance[1].id, Purpose.REVOCATION, some, clock())

    with ThreadPoolExecutor(6) as workers:
        list(workers.map(take, range(0, 120, 10)))
    with reading(instance.engine) as connection:
        places = connection.execute(select(status_entry.c.list_id, status_entry.c.index)).all()
    assert len(set(places)) == len(places) == 120


def test_i8_an_intent_of_a_key_compromised_since_is_void(instance, reserved, alliance, clock):
    intended(instance, reserved)
    with unit_of_work(instance.engine) as connection:
        compromise(connection, active_key(connection, alliance[1]), clock(), clock(), "cli")
    refused = sign(instance, reserved, "cli", {})
    assert {type(error) for error in refused.values()} == {KeyCompromised}
    assert states(instance, reserved) == [State.VOID] * 3


def test_what_our_verifier_cannot_check_waits(instance, reserved):
    prepared = intended(instance, reserved)
    (published,) = instance.settings.published.glob("*.json")
    away = published.rename(published.with_suffix(".away"))
    with pytest.raises(SelfCheckIncomplete):
        sign(instance, reserved, "cli", prepared)
    away.rename(published)
    assert states(instance, reserved) == [State.INTENDED] * 3
    assert resume(instance) == 3


def test_what_our_verifier_refuses_is_void(instance, reserved, alliance, clock):
    """Here because it was revoked before it was signed."""
    prepared = intended(instance, reserved)
    with unit_of_work(instance.engine) as connection:
        revoke(connection, entries_of(connection, reserved[:1]), Act("cli", clock()))
    publish_due(instance)
    refused = sign(instance, reserved, "cli", prepared)
    assert isinstance(refused[reserved[0]], SelfCheckFailed)
    assert states(instance, reserved)[0] is State.VOID


def test_a_lone_one_that_our_verifier_refuses_is_void_and_not_published(
    instance, reserved, alliance, clock
):
    prepared = intended(instance, reserved)
    with unit_of_work(instance.engine) as connection:
        revoke(connection, entries_of(connection, reserved[:1]), Act("cli", clock()))
    publish_due(instance)
    outcome = finish(instance, reserved[:1], "cli", prepared)
    assert isinstance(outcome.refused[reserved[0]], SelfCheckFailed)
    assert outcome.published == []
    assert states(instance, reserved)[0] is State.VOID


def test_whom_the_register_did_not_name_a_second_ago_may_be_in_it_now(instance, reserved):
    nobody = replace(own_policy_now(instance), register=Register("Nobody", {}))
    instance.kept["own policy"] = (time.monotonic(), nobody)
    assert finish(instance, reserved[:1], "cli", intended(instance, reserved)).published
    assert states(instance, reserved)[0] is State.PUBLISHED


def own_policy_now(instance):
    with reading(instance.engine) as connection:
        return own_policy(instance, connection)


def test_i19_without_an_audit_line_a_lone_one_is_neither_signed_nor_published(instance, reserved):
    prepared = intended(instance, reserved)
    with unit_of_work(instance.engine) as connection:
        connection.execute(delete(audit_head))
    with pytest.raises(Exception, match="No row"):
        finish(instance, reserved[:1], "cli", prepared)
    assert states(instance, reserved) == [State.INTENDED] * 3
    assert count(instance, issuance_proof) == 0


def test_an_intent_whose_key_is_another_organisations_is_not_signed(instance, reserved, alliance):
    prepared = intended(instance, reserved)
    with unit_of_work(instance.engine) as connection:
        foreign = active_key(connection, alliance[0])
        connection.execute(update(issuance).values(signing_key_id=foreign.id))
    with pytest.raises(NotFound, match="no key number"):
        finish(instance, reserved[:1], "cli", prepared)
    assert states(instance, reserved) == [State.INTENDED] * 3
