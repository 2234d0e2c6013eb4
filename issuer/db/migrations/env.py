"""Run by Alembic: the migrations, in the transaction `upgrade` opened."""

from alembic import context

from issuer.db.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
