from datetime import UTC, datetime, timedelta

import pytest

from badges.verify.key_history import Seen
from issuer.db.session import unit_of_work
from issuer.register.key_history import PATIENCE, known_keys, remember

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
A, B = "did:web:a.example", "did:web:b.example"


@pytest.fixture
def connection(engine):
    with unit_of_work(engine) as connection:
        yield connection


def test_the_first_keys_of_an_issuer_are_known_at_once(connection):
    remember(connection, {A: Seen(("k1", "k2"), is_explained=True)}, NOW)
    assert known_keys(connection, [A, B], NOW) == {A: {"k1", "k2"}}


def test_what_is_seen_again_keeps_its_first_time(connection):
    remember(connection, {A: Seen(("k1",), is_explained=False)}, NOW)
    remember(connection, {A: Seen(("k1",), is_explained=True)}, NOW + timedelta(days=1))
    assert known_keys(connection, [A], NOW + timedelta(days=2)) == {}


def test_v18_a_sudden_change_is_known_only_after_some_patience(connection):
    remember(connection, {A: Seen(("k1",), is_explained=True)}, NOW)
    remember(connection, {A: Seen(("evil",), is_explained=False)}, NOW)
    assert known_keys(connection, [A], NOW + PATIENCE - timedelta(seconds=1)) == {A: {"k1"}}
    assert known_keys(connection, [A], NOW + PATIENCE) == {A: {"k1", "evil"}}


def test_v18_made_up_issuers_cannot_fill_the_store(connection):
    crowd = {f"did:web:x{n}.example": Seen(("k",), is_explained=True) for n in range(5)}
    remember(connection, crowd, NOW, most=3)
    assert len(known_keys(connection, crowd, NOW)) == 3
    remember(connection, {A: Seen(("k1",), is_explained=True)}, NOW, most=3)
    assert known_keys(connection, [A], NOW) == {}
