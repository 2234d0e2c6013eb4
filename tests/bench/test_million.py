"""The million in a short form: both parts run to their end and tell what they took."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("part", ["file", "life"])
def test_every_credential_is_there_at_the_end(part):
    run = subprocess.run(
        [sys.executable, "tests/bench/million.py", "--credentials", "1200", "--only", part],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    row = json.loads(run.stdout)
    assert (row["part"], row["credentials"]) == (part, 1200)
    assert all(min(worker["memory_mib"]) > 0 for worker in row["workers"])
