"""What loading costs, beside the bare driver: ``python -m benchmarks.ingest [PART]``, all parts without one.

load       rate of nodes and ties through the loader as a share of the bare driver's, which writes the same rows
wikipedia  the lists of 2026 from file to checked graph, the items of 2016 added, and the lists once more
orders     the whole published files and our own facts in N random orders (2 if not given): the graphs must be the same
million    a million made-up rows streamed through the runner, with the client's memory
startup    the local server from nothing running to the first answer
"""

import csv
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psutil

from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request
from ingest.run.runner import Options, Report, ingest
from kg.model.claims import Claim, Source
from kg.model.identity import partnership_id
from kg.settings import Settings
from kg.settings import settings as current_settings
from kg.store import local
from kg.store.check import check
from kg.store.digest import graph_digest
from kg.store.driver import Graph, open_graph
from kg.store.load import BATCH, Loader, batches
from kg.store.runs import new_run_id
from kg.store.schema import ensure_schema

SHARED = Path(__file__).parents[2] / "shared" / "data"
PLACES, PAIRS, MILLION = 10_000, 15_000, 1_000_000
_SOURCE = Source("src:bench", "Made up", trust=50, published="2026")
_NODES: LiteralString = "UNWIND $rows AS row MERGE (n:LABEL {id: row[0]}) SET n = row[1]"
_ENDS: LiteralString = """UNWIND $rows AS row MATCH (a:Place {id: row[0]}) MATCH (b:Place {id: row[1]})
MATCH (p:Partnership {id: row[2]}) MERGE (a)-[:PARTNER_IN]->(p) MERGE (b)-[:PARTNER_IN]->(p)
MERGE (a)-[t:TWINNED_WITH {key: row[2]}]->(b) SET t.kind = 'twinning'"""
_ABOUT: LiteralString = """UNWIND $rows AS row MATCH (s:LABEL {id: row[1].subject}) MATCH (o:Source {id: row[2]})
MERGE (c:Claim {id: row[0]}) SET c = row[1] MERGE (c)-[:ABOUT]->(s) MERGE (c)-[:STATED_IN]->(o)"""


@contextmanager
def fresh() -> Generator[tuple[Settings, Graph]]:
    """An empty graph on a server of its own."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), cache_dir=current_settings().cache_dir, neo4j_uri="")
        local.ensure_running(settings, tied=True)
        try:
            with open_graph(settings) as graph:
                yield settings, graph
        finally:
            local.stop(settings)


@dataclass
class Memory:
    """Resident memory in MB, sampled while something runs: its peak in this process, in the server's, and in both."""

    client: float = 0
    server: float = 0
    both: float = 0


@contextmanager
def watched(settings: Settings) -> Generator[Memory]:
    """Sample the memory of this process and of the server twice a second."""
    memory, done = Memory(), threading.Event()
    state = local.status(settings)
    processes = [psutil.Process(), *([psutil.Process(state.pid)] if state else [])]

    def sample() -> None:
        while not done.wait(0.5):
            sizes = [process.memory_info().rss / 2**20 for process in processes]
            memory.client, memory.both = max(memory.client, sizes[0]), max(memory.both, sum(sizes))
            memory.server = max(memory.server, sum(sizes[1:]))

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield memory
    finally:
        done.set()
        thread.join()


def timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


# --- The loader beside the bare driver -------------------------------------------------------------------------------


def load() -> None:
    places, pairs = _made_up()
    with fresh() as (_, graph):
        ensure_schema(graph)
        bare = [timed(lambda: _bare_places(graph, places)), timed(lambda: _bare_pairs(graph, pairs))]
    with fresh() as (_, graph):
        ensure_schema(graph)
        loader = Loader(graph, "bench", new_run_id())
        loader.sources([_SOURCE])
        ours = [timed(lambda: loader.load(places)), timed(lambda: loader.load(pairs))]
        again = timed(lambda: loader.load([*places, *pairs]))
    for what, count, driver, own in zip(("nodes", "ties"), (len(places), len(pairs)), bare, ours, strict=True):
        print(f"{what}: bare driver {count / driver:,.0f}/s, loader {count / own:,.0f}/s, share {driver / own:.0%}")
    print(f"all: share {sum(bare) / sum(ours):.0%}; stated again {again / sum(ours):.0%} of the first time")


