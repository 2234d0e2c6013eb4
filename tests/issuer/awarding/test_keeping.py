import asyncio
from functools import partial

import pytest

from issuer.app.rounds import Round, go_round
from issuer.awarding import store
from issuer.awarding.keeping import tidy
from issuer.awarding.model import State
from issuer.db.session import reading, unit_of_work
from issuer.status.model import Purpose
from issuer.status.service import reserve


@pytest.fixture
def left_open(instance, alliance, issuance_rows, clock):
    (number,) = issuance_rows(1)
    with unit_of_work(instance.engine) as connection:
        reserve(connection, alliance[1].id, Purpose.REVOCATION, [number], clock())
    return number


def state(instance, number):
    with reading(instance.engine) as connection:
        return store.by_number(connection, number).state


async def until(holds):
    while not holds():  # noqa: ASYNC110 - a worker thread is waited for
        await asyncio.sleep(0.01)


def test_a_round_finishes_what_was_left_open_and_publishes_its_list(instance, left_open):
    tidy(instance)
    assert state(instance, left_open) is State.PUBLISHED
    assert list(instance.settings.published.glob("*.json"))


def test_a_round_that_fails_does_not_end_the_service(instance, left_open, caplog):
    """Here the key file is away for the first round."""
    instance.kept.clear()
    path = instance.settings.keys / "halvik-key-1.key"
    away = path.rename(path.with_suffix(".away"))

    async def watch():
        task = asyncio.create_task(go_round(Round("tidying", partial(tidy, instance), 0.05)))
        await until(lambda: caplog.records)
        away.rename(path)
        await until(lambda: state(instance, left_open) is State.PUBLISHED)
        task.cancel()

    asyncio.run(asyncio.wait_for(watch(), 30))
    assert "halvik-key-1" in caplog.text
