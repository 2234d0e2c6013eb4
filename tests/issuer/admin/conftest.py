"""People at the desk: each a browser of their own, signed in with a role."""

import re

import pytest
from fastapi.testclient import TestClient

from issuer.app import create_app
from issuer.db import session
from issuer.organisations import accounts_store, sessions
from issuer.organisations.roles import Grant

PAGE = {"Accept": "text/html"}
PASSWORD = "four unrelated plain words"


def form_token(page):
    return re.search(r'name="csrf" value="([0-9a-f]{64})"', page.text)[1]


class Browser(TestClient):
    """A browser that fills in forms: it opens a page and sends the page's own form token."""

    def open(self, path):
        return self.get(path, headers=PAGE)

    def submit(self, page, path=None, files=None, **fields):
        token = form_token(self.open(page))
        where = path or page
        return self.post(where, data={"csrf": token, **fields}, files=files, headers=PAGE)


@pytest.fixture
def visitor(instance, alliance):
    """A maker of browsers that are not signed in."""

    def make():
        app = create_app(instance)
        return Browser(
            app,
            base_url="https://badges.example",
            raise_server_exceptions=False,
            follow_redirects=False,
        )

    return make


@pytest.fixture
def sign_in_as(instance, alliance, visitor):
    """A maker of browsers that are signed in, without the cost of a password."""
    count = 0

    def make(role=None, slug=None):
        nonlocal count
        count += 1
        by_slug = {found.slug: found for found in alliance}
        with session.unit_of_work(instance.engine) as connection:
            number = accounts_store.add_account(
                connection, f"staff{count}@x.example", f"Staff {count}", "none", instance.now()
            )
            if role:
                at = by_slug[slug] if slug else alliance[0]
                accounts_store.grant(connection, number, Grant(at.id, role))
            token = sessions.begin(connection, number, instance.now())
        browser = visitor()
        browser.cookies.set("__Host-learnseal", token, domain="badges.example", path="/")
        return browser

    return make
