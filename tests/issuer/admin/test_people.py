import re

import pytest

from issuer.db.session import reading
from issuer.db.staff_tables import staff_link
from issuer.organisations.roles import Role
from tests.issuer.admin.conftest import PASSWORD

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def members(alliance):
    return [found.slug for found in alliance[1:]]


def test_a_colleague_joins_by_a_link_and_sees_their_own_university_only(
    sign_in_as, visitor, members
):
    mine, other = members[:2]
    admin = sign_in_as(Role.MEMBER_ADMIN, mine)
    page = admin.submit(f"/staff/o/{mine}/people", role="member-admin")
    link = re.search(r'value="https://badges\.example(/staff/welcome/[^"]+)"', page.text)[1]
    colleague = visitor()
    joined = {"name": "Bo", "email": "bo@x.example", "password": PASSWORD}
    assert colleague.submit(link, **joined).status_code == 303
    hall = colleague.open("/staff").text
    assert f"/staff/o/{mine}/organisation" in hall
    assert f"/staff/o/{other}" not in hall
    assert "bo@x.example" in colleague.open(f"/staff/o/{mine}/people").text
    assert colleague.open(f"/staff/o/{other}/people").status_code == 404


def test_the_alliance_looks_after_all_its_members(sign_in_as, members):
    office = sign_in_as(Role.ALLIANCE_ADMIN)
    for slug in members:
        assert office.open(f"/staff/o/{slug}/people").status_code == 200


def test_no_member_makes_administrators_of_the_alliance(sign_in_as, members):
    admin = sign_in_as(Role.MEMBER_ADMIN, members[0])
    answer = admin.submit(f"/staff/o/{members[0]}/people", role="alliance-admin")
    assert answer.status_code == 403
    assert admin.submit(f"/staff/o/{members[0]}/people", role="king").status_code == 422


def test_who_has_no_role_sees_an_empty_hall(sign_in_as):
    assert "You have no role yet" in sign_in_as().open("/staff").text


def test_a_service_without_mail_asks_for_no_address_and_takes_none(sign_in_as, members, instance):
    page = f"/staff/o/{members[0]}/people"
    admin = sign_in_as(Role.MEMBER_ADMIN, members[0])
    assert 'id="email"' not in admin.open(page).text
    answer = admin.submit(page, role="viewer", email="bo@x.example")
    assert answer.status_code == 422
    assert "this service sends no mail" in answer.text
    with reading(instance.engine) as connection:
        assert connection.execute(staff_link.select()).all() == []
