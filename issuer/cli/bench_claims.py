"""What a claim costs the service: two `serve` processes, real HTTP on loopback, one database.

Shape: wallets play offer → metadata → token → nonce → credential → notification, half of them
against each process; each reads the metadata anew, as learners come with wallets of their own.
Processor time is that of the two processes (Linux; elsewhere unknown), and beside it that of the
wallets, which share the machine: what two cores can do is reckoned from both together.
"""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from badges.award import Learner
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.catalogue.service import import_achievements
from issuer.catalogue.yaml_file import achievement_files, read_achievement
from issuer.cli.bench_wallets import Claim, Phone
from issuer.cli.examples_folder import examples
from issuer.cli.opening import found
from issuer.db.session import unit_of_work
from issuer.errors import DemoFailed
from issuer.instance import Instance
from issuer.oid4vci.model import Format
from issuer.oid4vci.offers import OfferChoice, create_offer
from issuer.organisations.setup import establish_alliance
from issuer.settings import Settings

__all__ = ["Claims", "measure_claims"]

PROCESSES = 2
LANES = 2
"""Wallets at a time for each process."""

WARM_UP = 40
"""Claims before anything is counted: caches fill, lists are published."""

PATIENCE = 60.0
"""Seconds the processes have to start."""

ACHIEVEMENT = "data-analysis-with-python"


@dataclass(frozen=True, slots=True)
class Claims:
    """The figures of one format."""

    format: Format
    claims: int
    milliseconds: float | None
    """Processor time of the service for one claim; None where it cannot be read."""

    wallets: float
    """Milliseconds of processor time of the wallet that claimed it."""

    seconds: float
    """The clock, from the first claim to the last."""

    @property
    def two_cores(self) -> float | None:
        """Claims a second that two cores can do at this processor time, wallets included."""
        if not self.milliseconds:
            return None
        return PROCESSES * 1000 / (self.milliseconds + self.wallets)

    def to_json(self) -> dict[str, Any]:
        """Return the figures as the command prints them."""
        return {
            "format": self.format.value,
            "claims": self.claims,
            "milliseconds": self.milliseconds and round(self.milliseconds, 2),
            "milliseconds_wallet": round(self.wallets, 2),
            "per_second_two_cores": self.two_cores and round(self.two_cores, 1),
            "per_second_by_the_clock": round(self.claims / self.seconds, 1),
        }


def measure_claims(count: int) -> list[Claims]:
    """Claim `count` badges in each format; nothing for none.

    Raises:
        DemoFailed: a process did not start, or a claim failed.
    """
    if not count:
        return []
    with tempfile.TemporaryDirectory() as folder:
        ports = [_free_port() for _ in range(PROCESSES)]
        origin = f"http://localhost:{ports[0]}"
        instance = found(Settings(data=Path(folder), base_url=origin))
        _fill(instance)
        with _serving(Path(folder), origin, ports) as processes:
            return [_one_format(instance, form, count, ports, processes) for form in Format]


def _fill(instance: Instance) -> None:
    establish_alliance(instance, examples() / "alliance.yaml")
    entries = [read_achievement(path) for path in achievement_files(examples() / "achievements")]
    with unit_of_work(instance.engine) as connection:
        import_achievements(instance, connection, entries, "bench")


def _one_format(
    instance: Instance, form: Format, count: int, ports: Sequence[int], processes: Sequence[int]
) -> Claims:
    offers = [_offer(instance, form, number) for number in range(count + WARM_UP)]
    _claim_all(offers[:WARM_UP], ports)
    used, own, started = _processor_time(processes), time.process_time(), time.perf_counter()
    _claim_all(offers[WARM_UP:], ports)
    seconds, after = time.perf_counter() - started, _processor_time(processes)
    wallets = 1000 * (time.process_time() - own) / count
    spent = None if used is None or after is None else 1000 * (after - used) / count
    return Claims(form, count, spent, wallets, seconds)


def _offer(instance: Instance, form: Format, number: int) -> Claim:
    decision = Decision(Learner(full_name=f"Learner {form} {number}"), instance.now().date())
    award_id = award_one(instance, Wish(ACHIEVEMENT, decision)).issuance.award_id
    return Claim(create_offer(instance, award_id, OfferChoice(form)).uri)


def _claim_all(claims: Sequence[Claim], ports: Sequence[int]) -> None:
    """Claim every offer, with two wallets at a time for each process."""
    lanes = len(ports) * LANES
    failures: list[DemoFailed] = []

    def walk(lane: int) -> None:
        try:
            with Phone(ports[lane % len(ports)], PATIENCE) as phone:
                phone.claim_all(claims[lane::lanes])
        except DemoFailed as error:
            failures.append(error)

    threads = [threading.Thread(target=walk, args=(lane,)) for lane in range(lanes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


@contextmanager
def _serving(data: Path, origin: str, ports: Sequence[int]) -> Iterator[list[int]]:
    """Run the processes while the block runs; give their numbers."""
    environment = os.environ | {"LEARNSEAL_BASE_URL": origin, "LEARNSEAL_WALLET": "false"}
    command = [sys.executable, "-m", "issuer.cli", "serve", "--data", str(data), "--port"]
    running = [
        subprocess.Popen([*command, str(port)], env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
        for port in ports
    ]
    _keep_to_cores([process.pid for process in running])
    try:
        for port in ports:
            _wait_for(port)
        yield [process.pid for process in running]
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


def _keep_to_cores(processes: Sequence[int]) -> None:
    """Keep each process to a core of its own, as operators do: its threads wake each other there.

    Only where the system can (Linux), and has a core for each.
    """
    if not hasattr(os, "sched_setaffinity"):
        return
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) >= len(processes):
        for number, core in zip(processes, cores, strict=False):
            os.sched_setaffinity(number, {core})


def _wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise DemoFailed("the service did not start")


def _processor_time(processes: Sequence[int]) -> float | None:
    """Return the seconds of processor time these processes have used."""
    ticks = 0
    for number in processes:
        try:
            fields = Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2]
        except OSError:
            return None
        user, system = fields.split()[11:13]
        ticks += int(user) + int(system)
    return ticks / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number
