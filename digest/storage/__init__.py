"""The archive: articles and all that is kept of them, in SQLite or PostgreSQL; the truth of a workspace."""
