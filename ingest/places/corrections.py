"""Corrections of single mentions, each with its reason.

``data/corrections/places.csv`` holds always; ``usual.csv`` says which of several namesakes a bare name usually means, and
holds only where neither coordinates nor a state nor an addition tell; ``items.csv`` says which place a Wikidata item is
whose label alone does not tell. A user's own ``corrections.csv`` under ``KG_HOME`` comes before all of them.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.files import head_of, is_file
from ingest.names.countries import country
from ingest.names.keys import exact
from ingest.names.tables import DATA, rows
from ingest.tabular.grid import open_grid
from ingest.tabular.text import Problem
from kg.errors import DataError
from kg.model.identity import PLACE_ID
from kg.store.private import private_folder, write_private

PATH = DATA / "corrections" / "places.csv"
ITEMS = DATA / "corrections" / "items.csv"
USUAL = DATA / "corrections" / "usual.csv"
OWN = "corrections.csv"


@dataclass(frozen=True, slots=True)
class Correction:
    """``name`` in ``country`` (an ISO code, or empty for any) means ``id``; an empty ``id`` means: reject it."""

    name: str
    country: str
    id: str
    kind: str
    reason: str


class Corrections:
    """All corrections, by exact name (case forgiven, accents not: Munster is not Münster) and country."""

    def __init__(self, items: Iterable[Correction]) -> None:
        """Index ``items``; the first of two for the same mention wins."""
        self._items: dict[tuple[str, str], Correction] = {}
        self._used: set[Correction] = set()
        for item in items:
            self._items.setdefault((exact(item.name), item.country), item)

    @classmethod
    def open(cls, path: Path = PATH) -> "Corrections":
        """Read the table."""
        table = rows(path, ("name", "country", "id", "kind", "reason"))
        return cls(Correction(r["name"], r["country"], r["id"], r["kind"], r["reason"]) for r in table)

    def after(self, first: Iterable[Correction]) -> "Corrections":
        """The same with ``first`` before all others."""
        return Corrections([*first, *self._items.values()])

    def find(self, name: str, codes: Iterable[str]) -> Correction | None:
        """The correction for a name in one of the countries, else for any country."""
        key = exact(name)
        found = next((c for code in (*codes, "") if (c := self._items.get((key, code)))), None)
        if found:
            self._used.add(found)
        return found

    @property
    def used(self) -> frozenset[Correction]:
        """Those that a mention called for since the table was opened."""
        return frozenset(self._used)


_OF_A_LINE = ("name", "country", "id", "reason")
_FORMULA = tuple("=+-@\t\r")
_SAYS_NOTHING = b"\xef\xbb\xbf\xff\xfe\0 \r\n\t;,"


def own_corrections(path: Path, is_listed: Callable[[str], bool]) -> Iterator[Correction]:
    """The lines of a user's own file (name, country, id, reason; kind may be added), none when there is no file.

    It is read as any table is, since spreadsheets save it in whatever encoding and with whatever delimiter they like.
    A name is a place's, or the QID of an item; the country a code or a name in any of our languages, or empty for any.

    Raises:
        DataError: naming file, line and column, when a line cannot hold.
    """
    for line, row in _own_rows(path) if is_file(path) else ():
        match = country(row["country"])
        code = "" if match.state else match.code
        if not row["name"]:
            raise DataError(f"{path}, line {line}, column name: it is empty; write the name as the source does")
        if row["country"] and not code:
            raise DataError(f"{path}, line {line}, column country: {row['country']!r} is no country; write a code such as DE")
        _check_id(row["id"], is_listed, f"{path}, line {line}, column id")
        yield Correction(row["name"], code, row["id"], row.get("kind", ""), row["reason"] or "a correction of one's own")


def joins(corrections: Iterable[Correction]) -> dict[str, str]:
    """Ids of places that are another place, with its id: lines whose name is an id itself."""
    return {each.name: each.id for each in corrections if PLACE_ID.fullmatch(each.name) and each.id}


def _check_id(place: str, is_listed: Callable[[str], bool], where: str) -> None:
    if place and not PLACE_ID.fullmatch(place):
        raise DataError(f"{where}: {place!r} is no id such as gn:2875392, wd:Q622 or x:de-name")
    if place.startswith("gn:") and not is_listed(place):
        raise DataError(f"{where}: the gazetteer has no {place}; look it up at geonames.org")


def _own_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, cells by column) of every line that says something."""
    if not head_of(path, 4096).strip(_SAYS_NOTHING):
        return
    columns: list[str] = []
    for line, cells in open_grid(path, {}).rows():
        if isinstance(cells, Problem):
            raise DataError(f"{path}, line {line}: {cells}")
        texts = [cell.replace("\ufeff", "").strip() for cell in cells]
        if not any(texts) or (not columns and texts[0].startswith("sep=")):  # how a spreadsheet is told the delimiter
            continue
        if not columns:
            columns = [text.casefold() for text in texts]
            _check_columns(path, line, columns)
        elif any(texts[len(columns) :]):
            raise DataError(f"{path}, line {line}: more cells than the header has; put cells that hold the delimiter in quotes")
        else:
            yield line, {**dict.fromkeys(columns, ""), **dict(zip(columns, texts, strict=False))}


def _check_columns(path: Path, line: int, columns: list[str]) -> None:
    missing = [column for column in _OF_A_LINE if column not in columns]
    if missing:
        has = ", ".join(columns)[:80]
        raise DataError(f"{path}, line {line}: there is no column {missing[0]!r} but {has}; write {','.join(_OF_A_LINE)} there")


def decide(path: Path, correction: Correction, is_listed: Callable[[str], bool]) -> None:
    """Write a correction into a user's own file, in the place of a former one for the same mention.

    Raises:
        DataError: it cannot hold, or another line of the file cannot; the file is as it was then.
    """
    if correction.name.startswith(_FORMULA):
        raise DataError(f"{correction.name!r} begins as a formula would; write the name otherwise in the list")
    _check_id(correction.id, is_listed, "the decision")
    _ = list(own_corrections(path, is_listed))
    row = {name: getattr(correction, name) for name in _OF_A_LINE} | ({"kind": correction.kind} if correction.kind else {})
    _write_own(path, [*_others(path, correction.name, correction.country), row])


def retract(path: Path, name: str, country_code: str) -> bool:
    """Take a correction out of a user's own file; whether there was one."""
    left = _others(path, name, country_code)
    found = len(left) < len(list(_own_rows(path))) if is_file(path) else False
    if found:
        _write_own(path, left)
    return found


def _others(path: Path, name: str, code: str) -> list[dict[str, str]]:
    """The lines of a user's file that are about other mentions."""
    held = [row for _, row in _own_rows(path)] if is_file(path) else []
    return [row for row in held if (exact(row["name"]), country(row["country"]).code) != (exact(name), code)]


def _write_own(path: Path, lines: Sequence[Mapping[str, str]]) -> None:
    """All at once, as UTF-8 with a mark by which spreadsheets know it, with the columns and the delimiter that it had."""
    columns = list(dict.fromkeys([*(name for line in lines for name in line), *_OF_A_LINE]))
    head = head_of(path, 4096) if is_file(path) else b""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", delimiter=";" if head.count(b";") > head.count(b",") else ",")
    writer.writeheader()
    writer.writerows(lines)
    private_folder(path.parent)
    write_private(path, "\ufeff" + text.getvalue().replace("\r\n", "\n"))
