"""What every test may lean on: the official data folder, and a closed network."""

import os
import sys
from pathlib import Path

import pytest

from tests.fast_folder import fast_folder

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")  # noqa: S104 - listeners bind here in tests

os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(fast_folder()))


def _refuse_the_world(event, args):
    if event == "socket.connect" and isinstance(args[1], tuple):
        host = str(args[1][0])
        if not host.startswith(LOOPBACK):
            raise PermissionError(f"a test tried to reach {host}: tests talk to loopback only")


sys.addaudithook(_refuse_the_world)


@pytest.fixture(scope="session")
def shared():
    """The folder of official data; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("official data folder ../shared is not here: this test needs its vectors")
    return SHARED
