import re

import pytest

from issuer.organisations.roles import Role

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def page(alliance):
    return f"/staff/o/{alliance[1].slug}/clients"


@pytest.fixture
def admin(sign_in_as, alliance):
    return sign_in_as(Role.MEMBER_ADMIN, alliance[1].slug)


def shown(answer, name):
    found = re.search(rf'id="{name}" value="([^"]+)"', answer.text)
    return found and found[1]


def token(admin, client_id, secret):
    form = {"grant_type": "client_credentials"}
    return admin.post("/api/token", data=form, auth=(client_id, secret)).status_code


def test_a_program_is_let_in_given_another_secret_and_closed(admin, page):
    made = admin.submit(page, name="Campus", scope=["award:read"])
    client_id, secret = shown(made, "client_id"), shown(made, "client_secret")
    assert token(admin, client_id, secret) == 200
    again = admin.open(page)
    assert client_id in again.text
    assert secret not in again.text
    rotated = admin.submit(page, f"{page}/{client_id}/rotate")
    assert token(admin, client_id, secret) == 401
    assert token(admin, client_id, shown(rotated, "client_secret")) == 200
    assert admin.submit(page, f"{page}/{client_id}/close").status_code == 303
    assert token(admin, client_id, shown(rotated, "client_secret")) == 401
    assert "closed" in admin.open(page).text


def test_what_is_missing_is_said_at_its_field_and_nothing_is_made(admin, page):
    answer = admin.submit(page, name=" ", scope=["everything"], public_key="no key")
    assert answer.status_code == 422
    for field in ("name", "scope", "public_key"):
        assert f'href="#{field}"' in answer.text
    assert "Programs of this organisation" not in admin.open(page).text


def test_who_proved_long_ago_who_they_are_does_so_again_first(admin, page, clock):
    clock.forward(minutes=16)
    answer = admin.submit(page, name="Campus", scope=["award:read"])
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/staff/confirm")
