"""Runs migrations on the connection that the engine hands over, inside its one transaction."""

from alembic import context

from digest.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
