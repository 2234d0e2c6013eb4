"""Row I18: how often is often enough, and what happens when nobody can count."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from limits.errors import StorageError
from limits.storage import MemoryStorage

from issuer.web import problems
from issuer.web.limiting import RULES, Limited, Rule, Rules
from issuer.web.security import Guard

OFTEN = "3/minute"
GUARDED = Rule(
    "wallet", frozenset({"POST"}), re.compile(r"/o/(?P<slug>[^/]+)/token"), OFTEN, "5/minute"
)
OPEN = Rule("verify", frozenset({"POST"}), re.compile("/api/verify"), OFTEN, secret=False)


class Broken(MemoryStorage):
    """A counter that is down."""

    def acquire_entry(self, *args, **kwargs):
        raise StorageError(ConnectionError("down"))


@pytest.fixture
def ask():
    """A maker of callers, each at an address of its own."""
    app = FastAPI()
    problems.install(app)

    @app.post("/o/{slug}/token")
    @app.post("/api/verify")
    @app.get("/api/verify")
    def answer(slug: str = ""):
        return {}

    def build(storage=None):
        rules = Rules((GUARDED, OPEN), storage)
        layered = Guard(Limited(app, rules))

        def post(path, address="192.0.2.1", method="POST"):
            return TestClient(layered, client=(address, 50_000)).request(method, path)

        return post

    return build


def test_i18_the_request_after_the_last_is_told_when_to_come_back(ask):
    post = ask()
    assert [post("/o/uni/token").status_code for _ in range(3)] == [200] * 3
    refused = post("/o/uni/token")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.json()["type"] == "/problems/too-many-requests"
    assert refused.headers["content-type"] == "application/problem+json"


def test_i18_another_address_is_not_held_up(ask):
    post = ask()
    for _ in range(4):
        post("/o/uni/token")
    assert post("/o/uni/token", "192.0.2.2").status_code == 200


def test_i18_many_addresses_together_reach_the_limit_of_one_organisation(ask):
    post = ask()
    told = [post("/o/uni/token", f"192.0.2.{n}").status_code for n in range(6)]
    assert told == [200] * 5 + [429]
    assert post("/o/other/token", "192.0.2.99").status_code == 200


def test_i18_what_is_not_in_the_table_is_not_counted(ask):
    post = ask()
    assert {post("/api/verify", method="GET").status_code for _ in range(9)} == {200}


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "127.8.8.8"])
def test_i18_this_machine_itself_is_not_counted(ask, address):
    post = ask()
    assert {post("/o/uni/token", address).status_code for _ in range(9)} == {200}


def test_i18_when_nobody_can_count_secrets_are_closed_and_checking_stays_open(ask):
    post = ask(Broken())
    assert post("/o/uni/token").status_code == 429
    assert post("/api/verify").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "/api/verify", "verify"),
        ("POST", "/verify/many", "verify"),
        ("POST", "/vc/credentials/verify", "verify"),
        ("GET", "/claim/abc", "claim"),
        ("POST", "/claim/abc/wallet", "claim"),
        ("POST", "/o/uni/token", "wallet"),
        ("GET", "/o/uni/offers/abc", "wallet"),
        ("POST", "/staff/sign-in", "sign-in"),
        ("POST", "/staff/welcome/abc", "sign-in"),
        ("POST", "/api/token", "token"),
        ("GET", "/o/uni/did.json", None),
        ("GET", "/status/abc", None),
        ("GET", "/verify", None),
        ("GET", "/claims", None),
    ],
)
def test_i18_each_address_has_the_rule_it_should(method, path, kind):
    fitting = [r.kind for r in RULES if method in r.methods and r.path.fullmatch(path)]
    assert fitting == ([kind] if kind else [])
