"""The short crash test: a few kills of a small batch; ``make crash`` is the long one."""

import random
import time

import pytest

from tests.crash.rounds import Service, run

pytestmark = pytest.mark.slow


def test_g1_i1_a_killed_worker_loses_and_doubles_nothing(database_url, tmp_path):
    """Rows: SQLite with one worker; PostgreSQL with two, one of them killed for good each time."""
    service = Service(tmp_path / "data", database_url)
    chance = random.Random(7)  # noqa: S311 - when to kill, not a secret
    result = run(service, 5, 600, chance, time.monotonic() + 300)
    service.instance.engine.dispose()
    assert result.is_clean, result
    assert result.rounds == 5
    assert result.published == result.rows


def test_a_killed_worker_loses_and_doubles_no_edc(database_url, tmp_path):
    """Killed while badges are signed and while they are sealed; each award ends with one EDC."""
    service = Service(tmp_path / "data", database_url, seals=True)
    chance = random.Random(11)  # noqa: S311 - when to kill, not a secret
    result = run(service, 6, 150, chance, time.monotonic() + 300)
    service.instance.engine.dispose()
    assert result.is_clean, result
    assert result.edc == result.published == result.rows
