import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from issuer.db import writers
from issuer.db.session import bulk_work, passing_work, reading, settling_work, unit_of_work
from issuer.db.session import engine as open_engine
from issuer.db.tables import instance_secret
from tests.issuer.db.test_session import NOON

KINDS = (unit_of_work, settling_work, passing_work, bulk_work)


def write(engine, kind, name):
    with kind(engine) as connection:
        connection.execute(insert(instance_secret).values(name=name, value=b"x", created_at=NOON))


def count(engine):
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(instance_secret))


def test_eight_threads_that_write_at_once_all_get_their_turn(engine):
    def work(lane):
        for number in range(6):
            write(engine, KINDS[number % 4], f"{lane} {number}")

    threads = [threading.Thread(target=work, args=(lane,)) for lane in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(engine) == 48


def test_two_engines_on_one_store_wait_for_each_other(engine):
    """As two processes do: they share no queue, only the store's own lock."""
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has many writers")
    other = open_engine(str(engine.url))
    began = threading.Event()

    def work():
        began.set()
        write(other, unit_of_work, "b")

    thread = threading.Thread(target=work)
    with unit_of_work(engine) as connection:
        thread.start()
        began.wait()
        connection.execute(insert(instance_secret).values(name="a", value=b"x", created_at=NOON))
    thread.join()
    assert count(engine) == 2


def test_after_an_error_the_next_writer_has_the_turn(engine):
    def fail():
        with unit_of_work(engine):
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        fail()
    thread = threading.Thread(target=write, args=(engine, unit_of_work, "a"))
    thread.start()
    thread.join(5)
    assert count(engine) == 1


def test_a_thread_is_not_kept_waiting_for_itself(engine):
    with writers.turn(engine), writers.turn(engine):
        pass
    with writers.turn(engine):
        pass


def test_who_waits_too_long_is_refused_and_keeps_the_patience_of_before(tmp_path):
    with closing(connect(tmp_path)) as one, closing(connect(tmp_path)) as other:
        one.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            writers.begin(other, patience=0.003)
        assert other.execute("PRAGMA busy_timeout").fetchone() == (10_000,)
        one.execute("COMMIT")
        writers.begin(other)
        assert other.in_transaction


def test_what_is_no_waiting_is_refused_at_once(tmp_path):
    with closing(connect(tmp_path)) as one:
        writers.begin(one)
        with pytest.raises(sqlite3.OperationalError, match="within a transaction"):
            writers.begin(one)


@pytest.fixture
def log(engine, monkeypatch):
    """The log of a store, which is long as soon as something is in it."""
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL shortens its log by itself")
    write(engine, unit_of_work, "before")
    monkeypatch.setattr(writers, "MOST_LOG", 1)
    monkeypatch.setattr(writers, "READERS", 0.01)
    return Path(f"{engine.url.database}-wal")


def test_bulk_work_begins_a_long_log_anew_and_loses_nothing(engine, log):
    write(engine, bulk_work, "a")
    assert log.stat().st_size == 0
    assert count(engine) == 2


@pytest.mark.parametrize("kind", [unit_of_work, settling_work, passing_work])
def test_other_work_leaves_a_long_log_as_it_is(engine, log, kind):
    write(engine, kind, "a")
    assert log.stat().st_size > 0


def test_bulk_work_leaves_a_short_log_as_it_is(engine, log, monkeypatch):
    monkeypatch.setattr(writers, "MOST_LOG", 2**20)
    write(engine, bulk_work, "a")
    assert log.stat().st_size > 0


def test_a_log_that_somebody_reads_in_is_left_and_tried_again_when_it_grew(engine, log):
    with reading(engine) as connection:
        connection.scalar(select(func.count()).select_from(instance_secret))
        write(engine, bulk_work, "a")
        length = log.stat().st_size
        writers.shorten(engine, log)
    writers.shorten(engine, log)
    assert log.stat().st_size == length
    write(engine, bulk_work, "b")
    assert log.stat().st_size == 0
    assert count(engine) == 3


def test_who_shortened_a_log_waits_for_writers_as_long_as_before(engine, log):
    write(engine, bulk_work, "a")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 10_000


@pytest.mark.parametrize("mode", ["delete", "truncate"])
def test_only_a_write_ahead_log_can_be_synced_later(tmp_path, mode):
    with closing(connect(tmp_path)) as driver:
        assert writers.log_of(driver) is None
        driver.execute("PRAGMA journal_mode = WAL")
        driver.execute("CREATE TABLE t (x)")
        log = writers.log_of(driver)
        assert log.is_file()
        writers.sync(log)
        driver.execute(f"PRAGMA journal_mode = {mode}")
        assert writers.log_of(driver) is None
    with pytest.raises(FileNotFoundError):
        writers.sync(log)


def connect(folder):
    return sqlite3.connect(folder / "x.sqlite", isolation_level=None)
