"""Any table of partnerships: CSV, TSV, XLSX or ODS, read by a mapping."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from ingest.places.described import Places
from ingest.places.resolver import Resolver
from ingest.rows import Ignore, Row
from ingest.run.protocol import Opened, Request
from ingest.tabular import confirm, judge
from ingest.tabular.grid import Grid, open_grid
from ingest.tabular.header import Header, find_header
from ingest.tabular.mapping import TableMapping, mapping_of
from ingest.tabular.pairs import ListContext, Notes, claims_of
from ingest.tabular.partners import Partners
from ingest.tabular.spread import BELOW, Spread
from ingest.tabular.words import key_of
from kg.errors import KgError
from kg.model.claims import Claim, Source
from kg.model.identity import slug

_OF_THE_LIST = ("title", "publisher", "url", "licence", "published")


@dataclass(frozen=True, slots=True)
class OpenList:
    """The open file with what its columns mean."""

    grid: Grid
    header: Header
    context: ListContext


def open_source(request: Request) -> Opened[OpenList]:
    """Find format, encoding, header and mapping; ask about a mapping that is only proposed."""
    path = request.the_file()
    grid = open_grid(path, request.options)
    named = request.options.get("mapping", "")
    header = find_header(grid, mapping_of(named) if named else None)
    mapping = _adjusted(header.mapping, request.options)
    source, dataset = _source(path, header, mapping, request)
    table = OpenList(grid, header, ListContext(mapping, source, dataset, request.today))
    notes = (*grid.notes, confirm.described(header))
    unknown = unknown_columns(header.columns, mapping, request)
    opened = Opened(dataset, (source,), request, table, unknown, notes, table.context.notes.told)
    if header.proposed:
        _confirm(opened)
    return opened


def read(opened: Opened[OpenList]) -> Iterator[Row]:
    """Give one row for each pair; a line of the file with several partners gives several rows."""
    table = opened.data
    resolver = Resolver.open(opened.request.settings)
    with closing(resolver.gazetteer):
        spread = Spread(table.grid.path.name, table.header, table.context.mapping, Partners(resolver))
        for line, cells in table.grid.rows():
            if line > table.header.line:
                yield from spread.rows(line, cells)


def to_claims(row: Row, opened: Opened[OpenList], places: Places) -> Sequence[Claim]:
    """Make the claims of one pair."""
    if note := row.values.get(BELOW):
        raise Ignore(f"a total or a note below the table: {note}")
    if _is_header(row.values):
        raise Ignore("repeated header")
    return claims_of(row.values, opened.data.context, places)


# --- Opening ------------------------------------------------------------------------------------------------------------


def unknown_columns(columns: Sequence[str], mapping: TableMapping, request: Request) -> tuple[str, ...]:
    """Columns that are neither used nor ignored by name."""
    known = {key_of(c) for c in (*mapping.columns, *mapping.ignored, *request.descriptor.ignored_columns)}
    return tuple(c for c in columns if key_of(c) not in known and c not in mapping.columns)


def _adjusted(mapping: TableMapping, options: Mapping[str, str]) -> TableMapping:
    changes: dict[str, Any] = {name: options[name] for name in _OF_THE_LIST if name in options}
    changes |= {name: int(options[name]) for name in ("trust", "earliest") if name in options}
    return mapping.model_copy(update=changes)


def _source(path: Path, header: Header, mapping: TableMapping, request: Request) -> tuple[Source, str]:
    own = slug(path.stem)
    dataset = request.options.get("dataset") or f"table-{own if header.proposed else mapping.name}"
    source = Source(
        id=f"src:{'table-' + own if header.proposed else mapping.name}",
        title=mapping.title or path.stem, publisher=mapping.publisher, url=mapping.url, licence=mapping.licence,
        published=mapping.published, retrieved=mapping.retrieved, kind=mapping.source_kind, trust=mapping.trust,
    ).read_on(request.today)  # fmt: skip
    return source, slug(dataset)


def _confirm(opened: Opened[OpenList]) -> None:
    """Judge a proposal by its first rows, then show some of them and ask, unless the answer is given already."""
    table, resolver = opened.data, Resolver.open(opened.request.settings)
    trial = replace(opened, data=replace(table, context=replace(table.context, notes=Notes())))
    with closing(resolver.gazetteer):
        places, rows = Places(resolver), list(islice(read(trial), judge.ROWS))
        judge.refuse(table.grid.path.name, table.header, judge.judge(rows, trial.data.context, places))
        if not opened.request.options.get("yes"):
            shown = [_told(row, trial, places) for row in rows[: confirm.SHOWN]]
            confirm.agree(table.grid.path.name, table.header, shown)


def _told(row: Row, opened: Opened[OpenList], places: Places) -> str:
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
