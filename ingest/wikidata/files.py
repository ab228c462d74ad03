"""Saved results of a SPARQL query about partnerships (JSON, CSV, TSV), and plain pairs of QIDs with a file of names.

Columns of a saved result: ``item`` and ``partner`` (both needed), ``statement``, ``since``, ``until``, ``references``, ``url``,
and for each of the two ends, here for ``item``: ``itemLabel`` or ``itemLabel_de|en|fr|it``, ``itemAliases``, ``itemCoordinates``
(``Point(lon lat)``), ``itemCountry`` (ISO code or name), ``itemPopulation``, ``itemGeonames``. Where a cell holds several values
they are separated by ``|``.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ingest.files import head_of
from ingest.rows import Row
from ingest.strict_json import json_of
from ingest.tabular.encoding import encoding_of
from ingest.tabular.grid import open_grid
from ingest.tabular.text import Problem
from ingest.wikidata.items import LANGUAGES, SEPARATOR, Item, described
from kg.errors import DataError
from kg.model.text import plain_text

MAX_JSON = 512 * 2**20
ENDS = ("item", "partner")
_FIELDS = {
    "Aliases": "alias", "Coordinates": "coordinates", "Country": "country", "Population": "population", "Geonames": "geonames",
}  # fmt: skip
_LABELS = {"Label": "", **{f"Label_{language}": language for language in LANGUAGES}}
COLUMNS = frozenset({*ENDS, "statement", "since", "until", "references", "url", "number"}) | {
    end + rest for end in ENDS for rest in (*_FIELDS, *_LABELS)
}
_QID = re.compile(r"Q[1-9]\d{0,11}")
_TERM = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@[\w-]+|\^\^\S+)?')
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r"}
Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved result that can be read from its beginning as often as needed."""

    path: Path
    columns: tuple[str, ...]
    notes: tuple[str, ...] = ()


def open_saved(path: Path) -> Saved:
    """Find the columns.

    Raises:
        UsageError: there is no such file.
        DataError: it is no result, or lacks the columns ``item`` and ``partner``.
    """
    head_of(path)
    columns, notes = _header(path)
    missing = [end for end in ENDS if end not in columns]
    if missing:
        raise DataError(
            f"{path.name}, line 1: there is no column {missing[0]!r}; name the items ?item and ?partner in the query, or give two"
            " files, pairs of QIDs and their names"
        )
    twice = [column for column, count in Counter(columns).items() if count > 1]
    if twice:
        raise DataError(f"{path.name}, line 1: the column {twice[0]!r} stands there twice; keep one of them")
    return Saved(path, columns, notes)


def saved_rows(saved: Saved) -> Iterator[Row]:
    """The rows; of JSON the line is the number of the result."""
    for line, cells in _rows(saved.path):
        if isinstance(cells, str):
            yield Row(saved.path.name, line, {}, cells)
        else:
            yield Row(saved.path.name, line, cells)


def item_in(values: Mapping[str, Any], end: str, qid: str) -> Item:
    """What a row says of the item at one of its ends."""
    names = {language or "en": values[end + label] for label, language in _LABELS.items() if values.get(end + label)}
    fields = {field: [v.strip() for v in values[end + c].split(SEPARATOR)] for c, field in _FIELDS.items() if values.get(end + c)}
    return described(qid, fields, {language: " ".join(name.split()) for language, name in names.items()})


def _kind(path: Path) -> str:
    suffix = path.suffix.lower()
    return suffix if suffix in {".json", ".srj", ".tsv"} else ".csv"


