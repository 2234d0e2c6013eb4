"""What revoking costs in a large store: one credential until its list is served; 10,000 at once.

Run: ``python -m tests.bench.status [--entries 1000000] [--single 200] [--bulk 10000]``. The rows of
the entries are written by the store's own code, without the credentials they stand for. Served
means: an employer's GET of the list has the bit.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median, quantiles

from fastapi.testclient import TestClient
from sqlalchemy import func, select, update

from badges.status.bits import expand
from issuer.app import create_app
from issuer.awarding import award_store
from issuer.awarding.model import Order
from issuer.awarding.recording import record_issuances
from issuer.awarding.service import revoke
from issuer.awarding.standing import Change, change_awards
from issuer.catalogue.service import find, import_achievements, issuer_for
from issuer.catalogue.yaml_file import achievement_files, read_achievement
from issuer.cli.opening import found
from issuer.db.rows import next_numbers
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import issuance, status_entry, status_list
from issuer.organisations.setup import establish_alliance
from issuer.settings import Settings
from issuer.status.model import Reason
from issuer.status.publication import publish_due
from issuer.status.service import Act

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ACHIEVEMENT = "energy-positive-neighbourhoods"
STEP = 10_000


def service(folder):
    """Return a service with the alliance of the examples."""
    instance = found(Settings(data=folder, base_url="http://localhost:8000"))
    establish_alliance(instance, EXAMPLES / "alliance.yaml")
    entries = [read_achievement(path) for path in achievement_files(EXAMPLES / "achievements")]
    with unit_of_work(instance.engine) as connection:
        import_achievements(instance, connection, entries)
    return instance


def fill(instance, count):
    """Give out `count` places: awards and issuances by rows alone, places by the shuffle."""
    now = instance.now()
    with reading(instance.engine) as connection:
        version = find(connection, ACHIEVEMENT)
        issuer = issuer_for(connection, version, None)
    for start in range(0, count, STEP):
        with unit_of_work(instance.engine) as connection:
            numbers = next_numbers(connection, "award", min(STEP, count - start))
            shared = {
                "issuer_id": issuer.id,
                "achievement_id": version.id,
                "batch_id": None,
                "replaces_id": None,
                "row_number": None,
                "awarded_on": date(2026, 6, 12),
                "content": "{}",
                "created_at": now,
            }
            rows = [{**shared, "id": n, "natural_key": n.to_bytes(32)} for n in numbers]
            award_store.add_awards(connection, rows)
            record_issuances(connection, issuer.id, numbers, Order(), now)
    with unit_of_work(instance.engine) as connection:
        connection.execute(update(issuance).values(state="published", published_at=now))
    publish_due(instance)


def places(instance, count, chance):
    """Return credential, award, name of the list and index of some entries in force."""
    with reading(instance.engine) as connection:
        total = connection.scalar(select(func.max(issuance.c.id)))
        wanted = chance.sample(range(1, total + 1), count)
        found = []
        for start in range(0, count, 500):
            query = (
                select(
                    issuance.c.credential_id,
                    issuance.c.award_id,
                    status_list.c.public_id,
                    status_entry.c.index.label("place"),
                )
                .join(status_entry, status_entry.c.issuance_id == issuance.c.id)
                .join(status_list, status_list.c.id == status_entry.c.list_id)
                .where(issuance.c.id.in_(wanted[start : start + 500]))
                .where(status_entry.c.set_at.is_(None))
            )
            found += connection.execute(query).all()
    chance.shuffle(found)
    return found


def is_set(client, public_id, index):
    """Tell whether the list, as it is served, has the bit."""
    answer = client.get(f"/status/{public_id}")
    bits = expand(answer.json()["credentialSubject"]["encodedList"])
    return bool(bits[index // 8] & 0x80 >> index % 8)


def one_by_one(instance, client, count, chance):
    """Revoke one after the other, each until it is served; return the seconds."""
    took = []
    for credential, _, public_id, index in places(instance, count, chance):
        began = time.perf_counter()
        revoke(instance, [credential], Act("bench", instance.now(), Reason.SUPERSEDED))
        while not is_set(client, public_id, index):
            time.sleep(0.01)
        took.append(time.perf_counter() - began)
    return took


def at_once(instance, client, count, chance):
    """Revoke many; return the seconds until all are served, and the most versions of a list."""
    some = places(instance, count, chance)
    before = versions(instance)
    began, spent = time.perf_counter(), time.process_time()
    act = Act("bench", instance.now(), Reason.ISSUED_IN_ERROR)
    changed = change_awards(instance, [award for _, award, _, _ in some], Change.REVOKE, act)
    assert all(is_set(client, public_id, index) for _, _, public_id, index in some[:50])
    return {
        "changed": len(changed),
        "seconds": round(time.perf_counter() - began, 2),
        "processor_seconds": round(time.process_time() - spent, 2),
        "most_versions_of_a_list": max(
            after - before[public_id] for public_id, after in versions(instance).items()
        ),
    }


def versions(instance):
    """Return the version of each list."""
    with reading(instance.engine) as connection:
        rows = connection.execute(select(status_list.c.public_id, status_list.c.version))
        return {row.public_id: row.version for row in rows}


def run(folder, entries, single, bulk):
    """Return the figures."""
    instance, chance = service(folder), random.Random(1)  # noqa: S311 - not a secret
    began = time.monotonic()
    fill(instance, entries)
    client = TestClient(create_app(instance))
    filled, spent = time.monotonic() - began, time.process_time()
    took = one_by_one(instance, client, single, chance)
    spent = time.process_time() - spent
    figures = {
        "entries": entries,
        "lists": len(versions(instance)),
        "filled_in": round(filled, 1),
        "single": len(took),
        "median": round(median(took), 3),
        "p99": round(quantiles(took, n=100)[98], 3),
        "longest": round(max(took), 3),
        "processor_each": round(spent / len(took), 3),
        "bulk": at_once(instance, client, bulk, chance),
    }
    instance.engine.dispose()
    return figures


def main():
    """Run from the command line; 0 when the goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--single", type=int, default=200)
    parser.add_argument("--bulk", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="learnseal-status-") as folder:
        figures = run(Path(folder), given.entries, given.single, given.bulk)
    sys.stdout.write(json.dumps(figures) + "\n")
    is_met = figures["p99"] <= 2 and figures["bulk"]["seconds"] <= 30
    return 0 if is_met and figures["bulk"]["most_versions_of_a_list"] == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
