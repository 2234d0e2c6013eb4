"""A database for every store test: SQLite always, PostgreSQL where a server is installed."""

import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from badges.award import Learner
from issuer.awarding.model import Decision, Order
from issuer.awarding.recording import Recording, record
from issuer.catalogue.service import find, import_achievements
from issuer.catalogue.store import keys
from issuer.catalogue.yaml_file import achievement_files, read_achievement
from issuer.db import migrations, session, tables
from issuer.instance import Instance
from issuer.organisations.setup import establish_alliance
from issuer.organisations.store import all_organisations, keys_of
from issuer.settings import Settings
from issuer.signing.service import signer
from tests.issuer.postgres_server import postgres, postgres_model, postgres_spare, run_on

__all__ = ["postgres", "postgres_model", "postgres_spare"]  # fixtures

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request, tmp_path):
    """The URL of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'learnseal.sqlite'}"
        return
    server = request.getfixturevalue("postgres")
    name = f"t{os.urandom(6).hex()}"
    run_on(server, f"CREATE DATABASE {name}")
    yield server.replace("/postgres?", f"/{name}?")
    run_on(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_model(tmp_path_factory):
    """A migrated, empty SQLite file to copy from: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("model") / "model.sqlite"
    made = session.engine(f"sqlite:///{path}")
    migrations.upgrade(made)
    made.dispose()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request, tmp_path):
    """A migrated, empty database of each kind."""
    if request.param == "sqlite":
        path = tmp_path / "learnseal.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_model"), path)
        made = session.engine(f"sqlite:///{path}")
        yield made
        made.dispose()
        return
    spare = request.getfixturevalue("postgres_spare")
    made = session.engine(spare.take())
    yield made
    made.dispose()
    spare.give_back()


NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Clock:
    """A clock that tests move by hand."""

    def __init__(self, now=NOW):
        self.now = now

    def __call__(self):
        return self.now

    def forward(self, **duration):
        self.now += timedelta(**duration)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def instance(engine, tmp_path, clock):
    """A service with an empty store; new keys cost little to open."""
    settings = Settings(data=tmp_path, base_url="https://badges.example")
    return Instance(settings, engine, passphrase="correct horse", now=clock, key_cost=2**14)


@pytest.fixture(scope="session")
def examples_founded(tmp_path_factory, sqlite_model):
    """The alliance of the examples with its achievements, founded once: its rows and its keys."""
    folder = tmp_path_factory.mktemp("founded")
    shutil.copyfile(sqlite_model, folder / "learnseal.sqlite")
    made = session.engine(f"sqlite:///{folder / 'learnseal.sqlite'}")
    settings = Settings(data=folder, base_url="https://badges.example")
    model = Instance(settings, made, passphrase="correct horse", now=Clock(), key_cost=2**14)
    establish_alliance(model, EXAMPLES / "alliance.yaml")
    entries = [read_achievement(path) for path in achievement_files(EXAMPLES / "achievements")]
    with session.unit_of_work(made) as connection:
        import_achievements(model, connection, entries)
        rows = {
            table: [dict(row) for row in connection.execute(table.select()).mappings()]
            for table in tables.metadata.sorted_tables
        }
        keys = [
            key for found in all_organisations(connection) for key in keys_of(connection, found.id)
        ]
    made.dispose()
    return folder, rows, {key.uri: signer(model, key) for key in keys}


@pytest.fixture
def alliance(instance, examples_founded):
    """The alliance of the examples and its three members; their achievements are there too."""
    folder, rows, signers = examples_founded
    here = instance.settings.data
    shutil.copytree(folder / "keys", here / "keys")
    instance.kept.update({u.replace(str(folder), str(here)): s for u, s in signers.items()})
    with session.unit_of_work(instance.engine) as connection:
        for table, found in rows.items():
            _put(connection, table, found)
        for row in connection.execute(tables.signing_key.select()).all():
            uri = row.uri.replace(str(folder), str(here))
            moved = tables.signing_key.update().where(tables.signing_key.c.id == row.id)
            connection.execute(moved.values(uri=uri))
        return all_organisations(connection)


def _put(connection, table, rows):
    if table is tables.audit_head:
        connection.execute(table.update().values(rows[0]))
        return
    if rows:
        connection.execute(table.insert(), rows)
    counted = table.c.get("id")
    if rows and counted is not None and counted.autoincrement is not False:
        last = max(row["id"] for row in rows)
        if connection.dialect.name == "postgresql":
            sequence = func.pg_get_serial_sequence(table.name, "id")
            connection.execute(select(func.setval(sequence, last)))


@pytest.fixture
def achievements(instance, alliance):
    """The four micro-credentials of the examples, by name."""
    with session.reading(instance.engine) as connection:
        return {key: find(connection, key) for key in keys(connection)}


@pytest.fixture
def issuance_rows(instance, alliance, achievements):
    """A maker of issuances that have no place in a status list yet."""

    def make(count):
        version = achievements["energy-positive-neighbourhoods"]
        people = [Learner(email=f"{n}@student.example") for n in range(count)]
        decisions = [Decision(person, date(2026, 6, 12)) for person in people]
        recording = Recording(version, alliance[1], Order(purposes=()), "cli")
        with session.unit_of_work(instance.engine) as connection:
            return record(instance, connection, recording, decisions)

    return make
