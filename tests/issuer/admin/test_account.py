"""One's own account over HTTP: password, passkeys, the university's sign-in."""

import json
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from issuer.app import create_app
from issuer.db.session import unit_of_work
from issuer.organisations import accounts_store, sessions
from issuer.organisations.accounts import _hashed
from tests.issuer.admin.conftest import PAGE, PASSWORD, form_token
from tests.issuer.organisations.device import Device

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NEW = "four other unrelated words"


@pytest.fixture
def ada(instance, visitor):
    """A browser of somebody with a password, and their account's number."""
    with unit_of_work(instance.engine) as connection:
        number = accounts_store.add_account(
            connection, "ada@x.example", "Ada", _hashed(PASSWORD), instance.now()
        )
        token = sessions.begin(connection, number, instance.now())
    browser = visitor()
    browser.cookies.set("__Host-learnseal", token, domain="badges.example", path="/")
    return browser


def ask(browser, path, page="/staff/account", **fields):
    token = form_token(browser.open(page))
    return browser.post(path, data={"csrf": token, **fields})


def add_passkey(browser, device, name="red key"):
    options = ask(browser, "/staff/account/passkeys/offer").json()
    credential = json.dumps(device.register(options))
    return ask(browser, "/staff/account/passkeys", credential=credential, name=name)


@sqlite
def test_a_passkey_is_added_and_signs_in_from_another_browser(ada, visitor):
    device, other = Device(), visitor()
    assert add_passkey(ada, device).json() == {"next": "/staff/account?done=added"}
    assert "red key" in ada.open("/staff/account?done=added").text
    options = ask(other, "/staff/sign-in/passkey/request", "/staff/sign-in").json()
    credential = json.dumps(device.sign_in(options))
    answer = ask(
        other, "/staff/sign-in/passkey", "/staff/sign-in", credential=credential, next="//evil"
    )
    assert answer.json() == {"next": "/staff"}
    assert "Ada" in other.open("/staff").text


@sqlite
def test_a_passkey_that_is_not_known_is_refused(ada, visitor):
    other = visitor()
    options = ask(other, "/staff/sign-in/passkey/request", "/staff/sign-in").json()
    credential = json.dumps(Device().sign_in(options))
    refused = ask(other, "/staff/sign-in/passkey", "/staff/sign-in", credential=credential)
    assert refused.status_code == 401
    assert other.open("/staff").status_code == 303


@sqlite
def test_a_removed_passkey_is_gone(ada):
    add_passkey(ada, Device())
    page = ada.open("/staff/account").text
    number = page.partition("/staff/account/passkeys/")[2].partition("/remove")[0]
    assert ask(ada, f"/staff/account/passkeys/{number}/remove").status_code == 303
    assert "red key" not in ada.open("/staff/account").text
    assert ask(ada, f"/staff/account/passkeys/{number}/remove").status_code == 404


@sqlite
@pytest.mark.parametrize("credential", ["", "nonsense", "[]", "[" * 19_000])
def test_what_is_no_answer_of_a_device_is_refused(ada, credential):
    assert ask(ada, "/staff/account/passkeys", credential=credential).status_code in {403, 422}


@sqlite
@pytest.mark.parametrize(
    "path",
    [
        "/staff/account/passkeys/offer",
        "/staff/account/passkeys",
        "/staff/account/passkeys/1/remove",
        "/staff/account/password",
        "/staff/sign-in/passkey/request",
        "/staff/sign-in/passkey",
    ],
)
def test_every_form_refuses_a_missing_token(ada, path):
    assert ada.post(path, data={"credential": "{}"}).status_code == 403


@sqlite
def test_changing_the_password_ends_every_other_session(ada, visitor, instance):
    other = visitor()
    other.cookies.set(
        "__Host-learnseal", ada.cookies["__Host-learnseal"], domain="badges.example", path="/"
    )
    changed = ask(ada, "/staff/account/password", password=PASSWORD, new_password=NEW)
    assert changed.status_code == 303
    assert "Your password was changed" in ada.open(changed.headers["location"]).text
    assert other.open("/staff").status_code == 303
    fields = {"email": "ada@x.example", "password": NEW}
    assert other.submit("/staff/sign-in", **fields).status_code == 303


@sqlite
@pytest.mark.parametrize(
    ("password", "new", "told"),
    [
        ("not my password", NEW, "This is not your password."),
        (PASSWORD, "short", "Choose 12 to 128 characters"),
        (PASSWORD, "ada@x.example", "Choose something that is not your name"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(ada, password, new, told):
    page = ask(ada, "/staff/account/password", password=password, new_password=new)
    assert page.status_code == 422
    assert told in page.text
    assert ada.open("/staff").status_code == 200


@sqlite
def test_without_a_provider_nobody_is_sent_anywhere(ada):
    assert ada.open("/staff/single-sign-on").status_code == 404
    assert ada.open("/staff/single-sign-on/return?state=x&code=y").status_code == 404
    assert "single-sign-on" not in ada.open("/staff/account").text


@sqlite
def test_a_provider_that_does_not_answer_is_told_on_the_sign_in_page(instance, alliance):
    said = {"oidc_issuer": "http://127.0.0.1:9", "oidc_client_id": "x", "oidc_label": "Uni"}
    bent = replace(instance, settings=instance.settings.model_copy(update=said))
    browser = TestClient(create_app(bent), base_url="https://badges.example")
    assert "Sign in with Uni" in browser.get("/staff/sign-in", headers=PAGE).text
    page = browser.get("/staff/single-sign-on", headers=PAGE)
    assert page.status_code == 503
    assert "does not answer just now" in page.text
    page = browser.get("/staff/single-sign-on/return?state=guessed&code=x", headers=PAGE)
    assert page.status_code == 401
    assert "was not accepted" in page.text
