from dataclasses import replace
from datetime import date

import orjson
import pytest
from sqlalchemy import func, select

from badges.award import Learner
from badges.verify import Case, Verdict, check, needs, read
from issuer.audit.service import verify
from issuer.awarding.idempotency import repeat
from issuer.awarding.model import Decision, Order, State
from issuer.awarding.service import Wish, award_one, reinstate, revoke, status_of, suspend
from issuer.db.session import reading
from issuer.db.tables import award, issuance, outbox, status_list
from issuer.errors import (
    AlreadyAwarded,
    AlreadyRevoked,
    IdempotencyConflict,
    MayNotAward,
    NotFound,
    NotSuspendable,
)
from issuer.register.service import own_policy
from issuer.status.model import Purpose, Reason
from issuer.status.own_documents import own_documents
from issuer.status.service import Act

ENERGY = "energy-positive-neighbourhoods"
ZOE = Learner(given_name="Zoë", family_name="van den Berg", email="zoe@student.example")


def wish(learner=ZOE, **changes):
    decision = Decision(learner, date(2026, 6, 12), grade="Passed")
    return replace(Wish(ENERGY, decision), **changes)


def report_on(instance, document):
    presented, evidence = read(document), {}
    for _ in range(3):
        evidence.update(own_documents(instance, needs(presented, evidence)))
    with reading(instance.engine) as connection:
        policy = own_policy(instance, connection)
    return check(Case(presented, evidence, policy, instance.now()))


def rows(instance, table):
    with reading(instance.engine) as connection:
        return connection.scalar(select(func.count()).select_from(table))


def test_an_award_becomes_a_credential_an_employer_finds_valid(instance, achievements):
    credential = award_one(instance, wish())
    document = orjson.loads(credential.document)
    assert document["issuer"]["id"] == "did:web:badges.example:o:halvik"
    assert credential.issuance.state is State.PUBLISHED
    assert credential.media_type == "application/vc"
    assert report_on(instance, credential.document).verdict is Verdict.VALID


def test_a_changed_letter_is_not_valid(instance, achievements):
    document = award_one(instance, wish()).document.replace("Zoë".encode(), "Zoé".encode())
    assert report_on(instance, document).verdict is Verdict.NOT_VALID


def test_a_revoked_credential_is_not_valid_at_once(instance, achievements, clock):
    credential = award_one(instance, wish())
    clock.forward(minutes=1)
    revoke(
        instance,
        [credential.issuance.credential_id],
        Act("cli", clock(), Reason.ISSUED_IN_ERROR, "wrong person"),
    )
    assert report_on(instance, credential.document).verdict is Verdict.NOT_VALID
    _, (entry,) = status_of(instance, credential.issuance.credential_id)
    assert (entry.public_reason, entry.internal_reason) == ("issued-in-error", "wrong person")


def test_without_its_list_it_could_not_be_checked(instance, achievements):
    credential = award_one(instance, wish())
    (file,) = instance.settings.published.glob("*.json")
    file.unlink()
    assert report_on(instance, credential.document).verdict is Verdict.COULD_NOT_CHECK


def test_the_first_revocation_stands(instance, achievements, clock):
    credential = award_one(instance, wish()).issuance.credential_id
    revoke(instance, [credential], Act("cli", clock()))
    with pytest.raises(AlreadyRevoked):
        revoke(instance, [credential], Act("cli", clock()))


def test_what_was_not_issued_here_is_not_revoked(instance, achievements, clock):
    credential = award_one(instance, wish()).issuance.credential_id
    with pytest.raises(NotFound):
        revoke(instance, [credential, "urn:uuid:unknown"], Act("cli", clock()))
    assert status_of(instance, credential)[1][0].set_at is None


def test_a_suspension_comes_and_goes(instance, achievements, clock):
    order = Order(purposes=(Purpose.REVOCATION, Purpose.SUSPENSION))
    credential = award_one(instance, wish(order=order)).issuance.credential_id
    suspend(instance, [credential], Act("cli", clock(), Reason.UNDER_REVIEW))
    reinstate(instance, [credential], Act("cli", clock()))
    assert all(entry.set_at is None for entry in status_of(instance, credential)[1])


