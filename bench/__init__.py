"""Figures of this machine, side by side; asserts nothing. ``python -m bench --help``."""
