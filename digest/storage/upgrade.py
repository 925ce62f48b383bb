"""Bringing an archive's schema up to this program's, in one transaction; a newer archive is refused."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from digest.errors import StorageError
from digest.storage.schema import HEAD
from digest.wording import _

MIGRATIONS = Path(__file__).with_name("migrations")


def stamp(conn: Connection) -> str | None:
    """The migration that the archive stands at, None for an empty database."""
    if not sa.inspect(conn).has_table("alembic_version"):
        return None
    return conn.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def bring_up(conn: Connection) -> None:
    """Runs what migrations are missing; the caller's transaction makes it all or nothing."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = conn
    at = stamp(conn)
    if at is not None and at not in {
        step.revision for step in ScriptDirectory.from_config(config).walk_revisions()
    }:
        raise newer(at)
    command.upgrade(config, HEAD)


def newer(at: str) -> StorageError:
    """What to say of an archive that a newer program has made."""
    return StorageError(
        _(
            "Kho bài này do một bản digest mới hơn tạo ra (lược đồ {at}, bản này biết đến {head})",
            at=at,
            head=HEAD,
        ),
        fix=_("Hãy nâng cấp digest rồi chạy lại; kho bài còn nguyên, chưa có gì bị sửa"),
    )
