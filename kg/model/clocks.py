"""What holds on a day, and what was known by a day: the one place that decides it, as ``docs/claims.md`` tells it.

Two clocks run apart. ``as_of`` asks what was so on a day, ``known`` what had been published by a day; either may be None,
which asks for today and for everything.
"""

import datetime as dt
import json
from functools import lru_cache
from typing import Any, Protocol, cast

from kg.model.dates import parse_date
from kg.vocabulary import PREDICATES

OLD_YEARS = 5
"""Years after which what was said of a life is no longer shown as how it is."""
_RECORD_DATES = ("date", "population_as_of")


class ClaimLike(Protocol):
    """What a claim says about what and when; claims and what is read of them alike."""

    @property
    def predicate(self) -> str: ...  # noqa: D102
    @property
    def value(self) -> str: ...  # noqa: D102
    @property
    def qualifier(self) -> str: ...  # noqa: D102
    @property
    def as_of(self) -> str: ...  # noqa: D102
    @property
    def stated(self) -> str: ...  # noqa: D102
    @property
    def seen(self) -> str: ...  # noqa: D102


def holds(claim: ClaimLike, as_of: dt.date | None = None, known: dt.date | None = None) -> bool:
    """Whether the claim held on the day ``as_of`` and had been published by the day ``known``."""
    return was_known(claim, known) and (as_of is None or _held(claim, as_of))


def was_known(claim: ClaimLike, known: dt.date | None) -> bool:
    """Whether the claim had been published by the day; without a date of its own it is known since it was looked up."""
    if known is None:
        return True
    since = claim.stated or claim.seen
    return bool(since) and has_begun(since, known)


def time_of(claim: ClaimLike) -> str:
    """When it was so, as far as anybody says; the day of looking up stands for "at the latest"."""
    return claim.as_of or claim.stated or claim.seen


def is_dated(claim: ClaimLike) -> bool:
    """Whether the source says when it was so, be it by its own date only."""
    return bool(claim.as_of or claim.stated)


def spoken(claim: ClaimLike) -> str:
    """When its source spoke of it."""
    return claim.stated or claim.as_of or claim.seen


def has_begun(date: str, day: dt.date) -> bool:
    """Whether the first day that a date can mean has come."""
    return first_day(date) <= day


def is_over(date: str, day: dt.date) -> bool:
    """Whether the last day that a date can mean has come."""
    return last_day(date) <= day


def is_before(date: str, other: str) -> bool:
    """Whether one date lies before another one beyond doubt; 2020 does not lie before 2020-05."""
    return last_day(date) < first_day(other)


def is_old(date: str, day: dt.date) -> bool:
    """Whether all that a date can mean lies so far back that it no longer tells how things are on the day."""
    return date < f"{day.year - OLD_YEARS:04d}{day.isoformat()[4:]}"[: len(date)]


@lru_cache(65536)
def first_day(date: str) -> dt.date:
    """The first day that a date can mean."""
    return parse_date(date).first_day


@lru_cache(65536)
def last_day(date: str) -> dt.date:
    """The last day that a date can mean."""
    return parse_date(date).last_day


def _held(claim: ClaimLike, day: dt.date) -> bool:
    match PREDICATES[claim.predicate].holds_from:
        case "value":
            return has_begun(claim.value, day)
        case "end":
            return is_over(claim.value, day)
        case "joining" if claim.qualifier:
            return has_begun(claim.qualifier, day)
        case "record":
            return all(has_begun(date, day) for date in _dates_in(claim.value))
        case "always":
            return True
        case _:
            time = time_of(claim)
            return bool(time) and has_begun(time, day)


@lru_cache(4096)
def _dates_in(record: str) -> tuple[str, ...]:
    """The dates that a register's record gives for itself; records without one are spared the reading."""
    if not any(f'"{name}"' in record for name in _RECORD_DATES):
        return ()
    fields = cast(dict[str, Any], json.loads(record))
    return tuple(str(fields[name]) for name in _RECORD_DATES if fields.get(name))
