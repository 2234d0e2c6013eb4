"""A million credentials: signed to a file, and through their whole life into SQLite.

Run from the repository: ``PYTHONPATH=. python tests/bench/million.py [--credentials N]``, with
``--only file|life`` for one of the two. Prints one JSON line for each part: seconds, processor time
of a credential in the first and the last tenth, and the memory of each worker after each tenth.
"""

import argparse
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from badges.award import Learner
from issuer.audit import service as audit
from issuer.awarding.formats import FORMATS, Seat
from issuer.awarding.issuing import CHUNK, issue_batch
from issuer.awarding.model import Decision, Order
from issuer.awarding.recording import Recording, record
from issuer.catalogue.service import find, import_achievements, issuer_for
from issuer.catalogue.yaml_file import read_achievement
from issuer.cli.bench_workload import NOW, University, written_drafts
from issuer.db import migrations, session
from issuer.instance import Instance
from issuer.jobs.collector import look_seldom
from issuer.organisations.setup import establish_alliance
from issuer.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
STEP = 200
"""Credentials that are signed to a file step by step, so that each step finds its code at hand."""


def memory():
    """Return the resident memory of this process now, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * resource.getpagesize() / 2**20)


class Pace:
    """What one worker took for each tenth of its work, and how much memory it had."""

    def __init__(self, total):
        self.total, self.done, self.marks = total, 0, [(0, time.process_time(), memory())]

    def step(self, count):
        self.done += count
        if self.done * 10 >= self.total * len(self.marks):
            self.marks.append((self.done, time.process_time(), memory()))

    def report(self):
        costs = [
            (b[1] - a[1]) / (b[0] - a[0]) * 1e6
            for a, b in zip(self.marks, self.marks[1:], strict=False)
        ]
        return {
            "first_tenth_us": round(costs[0]),
            "last_tenth_us": round(costs[-1]),
            "memory_mib": [resident for _, _, resident in self.marks[1:]],
        }


def sign_share(share):
    """Sign a share of the credentials into a file of its own: every check before each signature."""
    start, count, path = share
    look_seldom()  # as a worker does
    university, pace = University(), Pace(count)
    seat = Seat(university.document.id, university.document, university.signer)
    with Path(path).open("wb", buffering=2**20) as file:  # few calls for much: they take time too
        for first in range(start, start + count, STEP):
            size = min(STEP, start + count - first)
            file.writelines(signed_lines(seat, first, size))
            pace.step(size)
    return pace.report()


def signed_lines(seat, first, size):
    """Write, check and sign credentials, each step for all of them before the next, as a batch."""
    made, drafts = FORMATS["ldp_vc"], [*written_drafts(size, first)]
    checked = [made.prepare(draft, seat, NOW) for draft in drafts]
    proofs = [made.sign(ready, seat, NOW) for ready in checked]
    return [made.join(draft, proof) + b"\n" for draft, proof in zip(drafts, proofs, strict=True)]


def to_file(credentials, workers, folder):
    share = -(-credentials // workers)
    shares = [
        (start, min(share, credentials - start), str(folder / f"{start}.ndjson"))
        for start in range(0, credentials, share)
    ]
    started = time.monotonic()
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        reports = pool.map(sign_share, shares)
    seconds = time.monotonic() - started
    lines = sum(count_lines(path) for _, _, path in shares)
    return {
        "part": "file",
        "credentials": lines,
        "seconds": round(seconds, 1),
        "per_second": round(lines / seconds),
        "workers": reports,
    }


def count_lines(path):
    with Path(path).open("rb") as file:
        return sum(1 for _ in file)


def live_share(share):
    """Bring a share of the credentials through their whole life, a chunk at a time."""
    folder, achievement, start, count = share
    look_seldom()  # as a worker does
    instance = open_service(Path(folder))
    pace = Pace(count)
    with session.reading(instance.engine) as connection:
        version = find(connection, achievement)
        issuer = issuer_for(connection, version, None)
    for first in range(start, start + count, CHUNK):
        size = min(CHUNK, start + count - first)
        decisions = [decision(number) for number in range(first, first + size)]
        with session.bulk_work(instance.engine, lasting=False) as connection:
            recording = Recording(version, issuer, Order(), "million")
            numbers = record(instance, connection, recording, decisions)
        outcome = issue_batch(instance, numbers, "million")
        if outcome.refused or len(outcome.published) != size:
            raise SystemExit(f"refused: {outcome.refused}")
        pace.step(size)
    instance.engine.dispose()
    return pace.report()


def decision(number):
    learner = Learner(f"Ana-{number}", f"Lima {number % 97}", email=f"ana.{number}@student.example")
    return Decision(learner, date(2026, 6, 12), grade="Passed", narrative=f"Team {number % 311}.")


def open_service(folder):
    settings = Settings(data=folder, base_url="https://badges.example")
    engine = session.engine(f"sqlite:///{folder / 'learnseal.sqlite'}")
    return Instance(settings, engine, passphrase="correct horse", key_cost=2**14)


def through_life(credentials, workers, folder):
    instance = open_service(folder)
    migrations.upgrade(instance.engine)
    establish_alliance(instance, ROOT / "examples" / "alliance.yaml")
    path = ROOT / "examples" / "achievements" / "energy-positive-neighbourhoods.yaml"
    with session.unit_of_work(instance.engine) as connection:
        (version,) = import_achievements(instance, connection, [read_achievement(path)])
    instance.engine.dispose()
    share = -(-credentials // workers)
    shares = [
        (str(folder), version.key, start, min(share, credentials - start))
        for start in range(0, credentials, share)
    ]
    started = time.monotonic()
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        reports = pool.map(live_share, shares)
    seconds = time.monotonic() - started
    with session.reading(instance.engine) as connection:
        published = connection.exec_driver_sql(
            "select count(*) from issuance where state = 'published'"
        ).scalar_one()
    lines = audit.verify(instance.engine).lines
    return {
        "part": "life",
        "credentials": published,
        "audit_lines": lines,
        "seconds": round(seconds, 1),
        "per_second": round(published / seconds),
        "workers": reports,
    }


PARTS = {"file": to_file, "life": through_life}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--credentials", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", choices=PARTS)
    given = parser.parse_args()
    for name, part in PARTS.items():
        if given.only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                row = part(given.credentials, given.workers, Path(folder))
                sys.stdout.write(json.dumps(row) + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
