"""Limits that the help of commands names and the store keeps."""

MAX_ROWS = 10_000
"""Rows of one answer, at the most."""
