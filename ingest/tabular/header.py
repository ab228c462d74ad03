"""Finds the header among the first rows of a table and proposes what its columns hold."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from ingest.tabular.columns import columns_of, proposed
from ingest.tabular.grid import Grid
from ingest.tabular.mapping import TableMapping, recognised
from ingest.tabular.roles import role_of
from ingest.tabular.text import Problem
from ingest.tabular.words import key_of
from kg.errors import DataError

LOOKED_AT = 30
"""Rows from the top among which the header is looked for."""


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
    if mapping.header:  # of a layout that ships some columns may be missing
        mapping = mapping.with_columns({key_of(cell) for _, cells in top for cell in cells})
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


def _proposed(grid: Grid, top: Sequence[tuple[int, list[str]]]) -> Header:
    for position, (line, cells) in enumerate(top):
        below = [row for _, row in top[position + 1 :]]
        if below and _is_header_too(below[0], len(cells)):
            names = _named(_joined(cells, below[0]))
            if mapping := proposed(columns_of(names, below[1:])):
                return Header(top[position + 1][0], names, mapping, proposed=True)
        names = _named(cells)
        if mapping := proposed(columns_of(names, below)):
            return Header(line, names, mapping, proposed=True)
    raise DataError(_not_understood(grid.path.name, top[0]))


def _is_header_too(cells: Sequence[str], width: int) -> bool:
    """Whether a row below a header is one more: every filled cell is a word of headers and no name."""
    filled = [cell for cell in cells if cell.strip()]
    roles = [role_of(cell) for cell in filled]
    attributes = sum(role.role not in {"place", "both", ""} or role.named for role in roles)
    clear = all(role.role and role.clear for role in roles)
    return len(filled) > 1 and len(cells) <= width + 1 and clear and attributes * 2 > len(filled)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Two header rows as one; what stands in the upper row holds for the columns to its right that are empty there."""
    names: list[str] = []
    over = ""
    for position in range(max(len(upper), len(lower))):
        above = upper[position].strip() if position < len(upper) else ""
        over = above or over
        below = lower[position].strip() if position < len(lower) else ""
        names.append(f"{over} {below}".strip() if below else over)
    return names


def _not_understood(file: str, first: tuple[int, list[str]]) -> str:
    line, cells = first
    understood = [f"{name!r} as {role.role}" for name in _named(cells)[:8] if (role := role_of(name)).role]
    return (
        f"{file}, line {line}: no header names the columns of two places (the first row is: {', '.join(_named(cells)[:8])[:200]};"
        f" understood: {', '.join(understood)[:120] or 'nothing'}); name them in a mapping and give it by"
        " --option mapping=FILE.toml"
    )