def test_without_a_place_for_it_there_is_no_suspension(instance, achievements, clock):
    credential = award_one(instance, wish()).issuance.credential_id
    with pytest.raises(NotSuspendable):
        suspend(instance, [credential], Act("cli", clock()))


def test_the_alliance_issues_for_its_member(instance, achievements):
    document = orjson.loads(award_one(instance, wish(issuer="northlight")).document)
    assert document["issuer"]["id"] == "did:web:badges.example:o:northlight"
    creator = document["credentialSubject"]["achievement"]["creator"]
    assert creator["id"] == "did:web:badges.example:o:halvik"


def test_a_stranger_does_not_issue_for_a_member(instance, achievements):
    with pytest.raises(MayNotAward):
        award_one(instance, wish(issuer="alvor"))
    assert rows(instance, award) == 0


def test_an_unknown_achievement_changes_nothing(instance, achievements):
    with pytest.raises(NotFound, match=ENERGY):
        award_one(instance, wish(achievement="underwater-basketry"))
    assert rows(instance, issuance) == rows(instance, outbox) == 0


def test_i2_the_same_person_is_not_awarded_twice(instance, achievements):
    award_one(instance, wish())
    again = replace(ZOE, given_name="Zoe", email=" ZOE@student.EXAMPLE ")
    with pytest.raises(AlreadyAwarded, match="correct that one"):
        award_one(instance, wish(again))
    assert rows(instance, issuance) == 1


def test_on_purpose_the_same_person_may_be_awarded_again(instance, achievements):
    award_one(instance, wish())
    award_one(instance, wish(decision=Decision(ZOE, date(2026, 6, 12), occasion=1)))
    assert rows(instance, issuance) == 2


def test_i2_the_same_request_gives_the_same_bytes(instance, achievements):
    first = award_one(instance, wish(repeat=repeat("k1", b"request")))
    second = award_one(instance, wish(repeat=repeat("k1", b"request")))
    assert first == second
    assert rows(instance, issuance) == 1


def test_i2_another_request_with_the_same_key_is_refused(instance, achievements):
    award_one(instance, wish(repeat=repeat("k1", b"request")))
    with pytest.raises(IdempotencyConflict):
        award_one(instance, wish(repeat=repeat("k1", b"another")))


def test_i6_what_a_verifier_would_refuse_is_refused_before_any_key_is_used(instance, achievements):
    with pytest.raises(Exception, match="character"):
        award_one(instance, wish(replace(ZOE, given_name="Zo\x07")))
    assert instance.kept == {} or rows(instance, issuance) == 0
    assert rows(instance, award) == rows(instance, issuance) == rows(instance, outbox) == 0


def test_the_audit_log_tells_the_whole_life(instance, achievements):
    before = verify(instance.engine).lines
    award_one(instance, wish())
    assert verify(instance.engine).lines == before + 3


def test_nobody_is_named_in_audit_log_and_outbox(instance, achievements):
    award_one(instance, wish())
    with reading(instance.engine) as connection:
        lines = connection.exec_driver_sql("SELECT line FROM audit_line").scalars()
        posts = connection.exec_driver_sql("SELECT payload FROM outbox").scalars()
        text = b" ".join(bytes(line) for line in lines).decode() + " ".join(posts)
    assert "Zo" not in text
    assert "student.example" not in text


def test_many_are_revoked_in_one_version_of_the_list(instance, achievements, clock):
    people = [Learner(full_name=f"Learner {n}", email=f"{n}@x.example") for n in range(3)]
    ids = [award_one(instance, wish(person)).issuance.credential_id for person in people]
    before = list_version(instance)
    revoke(instance, [*ids, ids[0]], Act("cli", clock()))
    assert list_version(instance) == before + 1
    assert all(status_of(instance, found)[1][0].set_at for found in ids)


def list_version(instance):
    with reading(instance.engine) as connection:
        return connection.scalar(select(status_list.c.version))
