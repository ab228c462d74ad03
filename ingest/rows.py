"""What every source speaks: rows with where they stand, and the two ways of not taking one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.errors import KgError


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a source with where it stands; ``line`` counts from 1, as editors show it."""

    file: str
    line: int
    values: Mapping[str, Any]
    problem: str = ""
    """Why it could not be read; then it has no values, and the runner rejects it."""

    @property
    def place(self) -> str:
        """``file:line``, for messages."""
        return f"{self.file}:{self.line}"


class Reject(KgError):
    """This row cannot be taken; the others can."""


class Ignore(KgError):
    """This row is not wanted, for a reason that is no fault."""
