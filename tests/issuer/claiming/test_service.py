from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from issuer.claiming import service, store
from issuer.claiming.model import ClaimState
from issuer.db import session
from issuer.db.tables import award, claim
from issuer.errors import ClaimExpired, ClaimWithdrawn, NotFound


@pytest.fixture
def award_id(instance, alliance, achievements):
    version = next(iter(achievements.values()))
    row = {
        "id": 1,
        "issuer_id": version.organisation_id,
        "achievement_id": version.id,
        "natural_key": bytes(32),
        "awarded_on": date(2026, 11, 23),
        "content": "{}",
        "created_at": instance.now(),
    }
    with session.unit_of_work(instance.engine) as connection:
        return connection.execute(insert(award).values(row).returning(award.c.id)).scalar_one()


@pytest.fixture
def connection(instance):
    with session.unit_of_work(instance.engine) as connection:
        yield connection


def test_a_link_opens_its_award(instance, award_id, connection):
    made = service.create_claim(instance, connection, award_id)
    assert made.url == f"https://badges.example/claim/{made.code}"
    found = service.find_claim(instance, connection, made.code)
    assert found.award_id == award_id
    assert found.state(instance.now()) is ClaimState.WAITING


def test_the_code_is_long_and_kept_nowhere(instance, award_id, connection):
    codes = {service.create_claim(instance, connection, award_id).code for _ in range(20)}
    assert len(codes) == 20
    assert all(len(code) >= 22 for code in codes)
    stored = repr(connection.execute(select(claim)).all())
    assert not any(code in stored for code in codes)


@pytest.mark.parametrize("code", ["", " ", "x" * 10_000, "../..", "\ud800", "🎓"])
def test_a_wrong_code_opens_nothing(instance, award_id, connection, code):
    service.create_claim(instance, connection, award_id)
    with pytest.raises(NotFound):
        service.find_claim(instance, connection, code)


def test_spaces_around_a_typed_code_do_not_matter(instance, award_id, connection):
    made = service.create_claim(instance, connection, award_id)
    assert service.find_claim(instance, connection, f" {made.code}\n") == made.claim


def test_a_link_ends_and_says_so(instance, award_id, connection, clock):
    made = service.create_claim(instance, connection, award_id, timedelta(days=30))
    clock.forward(days=30)
    with pytest.raises(ClaimExpired, match="new link"):
        service.find_claim(instance, connection, made.code)


def test_a_link_taken_back_does_not_open_again(instance, award_id, connection):
    made = service.create_claim(instance, connection, award_id)
    assert service.withdraw_claims(instance, connection, award_id) == 1
    assert service.withdraw_claims(instance, connection, award_id) == 0
    with pytest.raises(ClaimWithdrawn):
        service.find_claim(instance, connection, made.code)


def test_the_first_time_stands(instance, award_id, connection, clock):
    made = service.create_claim(instance, connection, award_id)
    store.mark_opened(connection, made.claim.id, clock())
    opened = service.find_claim(instance, connection, made.code)
    assert opened.state(clock()) is ClaimState.OPENED
    clock.forward(days=1)
    store.mark_opened(connection, made.claim.id, clock())
    store.mark_kept(connection, made.claim.id, clock())
    again = service.find_claim(instance, connection, made.code)
    assert again.opened_at == opened.opened_at
    assert again.state(clock()) is ClaimState.KEPT


def test_a_new_link_leaves_the_old_one_open(instance, award_id, connection):
    first = service.create_claim(instance, connection, award_id)
    second = service.create_claim(instance, connection, award_id)
    assert service.find_claim(instance, connection, first.code).id == first.claim.id
    assert [c.id for c in store.of_award(connection, award_id)] == [
        first.claim.id,
        second.claim.id,
    ]
