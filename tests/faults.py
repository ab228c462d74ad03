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
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from kg.settings import Settings
from kg.store import local
from kg.store.check import check
from kg.store.digest import graph_digest
from kg.store.driver import Graph, open_graph
from tests.conftest import wipe

COMMIT = bytes([0x00, 0x02, 0xB0, 0x12, 0x00, 0x00])
"""A chunk of two bytes, the structure without fields that Bolt calls COMMIT, and the end of the message."""
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
    import ingest.runner
    import kg.store.load
    from kg.cli import main

    ingest.runner.CHUNK, kg.store.load.BATCH = CHUNK, BATCH
    sys.argv = ["kg", "ingest", "wikidata", *map(str, target.files), "--option", "as_of=2016-09"]
    main()


def start(target: Target) -> multiprocessing.process.BaseProcess:
    """Begin to load in another process."""
    process = _PROCESSES.Process(target=_client, args=(target,))
    process.start()
    return process


def acknowledged(target: Target) -> int:
    """How many rows the client said to be loaded before it ended."""
    told = re.findall(r"wikidata: (\d+) rows", target.log.read_text("utf-8")) if target.log.exists() else []
    return int(told[-1]) if told else 0


# --- The proxy --------------------------------------------------------------------------------------------------------


@dataclass
class Plan:
    """Where to cut: at the COMMIT or the byte with this number, counted from 1; 0 means nowhere."""

    commit: int = 0
    byte: int = 0
    after: bool = False
    """Let the server carry the COMMIT out, and cut before the client hears of it."""
    act: Callable[[], None] | None = None
    """Instead of only dropping the connections."""


@dataclass
class Proxy:
    """Passes bytes on between clients and the server, counts them, and cuts once as planned."""

    server: int
    port: int = 0
    plan: Plan = field(default_factory=Plan)
    commits: int = 0
    bytes: int = 0
    cut: bool = False
    silent: bool = False
    """The server's answers go nowhere, because the connections are about to be dropped."""
    _open: list[socket.socket] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, plan: Plan | None = None) -> None:
        """Count anew and cut by this plan."""
        with self._lock:
            self.plan, self.commits, self.bytes, self.cut = plan or Plan(), 0, 0, False

    def serve(self, listener: socket.socket) -> None:
        """Take connections until the listener is closed."""
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.server), timeout=5)
            except OSError:
                client.close()  # the server is down: so are we
                continue
            server.settimeout(None)
            with self._lock:
                self._open += [client, server]
            for source, target, watched in ((client, server, True), (server, client, False)):
                threading.Thread(target=self._pass_on, args=(source, target, watched), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, watched: bool) -> None:
        tail = b""
        try:
            while data := source.recv(1 << 16):
                if watched:
                    tail = self._watch(tail, data, target)
                elif not self.silent:
                    target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _watch(self, tail: bytes, data: bytes, server: socket.socket) -> bytes:
        seen = tail + data
        found = seen.count(COMMIT)
        with self._lock:
            self.commits += found
            self.bytes += len(data)
            plan = self.plan
            due = (found and 0 < plan.commit <= self.commits) or 0 < plan.byte <= self.bytes
            cutting = bool(due) and not self.cut
            self.cut = self.cut or cutting
        if not cutting:
            server.sendall(data)
            return b"" if seen.endswith(COMMIT) else seen[-len(COMMIT) + 1 :]
        self._do_cut(plan, data, server)
        raise OSError("cut as planned")

    def _do_cut(self, plan: Plan, data: bytes, server: socket.socket) -> None:
        if plan.after:
            self.silent = True
            server.sendall(data)
            time.sleep(0.1)  # for the server to do it
        if plan.act:
            plan.act()
        self.drop()
        self.silent = False

    def drop(self) -> None:
        """Cut every connection without a farewell."""
        with self._lock:
            gone, self._open = self._open, []
        for end in gone:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for it, which closing alone does not
            end.close()


@contextlib.contextmanager
def proxied(server: int) -> Iterator[Proxy]:
    """A proxy on the loopback interface before the server at this port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Proxy(server, listener.getsockname()[1])
        thread = threading.Thread(target=proxy.serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            # Closing alone would leave the thread in ``accept``.
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            proxy.drop()
            thread.join(5)


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
        return self._compared(outcome)

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

    def _compared(self, outcome: Outcome) -> Outcome:
        if graph_digest(self.graph) != self.digest:
            outcome.faults.append(f"{outcome.name}: the digest differs from that of an uninterrupted load")
        outcome.faults += [f"{outcome.name}: {f.invariant}: {f.offenders[:3]}" for f in check(self.graph) if f.broken]
        return outcome


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
        _load(target)  # the first one also makes constraints and fills the server's caches
        wipe(graph)
        proxy.begin()
        began = time.monotonic()
        _load(target)
        yield Bench(settings, graph, proxy, target, graph_digest(graph), proxy.commits, proxy.bytes, time.monotonic() - began)


def _load(target: Target) -> None:
    process = start(target)
    process.join(200)
    assert process.exitcode == 0, target.log.read_text("utf-8")


# --- A full disk ------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int = 300) -> Iterator[Path | None]:
    """A file system of its own in memory, where this user may mount one; else None."""
    disk = folder / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(disk)]
    mounted = shutil.which("mount") and subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield disk if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(disk)], check=True)


@contextlib.contextmanager
def without_room(settings: Settings, disk: Path | None) -> Iterator[None]:
    """Leave the server no room to write: a file fills the small disk, or no file of the process may grow."""
    if disk:
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(1 << 16)):
                pass
        yield
        filler.unlink()
        return
    state = local.status(settings)
    assert state is not None
    logs = (settings.home / "neo4j" / "data" / "transactions").rglob("neostore.transaction.db.*")
    psutil.Process(state.pid).rlimit(psutil.RLIMIT_FSIZE, (max(log.stat().st_size for log in logs) + 4096, -1))
    yield


def full_disk(like: Bench, folder: Path) -> Outcome:
    """Load where there is no room, make room, load again."""
    with small_disk(folder) as disk:
        settings = like.settings.model_copy(update={"home": (disk or folder) / "home"})
        outcome = Outcome(f"full disk ({'a small file system' if disk else 'a limit on file size'})", True, None, 0)
        try:
            password = local.ensure_running(settings).password
            with without_room(settings, disk):
                target = _at(like.target, settings, password, folder)
                process = start(target)
                process.join(150)
                outcome.client = process.exitcode
                if process.is_alive():
                    process.kill()
                    outcome.faults.append(f"{outcome.name}: the client hangs")
            said = target.log.read_text("utf-8")
            if outcome.client != 1 or "Traceback" in said or "kg: " not in said:
                outcome.faults.append(f"{outcome.name}: no sentence but {outcome.client} and {said[-1000:]}")
            kill(settings)
            password = local.ensure_running(settings).password
            _load(_at(like.target, settings, password, folder))
            with open_graph(settings) as graph:
                if graph_digest(graph) != like.digest:
                    outcome.faults.append(f"{outcome.name}: the digest differs from that of an uninterrupted load")
                outcome.faults += [f"{outcome.name}: {f.invariant}: {f.offenders[:3]}" for f in check(graph) if f.broken]
        finally:
            local.stop(settings)
    return outcome


def _at(target: Target, settings: Settings, password: str, folder: Path) -> Target:
    state = local.ensure_running(settings).state
    environment = target.environment | {"NEO4J_URI": state.uri, "NEO4J_PASSWORD": password}
    return Target(target.files, environment, folder / "full.log")
