"""G1 to G9 where they are about every page: none is forgotten, none is lost when text is large."""

import os
from datetime import date
from types import SimpleNamespace

import pytest

from badges.award import Learner
from badges.award import Organisation as Particulars
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.catalogue.service import find
from issuer.db import session
from issuer.organisations import accounts_store, sessions
from issuer.organisations.roles import Grant, Role
from issuer.organisations.service import Founding, establish
from issuer.organisations.store import all_organisations, by_id
from tests.browser import test_achievements, test_awarding, test_coming_in, test_desk
from tests.browser.looking import assert_everyone_can_use
from tests.browser.test_desk import come_in, visit
from tests.issuer.admin.test_matrix import DOORS

pytestmark = pytest.mark.browser

ENERGY = "energy-positive-neighbourhoods"
FILES = ("xlsx", ".{form}", ".csv", ".pdf", "/file", ".{kind}", "/rotate", "export", "jsonl")
"""How addresses end that answer with a file, or lead back to a page."""

LOOKED_AT = {
    "/award": "award", "/award/one": "s5-form", "/award/lists/{token}": "award-looked-over",
    "/award/lists/{token}/columns": "award-columns", "/batches": "s6-lists",
    "/batches/{batch_id}": "award-progress", "/four-eyes": "s7-rule",
    "/awards": "awards", "/awards/change": "change-revoke", "/awards/list": "file",
    "/awards/{award_id}": "one-award", "/awards/{award_id}/correct": "correct",
    "/awards/{award_id}/learner": "learner", "/awards/{award_id}/wallets": "trace",
    "/unclaimed": "unclaimed", "/unclaimed/resend": "unclaimed-resend",
    "/unclaimed/cancel": "unclaimed-cancel", "/statistics": "statistics",
    "/organisation": "organisation", "/people": "people", "/clients": "programs",
    "/webhooks": "webhooks",
    "/aftercare": "aftercare", "/claiming": "claiming", "/branding": "branding",
    "/branding/mail/{language}": "branding-mail",
    "/achievements": "list", "/achievements/new": "new", "/achievements/import": "import",
    "/achievements/shared": "shared", "/achievements/rules": "rules",
    "/achievements/{key}": "one", "/achievements/{key}/edit/{step}": "learning",
    "/achievements/{key}/skills/{place}": "skills", "/achievements/{key}/check": "check-complete",
    "/achievements/{key}/preview/{view}": "preview-learner",
    "/achievements/{key}/reviews": "reviews",
}  # fmt: skip
"""The state in which axe looks at each page of an organisation's desk."""


def states():
    named = {**test_desk.STATES, **test_awarding.STATES, **test_achievements.STATES}
    return {*named, *(state.__name__ for state in test_coming_in.STATES)}


def test_g1_axe_looks_at_every_page_of_the_desk():
    pages = {path for method, path in DOORS if method == "GET" and not path.endswith(FILES)}
    assert {path.removeprefix("/staff/o/{slug}") for path in pages} == set(LOOKED_AT)
    assert set(LOOKED_AT.values()) <= states()


@pytest.fixture(scope="module")
def desk(service):
    """Somebody of the alliance's office, with a university of their own to change as they like."""
    instance = service.instance
    with session.unit_of_work(instance.engine) as connection:
        alliance, now = all_organisations(connection)[0], instance.now()
        number = accounts_store.add_account(connection, "key@x.example", "Kim Keys", "none", now)
        accounts_store.grant(connection, number, Grant(alliance.id, Role.ALLIANCE_ADMIN))
        token = sessions.begin(connection, number, now)
        particulars = Particulars(legal_name="University of Keys", country="DK")
        establish(instance, connection, Founding("by-keys", particulars, alliance), "test")
        member = by_id(connection, find(connection, ENERGY).organisation_id)
    return SimpleNamespace(url=service.url, instance=instance, token=token, slug=member.slug)


@pytest.fixture
def award(desk):
    """The address of an award nobody has taken."""
    learner = Learner(given_name="Tab", email=f"{os.urandom(4).hex()}@x.example")
    issued = award_one(desk.instance, Wish(ENERGY, Decision(learner, date(2026, 6, 12))))
    return f"/staff/o/{{slug}}/awards/{issued.issuance.award_id}"


OFTEN = ("/award", "/awards", "/batches", "/unclaimed", "/achievements", "/statistics", "/clients",
         "/organisation", "/people", "/four-eyes", "/claiming", "/aftercare", "/branding",
         f"/award/one?achievement={ENERGY}", f"/achievements/{ENERGY}",
         f"/achievements/{ENERGY}/edit/learning", "/awards/list")  # fmt: skip


