"""The staff desk in a real Chromium: every state in light, dark and on a small phone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from badges.award import Learner
from issuer.admin.awards_store import search
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.catalogue.service import find
from issuer.claiming.service import create_claim
from issuer.db import session
from issuer.db.tables import audit_line
from issuer.organisations import accounts_store, sessions
from issuer.organisations.accounts import first_link
from issuer.organisations.roles import Grant, Role
from issuer.organisations.store import all_organisations, by_id
from issuer.webhooks import service as webhooks
from issuer.webhooks import store as hooks
from issuer.webhooks.model import Kind, State
from tests.browser.looking import assert_everyone_can_use

pytestmark = pytest.mark.browser

PASSWORD = "four unrelated plain words"
HEAVIEST = 120_000
"""Bytes a page of the desk may weigh."""


@pytest.fixture(scope="module")
def desk(service):
    """An account of the alliance's office, its session, and the university it works on."""
    instance = service.instance
    with session.unit_of_work(instance.engine) as connection:
        alliance = all_organisations(connection)[0]
        now = instance.now()
        number = accounts_store.add_account(connection, "zoe@x.example", "Zoë Desk", "none", now)
        accounts_store.grant(connection, number, Grant(alliance.id, Role.ALLIANCE_ADMIN))
        token = sessions.begin(connection, number, now)
        version = find(connection, "energy-positive-neighbourhoods")
        member = by_id(connection, version.organisation_id)
    service.token, service.slug = token, member.slug
    service.organisation_id = member.id
    return service


def come_in(page, desk):
    secure = desk.url.replace("http:", "https:")  # Chromium lets loopback have secure cookies
    page.context.add_cookies([{"name": "__Host-learnseal", "value": desk.token, "url": secure}])


def visit(path):
    def go(page, desk):
        come_in(page, desk)
        page.goto(f"{desk.url}{path.format(slug=desk.slug)}")

    return go


def invited(page, desk):
    visit("/staff/o/{slug}/people")(page, desk)
    page.click("text=Make a link")
    page.wait_for_selector("#link")


def refused(page, desk):
    page.goto(f"{desk.url}/staff/sign-in")
    page.fill("#email", "nobody@x.example")
    page.fill("#password", "not the password")
    page.click("button[type=submit]")
    page.wait_for_selector("[role=alert]")


def welcome(page, desk):
    page.goto(first_link(desk.instance).replace("https://badges.example", desk.url))


def welcome_refused(page, desk):
    welcome(page, desk)
    page.click("main button[type=submit]")
    page.wait_for_selector("[role=alert]")


def password_refused(page, desk):
    visit("/staff/account")(page, desk)
    page.fill("#new_password", "short")
    page.click("text=Change it")
    page.wait_for_selector("[role=alert]#problem")


LIST = (
    b"Given name;Family name;E-mail;Awarded on;Note\r\nNoor;Ek;noor@x.example;2026-06-12;\r\n"
    b"Bo;Berg;bo(at)x.example;2026-02-30;<script>alert(1)</script>\r\n"
)


def looked_over(page, desk):
    visit("/staff/o/{slug}/award")(page, desk)
    page.select_option("#achievement", "energy-positive-neighbourhoods")
    page.set_input_files("#file", {"name": "l.csv", "mimeType": "text/csv", "buffer": LIST})
    page.click("text=Look it over")
    page.wait_for_selector("text=to mend")


def no_list(page, desk):
    visit("/staff/o/{slug}/award")(page, desk)
    page.select_option("#achievement", "energy-positive-neighbourhoods")
    page.set_input_files("#file", {"name": "l.csv", "mimeType": "text/csv", "buffer": b"a;b"})
    page.click("text=Look it over")
    page.wait_for_selector("text=What the columns mean")


def awarding(page, desk):
    looked_over(page, desk)
    page.click("text=Award the 1 ready row")
    page.wait_for_selector("#progress")


def one_award(page, desk):
    learner = Learner(given_name="Ida", email="ida@x.example")
    with session.reading(desk.instance.engine) as connection:
        known = search(connection, desk.organisation_id, "ida@x.example")
    if not known:
        wish = Wish("energy-positive-neighbourhoods", Decision(learner, date(2026, 6, 12)))
        award_one(desk.instance, wish)
    visit("/staff/o/{slug}/awards?q=ida")(page, desk)
    page.click("table a")
    page.wait_for_selector("text=Ida")


def linked(page, desk):
    one_award(page, desk)
    page.click("text=Make a new link")
    page.wait_for_selector("#link")


