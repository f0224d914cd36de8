"""The rules: values in, decisions out. No clock, no store, no screen; only the standard library and ``db.terms``."""
