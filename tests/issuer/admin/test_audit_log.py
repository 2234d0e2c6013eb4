import pytest
from sqlalchemy import update

from issuer.db import session
from issuer.db.tables import audit_line
from issuer.organisations.roles import Role

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def test_s12_the_log_can_be_read_searched_and_checked(sign_in_as):
    office = sign_in_as(Role.ALLIANCE_ADMIN)
    assert "key.created" in office.open("/staff/audit").text
    assert "key.created" not in office.open("/staff/audit?q=achievement.published").text
    assert "Nobody changed it" in office.open("/staff/audit?check=true").text


def test_s12_a_line_that_was_changed_is_named(instance, sign_in_as):
    office = sign_in_as(Role.ALLIANCE_ADMIN)
    with session.unit_of_work(instance.engine) as connection:
        for (name,) in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_line'"
        ).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        forged = b'{"seq":2,"at":"2026-01-01T00:00:00Z","actor":"x","action":"y","subject":"z"}'
        connection.execute(update(audit_line).where(audit_line.c.seq == 2).values(line=forged))
    assert "line 2 was altered" in office.open("/staff/audit?check=true").text


@pytest.mark.parametrize(
    ("role", "status"), [(Role.QUALITY_OFFICER, 200), (Role.COORDINATOR, 403), (Role.VIEWER, 403)]
)
def test_who_may_read_the_log(sign_in_as, role, status):
    assert sign_in_as(role).open("/staff/audit").status_code == status


@pytest.mark.parametrize("role", Role)
def test_a_member_does_not_read_the_alliances_log(sign_in_as, alliance, role):
    if role is not Role.ALLIANCE_ADMIN:
        assert sign_in_as(role, alliance[1].slug).open("/staff/audit").status_code == 404
