"""The slow lane: what the store promises under load and under faults, counted. ``python -m proof`` runs it."""
