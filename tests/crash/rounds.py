"""Kill workers at random moments of a batch, again and again, and count what went wrong.

Run: ``python -m tests.crash.rounds --rounds 200 --rows 10000 [--edc] [--postgres URL]
[--record FILE]``. With ``--edc`` the service has a test seal: every award gets its European Digital
Credential too, and the killing goes on until the last of them.
On SQLite one worker runs at a time, is killed and started again under the same name. On PostgreSQL
two run; each round kills one of them for good, and a new one with a new name comes in its place.
``--longest`` is the most seconds a worker lives after it was ready; on a machine that has other
things to do, give it more, or every worker dies before it did anything.
"""

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import orjson
import psutil
from sqlalchemy import func, select

from badges.edc.problem import errors
from badges.edc.rules import check_edc
from badges.proofs import jades
from issuer.audit.service import verify as verify_audit
from issuer.awarding import batches, store
from issuer.awarding.bulk import Upload
from issuer.awarding.own_check import OwnCheck
from issuer.catalogue.service import import_achievements
from issuer.catalogue.yaml_file import achievement_files, read_achievement
from issuer.cli.opening import found
from issuer.db.edc_tables import edc_file
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import (
    audit_line,
    award,
    issuance,
    issuance_draft,
    issuance_proof,
    status_entry,
)
from issuer.edc import batches as edc
from issuer.edc.exporting import demo_sealer
from issuer.errors import IssuerError
from issuer.organisations.setup import establish_alliance
from issuer.settings import Settings
from issuer.signing.trust_folder import TrustFolder

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
ACHIEVEMENT = "energy-positive-neighbourhoods"
PATIENCE = 3600.0
"""Most seconds the last worker may take for what is left."""

SOON = 5.0
"""Seconds within which a worker is ready again."""

LONGEST = 2.5
"""Most seconds a worker lives after it was ready."""

SAMPLE = 25
"""Credentials that our verifier looks at once more at the end."""


