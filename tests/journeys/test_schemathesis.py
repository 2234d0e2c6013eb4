"""Schemathesis asks the running service everything that its own document says can be asked.

Run by `make slow`; the tool lives in an environment of its own (`make tools`).
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from issuer.api import clients
from issuer.api.clients import Wanted
from issuer.api.model import Scope
from issuer.catalogue.service import import_achievements
from issuer.catalogue.yaml_file import achievement_files, read_achievement
from issuer.cli.opening import found
from issuer.db.session import unit_of_work
from issuer.organisations import store as organisations
from issuer.organisations.setup import establish_alliance
from issuer.settings import Settings

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
TOOL = ROOT / ".venv" / "tools" / "bin" / "schemathesis"
SLUG, ACHIEVEMENT = "alvor", "principles-of-artificial-intelligence"
VC_API = "the-token-of-the-vc-api"
CASES = 5
"""Most cases of one phase for one operation."""

CONFIG = """
workers = 1
continue-on-failure = true
request-timeout = 30.0
color = false
hooks = "{hooks}"

[generation]
max-examples = {cases}
deterministic = true
database = "none"

[parameters]
"path.slug" = "{slug}"
"path.key" = "{achievement}"
"path.award_id" = {award}
"query.achievement" = "{achievement}"

[auth.openapi.client]
bearer = "{token}"

[auth.openapi.service]
bearer = "{service}"

# What is sent here obeys rules that no JSON Schema can tell: a signature fits, a table has the
# columns of an award list, a date lies in the past, what stands at an address is a credential,
# a DID has the form that its method wants.
# So what the document allows may still be refused, with 400 or 422 and the reason.
[[operations]]
include-path = {deeper}
checks.positive_data_acceptance.expected-statuses = [
  "2xx", 400, 401, 403, 404, 409, 422, 429,
]
"""
"""Every check is on, with the same cases in each run."""

DEEPER = [
    "/1.0/identifiers/{did}",
    "/api/edc/convert",
    "/api/edc/validate",
    "/api/o/{slug}/awards",
    "/api/o/{slug}/batches",
    "/api/verify",
    "/api/verify/many",
    "/o/{slug}/vc/{cryptosuite}/credentials/issue",
    "/o/{slug}/vc/{cryptosuite}/{curve}/credentials/issue",
    "/vc/credentials/derive",
    "/vc/credentials/issue",
    "/vc/credentials/status",
    "/vc/credentials/verify",
    "/vc/presentations/verify",
]


@pytest.fixture
def tool():
    """The tool; CI has it, or fails."""
    if not TOOL.exists():
        said = "schemathesis is not installed: run `make tools`"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    return TOOL


@pytest.fixture
def service(tmp_path):
    """The service as people run it: `learnseal serve`, on loopback, with a client's secret."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url, data = f"http://localhost:{port}", tmp_path / "data"
    instance = found(Settings(data=data, base_url=url))
    establish_alliance(instance, EXAMPLES / "alliance.yaml")
    entries = [read_achievement(path) for path in achievement_files(EXAMPLES / "achievements")]
    with unit_of_work(instance.engine) as connection:
        import_achievements(instance, connection, entries)
        organisation = organisations.by_slug(connection, SLUG)
    wanted = Wanted("Schemathesis", frozenset(Scope), "")
    made = clients.make(instance, organisation.id, wanted, "account:1")
    settings = {"LEARNSEAL_DATA": str(data), "LEARNSEAL_BASE_URL": url}
    environment = os.environ | settings | {"PYTHONPATH": str(ROOT)}
    environment |= {"LEARNSEAL_VC_API_TOKEN": VC_API}
    command = [sys.executable, "-m", "issuer.cli", "serve", "--port", str(port)]
    with (tmp_path / "serve.log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=ROOT)
        try:
            wait_until_ready(url)
            yield url, made
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def wait_until_ready(url, patience=90.0):
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    pytest.fail("the service did not start")


def test_the_service_does_what_its_document_says(tool, service, tmp_path):
    url, made = service
    form = {"grant_type": "client_credentials"}
    asked = httpx.post(f"{url}/api/token", data=form, auth=(made.client_id, made.secret))
    token = asked.json()["access_token"]
    ada = {"achievement": ACHIEVEMENT, "given_name": "Ada", "awarded_on": "2026-06-12"}
    here, bearer = f"{url}/api/o/{SLUG}", {"Authorization": f"Bearer {token}"}
    award = httpx.post(f"{here}/awards", json=ada, headers=bearer, timeout=60).json()["id"]
    config = tmp_path / "schemathesis.toml"
    filled = CONFIG.format(
        cases=CASES,
        slug=SLUG,
        achievement=ACHIEVEMENT,
        token=token,
        service=VC_API,
        award=award,
        deeper=json.dumps(DEEPER),
        hooks=Path(__file__).with_name("schemathesis_hooks.py"),
    )
    config.write_text(filled)
    command = [tool, "--config-file", config, "run", f"{url}/api/openapi.json"]
    ran = subprocess.run(
        command, check=False, cwd=tmp_path, capture_output=True, text=True, timeout=600
    )
    assert ran.returncode == 0, ran.stdout[-20_000:] + ran.stderr[-2_000:]