def _header(path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    kind = _kind(path)
    if kind in {".json", ".srj"}:
        return tuple(dict.fromkeys(name for _, cells in _json_rows(path) for name in cells)) or ENDS, ()
    if kind == ".tsv":
        _, first = next(tab_rows(path), (0, list[str]()))
        return tuple(name.lstrip("?") for name in first), ()
    grid = open_grid(path, {"delimiter": ","})
    _, first = next(grid.rows(), (0, list[str]()))
    return (tuple(first), grid.notes) if not isinstance(first, Problem) else ((), ())


def _rows(path: Path) -> Iterator[tuple[int, Cells | str]]:
    kind = _kind(path)
    if kind in {".json", ".srj"}:
        yield from _json_rows(path)
        return
    rows = tab_rows(path) if kind == ".tsv" else open_grid(path, {"delimiter": ","}).rows()
    columns: list[str] = []
    for line, cells in rows:
        if isinstance(cells, Problem):
            yield line, str(cells)
        elif not columns:
            columns = [name.lstrip("?") for name in cells]
        elif len(cells) != len(columns):
            yield line, f"the row has {len(cells)} cells where the header has {len(columns)}"
        else:
            yield line, {c: _plain(v) if kind == ".tsv" else v.strip() for c, v in zip(columns, cells, strict=True)}


def tab_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Cells between tabs, where quotation marks mean nothing; blank lines are left out.

    Raises:
        UsageError: there is no such file.
        DataError: it is no text.
    """
    head_of(path)
    encoding = encoding_of(path)
    with path.open(encoding=encoding.name, errors="replace", newline="\n") as file:
        for line, text in enumerate(file, start=1):
            if text.strip():
                yield line, plain_text(text.rstrip("\r\n")).split("\t")


def _plain(term: str) -> str:
    """The value of an RDF term as SPARQL TSV writes it: ``<address>``, ``"text"@de``, ``"1"^^<type>`` or a bare number."""
    term = term.strip()
    if term.startswith("<") and term.endswith(">"):
        return term[1:-1]
    found = _TERM.fullmatch(term)
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), found[1]).strip() if found else term


def _json_rows(path: Path) -> Iterator[tuple[int, Cells]]:
    """Rows of a SPARQL JSON result, or of the plain list of objects that some services offer for download."""
    if path.stat().st_size > MAX_JSON:
        raise DataError(f"{path.name}: more than {MAX_JSON // 2**20} MB of JSON; save the result as CSV, read row by row")
    try:
        document = json_of(path.read_bytes())
    except DataError as error:
        raise DataError(f"{path.name}: {error}; save the result again") from error
    for number, row in enumerate(_list_of_rows(path, document), start=1):
        if not isinstance(row, dict):
            raise DataError(f"{path.name}, result {number}: it is no object with cells")
        yield number, {name: _cell(path, number, name, value) for name, value in cast(dict[str, Any], row).items()}


def _list_of_rows(path: Path, document: Any) -> list[Any]:
    found: Any = document
    if isinstance(document, dict):
        results: Any = cast(dict[str, Any], document).get("results")
        found = cast(dict[str, Any], results).get("bindings") if isinstance(results, dict) else None
    if not isinstance(found, list):
        raise DataError(f"{path.name}: this JSON is no result of a SPARQL query (it has no results.bindings)")
    return cast(list[Any], found)


def _cell(path: Path, number: int, name: str, value: Any) -> str:
    inner: Any = cast(dict[str, Any], value).get("value") if isinstance(value, dict) else value
    if inner is None or isinstance(inner, str | int | float):
        return "" if inner is None else str(inner).strip()
    raise DataError(f"{path.name}, result {number}, column {name}: the value is no text")


# --- Pairs ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PairFile:
    """A file of pairs and what its items are called."""

    path: Path
    names: Mapping[str, str]
    shared: frozenset[str]
    """Items whose name others have too."""


def open_pairs(files: tuple[Path, ...]) -> PairFile:
    """Tell the pairs from the names, whichever comes first, and read the names.

    Raises:
        DataError: neither file has pairs of QIDs, or the names cannot be read.
    """
    first, second = files
    if not _is_pairs(first):
        first, second = second, first
    if not _is_pairs(first):
        raise DataError(f"{first.name}, line 1: neither file has two QIDs a line, such as Q64<tab>Q90")
    names: dict[str, str] = {}
    for line, cells in _without_header(second):
        if len(cells) < 2 or not _QID.fullmatch(cells[0].strip()):
            raise DataError(f"{second.name}, line {line}: a QID and a name with a tab between them are needed")
        names.setdefault(cells[0].strip(), " ".join(cells[1].split()))
    times = Counter(names.values())
    return PairFile(first, names, frozenset(qid for qid, name in names.items() if times[name] > 1))


def _without_header(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines but for a first one that has words where the items are: a header."""
    for position, (line, cells) in enumerate(tab_rows(path)):
        if position or any(_QID.fullmatch(cell.strip()) for cell in cells) or len(cells) < 2:
            yield line, cells


def _is_pairs(path: Path) -> bool:
    _, cells = next(_without_header(path), (0, list[str]()))
    return len(cells) == 2 and all(_QID.fullmatch(cell.strip()) for cell in cells)


def pair_rows(pairs: PairFile) -> Iterator[Row]:
    """One row for each line."""
    for line, cells in _without_header(pairs.path):
        if len(cells) == 2:
            yield Row(pairs.path.name, line, dict(zip(ENDS, (cell.strip() for cell in cells), strict=True)))
        else:
            yield Row(pairs.path.name, line, {}, f"the line has {len(cells)} cells, not two QIDs with a tab between")
