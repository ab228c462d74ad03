"""Proposes which column of a table holds what, from the words of the header and from what stands in the columns."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ingest.tabular.mapping import End, TableMapping, Tie
from ingest.tabular.roles import OF_A_TIE, OF_AN_END, Role, role_of

_ITEM = re.compile(r"(?:https?://(?:www\.)?wikidata\.org/(?:wiki|entity)/)?Q[1-9]\d*")
_OWN_ID = re.compile(r"(?:gn|x|wd|iso):\S+")
_NO_NAME = re.compile(r"[\d\s.,:/+-]*|https?://\S+|\S+@\S+")
OWN_ID = "own id"
_MOST = 0.6
"""Share of the filled cells that must look alike for the column to be taken so."""
_PAIR = re.compile(r"↔|<->|\s[–—-]\s|\s/\s|\s\|\s")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, where it stands, and what its header and its cells say."""

    name: str
    position: int
    role: Role
    names: bool
    """Whether its cells can be names: most are neither numbers nor addresses nor ids."""
    pairs: bool
    """Whether most of its cells hold two places."""


def columns_of(names: Sequence[str], sample: Sequence[Sequence[str]]) -> list[Column]:
    """The columns with their roles; ``sample`` are some rows below the header."""
    found: list[Column] = []
    for position, name in enumerate(names):
        cells = [row[position].strip() for row in sample if position < len(row) and row[position].strip()]
        role = role_of(name)
        if role.role in {"id", "place", "qid", "geonames", ""} and _most(cells, _ITEM):
            role = replace(role, role="qid" if role.role or role.side else "")
        elif role.role in {"id", "place", "geonames"} and _most(cells, _OWN_ID):
            role = replace(role, role=OWN_ID)
        pairs = bool(cells) and sum(bool(_PAIR.search(cell)) for cell in cells) >= _MOST * len(cells)
        found.append(Column(name, position, role, not _most(cells, _NO_NAME), pairs))
    return found


def proposed(columns: Sequence[Column]) -> TableMapping | None:
    """The mapping that the columns suggest, or None where two places are not named."""
    columns = _with_sides_of_numbers(columns)
    places = [c for c in columns if c.role.role == "place" and c.names]
    both = next((c for c in columns if c.role.role == "both" and c.names), None)
    first, second = _two_places(places, both)
    if first and second:
        return _mapping(columns, first, second)
    return _one_column(columns, both) if both and both.pairs else None


def _most(cells: Sequence[str], pattern: re.Pattern[str]) -> bool:
    return bool(cells) and sum(bool(pattern.fullmatch(cell)) for cell in cells) >= _MOST * len(cells)


def _with_sides_of_numbers(columns: Sequence[Column]) -> list[Column]:
    """``city1, city2`` are the two sides; beside ``Partnerstadt 1 … n`` a number tells which partner."""
    counted = any(c.role.partner and c.role.number for c in columns)
    twice = Counter(c.role.number for c in columns if c.role.role == "place" and not c.role.side and c.role.number)
    if counted or set(twice) - {1, 2}:
        return list(columns)
    return [
        replace(c, role=replace(c.role, side=c.role.number, number=0)) if c.role.number in (1, 2) and not c.role.side else c
        for c in columns
    ]


def _best(columns: Iterable[Column]) -> Column | None:
    return min(columns, key=lambda c: (not c.role.named, not c.role.clear, c.role.number, c.position), default=None)


def _two_places(places: Sequence[Column], both: Column | None) -> tuple[Column | None, Column | None]:
    """A column that says its side goes before one that does not."""
    first = _best(c for c in places if c.role.side == 1)
    second = _best(c for c in places if c.role.side == 2)
    unsided = [c for c in places if not c.role.side]
    if both and not both.pairs and not second and (first or unsided):
        second = both
    if not first and not second:
        named = [c for c in unsided if c.role.named]
        chosen = named if len(named) > 1 else unsided
        return (chosen[0], chosen[1]) if len(chosen) > 1 else (None, None)
    return first or _best(unsided), second or _best(unsided)


def _mapping(columns: Sequence[Column], first: Column, second: Column) -> TableMapping:
    more = [c for c in columns if c.role.partner and c.role.role == "place" and c.names and c.role.number != second.role.number]
    numbers = list(dict.fromkeys(c.role.number for c in more)) if second.role.partner else []
    others = [c for c in columns if c not in (first, second) and c not in more]
    ends, row = _attributes([c for c in others if not numbers or c.role.number in (0, second.role.number)], first, second)
    ties = tuple(_tie(next(c for c in more if c.role.number == n), [c for c in others if c.role.number == n]) for n in numbers)
    return TableMapping(name="proposed", first=End(**ends[0]), second=End(**ends[1]), more=ties, **row)  # pyright: ignore[reportArgumentType]


def _attributes(columns: Sequence[Column], first: Column, second: Column) -> tuple[tuple[dict[str, str], ...], dict[str, str]]:
    """Of a side that is not said a column belongs to the place before it; a second country is the second place's."""
    ends = ({"place": first.name}, {"place": second.name})
    row: dict[str, str] = {}
    for column in sorted(columns, key=lambda c: (bool(c.role.side) == (c.role.role in OF_A_TIE), not c.role.clear, c.position)):
        role, side = column.role.role, column.role.side
        if role in OF_A_TIE:
            row.setdefault(role, column.name)
        elif role in OF_AN_END or role == OWN_ID:
            if not side:
                side = 2 if column.position > second.position or role in ends[0] else 1
                side = 1 if side == 2 and role in ends[1] and column.position < second.position else side
            ends[side - 1].setdefault("id" if role == OWN_ID else role, column.name)
    return ends, row


def _tie(place: Column, columns: Sequence[Column]) -> Tie:
    """A further partner of the same row, with the columns of its number."""
    end = {"place": place.name, **{c.role.role: c.name for c in reversed(columns) if c.role.role in OF_AN_END}}
    row = {c.role.role: c.name for c in reversed(columns) if c.role.role in OF_A_TIE and c.role.role != "as_of"}
    return Tie(second=End(**end), **row)


def _one_column(columns: Sequence[Column], both: Column) -> TableMapping:
    ends: tuple[dict[str, str], dict[str, str]] = ({}, {})
    row: dict[str, str] = {}
    for column in columns:
        if column.role.role in OF_A_TIE:
            row.setdefault(column.role.role, column.name)
        elif column.role.role in OF_AN_END:
            ends[(column.role.side or 2) - 1].setdefault(column.role.role, column.name)
    return TableMapping(name="proposed", both=both.name, first=End(**ends[0]), second=End(**ends[1]), **row)  # pyright: ignore[reportArgumentType]
