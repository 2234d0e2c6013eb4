import re

import pytest
from sqlalchemy import select, update

from issuer.audit.service import verify
from issuer.db import session
from issuer.db.staff_tables import staff_account, staff_link, staff_session
from issuer.db.tables import audit_line
from issuer.organisations import accounts
from issuer.organisations.accounts import first_link
from tests.issuer.admin.conftest import PASSWORD

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

ADA = {"name": "Ada Novak", "email": "Ada@tu.example", "password": PASSWORD}


@pytest.fixture
def link(instance, alliance):
    return first_link(instance).removeprefix("https://badges.example")


@pytest.fixture
def ada(visitor, link):
    """A browser whose owner opened an account by the first link."""
    browser = visitor()
    assert browser.submit(link, **ADA).status_code == 303
    return browser


def sign_in(browser, email="ada@tu.example", password=PASSWORD, **more):
    return browser.submit("/staff/sign-in", email=email, password=password, **more)


def test_s1_the_first_link_opens_one_account_and_then_is_gone(visitor, link, ada):
    hall = ada.open("/staff")
    assert hall.status_code == 200
    assert "Ada Novak" in hall.text
    other = visitor()
    assert other.open(link).status_code == 410
    assert "used before" in other.open(link).text
    assert ada.submit("/staff", link, **ADA | {"email": "eve@tu.example"}).status_code == 410


def test_s1_the_first_link_ends_after_half_an_hour(visitor, link, clock):
    clock.forward(minutes=29)
    assert visitor().open(link).status_code == 200
    clock.forward(minutes=1)
    assert visitor().open(link).status_code == 410


def test_looking_at_the_link_does_not_use_it_up(visitor, link):
    for _ in range(3):
        assert visitor().open(link).status_code == 200


