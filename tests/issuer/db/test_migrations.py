import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from issuer.db import migrations, session
from issuer.db.tables import metadata
from issuer.errors import DatabaseOutdated


def test_the_migrations_make_exactly_the_tables(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_migrating_twice_changes_nothing(engine):
    migrations.upgrade(engine)
    migrations.require_current(engine)


def test_an_unmigrated_database_is_named_with_the_remedy(tmp_path):
    empty = session.engine(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    with pytest.raises(DatabaseOutdated, match="learnseal migrate"):
        migrations.require_current(empty)
    empty.dispose()
