"""One demo for all command-line tests, and a way to run commands as a shell would."""

import contextlib
import io
import os
import sys
from dataclasses import dataclass

import pytest

from issuer.cli.program import run as run_program


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def learnseal(*arguments, data=None, base_url="http://localhost:8000"):
    """Run the command with the settings a shell would give it."""
    before = dict(os.environ)
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    try:
        for name in [name for name in os.environ if name.startswith("LEARNSEAL_")]:
            del os.environ[name]
        if data is not None:
            os.environ |= {"LEARNSEAL_DATA": str(data), "LEARNSEAL_BASE_URL": base_url}
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run_program([str(argument) for argument in arguments])
            sys.stdout.flush()
    finally:
        os.environ.clear()
        os.environ |= before
    return Done(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))


@pytest.fixture(scope="session")
def run():
    return learnseal


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """A folder in which the demo has run."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    done = learnseal("demo", "--once", "--data", folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def issued(demo):
    """The credentials the demo issued and did not revoke."""
    return sorted((demo / "issued").glob("*.json"))
