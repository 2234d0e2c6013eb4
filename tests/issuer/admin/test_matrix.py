"""Two organisations by every role by every page and form of the desk: no way across.

The list of addresses is taken from the application itself, so a new page is in it on its first day.
"""

import pytest

from issuer.admin.pages import PARTS
from issuer.organisations.roles import ABILITIES, Ability, Role
from tests.issuer.admin.conftest import PAGE, form_token

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

NEEDED = {
    "/staff/o/{slug}/achievements": Ability.SEE,
    "/staff/o/{slug}/achievements/new": Ability.DEFINE,
    "/staff/o/{slug}/achievements/{key}": Ability.SEE,
    "/staff/o/{slug}/achievements/import": Ability.DEFINE,
    "/staff/o/{slug}/achievements/rules": Ability.APPOINT,
    "/staff/o/{slug}/achievements/shared": Ability.DEFINE,
    "/staff/o/{slug}/achievements/{key}/archive": Ability.DEFINE,
    "/staff/o/{slug}/achievements/{key}/check": Ability.DEFINE,
    "/staff/o/{slug}/achievements/{key}/copy": Ability.DEFINE,
    "/staff/o/{slug}/achievements/{key}/discard": Ability.DEFINE,
    "/staff/o/{slug}/achievements/{key}/edit": Ability.DEFINE,
    "/staff/o/{slug}/achievements/{key}/edit/{step}": Ability.DEFINE,
    "/staff/o/{slug}/achievements/{key}/file.{kind}": Ability.SEE,
    "/staff/o/{slug}/achievements/{key}/offer": Ability.DEFINE,
    "/staff/o/{slug}/achievements/{key}/preview/{view}": Ability.SEE,
    "/staff/o/{slug}/achievements/{key}/preview/{view}/file": Ability.SEE,
    "/staff/o/{slug}/achievements/{key}/publish": Ability.DEFINE,
    "/staff/o/{slug}/achievements/{key}/restore": Ability.DEFINE,
    "/staff/o/{slug}/achievements/{key}/reviews": Ability.SEE,
    "/staff/o/{slug}/achievements/{key}/reviews/invite": Ability.DEFINE,
    "/staff/o/{slug}/achievements/{key}/reviews/{number}/withdraw": Ability.DEFINE,
    "/staff/o/{slug}/achievements/{key}/skills/{place}": Ability.DEFINE,
    "/staff/o/{slug}/award": Ability.AWARD,
    "/staff/o/{slug}/award/lists/{token}": Ability.AWARD,
    "/staff/o/{slug}/award/lists/{token}/columns": Ability.AWARD,
    "/staff/o/{slug}/award/lists/{token}/errors.{form}": Ability.AWARD,
    "/staff/o/{slug}/award/lists/{token}/sheet": Ability.AWARD,
    "/staff/o/{slug}/award/lists/{token}/start": Ability.AWARD,
    "/staff/o/{slug}/award/one": Ability.AWARD,
    "/staff/o/{slug}/award/one/award": Ability.AWARD,
    "/staff/o/{slug}/award/template.xlsx": Ability.AWARD,
    "/staff/o/{slug}/awards": Ability.SEE,
    "/staff/o/{slug}/awards/{award_id}": Ability.SEE,
    "/staff/o/{slug}/aftercare": Ability.APPOINT,
    "/staff/o/{slug}/awards/change": Ability.CORRECT,
    "/staff/o/{slug}/awards/list": Ability.CORRECT,
    "/staff/o/{slug}/awards/list/go": Ability.CORRECT,
    "/staff/o/{slug}/awards/{award_id}/correct": Ability.CORRECT,
    "/staff/o/{slug}/awards/{award_id}/learner": Ability.APPOINT,
    "/staff/o/{slug}/awards/{award_id}/learner/erase": Ability.APPOINT,
    "/staff/o/{slug}/awards/{award_id}/learner/export": Ability.APPOINT,
    "/staff/o/{slug}/awards/{award_id}/link": Ability.AWARD,
    "/staff/o/{slug}/awards/{award_id}/{act}": Ability.CORRECT,
    "/staff/o/{slug}/awards/{award_id}/wallets": Ability.SEE,
    "/staff/o/{slug}/awards/{award_id}/withdraw": Ability.CORRECT,
    "/staff/o/{slug}/batches": Ability.SEE,
    "/staff/o/{slug}/batches/{batch_id}": Ability.SEE,
    "/staff/o/{slug}/branding": Ability.BRAND,
    "/staff/o/{slug}/branding/mail/{language}": Ability.BRAND,
    "/staff/o/{slug}/batches/{batch_id}/approve": Ability.AWARD,
    "/staff/o/{slug}/claiming": Ability.APPOINT,
    "/staff/o/{slug}/batches/{batch_id}/cancel": Ability.AWARD,
    "/staff/o/{slug}/batches/{batch_id}/errors.{form}": Ability.AWARD,
    "/staff/o/{slug}/batches/{batch_id}/resume": Ability.AWARD,
    "/staff/o/{slug}/batches/{batch_id}/schedule": Ability.AWARD,
    "/staff/o/{slug}/batches/{batch_id}/send-back": Ability.AWARD,
    "/staff/o/{slug}/clients": Ability.APPOINT,
    "/staff/o/{slug}/clients/{client_id}/close": Ability.APPOINT,
    "/staff/o/{slug}/clients/{client_id}/rotate": Ability.APPOINT,
    "/staff/o/{slug}/four-eyes": Ability.APPOINT,
    "/staff/o/{slug}/organisation": Ability.APPOINT,
    "/staff/o/{slug}/organisation/below": Ability.APPOINT,
    "/staff/o/{slug}/organisation/mandate": Ability.APPOINT,
    "/staff/o/{slug}/organisation/mandate/end": Ability.APPOINT,
    "/staff/o/{slug}/organisation/mandate/{number}.pdf": Ability.APPOINT,
    "/staff/o/{slug}/people": Ability.APPOINT,
    "/staff/o/{slug}/statistics": Ability.SEE,
    "/staff/o/{slug}/statistics.csv": Ability.SEE,
    "/staff/o/{slug}/unclaimed": Ability.SEE,
    "/staff/o/{slug}/unclaimed/cancel": Ability.CORRECT,
    "/staff/o/{slug}/unclaimed/resend": Ability.AWARD,
    "/staff/o/{slug}/webhooks": Ability.APPOINT,
    "/staff/o/{slug}/webhooks/deliveries/{number}/again": Ability.APPOINT,
    "/staff/o/{slug}/webhooks/{name}/close": Ability.APPOINT,
    "/staff/o/{slug}/webhooks/{name}/rotate": Ability.APPOINT,
}
"""What each address under an organisation asks for."""

