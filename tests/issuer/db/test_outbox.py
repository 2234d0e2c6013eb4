from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from issuer.db import outbox
from issuer.db.rows import insert_new, next_numbers
from issuer.db.secret import secret
from issuer.db.session import unit_of_work
from issuer.db.tables import counter

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_message_waits_until_it_is_done(engine):
    with unit_of_work(engine) as connection:
        outbox.post(connection, "mail", {"award": 1}, NOW)
        outbox.post(connection, "mail", {"award": 2}, NOW)
        outbox.post(connection, "status", {"list": 1}, NOW)
        first, second = outbox.pending(connection, "mail")
        outbox.done(connection, [first], NOW)
        assert outbox.pending(connection, "mail") == [second]
        assert second.payload == {"award": 2}


def test_more_messages_than_a_statement_takes_values_are_done(engine):
    with unit_of_work(engine) as connection:
        for number in range(outbox.AT_ONCE + 1):
            outbox.post(connection, "status", {"list": number}, NOW)
        outbox.done(connection, outbox.pending(connection, "status", limit=100_000), NOW)
        assert outbox.pending(connection, "status") == []


def test_what_is_rolled_back_is_never_done(engine):
    def fail():
        with unit_of_work(engine) as connection:
            outbox.post(connection, "mail", {"award": 1}, NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with unit_of_work(engine) as connection:
        assert outbox.pending(connection, "mail") == []


def test_numbers_are_given_out_once(engine):
    with unit_of_work(engine) as connection:
        assert list(next_numbers(connection, "award", 3)) == [1, 2, 3]
        assert list(next_numbers(connection, "issuance", 1)) == [1]
    with unit_of_work(engine) as connection:
        assert list(next_numbers(connection, "award", 2)) == [4, 5]


def test_a_row_that_is_there_stays(engine):
    with unit_of_work(engine) as connection:
        connection.execute(insert(counter).values(name="x", last=5))
        assert not insert_new(connection, counter, {"name": "x", "last": 9})
        assert insert_new(connection, counter, {"name": "y", "last": 9})
        assert list(next_numbers(connection, "x", 1)) == [6]


def test_a_secret_is_made_once_and_is_long(engine):
    with unit_of_work(engine) as connection:
        made = secret(connection, "natural-key", NOW)
        assert len(made) == 32
        assert secret(connection, "natural-key", NOW) == made
        assert secret(connection, "other", NOW) != made
