"""Cockpit: a keyboard workplace for pooled customer success managers."""

__version__ = "0.1.0"
