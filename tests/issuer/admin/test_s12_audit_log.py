"""S12: the audit log is readable, filtered, taken along and checked."""

import hashlib

import orjson
import pytest
from sqlalchemy import update

from issuer.audit.model import GENESIS, Event
from issuer.audit.search import Wanted, export, search
from issuer.audit.store import append, head
from issuer.db import session
from issuer.db.tables import audit_line
from issuer.organisations.roles import Role

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def office(sign_in_as):
    return sign_in_as(Role.ALLIANCE_ADMIN)


@pytest.fixture
def note(instance, clock):
    def make(actor, action, subject):
        with session.unit_of_work(instance.engine) as connection:
            append(connection, [Event(actor, action, subject, {"reason": "x"})], clock())

    return make


def forge(instance, line=b'{"seq":2,"at":"2026-01-01T00:00:00Z"}'):
    with session.unit_of_work(instance.engine) as connection:
        for (name,) in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_line'"
        ).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.execute(update(audit_line).where(audit_line.c.seq == 2).values(line=line))


def test_s12_the_log_can_be_filtered_by_who_what_and_to_what(office, note):
    note("account:1", "credential.revoked", "issuance:7")
    note("account:2", "credential.suspended", "issuance:8")
    for query, there, away in [
        ("actor=account:1", "issuance:7", "issuance:8"),
        ("action=credential.s", "issuance:8", "issuance:7"),
        ("subject=suance:7", "issuance:7", "issuance:8"),
        ("q=credential.revoked", "issuance:7", "issuance:8"),
    ]:
        shown = office.open(f"/staff/audit?{query}").text
        assert (query, there in shown, f">{away}<" in shown) == (query, True, False)


def test_s12_the_log_can_be_filtered_by_day_and_the_last_day_counts_whole(sign_in_as, note, clock):
    clock.forward(days=2)
    note("account:1", "credential.revoked", "issuance:7")
    office = sign_in_as(Role.ALLIANCE_ADMIN)
    day = clock().date().isoformat()
    assert ">issuance:7<" in office.open(f"/staff/audit?since={day}&until={day}").text
    assert ">issuance:7<" not in office.open("/staff/audit?until=2026-11-24").text
    assert "key.created" not in office.open(f"/staff/audit?since={day}").text
    assert "No line fits" in office.open("/staff/audit?since=2027-01-01").text
    assert office.open("/staff/audit?since=yesterday").status_code == 422


def test_s12_accounts_are_named_on_the_page_and_not_in_the_log(office, instance, note):
    note("account:1", "credential.revoked", "issuance:7")
    assert "Staff 1" in office.open("/staff/audit?actor=account:1").text
    assert b"Staff 1" not in office.get("/staff/audit/lines.jsonl").content


def test_s12_what_is_taken_along_can_be_checked_by_anybody(office, instance, note):
    note("account:1", "credential.revoked", "issuance:7")
    with session.reading(instance.engine) as connection:
        seq, expected = head(connection)
    answer = office.get("/staff/audit/lines.jsonl")
    assert answer.headers["content-type"] == "application/jsonl"
    lines = answer.content.splitlines()
    found = GENESIS
    for line in lines:
        found = hashlib.sha256(found + line).digest()
    assert (len(lines), found) == (seq, expected)


def test_s12_what_is_taken_along_can_be_narrowed(office, note):
    note("account:1", "credential.revoked", "issuance:7")
    lines = office.get("/staff/audit/lines.jsonl?action=credential.").content.splitlines()
    assert [orjson.loads(line)["subject"] for line in lines] == ["issuance:7"]


def test_s12_tampering_with_one_line_is_found_and_named(office, instance):
    assert "Nobody changed it" in office.open("/staff/audit?check=true").text
    forge(instance)
    page = office.open("/staff/audit?check=true").text
    assert "line 2 was altered" in page
    assert 'role="alert"' in page


@pytest.mark.parametrize("line", [b"", b"not JSON", b"[]", b'{"at": 5}', b"\xff"])
def test_s12_a_line_that_cannot_be_read_is_shown_and_breaks_nothing(office, instance, line):
    forge(instance, line)
    page = office.open("/staff/audit?subject=nothing-has-this")
    assert page.status_code == 200
    assert "unreadable" in page.text


def test_s12_a_long_log_is_read_in_pages(instance, note):
    for number in range(5):
        note("account:1", "credential.revoked", f"issuance:{number}")
    with session.reading(instance.engine) as connection:
        wanted = Wanted(action="credential.")
        first = search(connection, wanted, None, 3)
        rest = search(connection, wanted, first.older, 3)
        assert [line["subject"][-1] for line in first.lines + rest.lines] == list("43210")
        assert rest.older is None
        assert b"".join(export(connection, wanted)).count(b"\n") == 5


@pytest.mark.parametrize("role", Role)
def test_s12_a_member_does_not_take_the_alliances_log_along(sign_in_as, alliance, role):
    if role is not Role.ALLIANCE_ADMIN:
        member = sign_in_as(role, alliance[1].slug)
        assert member.get("/staff/audit/lines.jsonl").status_code == 404
