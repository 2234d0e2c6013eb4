"""A passkey in a real Chromium, with the browser's own virtual authenticator."""

import threading

import pytest
import uvicorn

from issuer.app import create_app
from issuer.db import migrations, session
from issuer.instance import Instance
from issuer.organisations.accounts import first_link
from issuer.organisations.setup import establish_alliance
from issuer.settings import Settings
from issuer.web.http_protocol import BoundedProtocol
from tests.browser.conftest import EXAMPLES

pytestmark = pytest.mark.browser

PASSWORD = "four unrelated plain words"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def origin(tmp_path, unused_tcp_port):
    """A service at its own address: a passkey belongs to a host."""
    address = f"http://localhost:{unused_tcp_port}"
    settings = Settings(data=tmp_path, base_url=address)
    engine = session.engine(settings.database)
    migrations.upgrade(engine)
    instance = Instance(settings, engine, passphrase="correct horse", key_cost=2**14)
    establish_alliance(instance, EXAMPLES / "alliance.yaml")
    config = uvicorn.Config(
        create_app(instance),
        host="127.0.0.1",
        http=BoundedProtocol,
        port=unused_tcp_port,
        log_level="error",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.05)
    yield first_link(instance)
    server.should_exit = True
    thread.join()
    engine.dispose()


@pytest.fixture
def unused_tcp_port():
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def test_a_passkey_is_made_and_signs_in(browser, origin):
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(60_000)
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})

    page.goto(origin)
    page.fill("#name", "Zoë")
    page.fill("#email", "zoe@x.example")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/staff")

    page.click("text=Zoë")
    page.fill("#name", "my laptop")
    page.click("text=Add a passkey")
    page.wait_for_selector("text=The passkey was added.")
    assert "my laptop" in page.inner_text("main")

    page.click("text=Sign out")
    page.wait_for_url("**/staff/sign-in")
    page.click("text=Sign in with a passkey")
    page.wait_for_url("**/staff")
    assert "Zoë" in page.inner_text("h1")

    page.click("a:has-text('Zoë')")
    page.click("main button:has-text('Remove')")
    page.wait_for_selector("text=The passkey was removed.")
    page.click("text=Sign out")
    page.click("text=Sign in with a passkey")
    page.wait_for_selector("text=The passkey was not accepted.")
    context.close()


def test_without_javascript_the_password_is_there_and_the_button_is_not(browser, origin):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(origin.partition("/staff/")[0] + "/staff/sign-in")
    assert page.is_visible("#password")
    assert not page.is_visible("text=Sign in with a passkey")
    context.close()
