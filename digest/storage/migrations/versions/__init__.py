"""The archive's schema, step by step; Alembic runs these from inside the package."""
