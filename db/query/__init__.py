"""The one query language: what the user types → tree → a bound SQL condition. Imports no SQLAlchemy."""
