"""`offer` and `wallet-check` as a shell sees them."""

import json

import pytest

from tests.issuer.cli.conftest import learnseal

ACHIEVEMENT = "data-analysis-with-python"


def offer(demo, *arguments):
    return learnseal("offer", "--achievement", ACHIEVEMENT, *arguments, data=demo)


def test_an_offer_is_a_link_for_the_qr_code(demo):
    done = offer(demo, "--learner", "Zoë van den Berg")
    assert done.returncode == 0, done.stderr
    (link,) = done.stdout.split()
    assert link.startswith("openid-credential-offer://?credential_offer_uri=")
    assert "Zo" not in link


@pytest.mark.parametrize("form", ["ldp_vc", "jwt_vc_json", "dc+sd-jwt"])
def test_an_offer_with_a_code_for_programs(demo, form):
    done = offer(demo, "--format", form, "--tx-code", "--json")
    told = json.loads(done.stdout)
    assert told["format"] == form
    assert len(told["tx_code"]) == 6
    assert told["tx_code"] not in told["uri"] + told["uri_by_value"]


def test_an_offer_for_the_browser(demo):
    told = json.loads(offer(demo, "--grant", "authorization_code", "--json").stdout)
    assert "issuer_state" in told["uri_by_value"]
    assert told["tx_code"] is None


@pytest.mark.parametrize(
    "arguments",
    [
        ("--achievement", "no-such-thing"),
        ("--achievement", ACHIEVEMENT, "--format", "mso_mdoc"),
        ("--achievement", ACHIEVEMENT, "--grant", "password"),
        (),
    ],
)
def test_an_offer_that_cannot_be_made(demo, arguments):
    done = learnseal("offer", *arguments, data=demo)
    assert done.returncode == 64
    assert not done.stdout


def test_a_wallet_check_says_what_fails():
    done = learnseal("wallet-check", "openid-credential-offer://?x=1", "--json")
    told = json.loads(done.stdout)
    assert (told["step"], told["passed"]) == ("offer", False)
    assert done.returncode == 1
