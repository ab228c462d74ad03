"""Many people at once: sessions of mixed work in the app and reads on the command line, with the memory of app and server.

Run with ``python -m benchmarks.load [--sessions 20] [--minutes 10] [--reads 200] [--think 5]``. It works on a database of its own
with the bundled facts. A session speaks Streamlit's own protocol over a WebSocket, as a browser does, but draws nothing: what is
measured is the server's side, from the request for a page to the end of its script.
"""

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from benchmarks.pages import running_app
from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request
from ingest.run.runner import ingest
from kg.settings import Settings
from kg.store import local
from kg.store.driver import open_graph

# Streamlit's messages are made at run time and come without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false, reportAttributeAccessIssue=false

_PLACES = ("gn:2875392", "gn:3182164", "gn:2991214", "gn:2992938", "gn:2873891", "gn:2940132", "gn:3078610")
_WORK: Mapping[str, tuple[str, str]] = {
    "place": ("", "place={a}"),
    "table": ("", "place={a}&view=table"),
    "opportunities": ("chances", "place={a}"),
    "connection": ("connection", "a={a}&b={b}"),
    "queries": ("queries", ""),
    "sources": ("sources", ""),
    "overview": ("overview", ""),
}
_READ = "MATCH (p:City)-[:PARTNER_IN]->(s:Partnership) RETURN p.country AS country, count(s) AS n ORDER BY n DESC"
_KG = "from kg.cli.main import main; main()"
_PATIENCE = 120.0
_SAMPLE_SECONDS = 5.0


@dataclass
class Measured:
    """What was seen: seconds by kind of work, errors in words, and memory in MB by process over time."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list[str])
    memory: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--reads", type=int, default=200)
    parser.add_argument("--think", type=float, default=5.0, help="seconds between two pages of a session, on average")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), neo4j_uri="", port=0)  # pyright: ignore[reportCallIssue]
        server = local.ensure_running(settings, tied=True)
        try:
            with open_graph(settings) as graph:
                ingest(graph, "bundled", Request(descriptor("bundled"), settings))
            with running_app(settings) as (process, url):
                pids = {"app": process.pid, "server": server.state.pid}
                _print(asyncio.run(_all(url, pids, settings, asked)), asked.minutes)
        finally:
            local.stop(settings)


async def _all(url: str, pids: Mapping[str, int], settings: Settings, asked: argparse.Namespace) -> Measured:
    measured, end = Measured(), time.monotonic() + asked.minutes * 60
    sessions = [_session(url, number, end, asked.think, measured) for number in range(asked.sessions)]
    reads = _reads(settings, asked.reads, end, measured)
    watching = asyncio.create_task(_watch(pids, measured))
    await asyncio.gather(*sessions, reads)
    watching.cancel()
    return measured


async def _session(url: str, number: int, end: float, think: float, measured: Measured) -> None:
    draw = random.Random(number)
    await asyncio.sleep(draw.uniform(0, think))
    stream = url.replace("http", "ws", 1) + "/_stcore/stream"
    async with connect(stream, subprotocols=["streamlit"], origin=url, max_size=None) as socket:  # pyright: ignore[reportArgumentType]
        while time.monotonic() < end:
            name = draw.choice(list(_WORK))
            page, query = _WORK[name]
            a, b = draw.sample(_PLACES, 2)
            message = BackMsg()
            message.rerun_script.page_name = page
            message.rerun_script.query_string = query.format(a=a, b=b)
            began = time.monotonic()
            await socket.send(message.SerializeToString())
            fault = await asyncio.wait_for(_finished(socket), _PATIENCE)
            measured.seconds[name].append(time.monotonic() - began)
            measured.errors += [f"{name}: {fault}"] if fault else []
            await asyncio.sleep(draw.uniform(0.5, 1.5) * think)


async def _finished(socket: object) -> str:
    """Read what the script sends until it ends; the first exception it shows, or nothing."""
    fault = ""
    async for raw in socket:  # pyright: ignore[reportGeneralTypeIssues]
        message = ForwardMsg()
        message.ParseFromString(raw)
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.new_element.WhichOneof("type") == "exception":
            fault = fault or message.delta.new_element.exception.message
        if kind == "script_finished":
            return fault
    return fault or "the connection was closed"


async def _reads(settings: Settings, number: int, end: float, measured: Measured) -> None:
    pause = max(0.0, (end - time.monotonic()) / max(1, number) - 1)
    environment = {**os.environ, "KG_HOME": str(settings.home)}
    for _ in range(number):
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _KG, "cypher", _READ, "--format", "json", env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        _, told = await process.communicate()
        measured.seconds["kg cypher"].append(time.monotonic() - began)
        if process.returncode:
            measured.errors.append(f"kg cypher: {told.decode('utf-8', 'replace').strip()}")
        await asyncio.sleep(pause)


async def _watch(pids: Mapping[str, int], measured: Measured) -> None:
    while True:
        for name, pid in pids.items():
            measured.memory[name].append(psutil.Process(pid).memory_info().rss / 2**20)
        await asyncio.sleep(_SAMPLE_SECONDS)


def _print(measured: Measured, minutes: float) -> None:
    print(f"{'work':16}{'times':>7}{'p50 s':>9}{'p95 s':>9}{'longest':>9}")
    for name, seconds in sorted(measured.seconds.items()):
        print(f"{name:16}{len(seconds):7}{_share(seconds, 50):9.2f}{_share(seconds, 95):9.2f}{max(seconds):9.2f}")
    print(f"errors {len(measured.errors)}")
    for fault in measured.errors[:10]:
        print(f"   {fault}")
    for name, values in measured.memory.items():
        thirds = [statistics.median(part) for part in _thirds(values)]
        print(f"memory of the {name}, MB: " + " → ".join(f"{value:.0f}" for value in thirds) + f" in thirds of {minutes:g} min")


def _share(values: Sequence[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def _thirds(values: Sequence[float]) -> list[Sequence[float]]:
    step = max(1, len(values) // 3)
    return [part for part in (values[:step], values[step : 2 * step], values[2 * step :]) if part]


if __name__ == "__main__":
    main()