def test_a_link_that_was_never_given_out_is_not_there(visitor, alliance):
    assert visitor().open("/staff/welcome/guessed").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", "short"),
        ("password", "x" * 129),
        ("password", "ada@tu.EXAMPLE"),
        ("email", "nobody"),
        ("name", " "),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_link_still_works(visitor, link, field, value):
    browser = visitor()
    answer = browser.submit(link, **ADA | {field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert 'role="alert"' in answer.text
    assert PASSWORD not in answer.text
    assert browser.submit(link, **ADA).status_code == 303


def test_the_password_is_kept_only_as_argon2id(instance, ada):
    with session.reading(instance.engine) as connection:
        row = connection.execute(select(staff_account)).one()
    assert row.password_hash.startswith("$argon2id$")
    assert row.email == "ada@tu.example"


def test_the_session_cookie_is_for_this_host_and_no_script(visitor, ada):
    browser = visitor()
    answer = sign_in(browser)
    cookie = answer.headers["set-cookie"]
    for told in ("__Host-learnseal=", "Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert told in cookie
    assert answer.headers["cache-control"] == "no-store"


def test_the_store_knows_no_token(instance, ada):
    token = ada.cookies["__Host-learnseal"]
    with session.reading(instance.engine) as connection:
        (kept,) = connection.scalars(select(staff_session.c.token_hash)).all()
        (link_hash,) = connection.scalars(select(staff_link.c.token_hash)).all()
    assert token.encode() not in (bytes(kept), bytes(link_hash))
    assert len(kept) == 32


def test_signing_in_gives_a_new_session_and_ends_the_one_before(visitor, ada):
    browser = visitor()
    browser.open("/staff/sign-in")
    anonymous = browser.cookies["__Host-learnseal"]
    sign_in(browser)
    first = browser.cookies["__Host-learnseal"]
    sign_in(browser)
    assert len({anonymous, first, browser.cookies["__Host-learnseal"]}) == 3
    stale = visitor()
    stale.cookies.set("__Host-learnseal", first, domain="badges.example", path="/")
    assert stale.open("/staff").status_code == 303


def test_signing_out_ends_the_session_for_good(visitor, ada):
    token = ada.cookies["__Host-learnseal"]
    assert ada.submit("/staff", "/staff/sign-out").status_code == 303
    assert ada.open("/staff").headers["location"].startswith("/staff/sign-in")
    thief = visitor()
    thief.cookies.set("__Host-learnseal", token, domain="badges.example", path="/")
    assert thief.open("/staff").status_code == 303


@pytest.mark.parametrize("pause", [{"hours": 2}, {"hours": 13}])
def test_a_session_ends_by_itself(ada, clock, pause):
    assert ada.open("/staff").status_code == 200
    clock.forward(**pause)
    assert ada.open("/staff").status_code == 303


def test_a_session_in_use_lasts_a_working_day_and_not_longer(ada, clock):
    for _ in range(11):
        clock.forward(hours=1)
        assert ada.open("/staff").status_code == 200
    clock.forward(hours=1)
    assert ada.open("/staff").status_code == 303


def test_a_closed_account_is_out_at_once(instance, visitor, ada):
    with session.unit_of_work(instance.engine) as connection:
        connection.execute(update(staff_account).values(closed_at=instance.now()))
    assert ada.open("/staff").status_code == 303
    assert sign_in(visitor()).status_code == 401


@pytest.mark.parametrize(
    ("email", "password"), [("ada@tu.example", "wrong"), ("eve@tu.example", PASSWORD), ("", "")]
)
def test_a_wrong_address_and_a_wrong_password_get_the_same_answer(visitor, ada, email, password):
    answer = sign_in(visitor(), email, password)
    assert answer.status_code == 401
    assert "do not belong together" in answer.text
    assert "set-cookie" not in answer.headers


def test_after_ten_wrong_passwords_even_the_right_one_waits(visitor, ada, clock, monkeypatch):
    monkeypatch.setattr(accounts, "_fits", lambda _hash, password: password == PASSWORD)
    browser = visitor()
    for _ in range(10):
        assert sign_in(browser, password="wrong").status_code == 401
    answer = sign_in(browser)
    assert answer.status_code == 429
    assert "quarter of an hour" in answer.text
    clock.forward(minutes=15)
    assert sign_in(browser).status_code == 303


def test_one_address_cannot_try_many_accounts(visitor, ada, monkeypatch):
    monkeypatch.setattr(accounts, "_fits", lambda _hash, _password: False)
    monkeypatch.setattr(accounts, "MOST_PER_ADDRESS", 12)
    browser = visitor()
    for number in range(12):
        assert sign_in(browser, f"p{number}@tu.example").status_code == 401
    assert sign_in(browser, "another@tu.example").status_code == 429


@pytest.mark.parametrize("csrf", ["", "0" * 64, "é"])
def test_a_form_without_its_token_changes_nothing(visitor, ada, csrf):
    fields = {"csrf": csrf, "email": "ada@tu.example", "password": PASSWORD}
    browser = visitor()
    browser.open("/staff/sign-in")
    assert browser.post("/staff/sign-in", data=fields).status_code == 403
    assert ada.post("/staff/sign-out", data={"csrf": csrf}).status_code == 403
    assert ada.open("/staff").status_code == 200


def test_another_site_cannot_sign_anybody_in(visitor, ada):
    browser = visitor()
    page = browser.open("/staff/sign-in")
    token = re.search(r'name="csrf" value="(\w+)"', page.text)[1]
    fields = {"csrf": token, "email": "ada@tu.example", "password": PASSWORD}
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert browser.post("/staff/sign-in", data=fields, headers=foreign).status_code == 403


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/staff/o/\\evil", "javascript:1"]
)
def test_signing_in_never_leads_out_of_the_house(visitor, ada, address):
    answer = sign_in(visitor(), next=address)
    assert answer.headers["location"] == "/staff"


def test_who_was_sent_to_sign_in_comes_back_to_where_they_wanted(visitor, ada, alliance):
    wanted = f"/staff/o/{alliance[0].slug}/people"
    browser = visitor()
    sent = browser.open(wanted).headers["location"]
    assert sent == f"/staff/sign-in?next={wanted}"
    assert sign_in(browser, next=wanted).headers["location"] == wanted


def test_every_coming_and_going_is_in_the_audit_log_without_names(instance, visitor, ada):
    sign_in(visitor(), password="wrong")
    sign_in(visitor())
    ada.submit("/staff", "/staff/sign-out")
    with session.reading(instance.engine) as connection:
        log = b"\n".join(connection.scalars(select(audit_line.c.line))).decode()
    for action in ("invited", "joined", "sign-in-refused", "signed-in", "signed-out"):
        assert f'"staff.{action}"' in log
    assert "ada" not in log.lower()
    assert verify(instance.engine).lines > 0


def test_an_address_has_one_account(instance, visitor, ada):
    again = first_link(instance).removeprefix("https://badges.example")
    answer = visitor().submit(again, **ADA)
    assert answer.status_code == 422
    assert "There is an account with this address" in answer.text
