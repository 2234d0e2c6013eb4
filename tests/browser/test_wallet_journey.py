"""From the claim page to the learner's wallet and back to the staff: the whole journey."""

import io

import pytest
from PIL import Image

from tests.browser.wallet_service import WalletService

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def wallet_service(tmp_path_factory):
    with WalletService(tmp_path_factory.mktemp("wallet")).running() as made:
        yield made


@pytest.fixture
def page(browser):
    context = browser.new_context()
    context.set_default_timeout(90_000)  # a busy machine is slow, not wrong
    yield context.new_page()
    context.close()


def read_code(picture):
    """Read a QR code as a phone would: from what can be seen."""
    zxingcpp = pytest.importorskip("zxingcpp")
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return found.text


def test_a_badge_is_scanned_received_verified_revoked_and_shown_as_revoked(page, wallet_service):
    page.goto(wallet_service.claim_page())
    link = read_code(page.screenshot(full_page=True))
    assert link.startswith("openid-credential-offer://?credential_offer_uri=")

    page.goto(f"{wallet_service.url}/wallet/")
    page.click("text=Add a credential")
    page.fill("#link", link)
    page.click("text=Continue")
    page.click("text=Take it into my wallet")
    page.wait_for_selector("#standing .notice")
    assert page.inner_text("h1") == "Energy-positive neighbourhoods"
    assert page.inner_text("#standing h2") == "Valid"

    wallet_service.staff_revokes_the_newest()
    page.click("text=Check again")
    page.wait_for_selector("#standing .not_valid")
    assert "revoked" in page.inner_text("#standing").lower()
    page.click("text=All credentials")
    assert "Revoked" in page.inner_text(".credential .verdict")
