from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DBAPIError

from issuer.audit.model import Event
from issuer.audit.service import verify
from issuer.audit.store import append
from issuer.db.session import unit_of_work
from issuer.db.tables import audit_head, audit_line
from issuer.errors import AuditBroken

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def event(number):
    return Event("cli", "credential.revoked", f"urn:uuid:{number}", {"number": number})


@pytest.fixture
def log(engine):
    for start in (0, 3):
        with unit_of_work(engine) as connection:
            append(connection, [event(start + n) for n in range(3)], NOW)
    return engine


def tamper(engine, statement):
    """Do what only somebody with the database in hand can: take the guard off first."""
    with unit_of_work(engine) as connection:
        for name in ("audit_line_stays", "audit_line_remains"):
            on = " ON audit_line" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER {name}{on}")
        connection.execute(statement)


def test_an_untouched_log_holds(log):
    assert verify(log).lines == 6


def test_an_empty_log_holds(engine):
    assert verify(engine).lines == 0


def test_i19_an_altered_line_is_named(log):
    tamper(log, update(audit_line).where(audit_line.c.seq == 4).values(line=b'{"seq":4}'))
    with pytest.raises(AuditBroken, match="line 4 was altered"):
        verify(log)


def test_i19_a_removed_line_is_named(log):
    tamper(log, delete(audit_line).where(audit_line.c.seq == 2))
    with pytest.raises(AuditBroken, match="line 2 is missing"):
        verify(log)


def test_i19_a_cut_end_is_named(log):
    tamper(log, delete(audit_line).where(audit_line.c.seq > 4))
    with pytest.raises(AuditBroken, match="line 5 is missing, and with it 2"):
        verify(log)


def test_i19_an_added_line_is_named(log):
    tamper(log, insert(audit_line).values(seq=7, line=b'{"seq":7}', hash=bytes(32)))
    with pytest.raises(AuditBroken, match="line 7 was altered"):
        verify(log)


def test_i19_a_changed_end_is_noticed(log):
    tamper(log, update(audit_head).values(hash=bytes(32)))
    with pytest.raises(AuditBroken, match="line 6 is not the one"):
        verify(log)


@pytest.mark.parametrize(
    "statement",
    [update(audit_line).values(line=b"{}"), delete(audit_line)],
    ids=["update", "delete"],
)
def test_the_database_itself_refuses_to_change_the_log(log, statement):
    with pytest.raises(DBAPIError, match="append-only"), unit_of_work(log) as connection:
        connection.execute(statement)


def test_the_line_goes_with_the_act(engine):
    def act_and_fail():
        with unit_of_work(engine) as connection:
            append(connection, [event(1)], NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act_and_fail()
    assert verify(engine).lines == 0
