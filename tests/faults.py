"""Cuts a load wherever it can be cut, and shows what is left: used by the tests with few cuts and by the benchmark with many.

Every load is the real command in a process of its own, which talks to the real server through a proxy of ours. The proxy sees
each COMMIT, which is where one batch ends, and there it can drop the connections, or kill the client or the server with
signal 9, before the server has seen the COMMIT or after it has carried it out but before the client knows.
"""

import contextlib
import multiprocessing
import os
import random
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import psutil

from kg.settings import Settings
from kg.store import local
from kg.store.check import check
from kg.store.digest import graph_digest
from kg.store.driver import Graph, open_graph
from tests.conftest import wipe
from tests.cutting_proxy import Plan, Proxy, proxied

ROWS, CHUNK, BATCH = 60, 14, 16
"""Rows of the sample, rows that are loaded at a time, subjects in one transaction: small, so that there are many boundaries."""
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.faults_warm", "tests.faults"])


# --- A sample and the command that loads it ---------------------------------------------------------------------------


def sample(folder: Path, rows: int = ROWS, seed: int = 0) -> tuple[Path, Path]:
    """Made-up pairs of items, some of them real towns and one in ten told by both sides, and their names."""
    folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(seed)
    real = ("Ludwigsburg", "Montbéliard", "Nový Jičín", "Caerphilly", "Kongoussi", "Bergamo", "Chemnitz", "Esslingen am Neckar")
    qids = [f"Q{number}" for number in range(1, rows // 2)]
    names = [real[i] if i < len(real) else f"Imaginary Hamlet {i}" for i in range(len(qids))]
    pairs = {tuple(draw.sample(qids, 2)) for _ in range(rows)}
    told = [*sorted(pairs), *((b, a) for a, b in sorted(pairs)[::10])]
    files = folder / "relations.tsv", folder / "names.tsv"
    files[0].write_text("".join(f"{a}\t{b}\n" for a, b in told), "utf-8")
    files[1].write_text("".join(f"{qid}\t{name}\n" for qid, name in zip(qids, names, strict=True)), "utf-8")
    return files


@dataclass(frozen=True, slots=True)
class Target:
    """What a client needs to load: the files and the variables of its environment."""

    files: tuple[Path, Path]
    environment: dict[str, str]
    log: Path
    """Where its lines for people go; they are what it acknowledges."""


def _client(target: Target) -> None:
    """The command ``kg ingest``, with chunks so small that a small sample has many."""
    os.setsid()
    log = os.open(target.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(target.environment)
    import ingest.run.runner
    import kg.store.load
    from kg.cli.main import main

    ingest.run.runner.CHUNK, kg.store.load.BATCH = CHUNK, BATCH
    sys.argv = ["kg", "ingest", "wikidata", *map(str, target.files), "--option", "as_of=2016-09"]
    main()


def start(target: Target) -> multiprocessing.process.BaseProcess:
    """Begin to load in another process."""
    process = _PROCESSES.Process(target=_client, args=(target,))
    # The child would run the main module again, and a test of a page before may have left a script of its own there.
    main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    try:
        process.start()
    finally:
        sys.modules["__main__"] = main
    return process


def acknowledged(target: Target) -> int:
    """How many rows the client said to be loaded before it ended."""
    told = re.findall(r"wikidata: (\d+) rows loaded", target.log.read_text("utf-8")) if target.log.exists() else []
    return int(told[-1]) if told else 0


# --- One cut ----------------------------------------------------------------------------------------------------------


@dataclass
class Outcome:
    """What a cut did, and what was left."""

    name: str
    hit: bool
    """Whether the cut came before the load had ended anyhow."""
    client: int | None
    """Exit code of the client that was cut; negative for a signal."""
    acknowledged: int
    faults: list[str] = field(default_factory=list)


@dataclass
class Bench:
    """A server with a proxy, the sample, and what an uninterrupted load of it comes to."""

    settings: Settings
    graph: Graph
    proxy: Proxy
    target: Target
    digest: str
    commits: int
    bytes: int
    seconds: float

    def cut(self, plan: Plan, *, kill_client: bool = False, kill_server: bool = False) -> Outcome:
        """Load into an empty graph, cut, look at what is left, load again and compare."""
        killed = " and ".join(name for name, is_so in (("client", kill_client), ("server", kill_server)) if is_so)
        where = f"byte {plan.byte}" if plan.byte else f"{'after' if plan.after else 'before'} commit {plan.commit}"
        name = f"{killed + ' killed' if killed else 'connection cut'} {where}"
        wipe(self.graph)
        client: list[multiprocessing.process.BaseProcess] = []
        plan.act = self._act(client, kill_client, kill_server)
        self.proxy.begin(plan)
        client.append(start(self.target))
        client[0].join(120)
        if client[0].is_alive():
            client[0].kill()
            client[0].join()
            return Outcome(name, self.proxy.cut, None, 0, [f"{name}: the client hangs"])
        hit, code = self.proxy.cut, client[0].exitcode
        outcome = Outcome(name, hit, code, acknowledged(self.target))
        outcome.faults += self._traces(name)
        outcome.faults += self._lost(outcome)
        self.proxy.begin()
        if code != 0:
            self._again(outcome)
        compare(outcome, self.graph, self.digest)
        return outcome

    def _again(self, outcome: Outcome) -> None:
        process = start(self.target)
        process.join(120)
        if process.exitcode != 0:
            said = self.target.log.read_text("utf-8")[-500:]
            outcome.faults.append(f"{outcome.name}: the second load ends with {process.exitcode}: {said}")

    def _act(self, client: list[multiprocessing.process.BaseProcess], kill_client: bool, kill_server: bool) -> Callable[[], None]:
        def act() -> None:
            if kill_client:
                os.kill(client[0].pid or 0, signal.SIGKILL)
            if kill_server:
                kill(self.settings)
                threading.Thread(target=self._revive, daemon=True).start()

        return act

    def _revive(self) -> None:
        self.proxy.server = local.ensure_running(self.settings).state.port

    def _traces(self, name: str) -> list[str]:
        text = self.target.log.read_text("utf-8") if self.target.log.exists() else ""
        return [f"{name}: a stack trace: {text[-1500:]}"] if "Traceback" in text else []

    def _lost(self, outcome: Outcome) -> list[str]:
        """Rows that the client said to be loaded and that are not there."""
        lines = self.target.files[0].read_text("utf-8").splitlines()[: outcome.acknowledged]
        locators = ["→".join(line.split("\t")) for line in lines]
        query = "MATCH (c:Claim {predicate: 'kind'}) WHERE c.locator IN $locators RETURN collect(DISTINCT c.locator) AS found"
        found = set(self.graph.read(query, {"locators": locators})[0]["found"])
        return [f"{outcome.name}: {locator} was acknowledged and is lost" for locator in locators if locator not in found]


def compare(outcome: Outcome, graph: Graph, digest: str) -> None:
    """Note where the graph is another one than an uninterrupted load leaves."""
    if graph_digest(graph) != digest:
        outcome.faults.append(f"{outcome.name}: the digest differs from that of an uninterrupted load")
    outcome.faults += [f"{outcome.name}: {f.invariant}: {f.offenders[:3]}" for f in check(graph) if f.broken]


def kill(settings: Settings) -> None:
    """End the server without any notice, and wait until it is gone."""
    state = local.status(settings)
    if state:
        process = psutil.Process(state.pid)
        process.kill()
        with contextlib.suppress(psutil.Error):
            process.wait(10)


@contextlib.contextmanager
def bench(settings: Settings, folder: Path, rows: int = ROWS) -> Iterator[Bench]:
    """Load the sample once without a cut, so that every further load has something to equal."""
    server = local.ensure_running(settings)
    with proxied(server.state.port) as proxy, open_graph(settings) as graph:
        environment = {
            "NEO4J_URI": f"bolt://127.0.0.1:{proxy.port}", "NEO4J_PASSWORD": server.password, "KG_HOME": str(folder / "home"),
            "KG_CACHE": str(settings.cache_dir),
        }  # fmt: skip
        target = Target(sample(folder, rows), environment, folder / "client.log")
        wipe(graph)
        load_whole(target)  # the first one also makes constraints and fills the server's caches
        wipe(graph)
        proxy.begin()
        began = time.monotonic()
        load_whole(target)
        yield Bench(settings, graph, proxy, target, graph_digest(graph), proxy.commits, proxy.bytes, time.monotonic() - began)


def load_whole(target: Target) -> None:
    """Load without a cut; anything but success is an error of the bench itself."""
    process = start(target)
    process.join(200)
    assert process.exitcode == 0, target.log.read_text("utf-8")
