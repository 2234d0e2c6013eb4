"""A database for every store test: SQLite always, PostgreSQL where a server is installed."""

import os
import pwd
import shutil
import subprocess
import tempfile
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from badges.award import Learner
from issuer.awarding.model import Decision, Order
from issuer.awarding.recording import Recording, record
from issuer.catalogue.service import import_achievements
from issuer.catalogue.yaml_file import achievement_files, read_achievement
from issuer.db import migrations, session
from issuer.instance import Instance
from issuer.organisations.setup import establish_alliance
from issuer.settings import Settings

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def _server():
    """Return the newest installed PostgreSQL's folder of programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def _other_user():
    """Return a user PostgreSQL agrees to run as (it refuses root), or None if we are one."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


@pytest.fixture(scope="session")
def postgres():
    """Start a throw-away server on a unix socket; give the URL of its first database."""
    programs, user = _server(), _other_user()
    if programs is None:
        pytest.skip(
            "no PostgreSQL server is installed here: its half of the store tests is left out"
        )
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    who = {}
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
        who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    run = partial(subprocess.run, check=True, cwd=folder, stdout=subprocess.DEVNULL, **who)
    control = [programs / "pg_ctl", "-D", folder / "db", "-w"]
    run([programs / "initdb", "-D", folder / "db", "-U", "learnseal", "-A", "trust"])
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    run([*control, "-o", options, "-l", folder / "log", "start"])
    yield f"postgresql+psycopg://learnseal@/postgres?host={folder}"
    run([*control, "-m", "immediate", "stop"])
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request, tmp_path):
    """The URL of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'learnseal.sqlite'}"
        return
    server = request.getfixturevalue("postgres")
    name = f"t{os.urandom(6).hex()}"
    control = session.engine(server)
    with control.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield server.replace("/postgres?", f"/{name}?")
    with control.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    control.dispose()


@pytest.fixture
def engine(database_url):
    """A migrated database of each kind."""
    made = session.engine(database_url)
    migrations.upgrade(made)
    yield made
    made.dispose()


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


@pytest.fixture
def alliance(instance):
    """The alliance of the examples and its three members."""
    return establish_alliance(instance, EXAMPLES / "alliance.yaml")


@pytest.fixture
def achievements(instance, alliance):
    """The four micro-credentials of the examples, by name."""
    entries = [read_achievement(path) for path in achievement_files(EXAMPLES / "achievements")]
    with session.unit_of_work(instance.engine) as connection:
        kept = import_achievements(instance, connection, entries)
    return {version.key: version for version in kept}


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
