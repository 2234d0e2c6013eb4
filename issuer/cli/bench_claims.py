"""What a claim costs the service: two `serve` processes, real HTTP on loopback, one database.

Shape: wallets play offer → metadata → token → nonce → credential → notification, half of them
against each process. Processor time is that of the two processes alone (Linux; elsewhere unknown);
the clock includes the wallets, which share the machine.
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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import orjson

from badges.award import Learner
from badges.proofs import jws
from did.public_key import Curve
from did.signers import memory
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.catalogue.service import import_achievements
from issuer.catalogue.yaml_file import achievement_files, read_achievement
from issuer.cli.examples_folder import examples
from issuer.cli.opening import found
from issuer.db.session import unit_of_work
from issuer.errors import DemoFailed
from issuer.instance import Instance
from issuer.oid4vci.messages import PRE_AUTHORIZED
from issuer.oid4vci.model import Format
from issuer.oid4vci.offers import OfferChoice, create_offer
from issuer.organisations.setup import establish_alliance
from issuer.settings import Settings

__all__ = ["Claims", "measure_claims"]

PROCESSES = 2
WARM_UP = 6
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

    seconds: float
    """The clock, from the first claim to the last."""

    @property
    def two_cores(self) -> float | None:
        """Claims a second that two cores can do at this processor time."""
        return None if not self.milliseconds else PROCESSES * 1000 / self.milliseconds

    def to_json(self) -> dict[str, Any]:
        """Return the figures as the command prints them."""
        return {
            "format": self.format.value,
            "claims": self.claims,
            "milliseconds": self.milliseconds and round(self.milliseconds, 2),
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
    used, started = _processor_time(processes), time.perf_counter()
    _claim_all(offers[WARM_UP:], ports)
    seconds, after = time.perf_counter() - started, _processor_time(processes)
    spent = None if used is None or after is None else 1000 * (after - used) / count
    return Claims(form, count, spent, seconds)


def _offer(instance: Instance, form: Format, number: int) -> str:
    decision = Decision(Learner(full_name=f"Learner {form} {number}"), instance.now().date())
    award_id = award_one(instance, Wish(ACHIEVEMENT, decision)).issuance.award_id
    return create_offer(instance, award_id, OfferChoice(form)).uri


def _claim_all(offers: Sequence[str], ports: Sequence[int]) -> None:
    """Claim every offer, with two wallets at a time for each process."""
    failures: list[BaseException] = []
    lanes = [
        (ports[lane % len(ports)], offers[lane :: 2 * len(ports)]) for lane in range(2 * len(ports))
    ]

    def walk(port: int, mine: Sequence[str]) -> None:
        try:
            with httpx.Client(timeout=PATIENCE) as client:
                for uri in mine:
                    _claim(client, uri, port)
        except (httpx.HTTPError, KeyError, ValueError) as error:
            failures.append(error)

    threads = [threading.Thread(target=walk, args=lane) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise DemoFailed(f"a claim failed: {failures[0]}")


def _claim(client: httpx.Client, uri: str, port: int) -> None:
    """Play a wallet through one offer, against the process at `port`."""
    link = parse_qs(urlsplit(uri).query)["credential_offer_uri"][0]

    def at(url: str) -> str:
        return urlsplit(url)._replace(netloc=f"127.0.0.1:{port}").geturl()

    offer = _answer(client.get(at(link)))
    issuer = offer["credential_issuer"]
    _answer(client.get(at(issuer.replace("/o/", "/.well-known/openid-credential-issuer/o/"))))
    code = offer["grants"][PRE_AUTHORIZED]["pre-authorized_code"]
    form = {"grant_type": PRE_AUTHORIZED, "pre-authorized_code": code}
    token = _answer(client.post(at(f"{issuer}/token"), data=form))["access_token"]
    nonce = _answer(client.post(at(f"{issuer}/nonce")))["c_nonce"]
    (name,) = offer["credential_configuration_ids"]
    body = {"credential_configuration_id": name, "proofs": {"jwt": [_proof(issuer, nonce)]}}
    bearer = {"Authorization": f"Bearer {token}"}
    given = _answer(client.post(at(f"{issuer}/credential"), json=body, headers=bearer))
    told = {"notification_id": given["notification_id"], "event": "credential_accepted"}
    client.post(at(f"{issuer}/notification"), json=told, headers=bearer).raise_for_status()


def _proof(issuer: str, nonce: str) -> str:
    key = memory.generate(Curve.P256)
    head = {"typ": "openid4vci-proof+jwt", "kid": key.verification_method}
    now = int(datetime.now(UTC).timestamp())
    return jws.create(head, orjson.dumps({"aud": issuer, "iat": now, "nonce": nonce}), key)


def _answer(response: httpx.Response) -> dict[str, Any]:
    response.raise_for_status()
    members: dict[str, Any] = response.json()
    return members


@contextmanager
def _serving(data: Path, origin: str, ports: Sequence[int]) -> Iterator[list[int]]:
    """Run the processes while the block runs; give their numbers."""
    environment = os.environ | {"LEARNSEAL_BASE_URL": origin, "LEARNSEAL_WALLET": "false"}
    command = [sys.executable, "-m", "issuer.cli", "serve", "--data", str(data), "--port"]
    running = [
        subprocess.Popen([*command, str(port)], env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
        for port in ports
    ]
    try:
        for port in ports:
            _wait_for(port)
        yield [process.pid for process in running]
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


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