@dataclass(slots=True)
class Result:
    """What a run found."""

    database: str
    rounds: int = 0
    rows_of_batch: int = 0
    batches: int = 0
    rows: int = 0
    published: int = 0
    lost: int = 0
    duplicates: int = 0
    signed_unrecorded: int = 0
    not_valid: int = 0
    edc: int = 0
    edc_lost: int = 0
    edc_doubled: int = 0
    edc_not_valid: int = 0
    audit: str = ""
    completed_by_itself: bool = False
    ready_seconds: list[float] = field(default_factory=list)
    ready_processor: list[float] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing went wrong."""
        wrong = self.lost + self.duplicates + self.signed_unrecorded + self.not_valid
        wrong += self.edc_lost + self.edc_doubled + self.edc_not_valid
        return wrong == 0 and self.audit == "whole" and self.completed_by_itself

    def line(self) -> str:
        """Return a row for the record."""
        ready = sorted(self.ready_seconds)
        p50, last = ready[len(ready) // 2], ready[-1]
        soon = sum(seconds <= SOON for seconds in ready) / len(ready)
        spent = sorted(self.ready_processor)[len(ready) // 2]
        return (
            f"| {datetime.now(UTC):%Y-%m-%d} | {self.database} | {self.rounds} | "
            f"{self.batches} of {self.rows_of_batch} | {self.published} | {self.lost} | "
            f"{self.duplicates} | {self.signed_unrecorded} | {self.audit} | "
            f"{'yes' if self.completed_by_itself else 'NO'} | {p50:.1f} s / {last:.1f} s; "
            f"{soon:.0%} within {SOON:.0f} s; {spent:.1f} s of processor |"
        )


class Service:
    """A service of its own in a folder, and the workers it has."""

    def __init__(self, folder: Path, url: str, *, seals: bool = False) -> None:
        settings = Settings(data=folder, base_url="https://badges.example", database_url=url)
        self.instance = found(settings)
        self.environment = os.environ | {
            "LEARNSEAL_DATA": str(folder),
            "LEARNSEAL_BASE_URL": "https://badges.example",
            "LEARNSEAL_DATABASE_URL": url,
            "PYTHONPATH": str(ROOT),
        }
        self.people = 0
        establish_alliance(self.instance, EXAMPLES / "alliance.yaml")
        entries = [read_achievement(path) for path in achievement_files(EXAMPLES / "achievements")]
        with unit_of_work(self.instance.engine) as connection:
            import_achievements(self.instance, connection, entries)
        self.seals = seals
        if seals:
            demo_sealer(self.instance)

    def submit(self, rows: int) -> int:
        """Keep a batch of people nobody has seen."""
        lines = ["Given name,Family name,E-mail,Awarded on"]
        lines += [
            f"Given {number},Family,{number}@student.example,2026-06-12"
            for number in range(self.people, self.people + rows)
        ]
        self.people += rows
        path = self.instance.settings.data / "list.csv"
        path.write_text("\n".join(lines))
        return batches.submit(self.instance, Upload(path, ACHIEVEMENT))

    def worker(self, name: str, result: Result) -> subprocess.Popen:
        """Start a worker, wait until it says it is ready, and note how long that took."""
        began = time.monotonic()
        command = [sys.executable, "-m", "issuer.cli", "worker", "--name", name, "--hands", "1"]
        process = subprocess.Popen(
            command, env=self.environment, stderr=subprocess.PIPE, text=True, cwd=ROOT
        )
        told = []
        for line in process.stderr:
            told.append(line)
            if "is ready" in line:
                break
        else:
            raise RuntimeError("the worker did not start:\n" + "".join(told))
        result.ready_seconds.append(time.monotonic() - began)
        spent = psutil.Process(process.pid).cpu_times()
        result.ready_processor.append(spent.user + spent.system)
        return process

    def is_done(self, batch: int) -> bool:
        """Tell whether a batch is through."""
        if batches.progress_of(self.instance, batch).stage != batches.Stage.DONE:
            return False
        sealing = edc.progress_of(self.instance, batch)
        return sealing is None or sealing.is_done


def kill(process: subprocess.Popen) -> None:
    """End a process with no chance to tidy up."""
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()


def run(  # noqa: PLR0913, PLR0917 - what a run is made of
    service: Service,
    rounds: int,
    rows: int,
    chance: random.Random,
    until: float,
    longest: float = LONGEST,
) -> Result:
    """Do the rounds, let what is left be finished, and count."""
    is_postgres = service.instance.engine.dialect.name == "postgresql"
    result = Result("PostgreSQL, 2 workers" if is_postgres else "SQLite", rows_of_batch=rows)
    numbers = [service.submit(rows)]
    workers: list[subprocess.Popen] = []
    started = 0
    while result.rounds < rounds and time.monotonic() < until:
        while len(workers) < (2 if is_postgres else 1):
            started += 1
            workers.append(service.worker(f"w{started}" if is_postgres else "w1", result))
        time.sleep(chance.uniform(0.05, longest))
        kill(workers.pop(chance.randrange(len(workers))))
        result.rounds += 1
        if service.is_done(numbers[-1]):
            numbers.append(service.submit(rows))
    workers.append(service.worker("last", result))
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and not all(service.is_done(number) for number in numbers):
        time.sleep(0.5)
    result.completed_by_itself = all(service.is_done(number) for number in numbers)
    for process in workers:
        kill(process)
    result.batches, result.rows = len(numbers), service.people
    count(service, result)
    return result


def count(service: Service, result: Result) -> None:
    """Compare what is in the store with what was submitted."""
    with reading(service.instance.engine) as connection:

        def rows(query: object) -> int:
            return connection.scalar(query) or 0

        states = dict(
            connection.execute(
                select(issuance.c.state, func.count()).group_by(issuance.c.state)
            ).all()
        )
        result.published = states.get("published", 0)
        result.lost = result.rows - result.published
        awards = rows(select(func.count()).select_from(award))
        places = rows(select(func.count()).select_from(status_entry))
        artefacts = rows(select(func.count(func.distinct(issuance.c.award_id))))
        result.duplicates = (awards - result.rows) + (places - artefacts) + (awards - artefacts)
        drafts = rows(select(func.count()).select_from(issuance_draft))
        proofs = rows(select(func.count()).select_from(issuance_proof))
        intended, signed = _audited(connection)
        result.signed_unrecorded = (
            abs(proofs - signed) + abs(drafts - intended) + abs(proofs - result.published)
        )
        some = list(connection.scalars(select(issuance.c.id).order_by(func.random()).limit(SAMPLE)))
    result.not_valid = sum(not _is_valid(service, number) for number in some)
    if service.seals:
        count_edc(service, result)
    verify_audit(service.instance.engine)
    result.audit = "whole"


def count_edc(service: Service, result: Result) -> None:
    """Compare the sealed files with the awards, with the audit log, and with our own verifier."""
    trust = TrustFolder(service.instance.settings.trust).anchors(service.instance.now())
    with reading(service.instance.engine) as connection:
        files = connection.execute(
            select(edc_file.c.award_id, edc_file.c.sealed).where(edc_file.c.sealed.is_not(None))
        ).all()
        told = [
            line["detail"]["file"]
            for text in connection.scalars(select(audit_line.c.line))
            if (line := orjson.loads(text))["action"] == "edc.sealed"
        ]
    result.edc = len(files)
    result.edc_lost = result.published - len({row.award_id for row in files})
    digests = {hashlib.sha256(row.sealed).hexdigest() for row in files}
    names = {orjson.loads(orjson.loads(row.sealed)["payload"])["id"] for row in files}
    result.edc_doubled = len(files) - len(names) + abs(len(told) - len(files))
    result.edc_doubled += len(digests.symmetric_difference(told))
    some = files[:: max(1, len(files) // SAMPLE)]
    reports = [jades.verify(bytes(row.sealed), trust, service.instance.now()) for row in some]
    result.edc_not_valid = sum(
        not report.is_intact or bool(errors(check_edc(orjson.loads(report.payload))))
        for report in reports
    )


def _audited(connection: object) -> tuple[int, int]:
    """Count the intents and the signatures the audit log tells of, each credential once."""
    intended, signed = set(), 0
    for text in connection.scalars(select(audit_line.c.line)):
        line = orjson.loads(text)
        if line["action"] == "issuance.intended":
            intended.add(line["subject"])
        if line["action"] == "issuances.signed":
            signed += line["detail"]["count"]
    return len(intended), signed


def _is_valid(service: Service, number: int) -> bool:
    with reading(service.instance.engine) as connection:
        own = OwnCheck(service.instance, connection)
        try:
            own.require_valid(
                store.by_number(connection, number), *store.document_parts(connection, number)
            )
        except IssuerError:
            return False
    return True


def main() -> int:
    """Run from the command line; 0 when nothing went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--postgres", default="")
    parser.add_argument("--edc", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=LONGEST)
    parser.add_argument("--record", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="learnseal-crash-") as folder:
        service = Service(Path(folder), given.postgres, seals=given.edc)
        until = time.monotonic() + given.minutes * 60
        chance = random.Random(given.seed)  # noqa: S311 - when to kill, not a secret
        result = run(service, given.rounds, given.rows, chance, until, given.longest)
        service.instance.engine.dispose()
    sys.stdout.write(f"{asdict(result)}\n{result.line()}\n")
    if given.record:
        with given.record.open("a") as file:
            file.write(result.line() + "\n")
    return 0 if result.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
