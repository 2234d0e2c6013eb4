"""Awarding in a real Chromium: S5, S6, S7 in light, dark, 320 px, by keyboard, without script."""

import io
import os
from types import SimpleNamespace

import pytest
import xlsxwriter

from issuer.catalogue.service import find
from issuer.db import session
from issuer.organisations import accounts_store, four_eyes, sessions
from issuer.organisations.roles import Grant, Role
from issuer.organisations.store import by_id
from tests.browser.looking import assert_everyone_can_use
from tests.browser.test_desk import HEAVIEST, come_in, visit

pytestmark = pytest.mark.browser

ENERGY = "energy-positive-neighbourhoods"


@pytest.fixture(scope="module")
def desk(service):
    """An administrator of a university, their session, and the university."""
    instance = service.instance
    with session.unit_of_work(instance.engine) as connection:
        member = by_id(connection, find(connection, ENERGY).organisation_id)
        now = instance.now()
        number = accounts_store.add_account(connection, "ada@award.example", "Ada", "none", now)
        accounts_store.grant(connection, number, Grant(member.id, Role.MEMBER_ADMIN))
        token = sessions.begin(connection, number, now)
    return SimpleNamespace(
        url=service.url,
        instance=instance,
        token=token,
        slug=member.slug,
        organisation_id=member.id,
    )


def upload(page, name, content):
    page.select_option("#achievement", ENERGY)
    page.set_input_files("#file", {"name": name, "mimeType": "text/csv", "buffer": content})
    page.click("text=Look it over")


def listed(*people):
    rows = "".join(f"{name};{name.lower()}@x.example;2026-06-12\r\n" for name in people)
    return f"Given name;E-mail;Awarded on\r\n{rows}".encode()


def workbook():
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    for name in ("Autumn", "Spring"):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["Given name", "E-mail", "Awarded on", "Remark"])
        for number in range(1, 121):
            sheet.write_row(number, 0, [f"Person {number}", "no address", "2026-06-12", "x"])
        sheet.write_row(121, 0, [f"{name} Ek", f"{name}@x.example", "2026-06-12", ""])
    book.close()
    return file.getvalue()


def two_sheets(page, desk):
    visit("/staff/o/{slug}/award")(page, desk)
    upload(page, "cohort.xlsx", workbook())
    page.wait_for_selector("text=page 1 of 2")


def bad_columns(page, desk):
    visit("/staff/o/{slug}/award")(page, desk)
    upload(page, "odd.csv", b"Aa;Bb\r\nx;y\r\n")
    page.wait_for_selector("text=What the columns mean")
    page.click("text=Read the list so")
    page.wait_for_selector("[role=alert]")


def bad_time(page, desk):
    visit("/staff/o/{slug}/award")(page, desk)
    upload(page, "later.csv", listed("Late"))
    page.click("summary")
    page.fill("#at_time", "2020-01-01T06:00")
    page.click("text=Award the 1 ready row")
    page.wait_for_selector("[role=alert]")


def scheduled(page, desk):
    visit("/staff/o/{slug}/award")(page, desk)
    upload(page, "later.csv", listed("Later"))
    page.click("summary")
    page.fill("#at_time", "2099-01-01T06:00")
    page.select_option("#zone", "Europe/Helsinki")
    page.click("text=Award the 1 ready row")
    page.wait_for_selector("text=Change the time")


def one_form(page, desk):
    visit("/staff/o/{slug}/award")(page, desk)
    page.select_option("#achievement-one", ENERGY)
    page.click("text=Go on")
    page.wait_for_selector("#given_name")


def one_refused(page, desk):
    one_form(page, desk)
    page.fill("#given_name", "=Zoë")
    page.evaluate("document.querySelector('#email').type = 'text'")
    page.fill("#email", "zoe(at)x.example")
    page.click("text=Look it over")
    page.wait_for_selector("[role=alert]")


def one_confirm(page, desk, name="Noa"):
    one_form(page, desk)
    page.fill("#given_name", name)
    page.fill("#email", f"{name}{os.urandom(4).hex()}@x.example")
    page.click("text=Look it over")
    page.wait_for_selector("text=Is this right?")


