"""The steps of the demo, each a function that does one part of the job and says what came of it.

A step that does not see what it expects raises `DemoFailed`: the table shows only what happened.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from badges.award import Learner
from issuer.audit.service import verify as verify_audit
from issuer.awarding import service as awarding
from issuer.awarding import store as issuances
from issuer.awarding.bulk import Upload, award_list, dry_run
from issuer.awarding.credential import Credential, credential_bytes
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish
from issuer.catalogue.service import import_achievements
from issuer.catalogue.yaml_file import achievement_files, read_achievement
from issuer.claiming.service import create_claim
from issuer.cli.examples_folder import examples
from issuer.cli.verifying import Sources
from issuer.db.session import reading, unit_of_work
from issuer.edc.exporting import demo_sealer, sealed
from issuer.errors import DemoFailed
from issuer.instance import Instance, nothing_reachable
from issuer.organisations.setup import establish_alliance
from issuer.register.service import own_policy
from issuer.status.model import Reason
from issuer.status.own_documents import own_documents
from issuer.status.service import Act
from issuer.verify import service as verifying
from issuer.verify.pool import Pool
from issuer.verify.sources import Verifier
from issuer.verify.submission import Submission

__all__ = ["STEPS", "Step", "Tour"]

COURSE = "data-analysis-with-python"
"""What the example list awards."""

EDC_SHOWN = 4
"""How many awards are sealed for Europass too."""

SINGLES = ("energy-positive-neighbourhoods", "principles-of-artificial-intelligence")
"""What one more learner gets, one at a time."""


@dataclass
class Tour:
    """What the steps hand on to each other."""

    instance: Instance
    data: Path
    did_method: str
    credentials: list[Credential] = field(default_factory=list)

    @property
    def issued(self) -> Path:
        """Folder of what was issued."""
        return self.data / "issued"


Step = tuple[str, Callable[[Tour], str]]


def found_alliance(tour: Tour) -> str:
    """Make the organisations, each with a key of its own."""
    made = establish_alliance(
        tour.instance, examples() / "alliance.yaml", did_method=tour.did_method, actor="demo"
    )
    name = made[0].particulars.legal_name
    return f"{name}, {len(made) - 1} universities, {len(made)} keys encrypted at rest"


def define(tour: Tour) -> str:
    """Load the achievements; each has all EU standard elements or is refused."""
    entries = [read_achievement(path) for path in achievement_files(examples() / "achievements")]
    with unit_of_work(tour.instance.engine) as connection:
        versions = import_achievements(tour.instance, connection, entries, "demo")
    complete = sum(version.is_micro_credential for version in versions)
    return f"{complete} micro-credentials with all mandatory EU elements"


def rehearse(tour: Tour) -> str:
    """Read the award list without awarding anything."""
    report = dry_run(tour.instance, _upload())
    return (
        f"{report.rows} rows: {report.good} good, {report.duplicates} twice, "
        f"{report.invalid} to mend"
    )


def award(tour: Tour) -> str:
    """Award the ready rows, and two single awards."""
    report = award_list(tour.instance, _upload())
    with reading(tour.instance.engine) as connection:
        numbers = issuances.of_batch(connection, report.batch_id or 0)
    tour.credentials += [credential_bytes(tour.instance, number) for number in numbers]
    learner = Learner(given_name="Ada", family_name="Novak", email="ada.novak@student.example")
    for achievement in SINGLES:
        decision = Decision(learner, date(2026, 6, 12), grade="Passed")
        tour.credentials.append(awarding.award_one(tour.instance, Wish(achievement, decision)))
    _write_all(tour)
    return f"{len(tour.credentials)} credentials signed, checked, recorded"


def verify(tour: Tour) -> str:
    """Check every file as an employer would."""
    files = sorted(tour.issued.glob("*.json"))
    reports = _verify(tour, [file.read_bytes() for file in files])
    _require({"valid"}, reports)
    return f"{len(reports)} of {len(files)} valid"


def tamper(tour: Tour) -> str:
    """Change one letter and check again."""
    document = json.loads(tour.credentials[0].document)
    title = document["credentialSubject"]["achievement"]["name"]
    document["credentialSubject"]["achievement"]["name"] = "X" + title[1:]
    (report,) = _verify(tour, [json.dumps(document).encode()])
    _require({"not_valid"}, [report])
    return f"one letter changed: {_failed(report)}"


def revoke(tour: Tour) -> str:
    """Revoke one credential and see that the verifier knows."""
    gone = tour.credentials[-1]
    act = Act("demo", tour.instance.now(), Reason.ISSUED_IN_ERROR, "shown by the demo")
    awarding.revoke(tour.instance, [gone.issuance.credential_id], act)
    (report,) = _verify(tour, [gone.document])
    _require({"not_valid"}, [report])
    folder = tour.issued / "revoked"
    folder.mkdir()
    _path(tour, gone).rename(folder / _path(tour, gone).name)
    return f"one revoked: {_failed(report)}"


def europass(tour: Tour) -> str:
    """Make a test seal for the alliance, seal some awards as EDC, and check them."""
    sealer = demo_sealer(tour.instance)
    folder = tour.issued / "edc"
    folder.mkdir()
    files = []
    for credential in tour.credentials[-1 - EDC_SHOWN : -1]:
        files.append(sealed(tour.instance, credential.issuance.id, sealer, "demo"))
        (folder / _path(tour, credential).with_suffix(".jsonld").name).write_bytes(files[-1])
    reports = _verify(tour, files)
    _require({"genuine_with_remarks"}, reports)
    return f"{len(files)} European Digital Credentials; the test seal says that it is one"


def audit(tour: Tour) -> str:
    """Check the chain of the audit log."""
    checkpoint = verify_audit(tour.instance.engine)
    return f"{checkpoint.lines} lines, each chained to the one before"


def offer(tour: Tour) -> str:
    """Make a claim link for every learner."""
    awards = [credential.issuance.award_id for credential in tour.credentials[:-1]]
    with unit_of_work(tour.instance.engine) as connection:
        links = [create_claim(tour.instance, connection, number).url for number in awards]
    (tour.data / "claims.txt").write_text("\n".join(links) + "\n")
    return f"{len(links)} claim pages"


STEPS: Sequence[Step] = (
    ("found the alliance", found_alliance),
    ("define what is awarded", define),
    ("try the award list", rehearse),
    ("award and sign", award),
    ("verify as an employer", verify),
    ("tamper with one", tamper),
    ("revoke one", revoke),
    ("seal for Europass", europass),
    ("offer them to learners", offer),
    ("check the audit log", audit),
)


def _upload() -> Upload:
    return Upload(examples() / "awards.csv", COURSE, actor="demo")


def _write_all(tour: Tour) -> None:
    tour.issued.mkdir()
    for credential in tour.credentials:
        _path(tour, credential).write_bytes(credential.document)


def _path(tour: Tour, credential: Credential) -> Path:
    return tour.issued / f"{credential.issuance.credential_id.rsplit(':', 1)[-1]}.json"


def _verify(tour: Tour, documents: Sequence[bytes]) -> list[dict[str, Any]]:
    instance = tour.instance
    with instance.engine.connect() as connection:
        rules = own_policy(instance, connection)
    sources = Sources(lambda urls: own_documents(instance, urls), nothing_reachable, rules)
    pool = Pool(size=min(2, len(documents)))
    try:
        return asyncio.run(_check(Verifier(pool, sources), documents, instance))
    finally:
        pool.close()


async def _check(
    verifier: Verifier, documents: Sequence[bytes], instance: Instance
) -> list[dict[str, Any]]:
    now = instance.now()
    asked = (verifying.verify(verifier, Submission(document), now) for document in documents)
    return [answer.report for answer in await asyncio.gather(*asked)]


def _require(verdicts: set[str], reports: Sequence[dict[str, Any]]) -> None:
    for report in reports:
        if report["verdict"] not in verdicts:
            raise DemoFailed(f"{report['summary']} ({_failed(report)})")


def _failed(report: dict[str, Any]) -> str:
    codes = [f["code"] for f in report["findings"] if f["outcome"] in ("failed", "unknown")]
    return f"{report['verdict'].replace('_', ' ')}, {', '.join(codes)}"