DOORS = [
    (method, route.path)
    for part in PARTS
    for route in part.router.routes
    if route.path.startswith("/staff/o/")
    for method in sorted(route.methods)
]


def address(path, slug):
    filled = path.replace("{slug}", slug)
    for part in ("{award_id}", "{batch_id}"):
        filled = filled.replace(part, "999999")
    filled = filled.replace("{act}", "suspend").replace("{client_id}", "c-nobody")
    filled = filled.replace("{name}", "w-nobody")
    filled = (
        filled.replace("{step}", "about")
        .replace("{place}", "0")
        .replace("{number}", "999999")
        .replace("{view}", "learner")
        .replace("{kind}", "yaml")
        .replace("{number}", "999999")
    )
    filled = filled.replace("{language}", "en")
    filled = filled.replace("{token}", "no-such-list").replace("{form}", "csv")
    return filled.replace("{key}", "no-such-achievement")


def ask(browser, method, path, slug):
    where = address(path, slug)
    if method == "GET":
        return browser.open(where).status_code
    token = form_token(browser.open("/staff"))
    return browser.post(where, data={"csrf": token}, headers=PAGE).status_code


def test_every_address_of_an_organisation_says_what_it_needs():
    assert {path for _, path in DOORS} == set(NEEDED)


@sqlite
@pytest.mark.parametrize("role", Role)
def test_nobody_gets_across_to_another_organisation(sign_in_as, alliance, role):
    mine, other = alliance[1].slug, alliance[2].slug
    browser = sign_in_as(role, mine)
    for method, path in DOORS:
        assert (path, ask(browser, method, path, other)) == (path, 404)
        assert (path, ask(browser, method, path, alliance[0].slug)) == (path, 404)
        assert (path, ask(browser, method, path, "nobody")) == (path, 404)


@sqlite
@pytest.mark.parametrize("role", Role)
def test_a_role_opens_what_it_should_and_nothing_else(sign_in_as, alliance, role):
    browser = sign_in_as(role, alliance[1].slug)
    for method, path in DOORS:
        answer = ask(browser, method, path, alliance[1].slug)
        assert (path, answer == 403) == (path, NEEDED[path] not in ABILITIES[role])
        assert answer < 500


@sqlite
def test_without_a_session_everything_leads_to_the_sign_in_page(visitor, alliance):
    browser = visitor()
    browser.open("/staff/sign-in")
    for method, path in DOORS:
        where = address(path, alliance[1].slug)
        answer = browser.request(method, where, headers=PAGE)
        assert (path, answer.status_code in {303, 403}) == (path, True)


@sqlite
def test_every_form_of_the_desk_refuses_a_missing_token(sign_in_as, alliance):
    browser = sign_in_as(Role.ALLIANCE_ADMIN)
    for method, path in DOORS:
        if method == "POST":
            where = address(path, alliance[1].slug)
            assert (path, browser.post(where, headers=PAGE).status_code) == (path, 403)
