import asyncio
import sys
from pathlib import Path

import pytest

from issuer.errors import CheckAborted, TooBusy
from issuer.verify.pool import Limits, Pool

STRANGE = (sys.executable, str(Path(__file__).with_name("strange_worker.py")))
LIMITS = Limits(seconds=3.0, memory=2**30, answer=2**16, waiting=4)


@pytest.fixture
def pool():
    made = Pool(size=1, limits=LIMITS, command=STRANGE)
    yield made
    made.close()


def ask(pool, *wishes):
    async def all_of_them():
        return await asyncio.gather(*map(pool.ask, wishes), return_exceptions=True)

    return asyncio.run(all_of_them())


def test_a_worker_answers_again_and_again(pool):
    first, second = ask(pool, b"one", b"two")
    assert first.startswith(b"answer to one")
    assert first.rsplit(b" ", 1)[1] == second.rsplit(b" ", 1)[1]


@pytest.mark.parametrize("wish", [b"sleep", b"spin", b"eat", b"die", b"flood"])
def test_what_overruns_its_allowance_is_killed_and_the_next_one_is_answered(pool, wish):
    bad, good = ask(pool, wish, b"next")
    assert isinstance(bad, CheckAborted)
    assert good.startswith(b"answer to next")


def test_a_worker_sees_no_settings_and_no_secrets(pool, monkeypatch):
    monkeypatch.setenv("LEARNSEAL_PASSPHRASE_FILE", "/secret")
    [seen] = ask(pool, b"environment")
    assert b"LEARNSEAL" not in seen


def test_a_crowd_is_told_to_come_back(pool):
    answers = ask(pool, *[b"x"] * 10)
    assert sum(isinstance(answer, TooBusy) for answer in answers) == 6
    assert sum(isinstance(answer, bytes) for answer in answers) == 4


def test_closing_leaves_no_process_behind(pool):
    ask(pool, b"one")
    pool.close()
    assert pool.workers
    assert not any(worker.is_running() for worker in pool.workers)


def test_closing_ends_what_is_just_starting(pool):
    pool.warm()
    pool.close()
    assert not any(worker.is_running() for worker in pool.workers)
    [refused] = ask_closed(pool)
    assert isinstance(refused, CheckAborted | RuntimeError)


def ask_closed(pool):
    try:
        return ask(pool, b"one")
    except RuntimeError as error:
        return [error]
