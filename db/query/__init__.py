"""The one query language: what the user types → tree → a bound SQL condition. Imports no SQLAlchemy."""

from db.query.ast import render
from db.query.compile import Where, compile_query
from db.query.complete import Completion, complete, widened
from db.query.error import QueryError
from db.query.help import FieldHelp, field_help, value_sql
from db.query.parse import parse

__all__ = [
    "Completion",
    "FieldHelp",
    "QueryError",
    "Where",
    "compile_query",
    "complete",
    "field_help",
    "parse",
    "render",
    "value_sql",
    "widened",
]
