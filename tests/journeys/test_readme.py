"""Every command of the README is run, in the order a reader would type them."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
COMMANDS = re.findall(
    r"^```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL
)

pytestmark = pytest.mark.slow


def test_the_readme_begins_with_the_two_commands_and_a_picture():
    assert [command.strip() for command in COMMANDS[:2]] == ["make demo", "make test"]
    text = (ROOT / "README.md").read_text()
    picture = re.search(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert text.index("make test") < picture.start() < text.index("## What just happened")
    assert (ROOT / picture[1]).is_file()


def test_every_link_of_the_readme_leads_somewhere():
    for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text()):
        assert (ROOT / target).exists(), target


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the project as git has it, with an environment that is this one."""
    folder = tmp_path_factory.mktemp("checkout") / "learnseal"
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.split(b"\0")
    for name in filter(None, listed):
        source = ROOT / os.fsdecode(name)
        if source.is_file():
            target = folder / os.fsdecode(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    binaries = folder / ".venv/bin"
    binaries.mkdir(parents=True)
    command = binaries / "learnseal"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m issuer.cli "$@"\n')
    command.chmod(0o755)
    for stamp in (".made", ".product", ".dev"):
        (folder / ".venv" / stamp).touch()
    return folder


def shell(checkout, command):
    return subprocess.run(
        ["bash", "-c", command], cwd=checkout, capture_output=True, timeout=300, check=False
    )


@pytest.fixture(scope="module")
def after_demo(checkout):
    """The copy after its first command, as each later command finds it."""
    done = shell(checkout, "make demo ARGS=--once")
    assert done.returncode == 0, done.stderr.decode()
    assert "revoke one" in done.stdout.decode()
    return checkout


def test_make_demo_does_the_job(after_demo):
    assert any((after_demo / "demo-data/issued").glob("*.json"))


@pytest.mark.parametrize("command", COMMANDS[2:-1])
def test_the_command_goes_well(after_demo, command):
    done = shell(after_demo, command)
    expected = 64 if "--dry-run" in command else 0  # the example list has rows to mend
    assert done.returncode == expected, (done.stdout + done.stderr).decode()


def test_the_last_command_serves(after_demo):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    service = subprocess.Popen(
        ["bash", "-c", f"exec env {COMMANDS[-1].strip()} --port {port}"], cwd=after_demo
    )
    try:
        assert answers(f"http://localhost:{port}/healthz")
    finally:
        service.terminate()
        service.wait(30)


def answers(address):
    for _ in range(100):
        try:
            return httpx.get(address, timeout=2).status_code == 200
        except httpx.TransportError:
            time.sleep(0.3)
    return False
