"""Dates with the precision their source gives: a year, a month or a day.

Written as reduced-precision ISO 8601 (``1950``, ``2022-10``, ``2022-10-21``), which sorts as text, reads well in
plain Cypher and never pretends to a first of January that nobody stated.
"""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

Precision = Literal["year", "month", "day"]

_PATTERN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
# No partnership between municipalities of today is older; Paderborn and Le Mans (836) is the one that claims to be.
EARLIEST_YEAR = 800
LATEST_YEAR = 2100


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date of year, month or day precision; ordered by first possible day, the coarser one first."""

    year: int
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        parts = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part)]
        return "-".join(parts)

    @property
    def precision(self) -> Precision:
        """How much of the date is known."""
        return "day" if self.day else "month" if self.month else "year"

    @property
    def first_day(self) -> dt.date:
        """The earliest day the date can mean."""
        return dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> dt.date:
        """The latest day the date can mean."""
        month = self.month or 12
        return dt.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def allows(self, other: "PartialDate") -> bool:
        """Whether both dates can mean the same day (``1950`` and ``1950-05-31`` can, ``1950`` and ``1962`` cannot)."""
        mine, theirs = (self.year, self.month, self.day), (other.year, other.month, other.day)
        return all(a == b or 0 in (a, b) for a, b in zip(mine, theirs, strict=True))


def parse_date(text: str) -> PartialDate:
    """Read ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.

    Raises:
        ValueError: with a sentence, when the text is no such date or lies outside 800-2100.
    """
    match = _PATTERN.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a date: write 1950, 2022-10 or 2022-10-21")
    year, month, day = (int(part or 0) for part in match.groups())
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f"the year {year} is outside {EARLIEST_YEAR}-{LATEST_YEAR}")
    try:
        dt.date(year, month or 1, day or 1)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a date of the calendar: {error}") from error
    return PartialDate(year, month, day)
