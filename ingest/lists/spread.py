"""From the rows of a file to rows with one pair each: several partners in columns or in a cell, totals and notes below."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.lists.partners import Partners
from ingest.names.countries import country
from ingest.rows import Row
from ingest.tabular.header import Header
from ingest.tabular.mapping import End, TableMapping
from ingest.tabular.text import Problem
from ingest.tabular.words import footer_words, key_of

BELOW = "below the table"
"""The only column of a row that is a total or a note."""
_SEPARATORS = re.compile(r"\s*[;\n]\s*"), re.compile(r"\s*[;\n,]\s*"), re.compile(r"\s*[;\n,/|]\s*")
_MARK = re.compile(r"^\s*(?:[*†‡¹²³⁴-⁹]+\s*\S|\d{1,2}[)]\s|\(\d{1,2}\)\s|\[\d{1,2}\]\s)")
_SENTENCE = 60
_WORDS = 3


@dataclass(frozen=True, slots=True)
class Spread:
    """Makes rows of the cells below a header."""

    file: str
    header: Header
    mapping: TableMapping
    partners: Partners

    def rows(self, line: int, cells: list[str] | Problem) -> Iterator[Row]:
        """One row for each pair that a row of the file names."""
        row = self._row(line, cells)
        if row.problem or BELOW in row.values or self.mapping.both or self.mapping.partnership:
            yield row
            return
        for tie in self._named(row):
            others = set(_own_columns(self.mapping)) - set(_own_columns(tie))
            values = {column: cell for column, cell in row.values.items() if column not in others}
            yield from self._several(Row(row.file, row.line, values), tie)

    def _row(self, line: int, cells: list[str] | Problem) -> Row:
        columns = self.header.columns
        if isinstance(cells, Problem):
            return Row(self.file, line, {}, str(cells))
        texts = ["" if (text := cell.strip()) in self.mapping.empty else text for cell in cells]
        if note := self._below(texts):
            return Row(self.file, line, {BELOW: note})
        missing = len(texts) < len(columns)
        if len(texts) != len(columns) and (any(texts[len(columns) :]) or (missing and any(texts))):
            way_out = "see whether it was cut off" if missing else "put cells that hold the delimiter in quotes"
            return Row(self.file, line, {}, f"the row has {len(texts)} cells where the header has {len(columns)}; {way_out}")
        return Row(self.file, line, dict(zip(columns, texts, strict=False)))

    def _below(self, texts: Sequence[str]) -> str:
        """The text of a row that is a total or a note: a word for one, a mark or a sentence, and no two places."""
        filled = [text for text in texts if text]
        if not filled or len(filled) > _WORDS or self._two_places(texts):
            return ""
        first, words = filled[0], key_of(filled[0]).split()
        total = any(" ".join(words[:n]) in footer_words() for n in range(1, _WORDS + 1))
        alone = len(filled) == 1 and (bool(_MARK.match(first)) or len(first) > _SENTENCE)
        return " ".join(filled)[:120] if total or alone else ""

    def _two_places(self, texts: Sequence[str]) -> bool:
        if self.mapping.both or len(self.header.columns) < _WORDS:
            return False
        known = dict(zip(self.header.columns, texts, strict=False))
        ends = (known.get(self.mapping.first.place, ""), known.get(self.mapping.second.place, ""))
        return all(ends) and not ends[1].isdecimal()

    def _named(self, row: Row) -> Sequence[TableMapping]:
        """The ties of which the row names the partner; the first one where it names none."""
        ties = self.mapping.ties
        return [tie for tie in ties if row.values.get(tie.second.place)] or ties[:1] if self.mapping.more else ties

    def _several(self, row: Row, tie: TableMapping) -> Iterator[Row]:
        first, second = (self._places(row, end) for end in (tie.first, tie.second))
        if len(first) > 1 and len(second) > 1:
            columns = f"{tie.first.place} and {tie.second.place}"
            yield Row(row.file, row.line, {}, f"columns {columns}: several places stand in both; write a row for each pair")
            return
        end, found = (tie.first, first) if len(first) > 1 else (tie.second, second)
        beside = (end.country, tie.since, tie.until, tie.status, tie.kind)
        lists = {column: _aligned(row.values[column], len(found)) for column in beside if column and len(found) > 1}
        for position, text in enumerate(found):
            own = {column: each[position] for column, each in lists.items() if each}
            yield Row(row.file, row.line, {**row.values, end.place: text, **own}) if len(found) > 1 or own else row

    def _places(self, row: Row, end: End) -> Sequence[str]:
        text = row.values.get(end.place, "")
        if separator := next((s for s in self.mapping.several if s in text), ""):
            return [part.strip() for part in text.split(separator) if part.strip()] or [""]
        stated = end.in_country or (row.values.get(end.country, "") if end.country else "")
        return self.partners.parts(text, stated if country(stated).codes else "")


def _own_columns(mapping: TableMapping) -> tuple[str, ...]:
    """Columns of the partners and of what is said of each tie."""
    ties = (mapping, *mapping.ties) if mapping.more else (mapping,)
    own = (c for tie in ties for c in (*tie.second.columns, tie.kind, tie.since, tie.until, tie.status))
    return tuple(column for column in own if column)


def _aligned(text: str, n: int) -> list[str]:
    """The cell's values when it has just as many as there are places, else nothing: then it holds for each of them."""
    if country(text).codes:
        return []
    for separator in _SEPARATORS:
        parts = separator.split(text.strip())
        if len(parts) == n:
            return parts
    return []
