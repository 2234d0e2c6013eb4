"""Every page in every state, looked at in a real Chromium: light, dark and on a small phone."""

import io
import json
import re
import zipfile

import pytest

from tests.browser.looking import assert_everyone_can_use

pytestmark = pytest.mark.browser

LOGO = re.compile(r"/o/[a-z0-9-]+/brand/logo-[0-9a-f]+\.png")


def check(text):
    def go(page, service, material):
        page.goto(f"{service.url}/verify")
        page.fill("#text", material.texts.get(text, text))
        page.click("button[type=submit]")
        page.wait_for_selector("#verdict, [role=alert]")

    return go


def visit(path):
    def go(page, service, material):
        page.goto(service.url + path)

    return go


def claim(name):
    def go(page, service, material):
        page.goto(f"{service.url}/claim/{material.codes[name]}")

    return go


def opened(go):
    """The same state with everything unfolded that can be."""

    def go_and_open(page, service, material):
        go(page, service, material)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")

    return go_and_open


def archive(texts):
    """A ZIP of credentials, each under the name of its state."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        for name, text in texts.items():
            files.writestr(f"{name.replace('/', '_')}.json", text)
    return packed.getvalue()


def many(content=None, copies=1):
    """Send a ZIP of every state there is (or `content`), and wait for the first answer."""

    def go(page, service, material):
        texts = {
            f"{n} {name}": text for n in range(copies) for name, text in material.texts.items()
        }
        data = archive(texts) if content is None else content
        page.goto(f"{service.url}/verify/many")
        file = {"name": "cohort.zip", "mimeType": "application/zip", "buffer": data}
        page.set_input_files("#file", file)
        page.click("button:not([name])", no_wait_after=True)
        page.wait_for_selector("tbody tr, [role=alert]")
        if copies == 1:
            page.wait_for_load_state()

    return go


STATES = {
    "many": visit("/verify/many"),
    "many-report": many(),
    "many-under-way": many(copies=15),
    "many-empty": many(b"PK\x05\x06" + bytes(18)),
    "many-nonsense": many(b"\xff\xfe"),
    "start": visit("/"),
    "api-docs": visit("/api/docs"),
    "api-docs-unfolded": opened(visit("/api/docs")),
    "verify": visit("/verify"),
    "verify-error": check(""),
    "valid": check("Zoë"),
    "valid-unfolded": opened(check("Zoë")),
    "remarks": check("stranger"),
    "not-valid-changed": check("changed"),
    "not-valid-revoked": check("Revoked"),
    "could-not-check": check("out of reach"),
    "no-credential": check("hello"),
    "claim": claim("Zoë"),
    "claim-revoked": claim("Revoked"),
    "claim-enter": visit("/claim"),
    "claim-wrong-code": visit("/claim/nonsense"),
    "not-found": visit("/nowhere"),
}
HEADLINES = {
    "valid": "Valid",
    "remarks": "Genuine, with remarks",
    "not-valid-changed": "Not valid",
    "not-valid-revoked": "Not valid",
    "could-not-check": "Could not be checked",
    "no-credential": "Not valid",
}


@pytest.fixture(params=STATES)
def state(request, service, material):
    """One state of one page: a function that brings a page into it."""
    go = STATES[request.param]
    return lambda page: go(page, service, material)


def test_g1_g2_everyone_can_use_it_in_light_dark_and_on_a_small_phone(watch, axe, state, request):
    watched = watch()
    state(watched.page)
    assert_everyone_can_use(watched.page, axe, request.node.name)
    assert watched.complaints == []


def test_g3_g4_it_is_light_and_asks_nobody_else(watch, service, state):
    watched = watch()
    state(watched.page)
    watched.page.wait_for_load_state("networkidle")
    assert watched.elsewhere(service.url) == set()
    pages = [n for n, r in enumerate(watched.requests) if r.is_navigation_request()]
    assert len(watched.requests[pages[-1] :]) <= 8
    assert watched.weight() <= 60_000


@pytest.mark.parametrize("name", HEADLINES)
def test_g5_it_works_without_javascript(watch, service, material, name):
    watched = watch(java_script_enabled=False)
    STATES[name](watched.page, service, material)
    assert watched.page.inner_text("#verdict") == HEADLINES[name]


def test_a_file_can_be_checked_without_javascript(watch, service, material):
    watched = watch(java_script_enabled=False)
    page = watched.page
    page.goto(f"{service.url}/verify")
    file = {
        "name": "b.json",
        "mimeType": "application/json",
        "buffer": material.texts["Zoë"].encode(),
    }
    page.set_input_files("#file", file)
    page.click("button[type=submit]")
    assert page.inner_text("#verdict") == "Valid"


VERDICTS = ("Valid", "Genuine, with remarks", "Not valid", "Could not be checked")


def test_g5_many_are_checked_without_javascript(watch, service, material):
    page = watch(java_script_enabled=False).page
    many()(page, service, material)
    words = page.locator("tbody td:nth-child(3)").all_inner_texts()
    assert len(words) == len(material.texts)
    assert set(words) == set(VERDICTS)
    assert page.inner_text("[role=status]") == "All entries have been checked."


def test_the_verdicts_of_many_are_saved_without_javascript(watch, service, material):
    page = watch(java_script_enabled=False).page
    page.goto(f"{service.url}/verify/many")
    file = {"name": "c.zip", "mimeType": "application/zip", "buffer": archive(material.texts)}
    page.set_input_files("#file", file)
    with page.expect_download() as download:
        page.click("button[value=csv]")
    assert len(download.value.path().read_text().splitlines()) == len(material.texts) + 1


def test_a_file_that_is_no_list_says_so_without_javascript(watch, service, material):
    page = watch(java_script_enabled=False).page
    many(b"\xff\xfe")(page, service, material)
    assert page.locator("[role=alert] p").inner_text()
    assert page.title().startswith("Error")


def test_hostile_names_of_files_stay_text(watch, service, material):
    watched = watch()
    hostile = next(name for name in material.texts if "<script" in name)
    many(archive({hostile: material.texts[hostile]}))(watched.page, service, material)
    assert watched.dialogs == []
    assert watched.complaints == []
    assert watched.page.locator("main script, main img").count() == 0
    assert "<script>" in watched.page.inner_text("tbody")


def test_g5_a_file_is_taken_without_javascript(watch, service, material):
    page = watch(java_script_enabled=False).page
    claim("Zoë")(page, service, material)
    with page.expect_download() as download:
        page.click("text=Download the file")
    assert json.loads(download.value.path().read_text())["proof"]


@pytest.mark.parametrize("javascript", [True, False])
def test_hostile_markup_stays_text(watch, service, material, javascript):
    hostile = next(name for name in material.texts if "<script" in name)
    for go in (check(hostile), claim(hostile)):
        watched = watch(java_script_enabled=javascript)
        go(watched.page, service, material)
        assert watched.dialogs == []
        assert watched.elsewhere(service.url) == set()
        assert watched.complaints == []
        assert watched.page.title() != "pwned"
        scripts = watched.page.locator("script")
        sources = [scripts.nth(n).get_attribute("src") for n in range(scripts.count())]
        assert all(source and source.startswith("/static/") for source in sources)
        images = watched.page.locator("main img")
        shown = [images.nth(n).get_attribute("src") for n in range(images.count())]
        assert all(LOGO.fullmatch(src or "") for src in shown), (
            "the organisation's logo and nothing else"
        )


def test_g6_the_page_can_be_used_by_keyboard_alone(watch, service, material):
    page = watch().page
    page.goto(f"{service.url}/verify")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(12):
        if page.evaluate("document.activeElement.id") == "text":
            break
        page.keyboard.press("Tab")
    page.keyboard.insert_text(material.texts["Zoë"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#verdict")
    assert page.inner_text("#verdict") == "Valid"


def test_g6_the_focus_goes_to_what_went_wrong(watch, service, material):
    page = watch().page
    check("")(page, service, material)
    assert page.evaluate("document.activeElement.id") == "problem"


def test_g8_the_report_prints_without_the_frame(watch, service, material):
    page = watch().page
    check("Zoë")(page, service, material)
    page.emulate_media(media="print")
    assert page.is_visible("#verdict")
    assert not page.is_visible("nav")
    assert not page.is_visible("button[data-print]")
    assert "Checked at" in page.inner_text("main")


def test_the_language_of_the_page_is_the_readers(watch, service, material):
    page = watch(locale="xx").page
    page.goto(service.url)
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_claim_page_follows_the_wallet_by_itself(watch, service, material):
    watched = watch()
    claim("Zoë")(watched.page, service, material)
    with watched.page.expect_response(lambda answer: answer.url.endswith("/wallet")) as part:
        pass
    assert part.value.status == 200
    assert "Waiting for your wallet" in watched.page.inner_text("#progress")
    assert watched.complaints == []


def test_the_code_is_large_enough_to_scan_on_a_small_phone(watch, service, material):
    page = watch(viewport={"width": 320, "height": 640}).page
    claim("Zoë")(page, service, material)
    box = page.locator("svg[role=img]").bounding_box()
    assert box["width"] >= 240
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
