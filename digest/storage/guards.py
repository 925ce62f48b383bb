"""Triggers that keep what is frozen from changing, whoever holds the connection."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

FROZEN = "an approved edition does not change"
KEPT = "a revision with text does not change"

# table → (when it is refused, message). `sealed` is set last, in the transaction that approves.
_SEALED = "EXISTS (SELECT 1 FROM editions WHERE id = {row}.edition AND sealed)"
_RULES = (
    ("editions", "UPDATE", "OLD.sealed", FROZEN),
    ("editions", "DELETE", "OLD.sealed", FROZEN),
    ("edition_pins", "INSERT", _SEALED.format(row="NEW"), FROZEN),
    ("edition_pins", "UPDATE", _SEALED.format(row="OLD"), FROZEN),
    ("edition_pins", "DELETE", _SEALED.format(row="OLD"), FROZEN),
    ("edition_files", "INSERT", _SEALED.format(row="NEW"), FROZEN),
    ("edition_files", "UPDATE", _SEALED.format(row="OLD"), FROZEN),
    ("edition_files", "DELETE", _SEALED.format(row="OLD"), FROZEN),
    ("revisions", "UPDATE", "OLD.text = 'full'", KEPT),
)


def create(conn: Connection) -> None:
    """Makes the triggers in the dialect at hand; called by the first migration."""
    for table, event, refused, message in _RULES:
        name = f"guard_{table}_{event.lower()}"
        for statement in _statements(conn.dialect.name, name, table, event, refused, message):
            conn.execute(sa.text(statement))


def _statements(
    dialect: str, name: str, table: str, event: str, refused: str, message: str
) -> tuple[str, ...]:
    if dialect == "sqlite":
        return (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {refused} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
        )
    back = "OLD" if event == "DELETE" else "NEW"
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {refused} THEN RAISE EXCEPTION '{message}'; END IF; RETURN {back}; END $$",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )
