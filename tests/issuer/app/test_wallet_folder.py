"""The web wallet as a service hands it out."""

import pytest
from fastapi.testclient import TestClient

from issuer.app import create_app
from issuer.db import session
from issuer.instance import Instance
from issuer.settings import Settings


@pytest.fixture
def make(tmp_path):
    def build(**settings):
        made = Settings(data=tmp_path, **settings)
        return TestClient(create_app(Instance(made, session.engine(made.database))))

    return build


def test_the_wallet_is_served_with_a_policy_of_its_own(make):
    page = make().get("/wallet/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    policy = page.headers["content-security-policy"]
    assert "connect-src 'self' https:;" in policy
    assert "unsafe" not in policy
    assert page.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("sw.js", "text/javascript"),
        ("app.js", "text/javascript"),
        ("manifest.webmanifest", "application/manifest+json"),
        ("icon.svg", "image/svg+xml"),
        ("icon-192.png", "image/png"),
        ("wallet.css", "text/css"),
    ],
)
def test_every_file_has_its_media_type_and_is_asked_for_again(make, name, media_type):
    file = make().get(f"/wallet/{name}")
    assert file.status_code == 200
    assert file.headers["content-type"].startswith(media_type)
    assert file.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["../cli.py", "..%2fcli.py", "%2e%2e/__init__.py", "nothing.js"])
def test_nothing_else_of_the_package_is_handed_out(make, path):
    assert make().get(f"/wallet/{path}").status_code == 404


def test_an_operator_may_leave_it_out(make):
    assert make(wallet=False).get("/wallet/").status_code == 404