def one_done(page, desk):
    one_confirm(page, desk)
    page.click("main button:has-text('Award')")
    page.wait_for_selector(".qr")


def rule(desk, limit):
    with session.unit_of_work(desk.instance.engine) as connection:
        four_eyes.save(connection, desk.organisation_id, limit, desk.instance.now())


def held(page, desk):
    """A list that waits, seen by whoever sent it."""
    rule(desk, 0)
    visit("/staff/o/{slug}/award")(page, desk)
    upload(page, "held.csv", listed("Ada", "Bo"))
    page.click("text=Ask for approval")
    page.wait_for_selector("text=You sent it.")
    rule(desk, None)


def second(page, desk):
    """Somebody else comes to the same page."""
    where = page.url
    with session.unit_of_work(desk.instance.engine) as connection:
        now, email = desk.instance.now(), f"{os.urandom(4).hex()}@x.example"
        number = accounts_store.add_account(connection, email, "Bo Second", "none", now)
        accounts_store.grant(connection, number, Grant(desk.organisation_id, Role.COORDINATOR))
        token = sessions.begin(connection, number, now)
    page.context.clear_cookies()
    kept, desk.token = desk.token, token
    come_in(page, desk)
    desk.token = kept
    page.goto(where)
    page.wait_for_selector("text=Your decision")


def deciding(page, desk):
    held(page, desk)
    second(page, desk)


def no_reason(page, desk):
    deciding(page, desk)
    page.click("button:has-text('Send it back')")
    page.wait_for_selector("[role=alert]")


def sent_back(page, desk):
    deciding(page, desk)
    page.fill("#why", "Two people are missing.")
    page.click("button:has-text('Send it back')")
    page.wait_for_selector("text=nobody is awarded")


def bad_limit(page, desk):
    visit("/staff/o/{slug}/four-eyes")(page, desk)
    page.check("#wanted-above")
    page.fill("#above", "many")
    page.click("text=Save")
    page.wait_for_selector("[role=alert]")


STATES = {
    "s5-form": one_form,
    "s5-refused": one_refused,
    "s5-confirm": one_confirm,
    "s5-done": one_done,
    "s6-two-sheets": two_sheets,
    "s6-columns-refused": bad_columns,
    "s6-time-refused": bad_time,
    "s6-scheduled": scheduled,
    "s6-lists": visit("/staff/o/{slug}/batches"),
    "s7-rule": visit("/staff/o/{slug}/four-eyes?done=true"),
    "s7-rule-refused": bad_limit,
    "s7-held": held,
    "s7-deciding": deciding,
    "s7-no-reason": no_reason,
    "s7-sent-back": sent_back,
}


@pytest.mark.parametrize("name", STATES)
def test_g1_g2_everyone_can_award(watch, axe, desk, name):
    watched = watch()
    STATES[name](watched.page, desk)
    assert watched.elsewhere(desk.url) == set()
    assert watched.weight() <= HEAVIEST * 3  # several pages lead to the state
    assert_everyone_can_use(watched.page, axe, name)
    assert watched.complaints == []


def test_s5_one_person_by_keyboard_and_without_javascript(watch, desk):
    page = watch(java_script_enabled=False).page
    visit(f"/staff/o/{{slug}}/award/one?achievement={ENERGY}")(page, desk)
    page.focus("#given_name")
    for text in ("Kim", "Ek", "kim.ek@x.example"):
        page.keyboard.insert_text(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Is this right?")
    page.focus("form[action$='/one/award'] button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#link")
    assert "/claim/" in page.input_value("#link")


def test_s7_a_list_is_approved_without_javascript(watch, desk):
    page = watch(java_script_enabled=False).page
    rule(desk, 0)
    visit("/staff/o/{slug}/award")(page, desk)
    upload(page, "held.csv", listed("Uma"))
    page.click("text=Ask for approval")
    page.wait_for_selector("text=You sent it.")
    assert page.locator("button:has-text('Approve')").count() == 0
    rule(desk, None)
    second(page, desk)
    page.click("text=Approve: award 1 person")
    page.wait_for_selector(".tally")
    page.wait_for_selector(".state.passed", timeout=90_000)
    assert page.locator(".tally dd").first.inner_text() == "1"
