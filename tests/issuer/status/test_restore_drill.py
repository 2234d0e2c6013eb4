"""The drill of row I4, step by step, on both databases: backup, go on, restore, reconcile."""

import shutil
import sqlite3
from datetime import date

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from badges.award import Learner
from badges.status import bits as status_bits
from issuer.awarding.issuing import issue_batch
from issuer.awarding.model import Decision, Order
from issuer.awarding.recording import Recording, record
from issuer.awarding.service import revoke
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import issuance, status_entry
from issuer.errors import Reconciling
from issuer.status.publication import publish, publish_due
from issuer.status.reconciling import reconcile
from issuer.status.service import Act
from tests.issuer.postgres_server import run_on

pytestmark = pytest.mark.slow


class Drill:
    """A service, and what an operator does with its database."""

    def __init__(self, instance, version, issuer):
        self.instance, self.people = instance, 0
        self.recording = Recording(version, issuer, Order(), "cli")

    def issue(self, count):
        """Issue to people nobody has seen; return the ids of their credentials."""
        people = [Learner(email=f"{self.people + n}@x.example") for n in range(count)]
        self.people += count
        with unit_of_work(self.instance.engine) as connection:
            decisions = [Decision(person, date(2026, 6, 12)) for person in people]
            numbers = record(self.instance, connection, self.recording, decisions)
        assert len(issue_batch(self.instance, numbers).published) == count
        with reading(self.instance.engine) as connection:
            query = select(issuance.c.credential_id).where(issuance.c.id.in_(numbers))
            return list(connection.scalars(query))

    def places(self):
        """Return every place in use."""
        with reading(self.instance.engine) as connection:
            return {tuple(row) for row in connection.execute(select(*PLACE))}

    def published(self):
        """Return the set places of every list as it is served."""
        found = {}
        for path in self.instance.settings.published.glob("*.json"):
            subject = orjson.loads(path.read_bytes())["credentialSubject"]
            bits = int.from_bytes(status_bits.expand(subject["encodedList"]))
            found[path.stem] = bits
        return found


PLACE = (status_entry.c.list_id, status_entry.c.index)


@pytest.fixture
def drill(instance, alliance, achievements):
    return Drill(instance, achievements["energy-positive-neighbourhoods"], alliance[1])


@pytest.fixture
def backup(instance, request, tmp_path):
    """Take a backup, and give what puts it back."""
    url = make_url(instance.engine.url.render_as_string(hide_password=False))

    def take():
        instance.engine.dispose()
        if url.get_backend_name() == "sqlite":
            with (
                sqlite3.connect(tmp_path / "learnseal.sqlite") as source,
                sqlite3.connect(tmp_path / "backup.sqlite") as target,
            ):
                source.backup(target)
            return back_sqlite
        server = request.getfixturevalue("postgres_model")
        run_on(server, f"CREATE DATABASE {url.database}b TEMPLATE {url.database}")
        return lambda: back_postgres(server)

    def back_sqlite():
        instance.engine.dispose()
        for suffix in ("-wal", "-shm"):
            (tmp_path / f"learnseal.sqlite{suffix}").unlink(missing_ok=True)
        shutil.copyfile(tmp_path / "backup.sqlite", tmp_path / "learnseal.sqlite")

    def back_postgres(server):
        instance.engine.dispose()
        run_on(server, f"DROP DATABASE {url.database} WITH (FORCE)")
        run_on(server, f"ALTER DATABASE {url.database}b RENAME TO {url.database}")

    return take


def test_i4_after_the_drill_nothing_is_un_revoked_and_no_place_used_twice(drill, backup, clock):
    instance = drill.instance
    drill.issue(20)
    restore = backup()
    clock.forward(minutes=5)
    lost = drill.issue(500)
    revoke(instance, lost[:200], Act("cli", clock()))
    used, told = drill.places(), drill.published()
    assert sum(bits.bit_count() for bits in told.values()) == 200
    restore()
    clock.forward(minutes=5)

    with pytest.raises(Reconciling):
        drill.issue(1)
    with pytest.raises(Reconciling):
        publish(instance, 1)
    assert drill.published() == told

    reconcile(instance, "cli")
    publish_due(instance)
    after = drill.published()
    assert all(after[name] & bits == bits for name, bits in told.items())
    drill.people = 1_000
    drill.issue(30)
    new = drill.places() - used
    assert len(new) == 30
    assert {number for number, _ in new}.isdisjoint({number for number, _ in used})
