"""A running service with one award in it, and a real Chromium that looks at it."""

import json
import os
import shutil
import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import uvicorn

from badges import seal
from badges.award import Learner
from did.methods import key as did_key
from did.public_key import Curve
from did.signers.memory import generate
from issuer.app import create_app
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one, revoke
from issuer.catalogue.service import import_achievements
from issuer.catalogue.yaml_file import achievement_files, read_achievement
from issuer.claiming.service import create_claim
from issuer.db import migrations, session
from issuer.instance import Instance
from issuer.organisations.setup import establish_alliance
from issuer.settings import Settings
from issuer.status.service import Act
from issuer.web.http_protocol import BoundedProtocol
from tests.browser.looking import Watched

HERE = Path(__file__).parent
EXAMPLES = HERE.parent.parent / "examples"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
HOSTILE = (
    '"><script>document.title="pwned";alert(1)</script><img src=//evil.example/x onerror=alert(2)>'
)
ACHIEVEMENT = "energy-positive-neighbourhoods"


def need(there, what):
    """Skip where a tool is missing; fail in CI, which must have it."""
    if not there and os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and CI must run the browser tests")
    if not there:
        pytest.skip(f"{what} is missing: the browser tests are left out")


def pytest_collection_modifyitems(items):
    """Mark what is in this folder: it runs in a process of its own, apart from asyncio."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def axe():
    need(AXE.is_file(), "axe-core (make browser)")
    return AXE.read_text()


@pytest.fixture(scope="session")
def browser():
    need(CHROMIUM, "chromium")
    sync_playwright = pytest.importorskip("playwright.sync_api").sync_playwright
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield launched
        launched.close()


@pytest.fixture
def watch(browser):
    """Make a page that is watched, with the options of a browser context."""
    contexts = []

    def make(**options):
        contexts.append(browser.new_context(**options))
        contexts[-1].set_default_timeout(90_000)  # a busy machine is slow, not wrong
        return Watched(contexts[-1])

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def service(tmp_path_factory):
    """A service on loopback; its documents say badges.example, so that nothing is out of reach."""
    settings = Settings(data=tmp_path_factory.mktemp("data"), base_url="https://badges.example")
    engine = session.engine(settings.database)
    migrations.upgrade(engine)
    instance = Instance(settings, engine, passphrase="correct horse", key_cost=2**14)
    establish_alliance(instance, EXAMPLES / "alliance.yaml")
    entries = [read_achievement(path) for path in achievement_files(EXAMPLES / "achievements")]
    with session.unit_of_work(engine) as connection:
        import_achievements(instance, connection, entries)
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(instance), host="127.0.0.1", http=BoundedProtocol, port=0, log_level="error"
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield SimpleNamespace(url=f"http://127.0.0.1:{port}", instance=instance)
    server.should_exit = True
    thread.join()
    engine.dispose()


@dataclass
class Material:
    """What the tests show to the pages."""

    texts: dict = field(default_factory=dict)
    codes: dict = field(default_factory=dict)


@pytest.fixture(scope="session")
def material(service):
    """A badge in every state, and a claim link for each award."""
    made = Material()
    for name in ("Zoë", "Revoked", HOSTILE):
        learner = Learner(
            given_name=name, family_name="van den Berg", email=f"{len(name)}@x.example"
        )
        issued = award_one(
            service.instance, Wish(ACHIEVEMENT, Decision(learner, date(2026, 6, 12), grade="A"))
        )
        with session.unit_of_work(service.instance.engine) as connection:
            claim = create_claim(service.instance, connection, issued.issuance.award_id)
        made.texts[name], made.codes[name] = issued.document.decode(), claim.code
        if name == "Revoked":
            revoke(
                service.instance,
                [issued.issuance.credential_id],
                Act("test", service.instance.now()),
            )
    made.texts["stranger"] = json.dumps(stranger(json.loads(made.texts["Zoë"])))
    made.texts["changed"] = made.texts["Zoë"].replace("van den Berg", "van den Burg")
    made.texts["out of reach"] = json.dumps(out_of_reach(json.loads(made.texts["Zoë"])))
    return made


def stranger(badge):
    """The same badge, signed by somebody nobody knows who uses the university's name."""
    signer = generate(Curve.ED25519)
    did = signer.verification_method.partition("#")[0]
    assert did_key.METHOD in did
    draft = {k: v for k, v in badge.items() if k not in {"proof", "credentialStatus"}}
    draft["issuer"] = draft["issuer"] | {"id": did}
    return seal.data_integrity.add_proof(draft, signer, seal.SUITE, created=datetime.now(UTC))


def out_of_reach(badge):
    """A badge whose issuer's server cannot be had."""
    signer = generate(Curve.ED25519, "did:web:nowhere.example#key-1")
    draft = {k: v for k, v in badge.items() if k not in {"proof", "credentialStatus"}}
    draft["issuer"] = draft["issuer"] | {"id": "did:web:nowhere.example"}
    return seal.data_integrity.add_proof(draft, signer, seal.SUITE, created=datetime.now(UTC))
