"""Bring a database to the schema of this program, or tell that it is not there.

Shape: Alembic scripts in ``versions``; they ship inside the package. Every process asks whether the
database fits, only `migrate` changes it: the question is answered without loading Alembic (a fifth
of a second), by the names the scripts give themselves. A test compares with what Alembic says.
"""

import re
from functools import cache
from pathlib import Path

from sqlalchemy import Column, Engine, MetaData, String, Table, inspect, select

from issuer.errors import DatabaseOutdated

__all__ = ["head", "require_current", "upgrade"]

SCRIPTS = Path(__file__).parent
NAME = re.compile(r'^revision(?:: str)? = "(\w+)"', re.MULTILINE)
BEFORE = re.compile(r'^down_revision(?:: [^=]+)? = "(\w+)"', re.MULTILINE)

applied = Table("alembic_version", MetaData(), Column("version_num", String(32)))


def upgrade(engine: Engine) -> None:
    """Create the tables, or bring them up to date; harmless when they are."""
    from alembic import command  # noqa: PLC0415 - only who migrates needs it
    from alembic.config import Config  # noqa: PLC0415 - likewise

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@cache
def head() -> str:
    """Return the newest version of the schema: the script that no other one follows."""
    scripts = [path.read_text() for path in SCRIPTS.glob("versions/*.py")]
    names = {found[1] for script in scripts if (found := NAME.search(script))}
    followed = {found[1] for script in scripts if (found := BEFORE.search(script))}
    (newest,) = names - followed
    return newest


def require_current(engine: Engine) -> None:
    """Return when the database fits this program.

    Raises:
        DatabaseOutdated: it was never migrated, or by another version.
    """
    with engine.connect() as connection:
        is_there = inspect(connection).has_table(applied.name)
        found = connection.scalar(select(applied.c.version_num)) if is_there else None
    if found != head():
        raise DatabaseOutdated(
            f"the database is at version {found or 'none'}, this program needs {head()}: "
            "run `learnseal migrate`"
        )
