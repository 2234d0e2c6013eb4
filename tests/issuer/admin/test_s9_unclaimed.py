"""S9: who has not taken their award, sending again, reminding, giving up, mail that came back."""

import html
import re
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from badges.award import Learner
from issuer.app.post import WRITERS, post
from issuer.app.wallets import OpenId4VciWallets
from issuer.awarding.artefacts import issue_again
from issuer.awarding.model import Decision, Order
from issuer.awarding.service import Wish, award_one
from issuer.claiming import mailing
from issuer.claiming.unclaimed import remind_due
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import mail
from issuer.errors import InvalidBounce, MailRefused
from issuer.mail import store as mails
from issuer.mail.bounces import record_bounce
from issuer.mail.service import Postman, postman_of
from issuer.organisations import aftercare
from issuer.organisations.aftercare import Aftercare
from issuer.organisations.roles import Role
from issuer.web.i18n import speak

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

KEY = "energy-positive-neighbourhoods"


@pytest.fixture
def owner(alliance, achievements):
    number = achievements[KEY].organisation_id
    return next(found for found in alliance if found.id == number)


@pytest.fixture
def here(owner):
    return f"/staff/o/{owner.slug}/unclaimed"


@pytest.fixture
def give(instance, achievements):
    def make(name, **said):
        learner = Learner(given_name=name, **({"email": f"{name.lower()}@x.example"} | said))
        return award_one(instance, Wish(KEY, Decision(learner, date(2026, 6, 12)))).issuance

    return make


@pytest.fixture
def deliver(instance, tmp_path):
    """Send what is due into a folder and return the texts of all mails so far."""
    folder = tmp_path / "mail"
    update = {"base_url": "http://localhost:8000", "mail_folder": folder}
    local = replace(instance, settings=instance.settings.model_copy(update=update))

    def send():
        post(postman_of(local, WRITERS))
        speak("en")
        return [path.read_bytes() for path in sorted(folder.glob("*.eml"))]

    return send


@pytest.fixture
def coordinator(sign_in_as, owner):
    return sign_in_as(Role.COORDINATOR, owner.slug)


@pytest.fixture
def office(give, deliver, clock, owner):
    """All that happens between an award and its learner."""
    return SimpleNamespace(give=give, deliver=deliver, clock=clock, owner=owner)


def link_in(text):
    content = message_from_bytes(text).get_payload(decode=True).decode()
    return re.search(r"http://localhost:8000(/claim/\S+)", content)[1]


def test_s9_the_list_tells_sent_opened_and_taken(coordinator, visitor, here, give, deliver):
    issuance = give("Zoe")
    give("Noaddress", email=None)
    assert "none yet" in coordinator.open(here).text
    (text,) = deliver()
    shown = coordinator.open(here).text
    assert ">sent<" in shown
    assert "not opened yet" in shown
    assert ">no address<" in shown
    learner = visitor()
    learner.open(link_in(text))
    assert ">opened<" in coordinator.open(here).text
    learner.open(f"{link_in(text)}/credential.json")
    assert f"/awards/{issuance.award_id}" not in coordinator.open(here).text


def test_s9_what_a_wallet_took_is_not_waiting(instance, coordinator, here, give):
    issuance = give("Zoe")
    holder = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
    issue_again(instance, issuance.award_id, Order(holder=holder))
    assert "Everything was taken" in coordinator.open(here).text


def test_s9_resending_is_confirmed_and_its_result_is_shown(
    coordinator, visitor, here, give, deliver
):
    issuance, without = give("Zoe"), give("Noaddress", email=None)
    (first,) = deliver()
    ticked = f"{here}/resend?award={issuance.award_id}&award={without.award_id}"
    page = coordinator.open(ticked).text
    assert "Send the link to 1 learner again" in page
    assert "1 learner has no address" in page
    assert len(deliver()) == 1
    answer = coordinator.submit(ticked, f"{here}/resend", award=issuance.award_id)
    assert "1 mail is on its way" in coordinator.open(answer.headers["location"]).text
    (second,) = set(deliver()) - {first}
    assert visitor().open(link_in(second)).status_code == 200
    assert visitor().open(link_in(first)).status_code == 200


def test_s9_without_a_mail_server_the_page_says_so(coordinator, here):
    assert "This service sends no mail" in coordinator.open(here).text


def test_s9_the_end_of_a_link_is_not_the_end_of_the_award(visitor, give, deliver, clock):
    give("Zoe")
    (text,) = deliver()
    content = message_from_bytes(text).get_payload(decode=True).decode()
    assert "what you have taken stays" in content
    clock.forward(days=366)
    ended = visitor().open(link_in(text))
    assert ended.status_code == 410
    assert "for a new link" in html.unescape(ended.text)


def test_s9_an_ended_link_is_told_apart_from_the_award(sign_in_as, here, office):
    office.give("Zoe")
    office.deliver()
    office.clock.forward(days=366)
    shown = sign_in_as(Role.COORDINATOR, office.owner.slug).open(here).text
    assert "link has ended (the award has not)" in shown
    assert "When it ends, the award goes on" in shown


