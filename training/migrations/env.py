"""How alembic reaches the database: by the connection that `training.schema` hands in."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON

from training.db import Instant
from training.schema import metadata


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Name our own types by their name, and leave the others to alembic."""
    if kind == "type" and isinstance(item, JSON):
        return "db.Document"
    if kind == "type" and isinstance(item, Instant):
        return "db.Instant()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata(),
    render_as_batch=True,
    compare_type=True,
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()
