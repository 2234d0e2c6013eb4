"""Published wallet libraries receive badges with no special settings.

The libraries come from npm into ``tests/clients`` (``make clients``) and run in node, against a
service on loopback.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from badges.verify import Case, Verdict, check, needs, read
from issuer.db.session import reading
from issuer.oid4vci import offers
from issuer.oid4vci.model import Format, GrantKind
from issuer.register.service import own_policy
from issuer.status.own_documents import own_documents
from tests.journeys.https_service import HttpsService

CLIENTS = Path(__file__).resolve().parents[1] / "clients"
NODE = shutil.which("node")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(NODE is None, reason="node is not installed: wallet libraries cannot run"),
    pytest.mark.skipif(
        not (CLIENTS / "node_modules").is_dir(),
        reason="the wallet libraries are not here: run `make clients`",
    ),
]


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with HttpsService(tmp_path_factory.mktemp("https")).running() as made:
        yield made


def run(service, script, uri, *arguments):
    """Run a client and return what it reports."""
    done = subprocess.run(
        [NODE, CLIENTS / script, uri, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=CLIENTS,
        env={"PATH": os.environ["PATH"], "NODE_EXTRA_CA_CERTS": str(service.ca)},
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def assert_valid(service, credential):
    """Check a received credential with our own verifier."""
    text = credential if isinstance(credential, str) else json.dumps(credential)
    presented, evidence = read(text.encode()), {}
    with reading(service.instance.engine) as connection:
        policy = own_policy(service.instance, connection)
    for _ in range(3):
        evidence.update(own_documents(service.instance, needs(presented, evidence, policy)))
    report = check(Case(presented, evidence, policy, service.instance.now()))
    assert report.verdict is Verdict.VALID, report.findings


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize(
    "how", ["plain", "code by value", "bound batch", "browser", "browser with details"]
)
def test_openid4vc_receives(service, form, how):
    choice = {"format": form}
    if how.startswith("browser"):
        choice["grant"] = GrantKind.AUTHORIZATION_CODE
    made = service.offer(tx_code=how == "code by value", **choice)
    arguments = {
        "plain": [],
        "code by value": ["--tx", str(made.tx_code)],
        "bound batch": ["--dpop", "--batch", "3"],
        "browser": [],
        "browser with details": ["--details"],
    }[how]
    uri = made.uri_by_value if how == "code by value" else made.uri
    told = run(service, "openid4vc.mjs", uri, *arguments)
    assert len(told["credentials"]) == (3 if how == "bound batch" else 1)
    for credential in told["credentials"]:
        assert_valid(service, credential)
    assert told["notified"]
    assert offers.offer_state(service.instance, made.name) == "accepted"
    assert told["tokenType"] == ("DPoP" if how == "bound batch" else "Bearer")


def test_openid4vc_receives_a_badge_for_a_bare_key(service):
    told = run(service, "openid4vc.mjs", service.offer(format=Format.SD_JWT_VC).uri, "--key", "jwk")
    assert_valid(service, told["credentials"][0])


def test_openid4vc_receives_a_deferred_badge(service):
    told = run(service, "openid4vc.mjs", service.offer(deferred_seconds=1).uri)
    assert told["deferred"]
    assert_valid(service, told["credentials"][0])


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize("tx_code", [False, True])
def test_sphereon_receives(service, form, tx_code):
    made = service.offer(format=form, tx_code=tx_code)
    arguments = ["--tx", made.tx_code] if tx_code else []
    told = run(service, "sphereon.mjs", made.uri, "--format", form, *arguments)
    assert_valid(service, told["credentials"][0])


@pytest.mark.parametrize("form", [Format.JWT_VC_JSON, Format.SD_JWT_VC])
def test_credo_receives(service, form):
    made = service.offer(format=form, tx_code=True)
    told = run(service, "credo.mjs", made.uri, "--tx", made.tx_code)
    assert told["notified"]
    assert_valid(service, told["credentials"][0])