def test_s9_cancelling_kills_link_and_offer_and_frees_the_person(
    instance, coordinator, visitor, here, office
):
    issuance = office.give("Zoe")
    (text,) = office.deliver()
    wallets = OpenId4VciWallets(instance)
    offer = wallets.create(issuance.award_id)
    ticked = f"{here}/cancel?award={issuance.award_id}"
    assert "Cancel: 1 award" in coordinator.open(ticked).text
    fields = {"award": issuance.award_id, "reason": "issued-in-error"}
    answer = coordinator.submit(ticked, f"{here}/cancel", **fields)
    assert "1 award cancelled" in coordinator.open(answer.headers["location"]).text
    assert visitor().open(link_in(text)).status_code == 410
    assert wallets.find(offer.name).progress == "ended"
    assert office.give("Zoe").award_id != issuance.award_id


def test_s9_what_was_taken_is_not_cancelled(coordinator, visitor, here, give, deliver):
    issuance = give("Zoe")
    (text,) = deliver()
    visitor().open(f"{link_in(text)}/credential.json")
    fields = {"award": issuance.award_id, "reason": "issued-in-error"}
    answer = coordinator.submit("/staff", f"{here}/cancel", **fields)
    assert answer.headers["location"].endswith("count=0")
    assert visitor().open(link_in(text)).status_code == 200


def test_s9_reminders_come_on_their_day_once_and_not_to_who_took_it(instance, visitor, office):
    with unit_of_work(instance.engine) as connection:
        aftercare.save(connection, office.owner.id, Aftercare(reminder_days=(7, 30)))
    office.give("Zoe")
    office.give("Taker")
    first = office.deliver()
    taken = next(text for text in first if b"taker@x.example" in text)
    visitor().open(f"{link_in(taken)}/credential.json")
    assert remind_due(instance) == 0
    office.clock.forward(days=7, minutes=1)
    assert (remind_due(instance), remind_due(instance)) == (1, 0)
    (reminder,) = set(office.deliver()) - set(first)
    assert b"Waiting for you" in reminder
    assert visitor().open(link_in(reminder)).status_code == 200
    office.clock.forward(days=23)
    assert remind_due(instance) == 1
    office.clock.forward(days=300)
    assert remind_due(instance) == 0


def test_s9_an_office_that_begins_late_does_not_flood_its_learners(
    instance, owner, give, deliver, clock
):
    give("Zoe")
    deliver()
    clock.forward(days=31)
    with unit_of_work(instance.engine) as connection:
        aftercare.save(connection, owner.id, Aftercare(reminder_days=(7, 30)))
    assert remind_due(instance) == 1
    assert remind_due(instance) == 0


def test_s9_an_address_the_server_refuses_is_shown(instance, coordinator, here, give):
    class Refusing:
        def send(self, message):
            raise MailRefused("answer 550")

    give("Zoe")
    mailing.queue_links(instance)
    Postman(instance, Refusing(), WRITERS).round()
    shown = coordinator.open(here).text
    assert ">refused<" in shown
    assert "answer 550" in shown


BOUNCE = """From: MAILER-DAEMON@mx.example
To: no-reply@localhost
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; zoe@x.example
Action: {action}
Status: {status}

--b
Content-Type: {kind}

Message-ID: {message_id}
Subject: Your micro-credential

--b--
"""


def bounce(message_id, action="failed", status="5.1.1", kind="text/rfc822-headers"):
    text = BOUNCE.format(action=action, status=status, kind=kind, message_id=message_id)
    return text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_s9_a_mail_that_came_back_is_shown(instance, coordinator, here, office, kind):
    office.give("Zoe")
    (text,) = office.deliver()
    record_bounce(instance, bounce(message_from_bytes(text)["Message-ID"], kind=kind))
    shown = coordinator.open(here).text
    assert ">bounced<" in shown
    assert "5.1.1" in shown


def test_s9_a_mail_that_is_only_late_is_left_as_it_is(instance, coordinator, here, give, deliver):
    give("Zoe")
    (text,) = deliver()
    late = bounce(message_from_bytes(text)["Message-ID"], "delayed", "4.4.7")
    assert not record_bounce(instance, late).failed
    assert ">sent<" in coordinator.open(here).text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"From: x@y.example\r\n\r\nhello",
        bounce("<1.aaaaaaaaaaaaaaaaaaaaaaaa@localhost>"),
        bounce("<unrelated@elsewhere.example>"),
        bounce("<1.short@localhost>"),
        b"\0" * (5 * 2**20 + 1),
    ],
)
def test_s9_what_is_no_notification_about_our_mail_changes_nothing(instance, give, deliver, data):
    give("Zoe")
    deliver()
    with pytest.raises(InvalidBounce):
        record_bounce(instance, data)
    with reading(instance.engine) as connection:
        assert connection.scalars(select(mail.c.bounced_at)).all() == [None]


def test_a_bounced_mail_counts_as_lost(instance, give, deliver):
    give("Zoe")
    (text,) = deliver()
    record_bounce(instance, bounce(message_from_bytes(text)["Message-ID"]))
    with reading(instance.engine) as connection:
        assert mails.states(connection) == {"waiting": 0, "sent": 0, "given up": 1}


def test_nobody_is_reminded_after_a_fortnight_of_silence(instance, owner, give, deliver, clock):
    give("Zoe")
    deliver()
    with unit_of_work(instance.engine) as connection:
        aftercare.save(connection, owner.id, Aftercare(reminder_days=(7,)))
    clock.now += timedelta(days=22)
    assert remind_due(instance) == 0
