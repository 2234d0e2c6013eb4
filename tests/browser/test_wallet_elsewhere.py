"""The web wallet and an issuer somewhere else, and a code held up to the camera."""

import asyncio
from dataclasses import replace

import pytest
import segno
from PIL import Image

from issuer.oid4vci.model import Format
from issuer.status.own_documents import own_documents
from tests.browser.conftest import CHROMIUM
from tests.browser.wallet_service import WalletService
from tests.journeys.https_service import HttpsService

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    with HttpsService(tmp_path_factory.mktemp("https")).running() as made:
        yield made


@pytest.fixture(scope="module")
def home(tmp_path_factory, elsewhere):
    """The service the wallet comes from; its verifier reaches the other issuer."""

    async def reach(urls):
        return await asyncio.to_thread(own_documents, elsewhere.instance, urls)

    service = WalletService(tmp_path_factory.mktemp("home"))
    service.instance = replace(service.instance, fetch=reach)
    with service.running() as made:
        yield made


def open_offer(context, home, made):
    page = context.new_page()
    page.goto(f"{home.url}/wallet/?{made.uri.partition('?')[2]}")
    page.click("text=Take it into my wallet")
    page.wait_for_selector("#standing .notice")
    return page


@pytest.fixture
def context(browser):
    context = browser.new_context(ignore_https_errors=True)
    context.set_default_timeout(90_000)  # a busy machine is slow, not wrong
    yield context
    context.close()


@pytest.mark.parametrize("form", list(Format))
def test_an_issuer_elsewhere_lets_the_wallet_in(context, home, elsewhere, form):
    page = open_offer(context, home, elsewhere.offer(format=form))
    assert page.inner_text("h1") == "Energy-positive neighbourhoods"
    assert page.inner_text("#standing h2") == "Genuine, with remarks"  # in nobody's register here
    assert f"Checked by {home.url[7:]}" in page.inner_text("#standing")


def film(link, path):
    """Write a little film of a QR code, as a camera would see it."""
    code = path.with_suffix(".png")
    segno.make(link, error="m", micro=False).save(code, scale=5, border=6)
    with Image.open(code) as drawn:
        frame = Image.new("L", (640, 480), 200)
        shown = drawn.convert("L").resize((420, 420), Image.Resampling.NEAREST)
        frame.paste(shown, (110, 30))
    grey = bytes([128]) * (320 * 240)
    picture = b"FRAME\n" + frame.tobytes() + grey + grey
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + picture * 5)


def test_a_code_is_scanned_with_the_camera(browser, home, tmp_path):
    film(home.offer().uri, tmp_path / "code.y4m")
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={tmp_path / 'code.y4m'}",
    ]
    filming = browser.browser_type.launch(executable_path=CHROMIUM, args=arguments)
    page = filming.new_page()
    page.set_default_timeout(90_000)
    page.goto(f"{home.url}/wallet/#/add")
    page.click("text=Scan with the camera")
    page.wait_for_selector("text=Take it into my wallet")
    assert page.inner_text("h2") == "Energy-positive neighbourhoods"
    filming.close()


def test_without_a_camera_it_says_what_to_do(context, home):
    page = context.new_page()
    page.goto(f"{home.url}/wallet/#/add")
    page.click("text=Scan with the camera")
    page.wait_for_selector("[role=alert]")
    assert "paste the link" in page.inner_text("[role=alert]")