def revoked(page, desk):
    one_award(page, desk)
    page.fill("#note", "shown by a test")
    page.click("text=Revoke for ever")
    page.wait_for_selector("text=Revoked on")


def ticked(act):
    def go(page, desk):
        one_award(page, desk)
        visit("/staff/o/{slug}/awards?q=ida&every=1")(page, desk)
        page.click(f"button[value={act}]")
        page.wait_for_selector("h1")

    return go


def correcting(page, desk):
    one_award(page, desk)
    number = page.url.partition("?")[0].rstrip("/")
    page.goto(f"{number}/correct")
    page.wait_for_selector("#given_name")


def not_corrected(page, desk):
    correcting(page, desk)
    page.fill("#grade", "not a grade of it")
    page.click("main .card button[type=submit]")
    page.wait_for_selector("[role=alert]")


FILE = b"Credential;E-mail;Achievement\r\nurn:uuid:unknown;;\r\n;ida@x.example;nothing\r\n"


def file_looked_over(page, desk):
    visit("/staff/o/{slug}/awards/list")(page, desk)
    page.set_input_files("#file", {"name": "l.csv", "mimeType": "text/csv", "buffer": FILE})
    page.click("main .card button[type=submit]")
    page.wait_for_selector("text=left out")


def file_refused(page, desk):
    visit("/staff/o/{slug}/awards/list")(page, desk)
    page.set_input_files("#file", {"name": "l.csv", "mimeType": "text/csv", "buffer": b"a;b"})
    page.click("main .card button[type=submit]")
    page.wait_for_selector("[role=alert]")


def waiting(address):
    def go(page, desk):
        one_award(page, desk)
        visit("/staff/o/{slug}/unclaimed?every=1")(page, desk)
        if address:
            page.click(address)
            page.wait_for_selector("main .card button[type=submit]")

    return go


def aftercare_refused(page, desk):
    visit("/staff/o/{slug}/aftercare")(page, desk)
    page.fill("#reminders", "soon")
    page.click("main .card button[type=submit]")
    page.wait_for_selector("[role=alert]")


def learner(page, desk):
    one_award(page, desk)
    page.click("text=All data about this learner")
    page.wait_for_selector("text=Take everything")


def counted(page, desk):
    with session.reading(desk.instance.engine) as connection:
        known = search(connection, desk.organisation_id, "counted")
    for number in range(0 if known else 6):
        person = Learner(given_name=f"Counted {number}", email=f"counted{number}@x.example")
        wish = Wish("energy-positive-neighbourhoods", Decision(person, date(2026, 6, 12)))
        award_one(desk.instance, wish)
    visit("/staff/o/{slug}/statistics")(page, desk)


def program(page, desk):
    visit("/staff/o/{slug}/clients")(page, desk)
    page.fill("#name", "Campus system")
    page.check("#scope-0")
    page.click("text=Make it")
    page.wait_for_selector("#client_secret")


def webhook(page, desk):
    visit("/staff/o/{slug}/webhooks")(page, desk)
    page.fill("#url", "https://campus.example/hooks")
    page.click("text=Make it")
    page.wait_for_selector("#secret")


def webhook_called(page, desk):
    """Calls in each state are listed."""
    instance, now = desk.instance, desk.instance.now()
    url, kinds = "https://campus.example/called", frozenset({Kind.ISSUED})
    webhooks.make(instance, desk.organisation_id, url, kinds, "test")
    later = now + timedelta(days=1)  # nobody is called while the page is looked at
    row = {"type": Kind.ISSUED, "body": "{}", "due_at": later, "created_at": now}
    with session.unit_of_work(instance.engine) as connection:
        hook = hooks.listed(connection, desk.organisation_id)[0]
        rows = [{"webhook_id": hook.id, "event_id": f"evt_{each}", "state": each} for each in State]
        hooks.queue(connection, [row | each for each in rows])
    visit("/staff/o/{slug}/webhooks")(page, desk)
    page.wait_for_selector("text=Send again")


def webhook_refused(page, desk):
    visit("/staff/o/{slug}/webhooks")(page, desk)
    page.fill("#url", "http://10.0.0.1/")
    page.click("text=Make it")
    page.wait_for_selector("[role=alert]")


def program_refused(page, desk):
    visit("/staff/o/{slug}/clients")(page, desk)
    page.fill("#name", "Campus system")
    page.fill("#public_key", "no key")
    page.click("text=Make it")
    page.wait_for_selector("[role=alert]")


def not_founded(page, desk):
    visit("/staff/o/northlight/organisation")(page, desk)
    page.fill("#legal_name", "University of Nowhere")
    page.fill("#slug_below", "No Where")
    page.fill("#country", "XX")
    page.click("text=Add the member")
    page.wait_for_selector("[role=alert]")


