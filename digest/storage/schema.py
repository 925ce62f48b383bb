"""The tables of the archive as they are today, in types that SQLite and PostgreSQL share."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

# The newest migration: an archive stamped so is opened without loading Alembic (0.2 s a command).
HEAD = "0001"

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite numbers rows only by INTEGER


class Instant(TypeDecorator[datetime]):
    """An instant, aware on the outside, UTC inside; SQLite keeps no zone, so it is given back here."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """A naive datetime is a mistake of ours: ValueError rather than a guessed zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The stored instant, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default=sa.text(f"'{default}'"))


def _number(name: str, default: int = 0) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default=sa.text(str(default)))


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON, nullable=False)


def _when(name: str, *, needed: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, Instant, nullable=not needed)


def _ref(name: str, target: str, *, key: bool = False, cascade: bool = False) -> sa.Column[int]:
    key_of = sa.ForeignKey(target, ondelete="CASCADE" if cascade else None)
    return sa.Column(name, key_of, primary_key=key, nullable=False, autoincrement=False)


counters = sa.Table(
    "counters",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)


# Partial: in an archive of a million these hold the few articles that wait.
def _waiting(column: str) -> sa.Index:
    # PostgreSQL's condition stands in the migration alone: naming it here loads that dialect, 0.1 s a command.
    return sa.Index(f"ix_articles_{column}", "id", sqlite_where=sa.text(f"{column} = 1"))


# Narrow on purpose: lists, dates and stories are read without touching the texts.
articles = sa.Table(
    "articles",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("url", sa.Text, nullable=False, unique=True),
    sa.Column("source", sa.Text, nullable=False, index=True),
    sa.Column("outlet", sa.Text, nullable=False),
    sa.Column("collected", Instant, nullable=False, index=True),
    sa.Column("story", Id, nullable=True, index=True),
    sa.Column("changed", sa.BigInteger, nullable=False, index=True),
    sa.Column("dated", Instant, nullable=False, index=True),  # published, or else first collected
    _number("revision", 1),
    _text("content_hash"),
    _text("text", "full"),
    _when("fetched", needed=True),
    _text("etag"),
    _text("last_modified"),
    _number("tries"),
    sa.Column("next_try", Instant, nullable=True, index=True),
    sa.Column("needs_tags", sa.Boolean, nullable=False),  # the newest revision has not been tagged yet
    sa.Column("needs_story", sa.Boolean, nullable=False),  # … nor compared with other articles
    _text("state", "live"),
    _text("state_reason"),
    _when("state_since"),
    sa.Index(None, "outlet", "dated"),
    _waiting("needs_tags"),
    _waiting("needs_story"),
    sqlite_autoincrement=True,  # an id is never given twice: editions and links name it
)

revisions = sa.Table(
    "revisions",
    metadata,
    _ref("article", "articles.id", key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("title", sa.Text, nullable=False),
    _text("dateline"),
    _text("lead"),
    _json("paragraphs"),
    _json("captions"),
    _text("author"),
    _when("published"),
    _text("published_raw"),
    _json("flags"),
    _when("fetched", needed=True),
    _text("text", "full"),
    _text("reason"),
)

pages = sa.Table(
    "pages",
    metadata,
    _ref("article", "articles.id", key=True),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("html", sa.LargeBinary, nullable=False),
)

taggings = sa.Table(
    "taggings",
    metadata,
    _ref("article", "articles.id", key=True),
    sa.Column("topic", sa.Text, primary_key=True),
    sa.Column("by", sa.Text, primary_key=True),  # rule | editor
    sa.Column("present", sa.Boolean, nullable=False),  # false: an editor took the topic off
    sa.Column("score", sa.Float, nullable=False),
    _text("why"),
    _text("who"),
    _when("decided"),
    sa.Index(None, "topic", "by"),
)

signatures = sa.Table(
    "signatures",
    metadata,
    _ref("article", "articles.id", key=True),
    sa.Column("sketch", sa.LargeBinary, nullable=False),
)

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _text("etag"),
    _text("last_modified"),
    _text("body_hash"),
    _text("redirected_to"),
    _when("last_try"),
    _when("last_success"),
    _when("last_new"),
    _number("failures"),
    _text("reason"),
    _json("new_dates"),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("started", Instant, nullable=False, index=True),
    _when("finished"),
    sa.Column("code", sa.Integer, nullable=True),
    _json("report"),
)

editions = sa.Table(
    "editions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("bulletin", sa.Text, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    _number("slip"),  # 0, or the how-manieth correction slip of that number
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("first", sa.Date, nullable=False),
    sa.Column("last", sa.Date, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("text_sha256", sa.Text, nullable=False),
    sa.Column("approved", Instant, nullable=False, index=True),
    _text("approved_by"),
    _number("articles"),
    _number("minutes"),
    sa.Column("corrects", sa.Text, sa.ForeignKey("editions.id"), nullable=True),
    sa.Column("sealed", sa.Boolean, nullable=False),  # from then on nothing of it changes
    sa.UniqueConstraint("bulletin", "year", "number", "slip"),
)

edition_pins = sa.Table(
    "edition_pins",
    metadata,
    sa.Column("edition", sa.Text, sa.ForeignKey("editions.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("article", Id, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["article", "revision"], ["revisions.article", "revisions.number"]),
    sa.Index(None, "article", "revision"),
)

edition_files = sa.Table(
    "edition_files",
    metadata,
    sa.Column("edition", sa.Text, sa.ForeignKey("editions.id"), primary_key=True),
    sa.Column("format", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

dispatches = sa.Table(
    "dispatches",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("edition", sa.Text, sa.ForeignKey("editions.id"), nullable=False),
    sa.Column("center", sa.Text, nullable=False),
    _when("created", needed=True),
    _text("subject"),
    sa.UniqueConstraint("edition", "center"),
)

# A recipient is a keyed hash here, never an address.
deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    _ref("dispatch", "dispatches.id"),
    sa.Column("recipient", sa.Text, nullable=False, index=True),
    _text("state", "planned"),
    _number("tries"),
    _when("not_before"),
    _when("tried"),
    _when("changed", needed=True),
    _text("detail"),
    sa.Column("message_id", sa.Text, nullable=False, index=True),
    sa.UniqueConstraint("dispatch", "recipient"),
    sa.Index(None, "dispatch", "state"),
    sa.Index(None, "tried"),
)

suppressions = sa.Table(
    "suppressions",
    metadata,
    sa.Column("recipient", sa.Text, primary_key=True),
    _text("reason"),
    _when("since", needed=True),
)

bounces = sa.Table(
    "bounces",
    metadata,
    sa.Column("recipient", sa.Text, primary_key=True),
    sa.Column("message_id", sa.Text, primary_key=True),
    sa.Column("hard", sa.Boolean, nullable=False),
    _text("detail"),
    _when("seen", needed=True),
)

searches = sa.Table(
    "searches",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("query", sa.Text, nullable=False),
    _json("filters"),
    _when("created", needed=True),
    _text("created_by"),
    sa.Column("seen", sa.BigInteger, nullable=False),  # articles.id up to which it has told
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("login", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),  # editor | approver | center | admin
    _text("center"),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    _number("failures"),
    _when("locked_until"),
    _when("created", needed=True),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column("login", sa.Text, sa.ForeignKey("users.login"), nullable=False, index=True),
    _when("created", needed=True),
    _when("seen", needed=True),
    sa.Column("expires", Instant, nullable=False, index=True),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    _text("subject"),
    _json("detail"),
)
