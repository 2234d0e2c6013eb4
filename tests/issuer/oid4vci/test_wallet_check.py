"""The wallet we play for integrators: it finds what is wrong, and where."""

import json

import httpx
import pytest

from did.public_key import Curve
from issuer.oid4vci.model import Format, GrantKind
from issuer.oid4vci.wallet_check import check_offer
from tests.issuer.oid4vci.test_copies import award, issuing  # noqa: F401 - a fixture
from tests.issuer.oid4vci.wallet import new_key

STEPS = [
    "offer",
    "issuer metadata",
    "server metadata",
    "token",
    "nonce",
    "credential",
    "content",
    "notification",
]


def walk(service, uri, http=None, **options):
    key = new_key(Curve.P256)
    http = http or service.client()
    return list(check_offer(uri, http=http, signer=key, now=service.clock, **options))


@pytest.mark.parametrize("form", list(Format))
def test_our_own_offers_hold(issuing, form):  # noqa: F811
    from issuer.oid4vci import offers

    choice = offers.OfferChoice(format=form, tx_code=True)
    made = offers.create_offer(issuing.instance, award(issuing), choice)
    steps = walk(issuing, made.uri, tx_code=made.tx_code)
    assert [step.name for step in steps if step.passed] == STEPS, steps[-1]


def spoiling(service, path, change):
    """Return a client through which one answer of the service is changed."""
    inner = service.client()

    def answer(request):
        found = inner.request(
            request.method, str(request.url), content=request.content, headers=request.headers
        )
        coded = {"content-length", "content-encoding"}
        headers = {k: v for k, v in found.headers.items() if k.lower() not in coded}
        if path not in request.url.path:
            return httpx.Response(found.status_code, headers=headers, content=found.content)
        status, content = change(found)
        return httpx.Response(status, headers=headers, content=content)

    return httpx.Client(transport=httpx.MockTransport(answer))


def members(**more):
    return lambda found: (200, json.dumps(found.json() | more))


@pytest.mark.parametrize(
    ("path", "change", "step"),
    [
        ("/offers/", members(credential_configuration_ids=[]), "offer"),
        ("/offers/", members(credential_issuer="https://badges.example/o/morgenau/"), "offer"),
        ("/offers/", members(credential_configuration_ids=["nonsense"]), "issuer metadata"),
        ("/offers/", lambda found: (404, "gone"), "offer"),
        ("credential-issuer", members(credential_issuer="https://x"), "issuer metadata"),
        ("credential-issuer", lambda found: (200, "<html>"), "issuer metadata"),
        ("authorization-server", members(issuer="https://x"), "server metadata"),
        ("/token", members(token_type="mac"), "token"),
        ("/token", lambda found: (400, '{"error":"invalid_grant"}'), "token"),
        ("/nonce", lambda found: (200, "{}"), "nonce"),
        ("/nonce", members(c_nonce="made-up"), "credential"),
        ("/credential", members(format="ldp_vc"), "credential"),
        ("/credential", lambda found: (202, "{}"), "credential"),
        ("/credential", members(credentials=[{"credential": "nonsense"}]), "content"),
    ],
)
def test_what_is_wrong_is_found_at_its_step(service, path, change, step):
    http = spoiling(service, path, change)
    steps = walk(service, service.offer().uri, http)
    assert not steps[-1].passed
    assert steps[-1].name == step
    assert all(one.passed for one in steps[:-1])
    assert steps[-1].detail


def test_a_missing_transaction_code_is_said(service):
    steps = walk(service, service.offer(tx_code=True).uri)
    assert steps[-1].name == "token"
    assert "--tx-code" in steps[-1].detail


def test_an_offer_for_the_browser_cannot_be_walked(service):
    steps = walk(service, service.offer(grant=GrantKind.AUTHORIZATION_CODE).uri)
    assert "browser" in steps[-1].detail


@pytest.mark.parametrize("uri", ["", "nonsense", "openid-credential-offer://?x=1"])
def test_a_link_that_is_no_offer(service, uri):
    (step,) = walk(service, uri)
    assert not step.passed
