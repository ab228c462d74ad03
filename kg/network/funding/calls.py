"""When money can be had: a programme's calls and its rhythm, and what they say on a day.

A call that somebody published has dates and is *open* or not. A rhythm only lets *expect* the next one: what was called every
year is likely to be called again, and nobody has promised it.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from kg.model.dates import parse_date

Rhythm = Literal["annual", "biennial", "triennial", "rolling", "irregular", "once", "unknown"]
State = Literal["open", "rolling", "expected", "closed", "ended", "unknown"]
By = Literal["call", "announced", "rolling", "days", "rhythm", "period", "silence", "over", "opened", "nothing"]

STATES: tuple[State, ...] = ("open", "rolling", "expected", "unknown", "closed", "ended")
"""The nearest money first."""
YEARS: dict[Rhythm, int] = {"annual": 1, "biennial": 2, "triennial": 3}
OBTAINABLE: frozenset[State] = frozenset({"open", "rolling", "expected"})
"""What counts as money that can still be had."""
# One round may have passed without our seeing it; a rhythm that missed two is none.
_ROUNDS_MISSED = 1


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a date was read (an address) and on which day."""

    url: str
    on: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call as published: when it opens and closes (dates of the precision stated, empty where nobody says)."""

    name: str
    opens: str
    closes: str
    seen: Seen

    def is_open(self, day: dt.date) -> bool:
        """Whether applications are taken on a day; without a day of opening, from the day on which the call was seen."""
        return bool(self.closes) and _first(self.opens or self.seen.on) <= day <= _last(self.closes)

    def is_over(self, day: dt.date) -> bool:
        """Whether its last day has passed; where nobody says which that is, a year after it opened."""
        return (_last(self.closes) if self.closes else _a_year_on(_last(self.opens))) < day

    @property
    def due(self) -> dt.date:
        """The day from which the next round is counted: its last one, else that of its opening."""
        return _last(self.closes or self.opens)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is known of a programme's dates."""

    rhythm: Rhythm
    rhythm_seen: Seen
    checked: str
    """The day on which somebody last looked for calls and rules."""
    calls: tuple[Call, ...] = ()
    days: tuple[str, ...] = ()
    """Days of every year (``03-31``) by which applications are due, …"""
    days_seen: Seen | None = None
    """… and where they were read."""
    ends: str = ""
    """The last day on which a call may close: the end of the programme or of its period, …"""
    ends_seen: Seen | None = None
    """… and where it was read."""
    portal: str = ""
    """The identifier of its calls at the EU's portal, ``*`` in the place of the year."""


@dataclass(frozen=True, slots=True)
class When:
    """What the calendar says on a day; ``date`` is when an open call closes or the next one is due, as exactly as known."""

    state: State
    by: By
    date: str = ""
    call: Call | None = None
    """The call that the state rests on: the open or announced one, else the last that is known."""
    unchecked: bool = False
    """Nobody has looked for a year."""

    @property
    def obtainable(self) -> bool:
        """Whether there is money to be had or to be expected."""
        return self.state in OBTAINABLE


def when(calendar: Calendar, day: dt.date) -> When:
    """What the calendar says on a day.

    Published dates come first, then standing offers, then fixed days of the year, and a rhythm last.
    """
    return _when(calendar, day, _a_year_on(_last(calendar.checked)) < day)


def _when(calendar: Calendar, day: dt.date, unchecked: bool) -> When:
    last = last_call(calendar.calls, day)
    if calendar.ends and _last(calendar.ends) < day:
        return When("ended", "period", calendar.ends, last, unchecked)
    if open_ := min((c for c in calendar.calls if c.is_open(day)), key=lambda c: c.closes, default=None):
        return When("open", "call", open_.closes, open_, unchecked)
    if next_ := min((c for c in calendar.calls if c.opens and _first(c.opens) > day), key=lambda c: c.opens, default=None):
        return When("expected", "announced", next_.opens, next_, unchecked)
    if calendar.rhythm == "once" and last and last.closes:
        return When("ended", "over", last.closes, last, unchecked)
    return _by_rhythm(calendar, day, last, unchecked)


def _by_rhythm(calendar: Calendar, day: dt.date, last: Call | None, unchecked: bool) -> When:
    due = _next_day(calendar.days, day)
    if calendar.rhythm == "rolling":
        return When("rolling", "rolling", due, last, unchecked)
    if due and not _after_end(calendar, due):
        return When("expected", "days", due, last, unchecked)
    expected = _next_round(calendar, day)
    if expected and not _after_end(calendar, expected):
        return When("expected", "rhythm", expected, last, unchecked)
    if begun := _begun(calendar.calls, last, day):
        return When("unknown", "opened", begun.opens, begun, unchecked)
    if last is None:
        return When("unknown", "nothing", "", None, unchecked)
    return When("closed", "period" if expected or due else "silence", last.closes, last, unchecked)


def _begun(calls: Iterable[Call], last: Call | None, day: dt.date) -> Call | None:
    """The newest call, when it has opened and nobody says when it closes."""
    opened = [call for call in calls if call.opens and not call.closes and _first(call.opens) <= day]
    newest = max(opened, key=lambda call: call.due, default=None)
    return newest if newest and (last is None or last.due <= newest.due) else None


def evidence_of(calendar: Calendar, told: When) -> tuple[Seen, ...]:
    """Where that was read which the calendar says: the call's dates, the rhythm, the fixed days, the end."""
    call = told.call.seen if told.call else None
    seen: dict[By, tuple[Seen | None, ...]] = {
        "rolling": (calendar.rhythm_seen, calendar.days_seen), "days": (calendar.days_seen,),
        "rhythm": (call, calendar.rhythm_seen), "period": (calendar.ends_seen, call),
    }  # fmt: skip
    return tuple(dict.fromkeys(each for each in seen.get(told.by, (call,)) if each))


def last_call(calls: Iterable[Call], day: dt.date) -> Call | None:
    """The call that closed last before a day."""
    return max((call for call in calls if call.is_over(day)), key=lambda call: call.due, default=None)


def _next_round(calendar: Calendar, day: dt.date) -> str:
    """The month in which the next round is due after the last known one; empty when too many were missed."""
    years = YEARS.get(calendar.rhythm)
    over = [call.due for call in calendar.calls if call.is_over(day)]
    if not years or not over:
        return ""
    newest = max(over)
    rounds = [closed for closed in over if _a_year_on(closed) > newest]
    due = [(closed.year + years * n, closed.month, closed.day) for n in range(1, _ROUNDS_MISSED + 2) for closed in rounds]
    later = [date for date in due if date >= (day.year, day.month, day.day)]
    return "{:04d}-{:02d}".format(*min(later)[:2]) if later else ""


def _next_day(days: Sequence[str], day: dt.date) -> str:
    dates = (f"{year}-{each}" for year in (day.year, day.year + 1) for each in days)
    return min((date for date in dates if date >= day.isoformat()), default="")


def _after_end(calendar: Calendar, date: str) -> bool:
    return bool(calendar.ends) and _first(date) > _last(calendar.ends)


def _a_year_on(day: dt.date) -> dt.date:
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else dt.date(day.year + 1, 3, 1)


def _first(date: str) -> dt.date:
    return parse_date(date).first_day


def _last(date: str) -> dt.date:
    return parse_date(date).last_day
