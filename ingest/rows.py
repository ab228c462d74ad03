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


@dataclass(frozen=True, slots=True)
class Question:
    """A name that a person has to settle; ``country`` is an ISO code or empty, ``candidates`` are readable, ids at their end."""

    name: str
    country: str
    reason: str
    candidates: tuple[str, ...]


class Reject(KgError):
    """This row cannot be taken; the others can."""

    def __init__(self, reason: str, question: Question | None = None) -> None:
        """Keep the ``question`` that would let the row be taken, where there is one."""
        self.question = question
        super().__init__(reason)


class Ignore(KgError):
    """This row is not wanted, for a reason that is no fault."""