def _made_up() -> tuple[list[Claim], list[Claim]]:
    value = '{"country": "DE", "kind": "city", "name": "Place %d", "population": 1000}'
    germany = Claim(_SOURCE.id, "iso:DE", "entry", '{"country": "DE", "kind": "country", "name": "Germany"}')
    places = [Claim(_SOURCE.id, f"x:de-{i}", "entry", value % i) for i in range(PLACES)]
    ends = [(f"x:de-{i % PLACES}", f"x:de-{(i * 7 + i // PLACES + 1) % PLACES}") for i in range(PAIRS)]
    subjects = [partnership_id("partnership", pair) for pair in ends if len(set(pair)) > 1]
    pairs = [Claim(_SOURCE.id, subject, "kind", "twinning", as_of="2026") for subject in dict.fromkeys(subjects)]
    return [claim.of("bench") for claim in (germany, *places)], [claim.of("bench") for claim in pairs]


def _claim_row(claim: Claim) -> list[Any]:
    names = ("subject", "predicate", "value", "as_of", "stated", "dataset", "revision")
    return [claim.id, {name: getattr(claim, name) for name in names}, claim.source]


def _bare_places(graph: Graph, places: list[Claim]) -> None:
    _write(graph, _NODES.replace("LABEL", "Source"), [[_SOURCE.id, {"id": _SOURCE.id, "title": _SOURCE.title}]])
    nodes = [[c.subject, {"id": c.subject, "name": c.subject, "kind": "city"}] for c in places]
    _write(graph, _NODES.replace("LABEL", "Place"), nodes)
    _write(graph, _ABOUT.replace("LABEL", "Place"), [_claim_row(claim) for claim in places])


def _bare_pairs(graph: Graph, pairs: list[Claim]) -> None:
    nodes = [[c.subject, {"id": c.subject, "kind": "twinning", "family": "partnership", "n_members": 2}] for c in pairs]
    _write(graph, _NODES.replace("LABEL", "Partnership"), nodes)
    _write(graph, _ENDS, [[*c.subject.split("|")[1].split(","), c.subject] for c in pairs])
    _write(graph, _ABOUT.replace("LABEL", "Partnership"), [_claim_row(claim) for claim in pairs])


def _write(graph: Graph, query: LiteralString, rows: list[list[Any]]) -> None:
    for batch in batches(rows, BATCH):
        graph.write(query, {"rows": batch})


# --- Real files -------------------------------------------------------------------------------------------------------


def wikipedia() -> None:
    lists, of_2016 = SHARED / "wikipedia-2026" / "twin_cities_raw.csv", SHARED / "wikidata-2016"
    with fresh() as (settings, graph):

        def run(name: str, *files: Path, **options: str) -> tuple[Report, float]:
            reports: list[Report] = []
            request = Request(descriptor(name), settings, files, {"yes": "true", **options})
            seconds = timed(lambda: reports.append(ingest(graph, name, request)))
            return reports[0], seconds

        with watched(settings) as memory:
            first, seconds = run("table", lists, mapping="wikipedia-country-lists")
            checking = timed(lambda: _check(graph))
        print(f"wikipedia-2026: {first.account.read} rows in {seconds:.1f} s, check {checking:.1f} s", end="")
        print(f", together {seconds + checking:.1f} s (90 s allowed)")
        print(f"memory: client {memory.client:.0f} MB, server {memory.server:.0f} MB, both {memory.both:.0f} MB (1,500 MB)")
        second, added = run("wikidata", of_2016 / "relations.tsv", of_2016 / "names.tsv", as_of="2016-09")
        ratio = (added / second.account.read) / (seconds / first.account.read)
        print(f"wikidata-2016 added: {second.account.read} rows in {added:.1f} s, {ratio:.2f} of the time a row (1 allowed)")
        _, again = run("table", lists, mapping="wikipedia-country-lists")
        print(f"wikipedia-2026 again, unchanged: {again:.1f} s, {again / seconds:.2f} of the first time (0.33 allowed)")
        counts = graph.read(
            "MATCH (q:Place)-[:PARTNER_IN]->(p:Partnership) RETURN count(DISTINCT q) AS places, count(DISTINCT p) AS pairs"
        )[0]
        rejected = first.account.rejected.total()
        print(f"{counts['places']} places, {counts['pairs']} pairs in the graph; {rejected} rows of the lists rejected")


