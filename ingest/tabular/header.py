"""Finds the header among the first rows of a table and proposes what its columns hold."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from ingest.tabular.grid import Grid
from ingest.tabular.mapping import End, TableMapping, recognised
from ingest.tabular.text import Problem
from ingest.tabular.words import key_of, role_of
from kg.errors import DataError

LOOKED_AT = 30
"""Rows from the top among which the header is looked for."""
_OF_AN_END = ("place", "country", "state", "lat", "lon", "population", "qid", "geonames")
_OF_THE_ROW = ("kind", "since", "until", "status", "as_of")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands, its columns (each name once), and the mapping that fits."""

    line: int
    columns: tuple[str, ...]
    mapping: TableMapping
    proposed: bool


def find_header(grid: Grid, mapping: TableMapping | None) -> Header:
    """The first row that the mapping fits; without one, a shipped mapping or a proposal.

    Raises:
        DataError: no row is such a header; names what is missing and the way out.
    """
    top = [(n, cells) for n, cells in islice(grid.rows(), LOOKED_AT) if not isinstance(cells, Problem)]
    if not top:
        raise DataError(f"{grid.path.name}, line 1: there is no row that can be read; see whether the file is a table")
    if mapping:
        return _by_mapping(grid, top, mapping)
    for line, cells in top:
        if found := recognised(cells):
            return _by_mapping(grid, [(line, cells)], found)
    return _proposed(grid, top)


def _by_mapping(grid: Grid, top: Sequence[tuple[int, list[str]]], mapping: TableMapping) -> Header:
    wanted = {key_of(column): column for column in mapping.columns}
    scored = [(sum(key_of(cell) in wanted for cell in set(cells)), -line, cells) for line, cells in top]
    score, line, cells = max(scored, key=lambda s: s[:2])
    columns = _named(cells)
    present = {key_of(column): column for column in reversed(columns)}
    missing = [column for key, column in wanted.items() if key not in present]
    if missing or not score:
        raise DataError(
            f"{grid.path.name}, line {-line}: the column {missing[0]!r} of the mapping {mapping.name!r} is missing, there are"
            f" {', '.join(columns[:12]) or 'none'}; correct the header or name another mapping by --option mapping=…"
        )
    twice = [column for column, n in Counter(map(key_of, cells)).items() if n > 1 and column in wanted]
    if twice and not any(f"{wanted[twice[0]]} (2)" == column for column in mapping.columns):
        raise DataError(
            f"{grid.path.name}, line {-line}: the column {wanted[twice[0]]!r} stands there twice; rename one of them,"
            f" or map the second as {wanted[twice[0]] + ' (2)'!r}"
        )
    renamed = tuple(wanted.get(key_of(column), column) for column in columns)
    return Header(-line, renamed, mapping, proposed=False)


def _named(cells: Sequence[str]) -> tuple[str, ...]:
    """Every column by a name of its own: a repeated one is counted, an empty one called by its position."""
    seen: Counter[str] = Counter()
    names: list[str] = []
    for position, cell in enumerate(cells, 1):
        name = " ".join(cell.replace("\ufeff", "").split()) or f"column {position}"
        seen[key_of(name)] += 1
        names.append(name if seen[key_of(name)] == 1 else f"{name} ({seen[key_of(name)]})")
    return tuple(names)


# --- Proposals ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Draft:
    ends: tuple[dict[str, str], dict[str, str]] = field(default_factory=lambda: ({}, {}))
    row: dict[str, str] = field(default_factory=dict[str, str])

    def take(self, column: str, role: str, side: int) -> None:
        if role in _OF_THE_ROW or role == "both":
            self.row.setdefault(role, column)
        elif role in _OF_AN_END:
            self._end(role, side).setdefault(role, column)

    def _end(self, role: str, side: int) -> dict[str, str]:
        if side:
            return self.ends[side - 1]
        # Without a word for the side the first such column belongs to the first place and the next one to the second;
        # a country after both places is the foreign one's.
        first, second = self.ends
        if role == "place":
            return second if "place" in first else first
        return second if "place" in second or role in first else first

    @property
    def complete(self) -> bool:
        return "both" in self.row or all("place" in end for end in self.ends)


def _proposed(grid: Grid, top: Sequence[tuple[int, list[str]]]) -> Header:
    for line, cells in top:
        columns = _named(cells)
        draft = _Draft()
        for column in columns:
            draft.take(column, *role_of(column.removesuffix(" (2)")))
        if draft.complete:
            return Header(line, columns, _mapping(draft), proposed=True)
    first = ", ".join(_named(top[0][1])[:8])
    raise DataError(
        f"{grid.path.name}, line {top[0][0]}: no header names the columns of two places (the first row is: {first});"
        " name them in a mapping and give it by --option mapping=FILE.toml"
    )


def _mapping(draft: _Draft) -> TableMapping:
    row = {role: column for role, column in draft.row.items() if role != "both"}
    if all("place" in end for end in draft.ends):
        first, second = (End(**end) for end in draft.ends)
        return TableMapping(name="proposed", first=first, second=second, several=(";", "\n"), **row)  # pyright: ignore[reportArgumentType]
    ends = ({role: c for role, c in end.items() if role != "place"} for end in draft.ends)
    first, second = (End(**end) for end in ends)
    return TableMapping(name="proposed", both=draft.row["both"], first=first, second=second, **row)  # pyright: ignore[reportArgumentType]
