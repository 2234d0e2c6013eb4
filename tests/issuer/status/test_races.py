"""Sixty-four workers take places of one list at once: row I3, as it is written there."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from issuer.awarding import award_store
from issuer.awarding.model import Order
from issuer.awarding.recording import record_issuances
from issuer.db.rows import next_numbers
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import status_entry

pytestmark = pytest.mark.slow

WORKERS, EACH, AT_ONCE = 64, 2_000, 500
PATIENCE = 300.0


@pytest.fixture
def awards(instance, achievements, clock):
    """Rows of awards that wait for an issuance, in blocks."""
    version = achievements["energy-positive-neighbourhoods"]
    shared = {
        "issuer_id": version.organisation_id,
        "achievement_id": version.id,
        "batch_id": None,
        "replaces_id": None,
        "row_number": None,
        "awarded_on": date(2026, 6, 12),
        "content": "{}",
        "created_at": clock(),
    }
    blocks = []
    for _ in range(WORKERS * EACH // AT_ONCE):
        with unit_of_work(instance.engine) as connection:
            numbers = next_numbers(connection, "award", AT_ONCE)
            rows = [{**shared, "id": n, "natural_key": n.to_bytes(32)} for n in numbers]
            award_store.add_awards(connection, rows)
        blocks.append(list(numbers))
    return version.organisation_id, blocks


def test_i3_sixty_four_workers_take_two_thousand_places_each(instance, awards, clock):
    organisation, blocks = awards
    ends = time.monotonic() + PATIENCE

    def work(own):
        for block in own:
            while True:
                try:
                    with unit_of_work(instance.engine) as connection:
                        record_issuances(connection, organisation, block, Order(), clock())
                    break
                except (OperationalError, NoConnection):  # others write, or hold all connections
                    assert time.monotonic() < ends

    with ThreadPoolExecutor(WORKERS) as workers:
        share = EACH // AT_ONCE
        list(workers.map(work, (blocks[n * share : (n + 1) * share] for n in range(WORKERS))))
    with reading(instance.engine) as connection:
        query = select(status_entry.c.list_id, status_entry.c.index.label("place"))
        places = connection.execute(query.order_by(status_entry.c.issuance_id)).all()
    assert len(places) == len(set(places)) == WORKERS * EACH
    assert len({row.list_id for row in places}) == 1
    assert abs(rank_correlation([row.place for row in places])) < 0.02


def rank_correlation(values):
    """Spearman's: of the order in which places were given out with the places themselves."""
    ranks = {value: rank for rank, value in enumerate(sorted(values))}
    n = len(values)
    distance = sum((order - ranks[value]) ** 2 for order, value in enumerate(values))
    return 1 - 6 * distance / (n * (n * n - 1))


def test_the_measure_finds_an_order_where_there_is_one():
    assert rank_correlation(list(range(0, 900, 3))) == 1
    assert rank_correlation(list(range(900, 0, -3))) == -1
