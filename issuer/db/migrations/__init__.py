"""Bring a database to the schema of this program, or tell that it is not there.

Shape: Alembic scripts in ``versions``; they ship inside the package.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from issuer.errors import DatabaseOutdated

__all__ = ["require_current", "upgrade"]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def upgrade(engine: Engine) -> None:
    """Create the tables, or bring them up to date; harmless when they are."""
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def require_current(engine: Engine) -> None:
    """Return when the database fits this program.

    Raises:
        DatabaseOutdated: it was never migrated, or by another version.
    """
    head = ScriptDirectory.from_config(_config()).get_current_head()
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != head:
        raise DatabaseOutdated(
            f"the database is at version {found or 'none'}, this program needs {head}: "
            "run `learnseal migrate`"
        )
