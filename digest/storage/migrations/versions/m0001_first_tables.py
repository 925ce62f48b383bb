"""The first tables."""

import sqlalchemy as sa
from alembic import op

from digest.storage import guards

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("collected", sa.DateTime(timezone=True), nullable=False),
        sa.Column("story", ID, nullable=True),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("dated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("content_hash", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("text", sa.Text(), server_default=sa.text("'full'"), nullable=False),
        sa.Column("fetched", sa.DateTime(timezone=True), nullable=False),
        sa.Column("etag", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("last_modified", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=True),
        sa.Column("needs_tags", sa.Boolean(), nullable=False),
        sa.Column("needs_story", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'live'"), nullable=False),
        sa.Column("state_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("url", name=op.f("uq_articles_url")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_articles_changed"), "articles", ["changed"], unique=False)
    op.create_index(op.f("ix_articles_collected"), "articles", ["collected"], unique=False)
    op.create_index(op.f("ix_articles_dated"), "articles", ["dated"], unique=False)
    op.create_index(
        "ix_articles_needs_story",
        "articles",
        ["id"],
        unique=False,
        sqlite_where=sa.text("needs_story = 1"),
        postgresql_where=sa.text("needs_story"),
    )
    op.create_index(
        "ix_articles_needs_tags",
        "articles",
        ["id"],
        unique=False,
        sqlite_where=sa.text("needs_tags = 1"),
        postgresql_where=sa.text("needs_tags"),
    )
    op.create_index(op.f("ix_articles_next_try"), "articles", ["next_try"], unique=False)
    op.create_index(op.f("ix_articles_outlet_dated"), "articles", ["outlet", "dated"], unique=False)
    op.create_index(op.f("ix_articles_source"), "articles", ["source"], unique=False)
    op.create_index(op.f("ix_articles_story"), "articles", ["story"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_table(
        "bounces",
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("recipient", "message_id", name=op.f("pk_bounces")),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "editions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("bulletin", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("slip", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.Text(), nullable=False),
        sa.Column("approved", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("articles", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("minutes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("corrects", sa.Text(), nullable=True),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["corrects"], ["editions.id"], name=op.f("fk_editions_corrects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint(
            "bulletin", "year", "number", "slip", name=op.f("uq_editions_bulletin_year_number_slip")
        ),
    )
    op.create_index(op.f("ix_editions_approved"), "editions", ["approved"], unique=False)
    op.create_table(
        "runs",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index(op.f("ix_runs_started"), "runs", ["started"], unique=False)
    op.create_table(
        "searches",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("last_modified", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("body_hash", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("redirected_to", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("last_try", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_success", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_new", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("new_dates", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
    )
    op.create_table(
        "suppressions",
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("recipient", name=op.f("pk_suppressions")),
    )
    op.create_table(
        "users",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("center", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_users")),
    )
    op.create_table(
        "dispatches",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("center", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["editions.id"], name=op.f("fk_dispatches_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatches")),
        sa.UniqueConstraint("edition", "center", name=op.f("uq_dispatches_edition_center")),
    )
    op.create_table(
        "edition_files",
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["editions.id"], name=op.f("fk_edition_files_edition")),
        sa.PrimaryKeyConstraint("edition", "format", name=op.f("pk_edition_files")),
    )
    op.create_table(
        "pages",
        sa.Column("article", ID, autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("html", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name=op.f("fk_pages_article")),
        sa.PrimaryKeyConstraint("article", "revision", name=op.f("pk_pages")),
    )
    op.create_table(
        "revisions",
        sa.Column("article", ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("dateline", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("lead", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("paragraphs", sa.JSON(), nullable=False),
        sa.Column("captions", sa.JSON(), nullable=False),
        sa.Column("author", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_raw", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("fetched", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), server_default=sa.text("'full'"), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name=op.f("fk_revisions_article")),
        sa.PrimaryKeyConstraint("article", "number", name=op.f("pk_revisions")),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["login"], ["users.login"], name=op.f("fk_sessions_login")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_expires"), "sessions", ["expires"], unique=False)
    op.create_index(op.f("ix_sessions_login"), "sessions", ["login"], unique=False)
    op.create_table(
        "signatures",
        sa.Column("article", ID, autoincrement=False, nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name=op.f("fk_signatures_article")),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_signatures")),
    )
    op.create_table(
        "taggings",
        sa.Column("article", ID, autoincrement=False, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("why", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("who", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("decided", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name=op.f("fk_taggings_article")),
        sa.PrimaryKeyConstraint("article", "topic", "by", name=op.f("pk_taggings")),
    )
    op.create_index(op.f("ix_taggings_topic_by"), "taggings", ["topic", "by"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("dispatch", ID, autoincrement=False, nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'planned'"), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["dispatch"], ["dispatches.id"], name=op.f("fk_deliveries_dispatch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("dispatch", "recipient", name=op.f("uq_deliveries_dispatch_recipient")),
    )
    op.create_index(op.f("ix_deliveries_dispatch_state"), "deliveries", ["dispatch", "state"], unique=False)
    op.create_index(op.f("ix_deliveries_message_id"), "deliveries", ["message_id"], unique=False)
    op.create_index(op.f("ix_deliveries_recipient"), "deliveries", ["recipient"], unique=False)
    op.create_index(op.f("ix_deliveries_tried"), "deliveries", ["tried"], unique=False)
    op.create_table(
        "edition_pins",
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article", "revision"],
            ["revisions.article", "revisions.number"],
            name=op.f("fk_edition_pins_article_revision"),
        ),
        sa.ForeignKeyConstraint(["edition"], ["editions.id"], name=op.f("fk_edition_pins_edition")),
        sa.PrimaryKeyConstraint("edition", "position", name=op.f("pk_edition_pins")),
    )
    op.create_index(
        op.f("ix_edition_pins_article_revision"), "edition_pins", ["article", "revision"], unique=False
    )
    op.execute("INSERT INTO counters (name, value) VALUES ('changed', 0)")
    guards.create(op.get_bind())
