"""Two organisations by every scope by every address of the API: no way across.

The list of addresses is taken from the application itself, so a new one is in it on its first day.
"""

import pytest

from issuer.api import awards_api, batches_api
from issuer.api.model import Scope

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

NEEDED = {
    ("GET", "/achievements"): Scope.ACHIEVEMENT_READ,
    ("GET", "/achievements/{key}"): Scope.ACHIEVEMENT_READ,
    ("GET", "/awards"): Scope.AWARD_READ,
    ("POST", "/awards"): Scope.AWARD_WRITE,
    ("GET", "/awards/{award_id}"): Scope.AWARD_READ,
    ("POST", "/awards/{award_id}/link"): Scope.AWARD_WRITE,
    ("POST", "/awards/{award_id}/revoke"): Scope.STATUS_WRITE,
    ("POST", "/awards/{award_id}/suspend"): Scope.STATUS_WRITE,
    ("POST", "/awards/{award_id}/reinstate"): Scope.STATUS_WRITE,
    ("GET", "/batches"): Scope.AWARD_READ,
    ("POST", "/batches"): Scope.AWARD_WRITE,
    ("GET", "/batches/{batch_id}"): Scope.AWARD_READ,
    ("GET", "/batches/{batch_id}/problems"): Scope.AWARD_READ,
    ("POST", "/batches/{batch_id}/cancel"): Scope.AWARD_WRITE,
}
"""What each address under an organisation asks for."""

PREFIX = "/api/o/{slug}"
DOORS = [
    (method, route.path.removeprefix(PREFIX))
    for part in (awards_api, batches_api)
    for route in part.router.routes
    for method in sorted(route.methods)
]


@pytest.fixture
def award_and_list(http, program, alliance, achievements):
    """An award and a list of the second member."""
    key, version = next((k, v) for k, v in achievements.items())
    owner = next(o for o in alliance if o.id == version.organisation_id)
    token = program(owner)
    ada = {"achievement": key, "given_name": "Ada", "awarded_on": "2026-06-12"}
    made = http.post(f"/api/o/{owner.slug}/awards", json=ada, headers=token).json()
    rows = "given name,awarded on\nBo,2026-06-12\n"
    where = f"/api/o/{owner.slug}/batches?achievement={key}"
    sent = http.post(where, content=rows, headers=token).json()
    return owner, key, made["id"], sent["id"]


def ask(http, token, door, slug, names):
    method, path = door
    where = f"/api/o/{slug}{path}"
    for name, value in names.items():
        where = where.replace(f"{{{name}}}", str(value))
    if door == ("POST", "/batches"):
        where += f"?achievement={names['key']}"
    body = {"achievement": names["key"], "given_name": "X"} if path == "/awards" else {}
    sent = {"json": body} if method == "POST" else {}
    return http.request(method, where, headers=token, **sent).status_code


def test_every_address_says_what_it_needs_and_is_in_the_application(http):
    assert set(DOORS) == set(NEEDED)
    described = http.get("/api/openapi.json").json()["paths"]
    served = {
        (method.upper(), path.removeprefix(PREFIX))
        for path, operations in described.items()
        if path.startswith(PREFIX)
        for method in operations
    }
    assert served == set(NEEDED)


def test_no_program_gets_across_to_another_organisation(http, program, alliance, award_and_list):
    owner, key, award, batch = award_and_list
    stranger = next(o for o in alliance[1:] if o.id != owner.id)
    token = program(stranger)
    names = {"key": key, "award_id": award, "batch_id": batch}
    for door in DOORS:
        for slug in (owner.slug, alliance[0].slug, "nobody"):
            assert (door, ask(http, token, door, slug, names)) == (door, 404)
        if "{" in door[1] or door in {("POST", "/awards"), ("POST", "/batches")}:
            assert (door, ask(http, token, door, stranger.slug, names)) == (door, 404)


@pytest.mark.parametrize("scope", Scope)
def test_a_scope_opens_what_it_should_and_nothing_else(http, program, award_and_list, scope):
    owner, key, award, batch = award_and_list
    token = program(owner, [scope])
    names = {"key": key, "award_id": award, "batch_id": batch}
    for door in DOORS:
        answer = ask(http, token, door, owner.slug, names)
        assert (door, answer == 403) == (door, NEEDED[door] is not scope)
        assert answer < 500


def test_without_a_token_nothing_opens(http, award_and_list):
    owner, key, award, batch = award_and_list
    names = {"key": key, "award_id": award, "batch_id": batch}
    for token in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}):
        for door in DOORS:
            assert (door, ask(http, token, door, owner.slug, names)) == (door, 401)
