"""Alembic's migrations of the catalogue; shipped, and run when the service starts."""
