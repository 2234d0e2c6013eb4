"""An hour of everyday traffic against a running service, and what it did to the service.

Run: ``python -m tests.soak.soak --minutes 60 [--pace 1.0] [--record FILE]``. At pace 1 five
credentials are signed a second, thirty verified, one revoked, beside lists, pages, claims and
wallets. The service is `learnseal serve` as an operator starts it, on SQLite, with all its
processes; what they hold (memory, file descriptors) is looked at every ten seconds.
Exit code: 0 when nothing went wrong, no line of its log is an error, and (in a run of 20 minutes
and more) memory grew by at most 5 % after minute ten and descriptors by no more than 10.
"""

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

import httpx
import psutil

from issuer.catalogue.service import import_achievements
from issuer.catalogue.yaml_file import achievement_files, read_achievement
from issuer.cli.opening import found
from issuer.db.session import unit_of_work
from issuer.organisations.setup import establish_alliance
from issuer.settings import Settings
from tests.soak.visitors import RATES, Town

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
HANDS = 4
"""Visitors of one kind at a time, at most."""

LATE = 5.0
"""Seconds behind its time after which a visit is left out instead of made up for."""

LOOK = 10.0
WARM = 600.0
"""Seconds until caches are full; growth counts from here."""

LONG = 1200.0
"""Seconds from which a run says something about growth."""

GROWTH = 0.05
DESCRIPTORS = 10


@dataclass
class Held:
    """What the processes of the service held at one moment."""

    at: float
    memory: int
    descriptors: int
    processes: int


@dataclass
class Record:
    """All that happened."""

    visits: list = field(default_factory=list)
    """Kind, second of the run, seconds it took."""

    errors: list = field(default_factory=list)
    left_out: Counter = field(default_factory=Counter)
    held: list = field(default_factory=list)
    log_errors: int = 0


class Server:
    """`learnseal serve` in processes of its own."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.instance = found(Settings(data=folder, base_url=self.url))
        establish_alliance(self.instance, EXAMPLES / "alliance.yaml")
        entries = [read_achievement(path) for path in achievement_files(EXAMPLES / "achievements")]
        with unit_of_work(self.instance.engine) as connection:
            import_achievements(self.instance, connection, entries)
        self.log = folder / "serve.log"
        environment = os.environ | {"LEARNSEAL_DATA": str(folder), "LEARNSEAL_LOG_FORMAT": "json"}
        command = [sys.executable, "-m", "issuer.cli", "serve", "--port", str(self.port)]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, env=environment | {"PYTHONPATH": str(ROOT)}, stderr=log, cwd=ROOT
            )

    def wait_until_ready(self, patience=120.0):
        ends = time.monotonic() + patience
        while time.monotonic() < ends:
            try:
                if httpx.get(f"{self.url}/readyz").status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.2)
        raise RuntimeError("the service did not start:\n" + self.log.read_text())

    def held(self, at):
        """Look at every process of the service."""
        parent = psutil.Process(self.process.pid)
        found = [parent, *parent.children(recursive=True)]
        return Held(
            at,
            sum(process.memory_info().rss for process in found),
            sum(process.num_fds() for process in found),
            len(found),
        )

    def stop(self):
        """End it as systemd would; return the seconds that took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        self.instance.engine.dispose()
        return time.monotonic() - began

    def errors_in_log(self):
        """Count the lines of the log that are errors."""
        lines = self.log.read_text().splitlines()
        return sum('"level": "error"' in line or '"level": "critical"' in line for line in lines)


