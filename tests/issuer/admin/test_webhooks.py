import re

import pytest

from issuer.organisations.roles import Role

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def page(alliance):
    return f"/staff/o/{alliance[1].slug}/webhooks"


@pytest.fixture
def admin(sign_in_as, alliance):
    return sign_in_as(Role.MEMBER_ADMIN, alliance[1].slug)


def test_a_webhook_is_made_given_another_secret_and_closed(admin, page):
    made = admin.submit(page, url="https://campus.example/hook", kind=["credential.issued"])
    secret = re.search(r'value="(whsec_[^"]+)"', made.text)[1]
    again = admin.open(page).text
    assert "https://campus.example/hook" in again
    assert secret not in again
    name = re.search(r"/(w-[0-9a-f]+)/rotate", again)[1]
    rotated = admin.submit(page, f"{page}/{name}/rotate").text
    assert secret not in rotated
    assert "whsec_" in rotated
    assert admin.submit(page, f"{page}/{name}/close").status_code == 303
    assert "closed" in admin.open(page).text


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made(admin, page):
    answer = admin.submit(page, url="http://10.0.0.1/", kind=["everything"])
    assert answer.status_code == 422
    for field in ("url", "kind"):
        assert f'href="#{field}"' in answer.text
    assert "Webhooks of this organisation" not in admin.open(page).text


def test_what_is_anothers_is_not_there(admin, page):
    for address in ("w-nobody/close", "deliveries/999999/again"):
        assert admin.submit(page, f"{page}/{address}").status_code == 404
