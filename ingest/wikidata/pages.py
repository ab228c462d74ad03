"""Walks the pages of a SPARQL endpoint: each is checked before it is kept, and kept pages are not asked for again."""

import datetime as dt
import hashlib
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from ingest.strict_json import json_of
from ingest.wikidata.client import AskAgainError, Client
from ingest.wikidata.items import Item, described, item_id
from ingest.wikidata.queries import items_query, statements_query
from kg.errors import DataError, FolderNotWritable, KgError
from kg.model.text import plain_text
from kg.store.load import batches
from kg.store.private import open_private, private_folder

T = TypeVar("T")
ITEMS_A_QUERY = 100
_BEGAN = "began"
Cell = dict[str, Any]


class PageCache:
    """Raw pages of one endpoint on disk, each under a hash of its query; written whole or not at all."""

    def __init__(self, folder: Path, today: dt.date, max_age_days: int) -> None:
        """Use the pages in ``folder`` unless the walk that they belong to began more than ``max_age_days`` ago."""
        self.folder = folder
        self.began = self._began()
        if self.began is None or not dt.timedelta() <= today - self.began <= dt.timedelta(days=max_age_days):
            self.began = today
            shutil.rmtree(folder, ignore_errors=True)
            self._write(_BEGAN, today.isoformat().encode())

    def get(self, query: str) -> bytes | None:
        """The page as it was kept, or None."""
        try:
            return self._path(query).read_bytes()
        except OSError:
            return None

    def put(self, query: str, page: bytes) -> None:
        """Keep a page."""
        self._write(self._path(query).name, page)

    def _path(self, query: str) -> Path:
        return self.folder / f"{hashlib.sha256(query.encode()).hexdigest()[:24]}.json"

    def _began(self) -> dt.date | None:
        try:
            return dt.date.fromisoformat((self.folder / _BEGAN).read_text("ascii"))
        except (OSError, ValueError):
            return None

    def _write(self, name: str, content: bytes) -> None:
        partial = self.folder / f"{name}.{os.getpid()}.partial"
        try:
            private_folder(self.folder)
            with open_private(partial, "wb") as file:
                file.write(content)
            partial.replace(self.folder / name)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise FolderNotWritable(self.folder, "KG_CACHE") from error


@dataclass(slots=True)
class Walk:
    """All pages of one endpoint, in order; ``progress`` is called with a line for people after each page."""

    client: Client
    cache: PageCache
    items_a_page: int
    progress: Callable[[str], None]

    def statements(self) -> Iterator[dict[str, str]]:
        """The cells of every statement; ends with the first empty page.

        Raises:
            DataError: the endpoint refuses or gives broken answers.
        """
        after, count = 0, 0
        while True:
            page = self._page(statements_query(after, self.items_a_page), lambda body, after=after: self._statements(body, after))
            if not page:
                return
            yield from page
            after, count = max(int(cells["number"]) for cells in page), count + len(page)
            self.progress(f"wikidata: {count} statements, up to Q{after}")

    def items(self, qids: Iterable[str]) -> dict[str, Item]:
        """What is known of the items."""
        found: dict[str, Item] = {}
        for asked in batches(sorted(set(qids), key=lambda q: (len(q), q)), ITEMS_A_QUERY):
            found |= self._page(items_query(asked), lambda body, asked=asked: _items(body, asked))
            self.progress(f"wikidata: {len(found)} places described")
        return found

    def _page(self, query: str, understand: Callable[[bytes], T]) -> T:
        kept = self.cache.get(query)
        if kept is not None:
            try:
                return understand(kept)
            except AskAgainError:
                pass  # a page that a crash or a hand damaged is asked for again

        def keep(body: bytes) -> T:
            page = understand(body)
            self.cache.put(query, body)
            return page

        return self.client.ask(query, keep)

    def _statements(self, body: bytes, after: int) -> list[dict[str, str]]:
        page = [_statement(cells) for cells in bindings(body, {"number", "item", "partner", "statement"})]
        numbers = [int(cells["number"]) for cells in page]
        if any(number <= after for number in numbers):
            raise AskAgainError(f"a page repeats items that came before Q{after}")
        if len(set(numbers)) > self.items_a_page or len({cells["statement"] for cells in page}) < len(page):
            raise AskAgainError("a page with more than was asked for")
        return page


def _statement(cells: dict[str, Cell]) -> dict[str, str]:
    texts = {name: _text(cell) for name, cell in cells.items()}
    number = texts["number"]
    if cells["item"].get("type") != "uri" or not number.isdecimal() or texts["item"].rpartition("/Q")[2] != number:
        raise AskAgainError(f"an item that is none: {texts['item'][:60]!r}")
    if cells["partner"].get("type") not in {"uri", "bnode"}:
        raise AskAgainError(f"a partner that is no item: {texts['partner'][:60]!r}")
    return texts


def _items(body: bytes, asked: list[str]) -> dict[str, Item]:
    values: dict[str, dict[str, list[str]]] = {qid: defaultdict(list) for qid in asked}
    names: dict[str, dict[str, str]] = {qid: {} for qid in asked}
    for cells in bindings(body, {"item", "field", "value"}):
        try:
            qid = item_id(_text(cells["item"]), "item")
        except KgError as error:
            raise AskAgainError(str(error)) from error
        if qid not in values:
            raise AskAgainError(f"{qid} was not asked for")
        field, value = _text(cells["field"]), _text(cells["value"])
        if field == "name":
            names[qid][str(cells["value"].get("xml:lang", ""))] = value
        values[qid][field].append(value)
    missing = [qid for qid, fields in values.items() if "asked" not in fields]
    if missing:
        raise AskAgainError(f"nothing about {len(missing)} of {len(asked)} items, such as {missing[0]}")
    return {qid: described(qid, fields, names[qid]) for qid, fields in values.items()}


def _text(cell: Cell) -> str:
    value = cell.get("value")
    if not isinstance(value, str):
        raise AskAgainError(f"a value that is no text: {str(value)[:40]!r}")
    return plain_text(value)


def bindings(body: bytes, required: Set[str]) -> list[dict[str, Cell]]:
    """The rows of a SPARQL JSON result (https://www.w3.org/TR/sparql11-results-json/).

    Raises:
        AskAgainError: the page is no such result, is cut off, or a row lacks a required cell.
    """
    try:
        rows = json_of(body)["results"]["bindings"]
    except DataError as error:
        raise AskAgainError(str(error)) from error
    except (KeyError, TypeError) as error:
        raise AskAgainError("an answer without results") from error
    if not isinstance(rows, list):
        raise AskAgainError("an answer whose results are no list")
    rows = cast(list[Any], rows)
    if len(rows) == 1 and isinstance(rows[0], dict) and required.isdisjoint(cast(dict[str, Any], rows[0])):
        return []  # some engines count no groups at all as one group of nothing
    for row in rows:
        if not isinstance(row, dict) or not all(isinstance(cell, dict) for cell in cast(dict[str, Any], row).values()):
            raise AskAgainError("a row that is none")
        missing = sorted(name for name in required if name not in row)
        if missing:
            raise AskAgainError(f"a row without {missing[0]}")
    return cast(list[dict[str, Cell]], rows)
