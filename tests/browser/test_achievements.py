"""Achievements at the desk in a real Chromium: every state, by keyboard, without scripts."""

import io
import re

import pytest
from PIL import Image

from issuer.catalogue import drafts, esco, reviews
from issuer.catalogue.drafts import Author
from issuer.catalogue.service import find
from issuer.db import session
from issuer.organisations import accounts_store, sessions
from issuer.organisations.branding import store as branding
from issuer.organisations.branding.model import Branding
from issuer.organisations.roles import Grant, Role
from issuer.organisations.store import all_organisations, by_id, by_slug
from tests.browser.looking import assert_everyone_can_use

pytestmark = pytest.mark.browser

HEAVIEST = 120_000
"""Bytes a page of the desk may weigh."""

GREEN = "#0b6e4f"
KNOWN = "energy-positive-neighbourhoods"
SKILL = "http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d"


@pytest.fixture(scope="module")
def desk(service):
    """A coordinator's session, a draft with a title only, and a published achievement."""
    instance = service.instance
    with session.unit_of_work(instance.engine) as connection:
        alliance, now = all_organisations(connection)[0], instance.now()
        number = accounts_store.add_account(connection, "wim@x.example", "Wim Desk", "none", now)
        accounts_store.grant(connection, number, Grant(alliance.id, Role.ALLIANCE_ADMIN))
        token = sessions.begin(connection, number, now)
        member = by_id(connection, find(connection, KNOWN).organisation_id)
        author = Author(instance, connection, member, f"account:{number}")
        content = {"type": "MicroCredential", "title": {"en": "Rain gardens"}}
        outcomes = [{"title": {"en": "Plan a rain garden"}}]
        content |= {"learning_outcomes": outcomes, "ects": "1", "hours": "60"}
        drafts.begin(author, content, languages=("en", "de"), key="rain-gardens")
        whole = drafts.reopen(author, KNOWN)
        link = reviews.invite(author, KNOWN, "City of Halvik")
    service.achievements_token, service.achievements_slug = token, member.slug
    service.whole, service.review = whole, link.replace("https://badges.example", service.url)
    return service


def come_in(page, desk):
    secure = desk.url.replace("http:", "https:")  # Chromium lets loopback have secure cookies
    value = desk.achievements_token
    page.context.add_cookies([{"name": "__Host-learnseal", "value": value, "url": secure}])


def visit(path):
    def go(page, desk):
        come_in(page, desk)
        page.goto(f"{desk.url}/staff/o/{desk.achievements_slug}/achievements{path}")

    return go


def refused(page, desk):
    visit("/rain-gardens/check")(page, desk)
    page.click("text=Publish as micro-credential")
    page.wait_for_selector("[role=alert]")


def wrong_number(page, desk):
    visit("/rain-gardens/edit/learning")(page, desk)
    page.fill("#ects", "many")
    page.click("form.editor .buttons.end button >> nth=0")
    page.wait_for_selector("[role=alert]")


def looking_for_skills(page, desk):
    visit("/rain-gardens/edit/learning")(page, desk)
    page.focus("[role=combobox]")
    page.keyboard.type("pyt")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")


def bad_file(page, desk):
    visit("/import")(page, desk)
    file = {"name": "a.yaml", "mimeType": "text/yaml", "buffer": b"titel: Regen"}
    page.set_input_files("#file", file)
    page.click("main .card button[type=submit]")
    page.wait_for_selector("[role=alert]")


def invited(page, desk):
    visit(f"/{KNOWN}/reviews")(page, desk)
    page.fill("#invitee", "Rain and Sons Ltd")
    page.click("text=Make a link")
    page.wait_for_selector("#link")


def review(page, desk):
    page.goto(desk.review)


def review_refused(page, desk):
    review(page, desk)
    page.fill("#name", " ")
    page.fill("#organisation", " ")
    page.click("text=I sign this off")
    page.wait_for_selector("[role=alert]")


def branded(view):
    """A preview of an organisation with a logo and a colour; afterwards it looks as it did."""

    def go(page, desk):
        logo = io.BytesIO()
        Image.new("RGB", (300, 100), GREEN).save(logo, "PNG")
        decided = Branding(logo=logo.getvalue(), colour=GREEN)
        with session.unit_of_work(desk.instance.engine) as connection:
            number = by_slug(connection, desk.achievements_slug).id
            before = branding.read(connection, number)
            branding.save(connection, number, decided)
        try:
            visit(f"/{KNOWN}/preview/{view}")(page, desk)
            page.wait_for_selector(".logo img")
        finally:
            with session.unit_of_work(desk.instance.engine) as connection:
                branding.save(connection, number, before)

    return go


STATES = {
    "list": visit(""),
    "new": visit("/new"),
    "about-two-languages": visit("/rain-gardens/edit/about"),
    "learning": visit(f"/{KNOWN}/edit/learning"),
    "learning-wrong": wrong_number,
    "learning-combobox": looking_for_skills,
    "assessment": visit(f"/{KNOWN}/edit/assessment"),
    "quality": visit(f"/{KNOWN}/edit/quality"),
    "check-incomplete": visit("/rain-gardens/check"),
    "check-refused": refused,
    "check-complete": visit(f"/{KNOWN}/check"),
    "one": visit(f"/{KNOWN}"),
    "one-draft": visit("/rain-gardens"),
    "skills": visit("/rain-gardens/skills/0"),
    "skills-found": visit("/rain-gardens/skills/0?q=pyth"),
    "skills-nothing": visit("/rain-gardens/skills/0?q=zzzzz"),
    "preview-learner": visit(f"/{KNOWN}/preview/learner"),
    "preview-employer": visit(f"/{KNOWN}/preview/employer"),
    "preview-learner-branded": branded("learner"),
    "preview-employer-branded": branded("employer"),
    "preview-open-badge": visit(f"/{KNOWN}/preview/open-badge"),
    "preview-european": visit(f"/{KNOWN}/preview/european"),
    "preview-paper": visit(f"/{KNOWN}/preview/paper"),
    "import": visit("/import"),
    "import-refused": bad_file,
    "shared": visit("/shared"),
    "rules": visit("/rules"),
    "rules-saved": visit("/rules?saved=true"),
    "reviews": visit(f"/{KNOWN}/reviews"),
    "reviews-none": visit("/rain-gardens/reviews"),
    "reviews-invited": invited,
    "review": review,
    "review-refused": review_refused,
}


