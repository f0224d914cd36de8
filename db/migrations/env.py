"""Alembic looks for this file; ``db.migrations`` configures and runs the environment itself."""
