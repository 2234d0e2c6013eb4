"""The page that tells how the service is: what ends is told before it ends, and to whom."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from issuer.admin import health
from issuer.admin.health import LOOKS, Level, look
from issuer.claiming import mailing
from issuer.db import session
from issuer.db.tables import signing_key
from issuer.mail import store as mails
from issuer.organisations.roles import Role
from issuer.signing.sealer import keep_test_seal
from issuer.status.reconciling import mark

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def level(instance, name):
    return {one.name: one.level for one in look(instance)}[name]


def test_a_fresh_service_tells_what_it_lacks_and_nothing_worse(instance, alliance):
    found = look(instance)
    assert {one.level for one in found} <= {Level.GOOD, Level.SOON, Level.UNKNOWN}
    assert level(instance, "Certificate of the e-seal") is Level.UNKNOWN
    assert level(instance, "Backup") is Level.UNKNOWN
    assert all(one.todo for one in found if one.level is not Level.GOOD)


def test_the_seals_certificate_is_told_before_it_ends(instance, alliance, clock):
    sealer = keep_test_seal(instance, "Northlight", identifier="VATNO-1", country="NO")
    name = "Certificate of the e-seal"
    left = sealer.expires_in(clock())
    assert level(instance, name) is Level.SOON
    clock.now += left - timedelta(days=89)
    assert level(instance, name) is Level.SOON
    clock.now += timedelta(days=60)
    assert level(instance, name) is Level.BAD
    assert look(instance)[0].level is Level.BAD


def test_an_old_key_and_a_missing_one_are_told(instance, alliance, clock):
    name = f"Signing key of {alliance[0].particulars.legal_name}"
    assert level(instance, name) is Level.GOOD
    clock.forward(days=731)
    assert level(instance, name) is Level.SOON
    with session.unit_of_work(instance.engine) as connection:
        connection.execute(update(signing_key).values(state="retired"))
    assert level(instance, name) is Level.BAD


def test_mail_that_waits_is_told(instance, alliance, clock):
    assert level(instance, "Mail") is Level.SOON
    sending = instance.settings.model_copy(update={"smtp_host": "mail.example"})
    local = replace(instance, settings=sending)
    assert level(local, "Mail") is Level.GOOD
    with session.unit_of_work(instance.engine) as connection:
        mails.add(connection, mailing.KIND, [1], clock())
    clock.forward(minutes=61)
    assert level(local, "Mail") is Level.BAD


def test_an_old_backup_is_told(instance, alliance):
    mark_file = instance.settings.data / "backup-mark"
    mark_file.touch()
    at = instance.now().timestamp()
    os.utime(mark_file, (at, at))
    assert level(instance, "Backup") is Level.GOOD
    os.utime(mark_file, (at - 3 * 86_400,) * 2)
    assert level(instance, "Backup") is Level.BAD


def test_a_restored_backup_is_told(instance, alliance):
    instance.settings.published.mkdir(exist_ok=True)
    mark(instance)
    (path,) = instance.settings.published.glob("mark*")
    path.write_text('{"seq": 999, "hash": "%s"}' % ("ab" * 32))
    assert level(instance, "Database") is Level.BAD


def test_a_look_that_fails_is_shown_and_hides_nothing(instance, alliance):
    elsewhere = instance.settings.model_copy(update={"data": instance.settings.data / "gone"})
    found = look(replace(instance, settings=elsewhere))
    assert len(found) >= len(LOOKS)
    assert any("could not be looked at" in one.told for one in found)


@pytest.mark.parametrize("role", Role)
def test_only_the_alliances_administrators_see_it(sign_in_as, alliance, role):
    at_home = sign_in_as(role).open("/staff/health").status_code
    assert at_home == (200 if role in {Role.ALLIANCE_ADMIN, Role.MEMBER_ADMIN} else 403)
    assert sign_in_as(Role.MEMBER_ADMIN, alliance[1].slug).open("/staff/health").status_code == 404


def test_the_page_says_what_to_do(sign_in_as):
    shown = sign_in_as(Role.ALLIANCE_ADMIN).open("/staff/health").text
    assert "LEARNSEAL_SEAL_KEY" in shown
    assert timedelta(0) < health.BACKUP_OLD
    assert "backup-mark" in shown
