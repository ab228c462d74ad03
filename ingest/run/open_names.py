"""Open names: rows of the last loads that wait for somebody who says which place is meant; the quarantine keeps them."""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.names.keys import exact
from ingest.rows import Question, Row
from ingest.run.account import COLUMNS, Quarantine, quarantine_path
from kg.errors import DataError
from kg.model.identity import PLACE_ID
from kg.store.driver import Graph
from kg.store.runs import last_runs

_ID_AT_END = re.compile(rf"(?<![\w:])({PLACE_ID.pattern})\)?$", re.ASCII)
Key = tuple[str, str]
"""A name as corrections compare it, and the code of a country or nothing."""


@dataclass(slots=True)
class KeptRow:
    """A row of a quarantine file, with how far it has been settled."""

    row: Row
    reason: str
    question: Question | None
    decided: list[Key] = field(default_factory=list[Key])
    """The names that were settled for it."""
    claims: dict[str, list[str]] | None = None
    """What it brought when it was loaded: ids of claims by subject; None while it waits."""

    @property
    def key(self) -> Key | None:
        """Which name it waits for."""
        return key_of(self.question.name, self.question.country) if self.question and self.claims is None else None


@dataclass(frozen=True, slots=True)
class KeptLoad:
    """The rejected rows of the last load of a dataset, with what it was asked."""

    dataset: str
    run_id: str
    path: Path
    source: str
    files: tuple[Path, ...]
    options: Mapping[str, str]
    rows: list[KeptRow]


@dataclass(frozen=True, slots=True)
class OpenName:
    """A name that one row or more wait for."""

    name: str
    country: str
    reason: str
    candidates: tuple[str, ...]
    """The places that it may be, as people read them."""
    rows: tuple[tuple[KeptLoad, KeptRow], ...]

    @property
    def places(self) -> dict[str, str]:
        """The candidates by id, best first; those that have none cannot be chosen."""
        return {found[1]: text for text in self.candidates if (found := _ID_AT_END.search(text))}

    @property
    def key(self) -> Key:
        """How corrections compare it."""
        return key_of(self.name, self.country)


def key_of(name: str, country: str) -> Key:
    """A name as corrections compare it."""
    return exact(name), country


def open_names(graph: Graph, home: Path) -> list[OpenName]:
    """Every name that rows of the last loads wait for, the most frequent first."""
    waiting: dict[Key, list[tuple[KeptLoad, KeptRow]]] = defaultdict(list)
    for load in kept_loads(graph, home):
        for kept in load.rows:
            if kept.key:
                waiting[kept.key].append((load, kept))
    return sorted(map(_open_name, waiting.values()), key=lambda each: (-len(each.rows), each.key))


def _open_name(rows: Sequence[tuple[KeptLoad, KeptRow]]) -> OpenName:
    asked = [kept.question for _, kept in rows if kept.question]
    candidates = dict.fromkeys(text for question in asked for text in question.candidates)
    return OpenName(asked[0].name, asked[0].country, asked[0].reason, tuple(candidates), tuple(rows))


def kept_loads(graph: Graph, home: Path) -> list[KeptLoad]:
    """The rejected rows of the last load of each dataset, as far as they are kept still."""
    found = (read_load(dataset, run, quarantine_path(home, dataset, run)) for dataset, run in last_runs(graph).items())
    return [load for load in found if load]


def read_load(dataset: str, run_id: str, path: Path) -> KeptLoad | None:
    """The rows of a quarantine file; None when there is none, or when a program that asked no questions wrote it.

    Raises:
        DataError: the file was changed into something else.
    """
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", errors="backslashreplace", newline="") as file:
        table = csv.DictReader(file)
        if tuple(table.fieldnames or ()) != COLUMNS:
            return None
        try:
            lines = list(table)
            rows = [_kept(line) for line in lines]
            asked = next((json.loads(line["load"]) for line in lines if line["load"]), None)
        except (ValueError, KeyError, TypeError, csv.Error) as error:
            raise DataError(f"{path} is not as this program wrote it ({error}); remove it and load the source again") from error
    if asked is None:
        return None
    return KeptLoad(dataset, run_id, path, asked["source"], tuple(map(Path, asked["files"])), asked["options"], rows)


def _kept(line: Mapping[str, str]) -> KeptRow:
    asked: dict[str, Any] | None = json.loads(line["question"]) if line["question"] else None
    question = Question(asked["name"], asked["country"], asked["reason"], tuple(asked["candidates"])) if asked else None
    settled: dict[str, Any] = json.loads(line["settled"]) if line["settled"] else {}
    row = Row(line["file"], int(line["line"]), json.loads(line["row"]))
    decided = [(str(name), str(country)) for name, country in settled.get("decided", ())]
    return KeptRow(row, line["reason"], question, decided, settled.get("claims"))


def write_kept(load: KeptLoad) -> None:
    """Write the quarantine file anew, with how far its rows are settled."""
    asked = {"source": load.source, "files": [str(file) for file in load.files], "options": dict(load.options)}
    with Quarantine(load.path, asked).opened() as file:
        for kept in load.rows:
            settled = {"decided": kept.decided, "claims": kept.claims} if kept.decided else None
            file.add(kept.row, kept.reason, kept.question, settled)
