"""The portal's last answer, kept beside a user's own rules, and what it changes in them.

``KG_HOME/funding/portal.json`` holds the calls with the day on which each was read. They take the place of the shipped calls of
the same year, because the portal is where the calls are made; what it no longer names keeps its day.
"""

import datetime as dt
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from kg.errors import DataError
from kg.model.dates import parse_date
from kg.network.funding.calls import Call
from kg.network.funding.portal import Reply, Topic
from kg.network.funding.rules import Programme, Rules

FILE = "portal.json"
_LARGEST = 2 * 2**20


@dataclass(frozen=True, slots=True)
class Change:
    """What an answer changes: a call that is new, or whose days are others than before."""

    programme: str
    what: str
    """``new`` or ``moved``."""
    call: str
    opens: str
    closes: str
    before: str
    """Its days before; empty for a new one."""


class _Topic(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    opens: str
    closes: str
    on: str

    def call(self, identifier: str) -> Call:
        for date in filter(None, (self.opens, self.closes, self.on)):
            parse_date(date)
        return Topic(identifier, self.opens, self.closes).as_call(self.on)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    asked: str
    address: str
    topics: dict[str, _Topic]


def kept_calls(folder: Path) -> dict[str, Call]:
    """The calls of the portal's last answer by identifier; none where nobody has asked yet.

    Raises:
        DataError: the file is not what was written.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError(f"more than {_LARGEST:,} bytes")
        file = _File.model_validate_json(path.read_bytes())
        return {identifier: topic.call(identifier) for identifier, topic in file.topics.items()}
    except (ValidationError, ValueError) as error:
        why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise DataError(f"{path} is not what `kg funding refresh` wrote ({why}); delete it and run that again.") from error


def keep(folder: Path, address: str, day: dt.date, reply: Reply) -> None:
    """Write an answer beside what was kept before; all or nothing."""
    known = kept_calls(folder) | {topic.identifier: topic.as_call(day.isoformat()) for topic in reply.topics}
    topics = {name: _Topic(opens=call.opens, closes=call.closes, on=call.seen.on) for name, call in sorted(known.items())}
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / f"{FILE}.{os.getpid()}"
    try:
        written.write_text(
            _File(asked=day.isoformat(), address=address, topics=topics).model_dump_json(indent=1), encoding="utf-8"
        )
        written.replace(folder / FILE)
    finally:
        written.unlink(missing_ok=True)


def with_calls(rules: Rules, calls: Mapping[str, Call]) -> Rules:
    """The rules with the portal's calls in the place of those of the same year."""
    return replace(rules, programmes=tuple(_with(rule, calls.values()) for rule in rules.programmes))


def _with(rule: Programme, calls: Iterable[Call]) -> Programme:
    theirs = {year: call for call in calls if (year := _year(rule, call.name))}
    if not theirs:
        return rule
    stayed = [call for call in rule.calendar.calls if call.name[:4] not in theirs]
    ordered = tuple(sorted((*stayed, *theirs.values()), key=lambda call: call.due))
    return replace(rule, calendar=replace(rule.calendar, calls=ordered))


def _year(rule: Programme, identifier: str) -> str:
    """The year of a call of this programme by its identifier; empty when it is none of its calls."""
    pattern = re.escape(rule.calendar.portal).replace(r"\*", r"(\d{4})")
    match = re.fullmatch(pattern, identifier) if pattern else None
    return match[1] if match else ""


def changes(programmes: Iterable[Programme], reply: Reply) -> list[Change]:
    """What an answer says otherwise than these programmes did, the next call to close first."""
    found: list[Change] = []
    for rule in programmes:
        for topic in reply.topics:
            year = _year(rule, topic.identifier)
            known = next((call for call in rule.calendar.calls if year and call.name in (year, topic.identifier)), None)
            days = (known.opens, known.closes) if known else ("", "")
            if not year or days == (topic.opens, topic.closes):
                continue
            before = " – ".join(days) if known else ""
            found.append(Change(rule.id, "moved" if known else "new", topic.identifier, topic.opens, topic.closes, before))
    return sorted(found, key=lambda each: (each.closes, each.call))