def no_mandate(page, desk):
    visit("/staff/o/{slug}/organisation")(page, desk)
    page.click("text=Keep the mandate")
    page.wait_for_selector("[role=alert]")


LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100">'
    b'<rect width="300" height="100" rx="20" fill="#0b6e4f"/></svg>'
)


def branded(page, desk):
    visit("/staff/o/{slug}/branding")(page, desk)
    logo = {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": LOGO}
    page.set_input_files("#logo", logo)
    page.fill("#colour", "#0b6e4f")
    page.click("main form[enctype] > button")
    page.wait_for_selector("text=Saved")


def branded_badly(page, desk):
    visit("/staff/o/{slug}/branding")(page, desk)
    page.fill("#colour", "#ff8800")
    page.fill("#sender_address", "nobody")
    page.click("main form[enctype] > button")
    page.wait_for_selector("[role=alert]")


def mail_previewed(page, desk):
    visit("/staff/o/{slug}/branding/mail/en")(page, desk)
    page.fill("#body", "Dear {learner}, here is {title}: {link}")
    page.click("text=Preview")
    page.wait_for_selector("text=Dear Ana Andromeda")


def mail_refused(page, desk):
    visit("/staff/o/{slug}/branding/mail/en")(page, desk)
    page.fill("#body", "no link")
    page.click("main .card button[value=save]")
    page.wait_for_selector("[role=alert]")


def branded_claim(page, desk):
    one_award(page, desk)
    branded(page, desk)
    with session.unit_of_work(desk.instance.engine) as connection:
        known = search(connection, desk.organisation_id, "ida@x.example")
        made = create_claim(desk.instance, connection, known[0].id)
    page.goto(made.url.replace("https://badges.example", desk.url))
    page.wait_for_selector(".logo img")


def audit_tampered(page, desk):
    """Somebody changes a line behind the service's back; afterwards it is as it was."""
    second = audit_line.c.seq == 2
    triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
    with session.unit_of_work(desk.instance.engine) as connection:
        rules = connection.exec_driver_sql(triggers, ("audit_line",)).all()
        for name, _ in rules:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        line = connection.scalar(select(audit_line.c.line).where(second))
        connection.execute(update(audit_line).where(second).values(line=line + b" "))
    try:
        visit("/staff/audit?check=true")(page, desk)
        page.wait_for_selector("text=line 2 was altered")
    finally:
        with session.unit_of_work(desk.instance.engine) as connection:
            connection.execute(update(audit_line).where(second).values(line=line))
            for _, rule in rules:
                connection.exec_driver_sql(rule)


STATES = {
    "sign-in": lambda page, desk: page.goto(f"{desk.url}/staff/sign-in"),
    "sign-in-refused": refused,
    "welcome": welcome,
    "welcome-refused": welcome_refused,
    "hall": visit("/staff"),
    "account": visit("/staff/account"),
    "account-changed": visit("/staff/account?done=added"),
    "account-refused": password_refused,
    "organisation": visit("/staff/o/{slug}/organisation"),
    "alliance": visit("/staff/o/northlight/organisation"),
    "organisation-founded": visit("/staff/o/northlight/organisation?done=founded"),
    "organisation-refused": not_founded,
    "organisation-no-mandate": no_mandate,
    "programs": visit("/staff/o/{slug}/clients"),
    "program-made": program,
    "program-refused": program_refused,
    "webhooks": visit("/staff/o/{slug}/webhooks"),
    "webhook-made": webhook,
    "webhook-called": webhook_called,
    "webhook-refused": webhook_refused,
    "claiming": visit("/staff/o/{slug}/claiming"),
    "people": visit("/staff/o/{slug}/people"),
    "invited": invited,
    "award": visit("/staff/o/{slug}/award"),
    "award-columns": no_list,
    "award-looked-over": looked_over,
    "award-progress": awarding,
    "audit-checked": visit("/staff/audit?check=true"),
    "audit-tampered": audit_tampered,
    "branding": visit("/staff/o/{slug}/branding"),
    "branding-saved": branded,
    "branding-refused": branded_badly,
    "branding-mail": visit("/staff/o/{slug}/branding/mail/de"),
    "branding-mail-previewed": mail_previewed,
    "branding-mail-refused": mail_refused,
    "branding-claim-page": branded_claim,
    "awards": visit("/staff/o/{slug}/awards"),
    "awards-nothing-found": visit("/staff/o/{slug}/awards?q=nobody-of-this-name"),
    "awards-changed": visit("/staff/o/{slug}/awards?done=revoke&count=2"),
    "awards-nothing-ticked": visit("/staff/o/{slug}/awards?nothing=1"),
    "change-revoke": ticked("revoke"),
    "change-suspend": ticked("suspend"),
    "correct": correcting,
    "correct-refused": not_corrected,
    "file": visit("/staff/o/{slug}/awards/list"),
    "file-refused": file_refused,
    "file-looked-over": file_looked_over,
    "confirm": visit("/staff/confirm?next=/staff"),
    "unclaimed": waiting(""),
    "unclaimed-sent": visit("/staff/o/{slug}/unclaimed?done=resend&count=1"),
    "unclaimed-resend": waiting("text=Send the link again"),
    "unclaimed-cancel": waiting("text=Cancel the award"),
    "statistics": counted,
    "statistics-nothing": visit("/staff/o/{slug}/statistics?year=2021"),
    "aftercare": visit("/staff/o/{slug}/aftercare?saved=1"),
    "aftercare-refused": aftercare_refused,
    "learner": learner,
    "audit-filtered": visit("/staff/audit?action=staff."),
    "audit-nothing": visit("/staff/audit?since=2099-01-01"),
    "health": visit("/staff/health"),
    "one-award": one_award,
    "one-award-linked": linked,
    "one-award-revoked": revoked,
}


@pytest.mark.parametrize("name", STATES)
def test_g1_g2_g4_everyone_can_use_the_desk(watch, axe, desk, name):
    watched = watch()
    STATES[name](watched.page, desk)
    assert watched.elsewhere(desk.url) == set()
    assert watched.weight() <= HEAVIEST
    assert_everyone_can_use(watched.page, axe, name)
    assert watched.complaints == []


PLAIN = ("award", "awards", "people", "claiming", "webhooks", "programs", "aftercare", "health")


def test_g4_german_words_fit_on_a_small_phone(watch, desk):
    page = watch(locale="de-DE", viewport={"width": 320, "height": 640}).page
    for name in PLAIN:
        STATES[name](page, desk)
        assert page.get_attribute("html", "lang") == "de"
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, 320)


