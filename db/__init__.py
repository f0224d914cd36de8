"""The store of Cockpit: tables, journal, reads and the query language. Knows nothing of ``cockpit``."""
