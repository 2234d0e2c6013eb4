from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from issuer.db import writers
from issuer.db.session import (
    bulk_work,
    passing_work,
    reading,
    settle,
    settling_work,
    unit_of_work,
)
from issuer.db.tables import instance_secret

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def write(connection, name, at=NOON):
    connection.execute(insert(instance_secret).values(name=name, value=b"x", created_at=at))


def write_both(engine, one, other):
    with unit_of_work(engine) as connection:
        write(connection, one)
        write(connection, other)


def names(engine):
    with reading(engine) as connection:
        return set(connection.scalars(select(instance_secret.c.name)))


def test_a_unit_of_work_is_kept_whole(engine):
    write_both(engine, "a", "b")
    assert names(engine) == {"a", "b"}


def test_an_error_leaves_nothing_behind(engine):
    with pytest.raises(IntegrityError):
        write_both(engine, "a", "a")
    assert names(engine) == set()


@pytest.mark.parametrize("kind", [passing_work, settling_work, bulk_work])
def test_work_that_waits_less_for_the_disk_is_kept_whole_or_not_at_all(engine, kind):
    def work(*told):
        with kind(engine) as connection:
            for name in told:
                write(connection, name)

    work("a")
    with pytest.raises(IntegrityError):
        work("b", "b")
    assert names(engine) == {"a"}


def test_after_passing_work_the_disk_is_waited_for_again(engine):
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL ends the setting with the transaction")
    with passing_work(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 1
    with unit_of_work(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2


@pytest.mark.parametrize("kind", [settling_work, bulk_work])
def test_settling_work_syncs_the_log_after_the_commit(engine, kind):
    """The commit itself does not wait: a log that is gone by then is noticed by what syncs it."""
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL lets the next writer in by itself")

    def work():
        with kind(engine) as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 1
            write(connection, "a")
            Path(f"{engine.url.database}-wal").unlink()

    with pytest.raises(FileNotFoundError):
        work()
    with pytest.raises(FileNotFoundError):
        settle(engine)


def test_bulk_work_that_need_not_last_waits_for_no_disk_in_sqlite_and_is_seen_at_once(engine):
    with bulk_work(engine, lasting=False) as connection:
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 1
        write(connection, "a")
    assert names(engine) == {"a"}


@pytest.mark.parametrize(("kind", "waits"), [(bulk_work, True), (passing_work, False)])
def test_postgresql_is_told_not_to_wait_for_what_only_passes(engine, kind, waits):
    """Lines of the audit log are marked outside of the store: bulk work must be there for good."""
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite is told by a pragma")
    said = []

    def listen(_connection, _cursor, statement, *_):
        said.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    try:
        with kind(engine, **({"lasting": False} if kind is bulk_work else {})) as connection:
            write(connection, "a")
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert any("synchronous_commit" in statement for statement in said) is not waits


def test_bulk_work_that_need_not_last_leaves_the_syncing_to_a_later_commit(engine, monkeypatch):
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL writes one log in order")
    synced = []
    monkeypatch.setattr(writers, "sync", synced.append)
    with bulk_work(engine, lasting=False) as connection:
        write(connection, "a")
    assert synced == []
    with bulk_work(engine) as connection:
        write(connection, "b")
    assert synced == [Path(f"{engine.url.database}-wal")]


def test_settling_leaves_the_store_as_it_is(engine):
    with settling_work(engine) as connection:
        write(connection, "a")
    settle(engine)
    assert names(engine) == {"a"}


def test_a_reader_does_not_wait_for_a_writer(engine):
    with unit_of_work(engine) as connection:
        write(connection, "a")
        assert names(engine) == set()


def test_moments_come_back_as_aware_utc(engine):
    with unit_of_work(engine) as connection:
        write(connection, "a", NOON.astimezone(timezone(timedelta(hours=2))))
    with reading(engine) as connection:
        assert connection.scalar(select(instance_secret.c.created_at)) == NOON


def test_a_moment_without_a_zone_is_refused(engine):
    with pytest.raises(Exception, match="time zone"), unit_of_work(engine) as connection:
        write(connection, "a", datetime(2026, 11, 23, 12))  # noqa: DTZ001 - the refusal under test


@pytest.mark.parametrize("before", [reading, passing_work, settling_work, bulk_work])
def test_what_a_transaction_is_for_is_said_for_that_one_alone(engine, before):
    """A connection that read, or that did not wait for the disk, is used again for what lasts."""
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL is told within the transaction")
    with before(engine):
        pass
    with engine.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar_one() == 4000
        with pytest.raises(OperationalError, match="locked"), short_of_patience(engine) as other:
            write(other, "a")


@contextmanager
def short_of_patience(engine):
    with engine.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA busy_timeout = 1")
        try:
            with connection.begin():
                yield connection
        finally:
            connection.invalidate()