class Soak:
    """One run."""

    def __init__(self, server, seconds, pace):
        self.server, self.seconds, self.pace = server, seconds, pace
        client = httpx.Client(base_url=server.url, timeout=30.0)
        self.town = Town(server.instance, client, random.Random(1))  # noqa: S311 - not a secret
        self.record = Record()
        self.began = time.monotonic()

    def run(self):
        """Let visitors come until the time is up."""
        hands = [
            threading.Thread(target=self._come, args=(kind, rate * self.pace, hand))
            for kind, rate in RATES.items()
            for hand in range(self._hands(rate))
        ]
        for hand in hands:
            hand.start()
        while any(hand.is_alive() for hand in hands):
            self.record.held.append(self.server.held(time.monotonic() - self.began))
            time.sleep(min(LOOK, max(1.0, self.seconds / 30)))
        self.record.log_errors = self.server.errors_in_log()
        return self.record

    def _hands(self, rate):
        return max(1, min(HANDS, round(rate * self.pace)))

    def _come(self, kind, rate, hand):
        visit, pause = getattr(self.town, kind), self._hands(RATES[kind]) / rate
        due = time.monotonic() + pause * hand / self._hands(RATES[kind])
        while due - self.began < self.seconds:
            time.sleep(max(0.0, due - time.monotonic()))
            if time.monotonic() - due > LATE:
                self.record.left_out[kind] += 1
                due += pause
                continue
            start = time.monotonic()
            try:
                visit()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
                self.record.errors.append(f"{kind}: {type(error).__name__}: {error}"[:400])
            self.record.visits.append((kind, start - self.began, time.monotonic() - start))
            due += pause


def verdict(record, seconds):
    """Return the figures of a run, and whether it went well."""
    tenth = min(WARM, seconds / 6)
    first = [took for _, at, took in record.visits if at < tenth]
    last = [took for _, at, took in record.visits if at >= seconds - tenth]
    warm = [held for held in record.held if held.at >= min(WARM, seconds / 6)]
    begin = [held for held in warm if held.at < warm[0].at + 120] or warm[:1]
    end = [held for held in warm if held.at >= warm[-1].at - 120] or warm[-1:]
    memory = [median(held.memory for held in part) / 2**20 for part in (begin, end)]
    descriptors = [max(held.descriptors for held in part) for part in (begin, end)]
    growth = memory[1] / memory[0] - 1
    is_long = seconds >= LONG
    kinds = Counter(kind for kind, _, _ in record.visits)
    return {
        "minutes": round(seconds / 60, 1),
        "visits": dict(kinds),
        "a_second": {kind: round(count / seconds, 2) for kind, count in kinds.items()},
        "left_out": dict(record.left_out),
        "errors": len(record.errors),
        "first_errors": record.errors[:5],
        "log_errors": record.log_errors,
        "memory_mib": [round(amount, 1) for amount in memory],
        "growth": round(growth, 4),
        "descriptors": descriptors,
        "processes": max(held.processes for held in record.held),
        "p99_first": round(_p99(first), 3),
        "p99_last": round(_p99(last), 3),
        "is_clean": not record.errors
        and not record.log_errors
        and kinds.keys() == RATES.keys()
        and (not is_long or (growth <= GROWTH and descriptors[1] - descriptors[0] <= DESCRIPTORS)),
    }


def _p99(seconds):
    return quantiles(seconds, n=100)[98] if len(seconds) > 1 else 0.0


def line(found):
    """Return a row for the record."""
    rates = found["a_second"]
    return (
        f"| {datetime.now(UTC):%Y-%m-%d} | {found['minutes']:.0f} min | "
        f"{rates.get('issue', 0)} / {rates.get('verify', 0)} / {rates.get('revoke', 0)} | "
        f"{sum(found['visits'].values())} | {sum(found['left_out'].values())} | "
        f"{found['errors'] + found['log_errors']} | "
        f"{found['memory_mib'][0]} → {found['memory_mib'][1]} MiB ({found['growth']:+.1%}) | "
        f"{found['descriptors'][0]} → {found['descriptors'][1]} | "
        f"{found['p99_first']} s / {found['p99_last']} s |"
    )


def main():
    """Run from the command line; 0 when nothing went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--pace", type=float, default=1.0)
    parser.add_argument("--record", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="learnseal-soak-") as folder:
        server = Server(Path(folder))
        try:
            server.wait_until_ready()
            record = Soak(server, given.minutes * 60, given.pace).run()
        finally:
            stopped = server.stop()
    found = verdict(record, given.minutes * 60) | {"stopped_after": round(stopped, 1)}
    sys.stdout.write(f"{json.dumps(found)}\n{line(found)}\n")
    if given.record:
        samples = [[round(held.at), held.memory, held.descriptors] for held in record.held]
        given.record.write_text(json.dumps(found | {"samples": samples}))
    return 0 if found["is_clean"] else 1


if __name__ == "__main__":
    sys.exit(main())
