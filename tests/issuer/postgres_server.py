"""A throw-away PostgreSQL server for the store tests, and databases that are used again.

Making a database takes longer than most tests, so one migrated database serves them in turn. After
each test its rows go and its sequences start anew. A test that changed the schema (dropped a
trigger, made a table) is noticed by comparing the catalogue, and gets the database thrown away.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from issuer.db import migrations, session, tables
from tests.fast_folder import fast_folder

OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_connections": "100",
}

EMPTY = """
DO $$ DECLARE here record; BEGIN
  SET LOCAL session_replication_role = replica;  -- no trigger keeps a row back
  FOR here IN SELECT oid::regclass::text AS name, pg_relation_size(oid) AS size FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND relname <> 'alembic_version' LOOP
    IF here.size > 262144 THEN EXECUTE 'TRUNCATE ' || here.name || ' CASCADE';
    ELSIF here.size > 0 THEN EXECUTE 'DELETE FROM ' || here.name;
    END IF;
  END LOOP;
  PERFORM setval(quote_ident(sequencename), start_value, false)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""

SHAPE = """
SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
  SELECT concat_ws(' ', 'c', oid, relname, relkind, reloptions) AS part FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', 'a', attrelid, attname, atttypid, attnotnull, attnum)
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
    WHERE c.relnamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', 't', oid, tgname, tgenabled) FROM pg_trigger
  UNION ALL SELECT concat_ws(' ', 'k', oid, conname, convalidated) FROM pg_constraint
  UNION ALL SELECT concat_ws(' ', 'p', oid, md5(prosrc)) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', 'n', nspname) FROM pg_namespace
    WHERE nspname NOT LIKE 'pg_temp%' AND nspname NOT LIKE 'pg_toast%'
) AS parts
"""

OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"


def programs():
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
    found, user = programs(), _other_user()
    if found is None:
        pytest.skip(
            "no PostgreSQL server is installed here: its half of the store tests is left out"
        )
    folder = Path(tempfile.mkdtemp(prefix="pg", dir=fast_folder()))
    who = {}
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
        who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    run = partial(subprocess.run, check=True, cwd=folder, stdout=subprocess.DEVNULL, **who)
    control = [found / "pg_ctl", "-D", folder / "db", "-w"]
    run([found / "initdb", "-D", folder / "db", "-U", "learnseal", "-A", "trust", "--no-sync"])
    options = " ".join(f"-c {name}={value}" for name, value in OPTIONS.items())
    options += f" -c unix_socket_directories={folder}"
    run([*control, "-o", options, "-l", folder / "log", "start"])
    yield f"postgresql+psycopg://learnseal@/postgres?host={folder}"
    run([*control, "-m", "immediate", "stop"])
    shutil.rmtree(folder, ignore_errors=True)


def run_on(server, statement, **values):
    """Run one statement outside any transaction."""
    control = session.engine(server)
    with control.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement), values)
    control.dispose()


@pytest.fixture(scope="session")
def postgres_model(request):
    """A migrated, empty PostgreSQL database to copy from."""
    server = request.getfixturevalue("postgres")
    run_on(server, "CREATE DATABASE model")
    made = session.engine(server.replace("/postgres?", "/model?"))
    migrations.upgrade(made)
    made.dispose()
    return server


@pytest.fixture(scope="session")
def postgres_spare(postgres_model):
    """The database that tests use in turn."""
    spare = Spare(postgres_model)
    yield spare
    spare.drop()


class Spare:
    """A migrated, empty database: whoever takes it gives it back."""

    def __init__(self, server):
        self.server, self.name = server, None

    def take(self):
        """Return the address of the database; it is as after its migrations."""
        if self.name is None:
            self.name = f"t{os.urandom(6).hex()}"
            run_on(self.server, f"CREATE DATABASE {self.name} TEMPLATE model")
            self.rows, self.shape = self.look()
        return self.server.replace("/postgres?", f"/{self.name}?")

    def look(self):
        """Return the rows that a migration put there, and the shape of the schema."""
        made = session.engine(self.server.replace("/postgres?", f"/{self.name}?"))
        with made.connect() as connection:
            rows = {
                table: [dict(row) for row in connection.execute(table.select()).mappings()]
                for table in tables.metadata.sorted_tables
            }
            shape = connection.execute(text(SHAPE)).scalar_one()
        made.dispose()
        return {table: found for table, found in rows.items() if found}, shape

    def give_back(self):
        """Empty it for the next test, or drop it where its schema is another one now."""
        run_on(self.server, OTHERS, name=self.name)
        made = session.engine(self.server.replace("/postgres?", f"/{self.name}?"))
        with made.begin() as connection:
            same = connection.execute(text(SHAPE)).scalar_one() == self.shape
            if same:
                connection.exec_driver_sql(EMPTY)
                for table, rows in self.rows.items():
                    connection.execute(table.insert(), rows)
        made.dispose()
        if not same:
            self.drop()

    def drop(self):
        """Throw it away; the next test gets a new one."""
        if self.name is not None:
            run_on(self.server, f"DROP DATABASE {self.name} WITH (FORCE)")
            self.name = None