_FILES: dict[str, tuple[str, tuple[str, ...], dict[str, str]]] = {
    "wikipedia-2026": ("table", ("wikipedia-2026/twin_cities_raw.csv",), {"mapping": "wikipedia-country-lists"}),
    "wikidata-eu-2018": ("table", ("wikidata-eu-2018/sistercities.tsv",), {"mapping": "wikidata-eu"}),
    "wikidata-2022": ("graph", ("wikidata-2022/sister_cities.gexf",), {}),
    "wikidata-2016": ("wikidata", ("wikidata-2016/relations.tsv", "wikidata-2016/names.tsv"), {"as_of": "2016-09"}),
    "covenant-2024": ("covenant", ("covenant-2024/signatories_no_mayor.csv",), {}),
    "bundled": ("bundled", (), {}),
}
"""Every published file: its source, its parts and options."""


def orders() -> None:
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    digests = {_loaded_in(random.Random(seed).sample(list(_FILES), len(_FILES))) for seed in range(count)}
    if len(digests) > 1:
        sys.exit(f"{count} orders gave {len(digests)} different graphs")
    print(f"{count} orders gave the graph {digests.pop()[:16]}…")


def _loaded_in(order: list[str]) -> str:
    with fresh() as (settings, graph):
        for name in order:
            print(f"  {name}: {_load_file(settings, graph, name).account.loaded} rows loaded", flush=True)
        _check(graph)
        return graph_digest(graph)


def _load_file(settings: Settings, graph: Graph, name: str) -> Report:
    source, files, options = _FILES[name]
    paths = tuple(SHARED / file for file in files)
    return ingest(graph, source, Request(descriptor(source), settings, paths, {"yes": "true", **options}))


def _check(graph: Graph) -> None:
    broken = [finding.invariant for finding in check(graph) if finding.broken]
    if broken:
        sys.exit(f"broken invariants: {broken}")


# --- A million rows ---------------------------------------------------------------------------------------------------


def million() -> None:
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else MILLION
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["city1", "country1", "city2", "country2"])
            names = ((f"Imaginary Hamlet {i}", f"Imaginary Hamlet {(i * 31 + 7) % rows}") for i in range(rows))
            writer.writerows((one, "France", other, "Germany") for one, other in names)
        with fresh() as (settings, graph):
            request = Request(descriptor("table"), settings, (path,), {"yes": "true", "mapping": "wikipedia-country-lists"})
            reports: list[Report] = []
            with watched(settings) as dry:
                reading = timed(lambda: reports.append(ingest(None, "table", request, Options(dry_run=True))))
            print(f"{rows} rows read and resolved in {reading:.0f} s ({rows / reading:,.0f}/s), ", end="")
            print(f"client {dry.client:.0f} MB (400 MB allowed)")
            with watched(settings) as memory:
                seconds = timed(lambda: reports.append(ingest(graph, "table", request)))
            print(f"loaded in {seconds:.0f} s ({rows / seconds:,.0f}/s), ", end="")
            print(f"client {memory.client:.0f} MB (400 MB allowed), server {memory.server:.0f} MB")


# --- Start ------------------------------------------------------------------------------------------------------------


def startup() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), cache_dir=current_settings().cache_dir, neo4j_uri="")
        try:
            new = timed(lambda: _first_answer(settings))
            local.stop(settings)
            known = timed(lambda: _first_answer(settings))
            running = timed(lambda: _first_answer(settings))
        finally:
            local.stop(settings)
    print(f"first answer: {new:.1f} s with a new data folder, {known:.1f} s with one that exists, {running:.2f} s when it runs")


def _first_answer(settings: Settings) -> None:
    local.ensure_running(settings, tied=True)
    with open_graph(settings) as graph:
        graph.read("RETURN 1 AS one")


PARTS: dict[str, Callable[[], None]] = {
    "load": load, "wikipedia": wikipedia, "orders": orders, "million": million, "startup": startup,
}  # fmt: skip


def main() -> int:
    chosen = sys.argv[1] if len(sys.argv) > 1 else ""
    if chosen and chosen not in PARTS:
        print(f"there is no part {chosen!r}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    for name, part in PARTS.items():
        if chosen in {"", name}:
            print(f"--- {name}", flush=True)
            part()
    return 0


if __name__ == "__main__":
    sys.exit(main())