@pytest.mark.parametrize("name", STATES)
def test_g1_g2_everyone_can_use_the_pages_of_achievements(watch, axe, desk, name):
    watched = watch()
    STATES[name](watched.page, desk)
    assert watched.elsewhere(desk.url) == set()
    assert watched.weight() <= HEAVIEST
    assert_everyone_can_use(watched.page, axe, name)
    assert watched.complaints == []


def test_g6_focus_goes_to_what_is_wrong_and_from_there_to_the_field(watch, desk):
    page = watch().page
    wrong_number(page, desk)
    assert page.evaluate("document.activeElement.id") == "problem"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#ects")


def test_s2_three_letters_bring_skills_and_the_keyboard_chooses_one(watch, desk):
    page = watch().page
    looking_for_skills(page, desk)
    box = page.locator("[role=combobox]")
    assert box.get_attribute("aria-expanded") == "true"
    active = box.get_attribute("aria-activedescendant")
    option = page.locator(f'[id="{active}"]')
    assert option.get_attribute("aria-selected") == "true"
    label = option.evaluate("option => option.firstChild.textContent")
    page.keyboard.press("Enter")
    assert box.get_attribute("aria-expanded") == "false"
    assert label in page.locator(".chosen").inner_text()
    assert label in page.locator("#said").inner_text()
    page.click("form.editor .buttons.end button >> nth=1")
    page.wait_for_load_state()
    assert label in page.locator(".chosen").inner_text()


def test_s2_options_are_there_within_300_milliseconds(watch, desk):
    """From the last letter to the list on the page, 120 ms of which the field waits on purpose."""
    page = watch().page
    visit("/rain-gardens/edit/learning")(page, desk)
    page.evaluate(
        """() => {
          const box = document.querySelector('[role=combobox]');
          const list = document.querySelector('[role=listbox]');
          box.addEventListener('input', () => { window.asked = performance.now(); });
          const shown = () => {
            if (list.children.length) window.took ??= performance.now() - window.asked;
          };
          new MutationObserver(shown).observe(list, {childList: true});
        }"""
    )
    took = []
    for words in ("pyt", "dat", "com", "sta", "lea"):
        page.evaluate("window.took = undefined")
        page.fill("[role=combobox]", "")
        page.locator("[role=combobox]").press_sequentially(words)
        page.locator("[role=option]").first.wait_for()
        took.append(page.evaluate("window.took"))
    assert min(took) < 300  # others may be using the machine


def test_s2_and_s3_without_javascript_a_micro_credential_is_written_and_published(watch, desk):
    page = watch(java_script_enabled=False).page
    go_on = "form.editor .buttons.end button >> nth=0"
    visit("/new")(page, desk)
    page.fill('[id="title.en"]', "Mending roofs")
    page.fill('[id="description.en"]', "Mend a green roof so that it holds a heavy rain.")
    page.click(go_on)
    page.fill('[id="learning_outcomes.0.title.en"]', "Mend a green roof")
    page.fill("#ects", "1")
    page.fill("#hours", "27")
    page.select_option("#eqf_level", "4")
    page.click("form.editor .buttons.end button >> nth=1")
    page.click("text=Find skills on a page of their own")
    page.fill("#q", "pyth")
    page.click("main form[role=search] button")
    page.check(f'input[value="{SKILL}"]')
    page.click("text=Add the ticked skills")
    assert page.locator(f'.chosen input[value="{SKILL}"]').is_checked()
    page.click(go_on)
    page.select_option('[id="assessment.0.type"]', "practical-assessment")
    page.select_option("#participation", "presential")
    page.click(go_on)
    here = page.url.partition("/edit/")[0]
    page.goto(f"{here}/check")
    page.click("text=Publish as micro-credential")
    assert "10/11" in page.inner_text("h2#elements")
    page.click("[role=alert] a")
    page.select_option('[id="quality_assurance.0.type"]', "institutional-quality-assurance")
    page.fill('[id="quality_assurance.0.body.legal_name"]', "Quality Council")
    page.click(go_on)
    assert "11/11" in page.inner_text("h2#elements")
    page.click("text=Publish as micro-credential")
    assert "can be awarded now" in page.inner_text("[role=status]")


def test_g6_a_reviewer_signs_off_by_keyboard_alone(watch, desk):
    page = watch().page
    invited(page, desk)
    link = page.input_value("#link").replace("https://badges.example", desk.url)
    guest = watch().page
    guest.goto(link)
    guest.focus("#name")
    guest.keyboard.insert_text("Kim Ek")
    guest.keyboard.press("Tab")
    guest.keyboard.insert_text("Rain and Sons Ltd")
    guest.keyboard.press("Enter")
    guest.wait_for_selector("text=Thank you")
    visit(f"/{KNOWN}/preview/employer")(page, desk)
    assert re.search(r"Co-constructed with\s+Kim Ek, Rain and Sons Ltd", page.inner_text("main"))


def test_the_skills_that_come_with_the_service_are_enough_for_these_tests(desk):
    index = esco.index_in(desk.instance.settings.data)
    assert index.labels(SKILL)
