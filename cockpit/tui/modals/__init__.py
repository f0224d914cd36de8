"""Questions to the person: each returns a value (or None) and never writes."""