def test_g5_g6_the_first_account_is_opened_by_keyboard_and_without_javascript(watch, desk):
    page = watch(java_script_enabled=False).page
    welcome(page, desk)
    page.focus("#name")
    for text in ("Ada Novak", "ada@x.example", PASSWORD):
        page.keyboard.insert_text(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Good to see you, Ada Novak")
    page.click("text=Sign out")
    page.fill("#email", "ada@x.example")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Good to see you, Ada Novak")


def test_g5_a_list_is_awarded_without_javascript(watch, desk):
    page = watch(java_script_enabled=False).page
    visit("/staff/o/{slug}/award")(page, desk)
    page.select_option("#achievement", "energy-positive-neighbourhoods")
    people = b"Given name;E-mail;Awarded on\r\nKim;kim@x.example;2026-06-12\r\n"
    page.set_input_files("#file", {"name": "l.csv", "mimeType": "text/csv", "buffer": people})
    page.click("text=Look it over")
    page.click("text=Award the 1 ready row")
    page.wait_for_selector(".state.passed", timeout=90_000)  # the page reloads itself
    assert page.locator(".tally dd").first.inner_text() == "1"


def test_s8_a_selection_is_revoked_by_keyboard_and_without_javascript(watch, desk):
    learner = Learner(given_name="Tick", email="tick@x.example")
    wish = Wish("energy-positive-neighbourhoods", Decision(learner, date(2026, 6, 12)))
    award_one(desk.instance, wish)
    page = watch(java_script_enabled=False).page
    visit("/staff/o/{slug}/awards?q=tick@x.example")(page, desk)
    page.focus("tbody input[type=checkbox]")
    page.keyboard.press("Space")
    page.focus("button[value=revoke]")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Revoke: 1 award")
    page.focus("#note")
    page.keyboard.insert_text("by keyboard")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=1 award revoked")


def test_s9_a_link_is_sent_again_by_keyboard_and_without_javascript(watch, desk):
    learner = Learner(given_name="Again", email="again@x.example")
    wish = Wish("energy-positive-neighbourhoods", Decision(learner, date(2026, 6, 12)))
    award_one(desk.instance, wish)
    page = watch(java_script_enabled=False).page
    visit("/staff/o/{slug}/unclaimed")(page, desk)
    page.focus("tbody input[type=checkbox]")
    page.keyboard.press("Space")
    page.focus("text=Send the link again")
    page.keyboard.press("Enter")
    page.focus("text=Send 1 mail")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=1 mail is on its way")
