"""Any table of partnerships: CSV, TSV, XLSX, ODS, JSON, HTML or Markdown, read by a mapping."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from ingest.lists import judge
from ingest.lists.pairs import ListContext, Notes, claims_of
from ingest.lists.partners import Partners
from ingest.lists.spread import BELOW, Spread
from ingest.places.described import Places
from ingest.places.resolver import Resolver
from ingest.rows import Ignore, Row
from ingest.run.protocol import Opened, Request
from ingest.tabular import confirm
from ingest.tabular.grid import ALL, Grid, open_grids
from ingest.tabular.header import Header, find_header
from ingest.tabular.mapping import TableMapping, mapping_of
from ingest.tabular.words import key_of
from kg.errors import DataError, KgError
from kg.model.claims import Claim, Source
from kg.model.identity import slug

_SHOWN = 20
_OF_THE_LIST = ("title", "publisher", "url", "licence", "published")


@dataclass(frozen=True, slots=True)
class OpenList:
    """One table of the file with what its columns mean."""

    name: str
    """The file, and the sheet where several are read: what rows say that they are from."""
    grid: Grid
    header: Header
    context: ListContext


Lists = dict[str, OpenList]
"""The tables that are read, by name."""


def open_source(request: Request) -> Opened[Lists]:
    """Find format, encoding, header and mapping of each table; judge and ask about a mapping that is only proposed."""
    path = request.the_file()
    grids = open_grids(path, request.options)
    every = request.options.get("sheet") == ALL
    found, notes = _headers(grids, request, every)
    source, dataset = _source(path, found[0][0], _adjusted(found[0][1].mapping, request.options), request)
    lists: Lists = {}
    for grid, header in found:
        mapping = _adjusted(header.mapping, request.options)
        name = f"{path.name}, {grid.sheet}" if every and grid.sheet else path.name
        lists[name] = OpenList(name, grid, header, ListContext(mapping, source, dataset, request.today))
        notes = (*notes, *(grid.notes if not every else ()), confirm.described(header))
    unknown = (
        column for each in lists.values() for column in unknown_columns(each.header.columns, each.context.mapping, request)
    )
    opened = Opened(dataset, (source,), request, lists, tuple(dict.fromkeys(unknown)), notes, lambda: _remarks(lists))
    _confirm(opened)
    return opened


def read(opened: Opened[Lists]) -> Iterator[Row]:
    """Give one row for each pair; a line of the file with several partners gives several rows."""
    resolver = Resolver.open(opened.request.settings)
    with closing(resolver.gazetteer):
        for table in opened.data.values():
            spread = Spread(table.name, table.header, table.context.mapping, Partners(resolver))
            for line, cells in table.grid.rows():
                if line > table.header.line:
                    yield from spread.rows(line, cells)


def to_claims(row: Row, opened: Opened[Lists], places: Places) -> Sequence[Claim]:
    """Make the claims of one pair."""
    if note := row.values.get(BELOW):
        raise Ignore(f"a total or a note below the table: {note}")
    if _is_header(row.values):
        raise Ignore("repeated header")
    return claims_of(row.values, opened.data[row.file].context, places)


# --- Opening ------------------------------------------------------------------------------------------------------------


def unknown_columns(columns: Sequence[str], mapping: TableMapping, request: Request) -> tuple[str, ...]:
    """Columns that are neither used nor ignored by name."""
    known = {key_of(c) for c in (*mapping.columns, *mapping.ignored, *request.descriptor.ignored_columns)}
    return tuple(c for c in columns if key_of(c) not in known and c not in mapping.columns)


def _adjusted(mapping: TableMapping, options: Mapping[str, str]) -> TableMapping:
    changes: dict[str, Any] = {name: options[name] for name in _OF_THE_LIST if name in options}
    changes |= {name: int(options[name]) for name in ("trust", "earliest") if name in options}
    return mapping.model_copy(update=changes)


def _headers(grids: Sequence[Grid], request: Request, every: bool) -> tuple[list[tuple[Grid, Header]], tuple[str, ...]]:
    """The tables with a header of two places and notes of the others: all of them, or the first one.

    Raises:
        DataError: none has one; what is wrong with the first.
    """
    named = request.options.get("mapping", "")
    mapping = mapping_of(named) if named else None
    found: list[tuple[Grid, Header]] = []
    notes: list[str] = []
    first: DataError | None = None
    for grid in grids:
        try:
            header = find_header(grid, mapping)
            if len(grids) > 1 and not any(line > header.line for line, _ in grid.rows()):
                raise DataError(f"{grid.sheet}: no rows stand below the header")
            found.append((grid, header))
        except DataError as error:
            first = first or error
            notes.append(f"{grid.sheet or grid.path.name} is left out: no header of it names two places")
    if not found:
        raise first or DataError(f"{grids[0].path.name}: there is no table")
    left = [grid.sheet for grid, _ in found[1:]]
    if left and not every:
        notes.append(f"not read: {', '.join(left[:_SHOWN])}; --option sheet=NAME or sheet=all")
    return (found if every else found[:1]), (*notes, *(f"{grid.sheet!r} is read" for grid, _ in found if every and grid.sheet))


def _remarks(lists: Lists) -> Iterator[str]:
    for table in lists.values():
        yield from table.context.notes.told()


def _source(path: Path, grid: Grid, mapping: TableMapping, request: Request) -> tuple[Source, str]:
    """The list as a source, and the dataset that it replaces: each file, and each sheet named, is its own."""
    sheet = request.options.get("sheet", "")
    own = slug(path.stem) + (f"-{slug(grid.sheet)}" if sheet not in {"", ALL} else "")
    dataset = slug(request.options.get("dataset") or f"table-{own}")
    source = Source(
        id=f"src:{dataset}" if dataset.startswith("table-") else f"src:table-{dataset}",
        title=mapping.title or path.stem, publisher=mapping.publisher, url=mapping.url, licence=mapping.licence,
        published=mapping.published, retrieved=mapping.retrieved, kind=mapping.source_kind, trust=mapping.trust,
    ).read_on(request.today)  # fmt: skip
    return source, dataset


def _confirm(opened: Opened[Lists]) -> None:
    """Judge each proposal by its first rows, then show some of them and ask, unless the answer is given already."""
    lists = [table for table in opened.data.values() if table.header.proposed]
    if not lists:
        return
    resolver = Resolver.open(opened.request.settings)
    with closing(resolver.gazetteer):
        for table in lists:
            trial = {table.name: replace(table, context=replace(table.context, notes=Notes()))}
            _confirm_one(table, replace(opened, data=trial), Places(resolver))


def _confirm_one(table: OpenList, trial: Opened[Lists], places: Places) -> None:
    rows = list(islice(read(trial), judge.ROWS))
    judge.refuse(table.name, table.header, judge.judge(rows, trial.data[table.name].context, places))
    if not trial.request.options.get("yes"):
        shown = [_told(row, trial, places) for row in rows[: confirm.SHOWN]]
        confirm.agree(table.name, table.header, shown)


def _told(row: Row, opened: Opened[Lists], places: Places) -> str:
    if row.problem:
        return f"line {row.line}: {row.problem}"
    try:
        claims = to_claims(row, opened, places)
    except KgError as error:
        return f"line {row.line}: {error}"
    stated = ", ".join(f"{claim.predicate} {claim.value}" for claim in claims)
    return f"line {row.line}: {claims[0].locator} = {claims[0].subject.split('|')[1]} ({stated})"


def _is_header(values: Mapping[str, str]) -> bool:
    return all(value == column or key_of(value) == key_of(column) for column, value in values.items())
