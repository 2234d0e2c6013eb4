"""The short form of ``python -m tests.crash.points``: twice at each point, on both databases."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def test_i1_killed_at_any_of_six_points_nothing_is_lost_and_nothing_doubled(database_url):
    """In a process of its own, for it forks."""
    there = ["--postgres", database_url] if database_url.startswith("postgresql") else []
    command = [sys.executable, "-m", "tests.crash.points", "--rounds", "2", *there]
    done = subprocess.run(
        command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout) == {
        "lost": 0,
        "doubled": 0,
        "signed_unrecorded": 0,
        "without_message": 0,
        "message_twice": 0,
        "kills": 12,
        "credentials": 37,
    }
