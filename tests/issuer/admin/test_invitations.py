"""A colleague is invited by mail: the link goes out, and the address is soon forgotten."""

import re
from dataclasses import replace

import pytest

from issuer.app.post import WRITERS, post
from issuer.db.session import reading, unit_of_work
from issuer.db.staff_tables import staff_invitation, staff_link
from issuer.db.tables import audit_line, mail
from issuer.mail.service import Postman
from issuer.organisations.branding import store as branding
from issuer.organisations.branding.model import Branding
from issuer.organisations.roles import Role
from issuer.web.i18n import speak
from tests.issuer.admin.conftest import PASSWORD

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

ADDRESS = "bo.lind@far.example"
SHOWN = re.compile(r'value="(https://badges\.example/staff/welcome/[^"]+)"')


class Letterbox:
    """A mail server that takes everything."""

    def __init__(self):
        self.sent = []

    def send(self, message):
        self.sent.append(message)


@pytest.fixture
def instance(instance):
    """A service with a mail server."""
    settings = instance.settings.model_copy(update={"smtp_host": "mail.badges.example"})
    yield replace(instance, settings=settings)
    speak("en")


@pytest.fixture
def slug(alliance):
    return alliance[1].slug


@pytest.fixture
def desk(slug):
    return f"/staff/o/{slug}/people"


@pytest.fixture
def admin(sign_in_as, slug):
    return sign_in_as(Role.MEMBER_ADMIN, slug)


@pytest.fixture
def letters(instance):
    """Deliver what waits and return what came."""

    def deliver():
        box = Letterbox()
        post(Postman(instance, box, WRITERS))
        return box.sent

    return deliver


def rows(instance, table):
    with reading(instance.engine) as connection:
        return connection.execute(table.select()).all()


def test_the_link_that_is_shown_goes_out_too_and_opens_one_account(
    admin, desk, letters, visitor, instance
):
    shown = admin.submit(desk, role="coordinator", email=f" {ADDRESS} ")
    assert f"on its way to {ADDRESS}" in shown.text
    link = SHOWN.search(shown.text)[1]
    (letter,) = letters()
    assert letter["To"] == ADDRESS
    assert link in letter.get_content()
    assert "26 Nov" in letter.get_content()
    assert letters() == []
    joined = {"name": "Bo", "email": ADDRESS, "password": PASSWORD}
    path = link.removeprefix("https://badges.example")
    assert visitor().submit(path, **joined).status_code == 303
    assert visitor().open(path).status_code == 410
    assert rows(instance, staff_invitation) == []


@sqlite
def test_the_mail_is_in_the_language_and_from_the_sender_of_the_organisation(
    admin, desk, letters, instance, alliance
):
    look = Branding(sender_name="Büro Nordlicht", languages=("de",))
    with unit_of_work(instance.engine) as connection:
        branding.save(connection, alliance[1].id, look)
    admin.submit(desk, role="viewer", email=ADDRESS)
    (letter,) = letters()
    assert letter["Content-Language"] == "de"
    assert "Büro Nordlicht" in letter["From"]
    assert "Öffnen Sie Ihr Konto" in letter.get_content()


@sqlite
@pytest.mark.parametrize(
    "wrong", ["bo", "bo@far", "bo@far.example, eve@x.example", f"{'b' * 250}@x.example", "b\n@x.y"]
)
def test_a_wrong_address_is_told_at_its_field_and_nothing_is_made(
    admin, desk, letters, instance, wrong
):
    answer = admin.submit(desk, role="quality-officer", email=wrong)
    assert answer.status_code == 422
    assert 'id="email-note">Write an e-mail address like' in answer.text
    assert '<option value="quality-officer" selected>' in answer.text
    assert "/staff/welcome/" not in answer.text
    assert letters() == []
    assert rows(instance, staff_link) == []


@sqlite
def test_without_an_address_nothing_is_sent(admin, desk, letters, instance):
    shown = admin.submit(desk, role="coordinator", email="  ")
    assert "for 30 minutes" in shown.text
    assert "on its way" not in shown.text
    assert letters() == []
    assert rows(instance, mail) == []


@sqlite
def test_the_address_is_in_no_audit_line_no_queue_and_no_url(admin, desk, letters, instance):
    answer = admin.submit(desk, role="coordinator", email=ADDRESS)
    assert "far.example" not in str(answer.url)
    assert "far.example" not in SHOWN.search(answer.text)[1]
    letters()
    told = [str(row) for table in (audit_line, mail) for row in rows(instance, table)]
    assert any("staff.invited" in line for line in told)
    assert not any("far.example" in line for line in told)


@sqlite
def test_a_link_by_mail_opens_for_three_days(admin, desk, visitor, clock):
    shown = admin.submit(desk, role="coordinator", email=ADDRESS)
    path = SHOWN.search(shown.text)[1].removeprefix("https://badges.example")
    clock.forward(days=2, hours=23)
    assert visitor().open(path).status_code == 200
    clock.forward(hours=1)
    assert visitor().open(path).status_code == 410


@sqlite
def test_a_link_that_is_over_is_not_sent_and_its_address_is_forgotten(
    admin, desk, letters, instance, clock
):
    admin.submit(desk, role="coordinator", email=ADDRESS)
    clock.forward(days=3)
    assert letters() == []
    assert rows(instance, staff_invitation) == []


@sqlite
def test_what_the_store_keeps_is_not_the_link(admin, desk, instance):
    link = SHOWN.search(admin.submit(desk, role="viewer", email=ADDRESS).text)[1]
    token = link.rpartition("/")[2]
    for table in (staff_link, staff_invitation, mail, audit_line):
        assert token not in str(rows(instance, table))


@sqlite
def test_nobody_is_invited_to_a_role_that_is_not_given_here(admin, desk, letters):
    assert admin.submit(desk, role="alliance-admin", email=ADDRESS).status_code == 403
    assert letters() == []


@sqlite
def test_who_appoints_nobody_invites_nobody(sign_in_as, slug, desk, letters):
    viewer = sign_in_as(Role.VIEWER, slug)
    assert viewer.submit("/staff/account", desk, role="viewer", email=ADDRESS).status_code == 403
    assert letters() == []
