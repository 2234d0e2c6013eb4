from datetime import date

import pytest

from issuer.api.model import Scope
from issuer.db.session import unit_of_work
from issuer.organisations import four_eyes, mandates
from issuer.organisations.mandates import Paper

ENERGY = "energy-positive-neighbourhoods"
ADA = {
    "achievement": ENERGY,
    "given_name": "Ada",
    "family_name": "Byron",
    "email": "ada@student.example",
    "awarded_on": "2026-06-12",
}
LIST = "given name,family name,e-mail,awarded on\nAda,Byron,ada@student.example,2026-06-12\n"

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def body(alliance, achievements):
    """The organisation that awards ENERGY."""
    return next(o for o in alliance if o.id == achievements[ENERGY].organisation_id)


@pytest.fixture
def here(body):
    return f"/api/o/{body.slug}"


@pytest.fixture
def send(http, program, body, here):
    """Post to the organisation's own address, as one of its programs."""
    token = program(body)

    def post(path, key=None, **sent):
        headers = token | ({"Idempotency-Key": key} if key else {})
        return http.post(here + path, headers=headers, **sent)

    post.token = token
    return post


def test_an_award_is_made_listed_linked_and_revoked(http, send, here):
    made = send("/awards", json=ADA)
    assert made.status_code == 201
    place = made.headers["location"]
    assert made.json()["issuances"][0]["state"] == "published"
    listed = http.get(f"{here}/awards", headers=send.token).json()
    assert [found["id"] for found in listed["items"]] == [made.json()["id"]]
    one = place.removeprefix(here)
    assert send(f"{one}/link").json()["url"].startswith("https://badges.example/claim/")
    revoked = send(f"{one}/revoke", json={"reason": "issued-in-error"})
    assert revoked.json()["standing"] == "revoked"
    again = send(f"{one}/revoke", json={})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-revoked")
    told = http.get(place, headers=send.token).json()
    assert (told["standing"], told["claim"]) == ("revoked", {"state": "waiting"})


@sqlite
def test_the_same_key_gives_the_same_answer_and_never_another(send):
    first, again = (send("/awards", key="k", json=ADA) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = send("/awards", key="k", json=ADA | {"given_name": "Eve"})
    assert (other.status_code, other.json()["type"]) == (409, "/problems/idempotency-key-conflict")
    twice = send("/awards", json=ADA)
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/already-awarded")


@sqlite
@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"achievement": "nothing-of-ours"}, 404),
        ({"awarded_on": "soon"}, 422),
        ({"email": "no address"}, 422),
        ({"given_name": "=1+1"}, 422),
        ({"grade": "excellent-ish" * 30}, 422),
        ({"admin": True}, 422),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_awarded(http, send, here, change, status):
    answer = send("/awards", json=ADA | change)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    if status == 422:
        assert next(iter(change)) in answer.text
    assert http.get(f"{here}/awards", headers=send.token).json()["items"] == []


@sqlite
def test_where_two_look_an_award_waits_for_the_second(instance, http, send, body):
    with unit_of_work(instance.engine) as connection:
        four_eyes.save(connection, body.id, 0, instance.now())
    first, again = (send("/awards", key="k", json=ADA) for _ in range(2))
    assert (first.status_code, first.json()) == (202, again.json())
    told = http.get(first.headers["location"], headers=send.token).json()
    assert told["stage"] == "awaiting approval"
    other = send("/awards", key="k", json=ADA | {"given_name": "Eve"})
    assert other.status_code == 409


@sqlite
def test_pages_follow_a_cursor_and_the_same_page_is_not_sent_twice(http, send, here):
    for day in ("2026-06-10", "2026-06-11", "2026-06-12"):
        send("/awards", json=ADA | {"awarded_on": day})
    first = http.get(f"{here}/awards?limit=2", headers=send.token)
    rest = http.get(f"{here}/awards?cursor={first.json()['next']}", headers=send.token).json()
    days = [found["awarded_on"] for found in first.json()["items"] + rest["items"]]
    assert days == ["2026-06-12", "2026-06-11", "2026-06-10"]
    assert rest["next"] is None
    known = send.token | {"If-None-Match": first.headers["etag"]}
    assert http.get(f"{here}/awards?limit=2", headers=known).status_code == 304
    for wrong in ("cursor=-1", "cursor=x", "limit=0", "limit=101"):
        assert http.get(f"{here}/awards?{wrong}", headers=send.token).status_code == 422


@sqlite
def test_an_award_without_a_place_cannot_be_suspended(send):
    number = send("/awards", json=ADA).json()["id"]
    for act, code in (("suspend", "not-suspendable"), ("reinstate", "not-suspended")):
        answer = send(f"/awards/{number}/{act}", json={})
        assert (answer.status_code, answer.json()["type"]) == (409, f"/problems/{code}")


@sqlite
def test_a_list_is_kept_told_of_and_stopped(http, send, here):
    bad = LIST + "Bo,,no address,2026-06-12\n"
    sent = send(f"/batches?achievement={ENERGY}", key="k", content=bad)
    again = send(f"/batches?achievement={ENERGY}", key="k", content=bad)
    assert (sent.status_code, sent.json()) == (202, again.json())
    place = sent.headers["location"]
    assert http.get(place, headers=send.token).json()["counts"]["waiting"] == 1
    (problem,) = http.get(f"{place}/problems", headers=send.token).json()["items"]
    assert (problem["row"], problem["column"]) == (3, "e-mail")
    assert send(f"{place.removeprefix(here)}/cancel").json()["stage"] == "cancelled"
    other = send(f"/batches?achievement={ENERGY}", key="k", content=LIST)
    assert other.status_code == 409
    assert send(f"/batches?achievement={ENERGY}", content=b"\x00\x01").status_code == 422
    assert send("/batches?achievement=nothing-of-ours", content=LIST).status_code == 404


@sqlite
def test_achievements_are_listed_and_told_whole(http, program, body, here):
    token = program(body, [Scope.ACHIEVEMENT_READ])
    listed = http.get(f"{here}/achievements", headers=token).json()["items"]
    assert ENERGY in [found["id"] for found in listed]
    told = http.get(f"{here}/achievements/{ENERGY}", headers=token).json()
    assert told["definition"]["title"] == told["title"]
    assert http.get(f"{here}/achievements/nothing", headers=token).status_code == 404


@sqlite
def test_a_list_is_the_awarding_bodys_where_the_alliance_signs(  # noqa: PLR0913, PLR0917
    instance, http, alliance, body, program, here, send
):
    with unit_of_work(instance.engine) as connection:
        paper = Paper("mandate.pdf", b"%PDF-1.7 a signed letter", date(2026, 5, 1))
        mandates.give(connection, body, paper, "test", instance.now())
    sent = send(f"/batches?achievement={ENERGY}", content=LIST)
    where = sent.headers["location"]
    assert (sent.status_code, http.get(where, headers=send.token).status_code) == (202, 200)
    assert len(http.get(f"{here}/batches", headers=send.token).json()["items"]) == 1
    office = program(alliance[0])
    others = where.replace(here, f"/api/o/{alliance[0].slug}")
    assert http.get(others, headers=office).status_code == 404