def test_g2_with_text_twice_as_large_nothing_is_cut_off(watch, desk, award):
    page = watch(viewport={"width": 1280, "height": 900}).page
    above = ("/staff", "/staff/audit", "/staff/health", "/verify", award)
    for path in (*above, *(f"/staff/o/{{slug}}{each}" for each in OFTEN)):
        visit(path)(page, desk)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide, cut = page.evaluate("""() => [document.documentElement.scrollWidth,
            [...document.querySelectorAll('main h1, main h2, main button, main a, main label')]
            .filter(e => e.offsetParent && !e.closest('.visually-hidden, .scroll'))
            .filter(e => getComputedStyle(e).overflow !== 'visible')
            .filter(e => e.scrollHeight > e.clientHeight + 2).map(e => e.outerHTML)]""")
        assert (path, wide <= 1280, cut) == (path, True, [])


def tab_to(page, selector):
    """Go on with the Tab key until the focus is there."""
    for _ in range(200):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never reaches {selector}")


def write(page, selector, text):
    tab_to(page, selector)
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


OWN = "/staff/o/by-keys"
JOBS = {
    "found a member": (
        "/staff/o/northlight/organisation",
        {"#legal_name": "University of Tabs", "#slug_below": "by-tabs", "#country": "FI"},
        "form[action$='/below'] button", "The organisation was founded",
    ),
    "invite a colleague": (f"{OWN}/people", {}, "main .card button", "Give this link"),
    "let a program in": (
        f"{OWN}/clients", {"#name": "Campus system", "#scope-0": ""},
        "form[action$='/clients'] button", "Copy this into your program now",
    ),
    "ask for four eyes": (
        f"{OWN}/four-eyes", {"#above": "20"}, "form[action$='/four-eyes'] button", "This holds",
    ),
    "decide what comes after": (
        f"{OWN}/aftercare", {"#reminders": "7, 30"}, "main .card button", "Saved",
    ),
    "choose a colour": (
        f"{OWN}/branding", {"#colour": "#0b6e4f"}, "main form[enctype] > button", "Saved",
    ),
    "write the mail": (
        f"{OWN}/branding/mail/en", {"#body": "Dear {learner}: {link}"}, "button[value=save]",
        "Saved",
    ),
    "decide who publishes": (
        f"{OWN}/achievements/rules", {}, "main form.card button", "Saved",
    ),
    "search the awards": (
        "/staff/o/{slug}/awards", {"#q": "nobody-of-this-name"}, "main form.card button",
        "Nothing found",
    ),
    "count a year": (
        "/staff/o/{slug}/statistics", {}, "main form.card button", "Awards in force",
    ),
    "search the audit log": (
        "/staff/audit", {"#q": "nothing has this"}, "main form.card button", "No line fits",
    ),
    "check the audit log": (
        "/staff/audit", {}, "a[href$='check=true']", "Nobody changed it",
    ),
}  # fmt: skip
"""Page, what is filled in (nothing = pressed with the space bar), what is pressed, what is read."""


@pytest.mark.parametrize("job", JOBS)
def test_g5_g6_it_is_done_by_keyboard_and_without_javascript(watch, desk, job):
    address, fields, button, words = JOBS[job]
    page = watch(java_script_enabled=False).page
    visit(address)(page, desk)
    for selector, text in fields.items():
        if text:
            write(page, selector, text)
        else:
            tab_to(page, selector)
            page.keyboard.press("Space")
    tab_to(page, button)
    page.keyboard.press("Enter")
    page.get_by_text(words).first.wait_for()


ACTS = {
    "revoke": ("", "#note", "form[action$='/revoke'] button:not([formaction])", "Revoked on"),
    "make a link": ("", "", "form[action$='/link'] button", "New link for the learner"),
    "correct": ("/correct", "#family_name", "main .card button", "Corrects"),
}


@pytest.mark.parametrize("act", ACTS)
def test_g5_g6_one_award_is_changed_by_keyboard_and_without_javascript(watch, desk, award, act):
    address, field, button, words = ACTS[act]
    page = watch(java_script_enabled=False).page
    visit(award + address)(page, desk)
    if field:
        write(page, field, "Tabs")
    tab_to(page, button)
    page.keyboard.press("Enter")
    page.get_by_text(words).first.wait_for()


def test_g8_an_award_prints_without_the_frame_and_says_where_and_when(watch, desk, award):
    page = watch().page
    visit(award)(page, desk)
    page.emulate_media(media="print")
    assert page.get_by_text("Tab").first.is_visible()
    assert not page.locator("nav").first.is_visible()
    assert not page.is_visible("button:has-text('Revoke for ever')")
    printed = page.inner_text("body")
    assert "/awards/" in printed
    assert "Printed" in printed


def test_g9_each_view_leaves_a_picture_where_a_folder_is_named(watch, axe, desk, tmp_path):
    page = watch().page
    come_in(page, desk)
    page.goto(f"{desk.url}/staff")
    assert_everyone_can_use(page, axe, "hall", tmp_path)
    kept = sorted(path.name for path in tmp_path.glob("*.png"))
    assert kept == ["hall-dark.png", "hall-light.png", "hall-phone.png"]
