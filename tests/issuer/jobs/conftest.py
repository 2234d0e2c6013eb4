"""A batch that waits, and a worker to do it in this process."""

import time

import pytest

from issuer.awarding import batches
from issuer.awarding.bulk import Upload
from issuer.awarding.work import work_of
from issuer.jobs.worker import start_worker

ENERGY = "energy-positive-neighbourhoods"


def people(count, start=0):
    rows = [f"Given {n},Family,{n}@student.example,2026-06-12" for n in range(start, start + count)]
    return "\n".join(["Given name,Family name,E-mail,Awarded on", *rows])


@pytest.fixture
def submit(instance, achievements, tmp_path):
    """Keep a list as a batch."""

    def keep(content, starts_at=None):
        path = tmp_path / "list.csv"
        path.write_text(content)
        return batches.submit(instance, Upload(path, ENERGY), starts_at)

    return keep


@pytest.fixture
def worker(instance):
    """Start workers; every one is stopped at the end."""
    started = []

    def start(name=None):
        started.append(start_worker(instance, work_of(instance), name, pause=0.05))
        return started[-1]

    yield start
    for running in started:
        running.stop(patience=0)


def until(condition, seconds=30):
    """Wait for something to be so."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.05)
