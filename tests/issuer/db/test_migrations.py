import importlib
import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from issuer.db import migrations, session
from issuer.db.tables import metadata
from issuer.errors import DatabaseOutdated


def test_the_migrations_make_exactly_the_tables(engine):
    for script in Path(session.__file__).parent.glob("*tables.py"):
        importlib.import_module(f"issuer.db.{script.stem}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_migrating_twice_changes_nothing(engine):
    migrations.upgrade(engine)
    migrations.require_current(engine)


def test_the_newest_version_is_the_one_alembic_names():
    config = Config()
    config.set_main_option("script_location", str(migrations.SCRIPTS))
    assert migrations.head() == ScriptDirectory.from_config(config).get_current_head()


def test_a_database_of_another_version_is_named_with_the_remedy(tmp_path):
    other = session.engine(f"sqlite:///{tmp_path / 'other.sqlite'}")
    migrations.upgrade(other)
    with session.unit_of_work(other) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(DatabaseOutdated, match="version 0000, this program needs"):
        migrations.require_current(other)
    other.dispose()


def test_an_unmigrated_database_is_named_with_the_remedy(tmp_path):
    empty = session.engine(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    with pytest.raises(DatabaseOutdated, match="learnseal migrate"):
        migrations.require_current(empty)
    empty.dispose()


def test_the_first_schema_is_frozen():
    """A migration that looks at today's tables would make another schema tomorrow."""
    for script in Path(migrations.__file__).parent.glob("versions/*.py"):
        assert not re.search(r"issuer\.db\.\w*tables|metadata", script.read_text()), script.name
