"""What every test may lean on: the official data folder, and a closed network."""

import os
import sys
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal
from starlette.testclient import TestClient
from xdist.scheduler import LoadScopeScheduling

from tests.fast_folder import fast_folder

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
TOGETHER = {
    "tests/issuer/cli/test_demo": "demo",
    "tests/issuer/cli/test_offering.py": "demo",
    "tests/issuer/cli/test_signing.py": "demo",
    "tests/issuer/cli/test_verifying.py": "demo",
    "tests/hostile/": "hostile",
    "tests/issuer/vc_api/": "vc-api",
    "tests/journeys/test_readme.py": "readme",
}
"""Tests that lean on one costly thing, such as a demo that has run: one process makes it."""

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")  # noqa: S104 - listeners bind here in tests

os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(fast_folder()))


def _refuse_the_world(event, args):
    if event == "socket.connect" and isinstance(args[1], tuple):
        host = str(args[1][0])
        if not host.startswith(LOOPBACK):
            raise PermissionError(f"a test tried to reach {host}: tests talk to loopback only")


sys.addaudithook(_refuse_the_world)


class Together(LoadScopeScheduling):
    """Gives each process the next test, or the next of `TOGETHER` with all that belong to it."""

    def _split_scope(self, nodeid):
        return next((name for start, name in TOGETHER.items() if nodeid.startswith(start)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    # Not by marks: xdist 3.8 writes groups where pytest 9.2 does not read them any more.
    return Together(config, log)


@pytest.fixture(scope="session", autouse=True)
def one_loop():
    """One event loop answers all test clients: else each request starts a thread and a loop."""
    with start_blocking_portal() as portal:
        TestClient.portal = portal
        yield
        TestClient.portal = None


@pytest.fixture(scope="session")
def shared():
    """The folder of official data; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("official data folder ../shared is not here: this test needs its vectors")
    return SHARED
