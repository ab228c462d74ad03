"""Forget a person in a graph: marks first, then every claim and source that names them; cut anywhere, it is run again."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from kg.errors import UsageError
from kg.model.claims import Source
from kg.model.identity import slug
from kg.store import statements
from kg.store.backup.make import graph_records
from kg.store.driver import Graph
from kg.store.editions import Editions, editions_of
from kg.store.forget.marks import marks_of, new_marks
from kg.store.forget.names import Finder, Spellings, spellings, words
from kg.store.forget.redact import EVERYWHERE, SURNAME, TIED, Redactor, redactor_of, source_of
from kg.store.load import Loader, rank
from kg.store.runs import load_lock, new_run_id
from kg.store.schema import ensure_schema

UNIT = 5000
"""Claims that are changed in one unit."""
_PERSON = "MATCH (p:Person) RETURN p.id AS id, coalesce(p.name, '') AS name, coalesce(p.aliases, []) AS aliases"
_TIED = "MATCH (c:Claim)-[:STATED_IN]->(s:Source) WHERE c.subject IN $ids RETURN DISTINCT s.id AS id"
_CALLED = "MATCH (n:Place|Organisation|Network|Topic) RETURN [n.name, n.name_de, n.name_en] AS names"
_MARK = "UNWIND $rows AS row MERGE (m:Forgotten {id: row[0]}) SET m = row[1]"
_DROP_SOURCES = "UNWIND $ids AS id MATCH (s:Source {id: id}) WHERE NOT EXISTS { (s)<-[:STATED_IN]-() } DELETE s"
_RUNS = "UNWIND $rows AS row MATCH (r:IngestRun {id: row[0]}) SET r.source = row[1]"


@dataclass(slots=True)
class Forgotten:
    """What was done, and what a person has to look at."""

    removed: int = 0
    """Claims about the person."""
    changed: int = 0
    """Other claims and sources that named them."""
    asked: list[str] = field(default_factory=list[str])
    """Texts with the surname alone, which may be of somebody else."""


@dataclass(slots=True)
class _Found:
    claims: dict[str, dict[str, Editions]] = field(default_factory=lambda: defaultdict(dict))
    sources: list[tuple[Source, Source]] = field(default_factory=list[tuple[Source, Source]])
    runs: list[list[str]] = field(default_factory=list[list[str]])
    asked: list[str] = field(default_factory=list[str])


def forget_person(graph: Graph, name: str, *, surname_too: bool = False) -> Forgotten:
    """Remove a person by name or id wherever the graph names them; ``surname_too`` takes the surname alone for theirs everywhere.

    Raises:
        UsageError: nothing in the graph names them.
        LoadError: a load is under way.
    """
    ensure_schema(graph)
    run_id = new_run_id()
    with load_lock(graph, run_id) as lock:
        people = _people(graph, name)
        spelled = _spelled(name, people)
        if not people and not _named(graph, spelled):
            raise UsageError(f"nobody called {name!r} is in the graph, and no text of it names them")
        _mark(graph, name, people, spelled, everywhere=surname_too)
        redactor = redactor_of(graph)
        found = _search(graph, redactor, spelled)
        _apply(graph, Loader(graph, "", run_id, lock.fence), found)
        lock.confirm()
    return _told(found)


def _people(graph: Graph, name: str) -> list[dict[str, Any]]:
    """The persons of the graph who are called so, in any spelling of theirs."""
    if name.startswith("person:"):
        return [row for row in graph.read(_PERSON) if row["id"] == name]
    wanted = spellings(name)
    finder = Finder(wanted.whole.__contains__, wanted.surnames.__contains__)
    rows = graph.read(_PERSON)
    return [row for row in rows if any(finder.redact(text) != text for text in (row["id"], row["name"], *row["aliases"]))]


def _spelled(name: str, people: Sequence[dict[str, Any]]) -> Spellings:
    names = {name.removeprefix("person:").replace("-", " ") if name.startswith("person:") else name}
    names |= {text for row in people for text in (row["name"], *row["aliases"]) if text}
    every = [spellings(each) for each in names]
    return Spellings(frozenset(w for e in every for w in e.whole), frozenset(w for e in every for w in e.surnames))


def _named(graph: Graph, spelled: Spellings) -> bool:
    finder = Finder(spelled.whole.__contains__, spelled.surnames.__contains__)
    marks = marks_of(graph)
    texts = (text for _, record in graph_records(graph) for text in record.values() if isinstance(text, str))
    return any(map(marks.has, spelled.whole)) or any(finder.redact(text) != text for text in texts)


def _mark(graph: Graph, name: str, people: Sequence[dict[str, Any]], spelled: Spellings, *, everywhere: bool) -> None:
    ids = [row["id"] for row in people] or [f"person:{slug(name.removeprefix('person:'))}"]
    called = _called(graph)
    surnames = {each for each in spelled.surnames if everywhere or each not in called}
    tied = [row["id"] for row in graph.read(_TIED, {"ids": ids})]
    texts = [*ids, *spelled.whole, *(SURNAME + each for each in spelled.surnames)]
    if everywhere:
        texts += [EVERYWHERE + each for each in surnames]
    if surnames:
        texts += [TIED + source for source in tied]
    graph.write(_MARK, {"rows": new_marks(graph.home, texts)})


def _called(graph: Graph) -> set[str]:
    """Words that name places and organisations, too: alone they are not taken for a person's."""
    texts = (text for row in graph.read(_CALLED) for text in row["names"] if text)
    return {word.folded for text in texts for word in words(text)}


def _search(graph: Graph, redactor: Redactor, spelled: Spellings) -> _Found:
    found = _Found()
    finder = Finder(spelled.whole.__contains__, spelled.surnames.__contains__)
    for kind, record in graph_records(graph):
        if kind == "source":
            source = source_of(record)
            kept = redactor.source(source)
            if kept != source:
                found.sources.append((source, kept))
            found.asked += _open(finder, (kept.title, kept.publisher, kept.url))
        elif kind == "run" and (kept_name := redactor.identifier(record.get("source", ""))) != record.get("source", ""):
            found.runs.append([record["id"], kept_name])
        elif kind == "claim":
            editions = editions_of(record)
            left = redactor.editions(editions)
            if left != editions:
                found.claims[record["subject"]][record["id"]] = left
            for each in left:
                found.asked += _open(finder, (each.value, each.quote, each.note, each.locator))
    return found


def _open(finder: Finder, texts: Sequence[str]) -> Iterator[str]:
    return (text for text in texts if finder.mentions_surname(text))


def _apply(graph: Graph, loader: Loader, found: _Found) -> None:
    """Sources first, which claims are stated in; then claims, what others refer to first."""
    rows = [[kept.id, {n: v for n, v in asdict(kept).items() if v != ""}] for _, kept in found.sources]
    graph.write(statements.NODES["Source"], {"rows": rows})
    unit: dict[str, dict[str, Editions]] = {}
    for subject in sorted(found.claims, key=rank):
        unit[subject] = found.claims[subject]
        if sum(map(len, unit.values())) >= UNIT:
            loader.change(unit)
            unit = {}
    loader.change(unit)
    graph.write(_DROP_SOURCES, {"ids": [source.id for source, kept in found.sources if source.id != kept.id]})
    graph.write(_RUNS, {"rows": found.runs})


def _told(found: _Found) -> Forgotten:
    every = [claim for changed in found.claims.values() for claim in changed.values()]
    changed = sum(map(bool, every)) + len(found.sources) + len(found.runs)
    return Forgotten(len(every) - sum(map(bool, every)), changed, sorted(set(found.asked)))
