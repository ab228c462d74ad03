"""The formats of lists; apart from their writing, so that a command can name them without loading it."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

Format = Literal["table", "json", "csv"]
StreamFormat = Literal["table", "json", "csv", "ndjson"]
Rows = Sequence[Mapping[str, Any]]


def printable(text: str) -> str:
    """The text without control codes, which could drive a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
