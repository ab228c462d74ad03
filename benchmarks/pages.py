"""From a search to the drawn graph, the projection of a large graph, and what app and server weigh.

Run with ``python -m benchmarks.pages``; needs Chromium. It works on a database of its own in a temporary folder.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright

from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request
from ingest.run.runner import ingest
from kg.app.config import flags
from kg.app.launch import free_port
from kg.network.opportunities import Search, find_opportunities
from kg.network.projection import read_projection
from kg.settings import Settings
from kg.store import local
from kg.store.driver import Graph, open_graph
from kg.store.places import find_place, search_places

ROOT = Path(__file__).parent.parent
CHROMIUM = "/usr/bin/chromium"
_PLACES, _TIES = 40_000, 60_000
_SYNTHETIC_PLACES = """
UNWIND range(1, $n) AS i
CREATE (:Place:City {id: 's:' + toString(i), name: 'S' + toString(i), kind: 'city', country: 'DE',
                     location: point({longitude: i % 20, latitude: 40 + i % 15}), population: 1000 + i})
"""
_SYNTHETIC_TIES = """
UNWIND $pairs AS pair
MATCH (a:Place {id: 's:' + toString(pair[0])}) MATCH (b:Place {id: 's:' + toString(pair[1])})
CREATE (a)-[:TWINNED_WITH {key: a.id + b.id, since: '',
                           partnership: 'partnership|' + a.id + ',' + b.id, kind: 'twinning', status: 'active'}]->(b)
CREATE (p:Partnership {id: 'partnership|' + a.id + ',' + b.id, kind: 'twinning', status: 'active'})
CREATE (a)-[:PARTNER_IN]->(p) CREATE (b)-[:PARTNER_IN]->(p)
"""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), neo4j_uri="", port=0)  # pyright: ignore[reportCallIssue]
        started = time.perf_counter()
        server = local.ensure_running(settings, tied=True)
        print(f"local server ready             {time.perf_counter() - started:8.2f} s")
        try:
            with open_graph(settings) as graph:
                ingest(graph, "bundled", Request(descriptor("bundled"), settings))
                _functions(graph)
                _browser(settings, server.state.pid)
                _projection(graph)
        finally:
            local.stop(settings)


def _functions(graph: Graph) -> None:
    place = find_place(graph, "Ludwigsburg").id
    projection = read_projection(graph)
    _say("search of a name", _median(lambda: search_places(graph, "ludwigsb")))
    _say("opportunities of one place", _median(lambda: find_opportunities(projection, Search((place,)))))
    _say("opportunities of the whole graph", _median(lambda: find_opportunities(projection, Search()), 3))


def _projection(graph: Graph) -> None:
    """The time to read 40,000 places and 60,000 ties as arrays, beside the bare driver reading the same columns."""
    graph.write(_SYNTHETIC_PLACES, {"n": _PLACES})
    pairs = [[1 + (i * 7919) % _PLACES, 1 + (i * 104_729 + i // _PLACES + 1) % _PLACES] for i in range(_TIES)]
    for first in range(0, _TIES, 5000):
        graph.write(_SYNTHETIC_TIES, {"pairs": pairs[first : first + 5000]})
    bare = (
        "MATCH (a:Place)-[t:TWINNED_WITH]->(b:Place) "
        "RETURN collect(a.id) AS a, collect(b.id) AS b, collect(t.kind) AS kind, collect(t.status) AS status"
    )
    ours, driver = _median(lambda: read_projection(graph), 3), _median(lambda: graph.read(bare), 3)
    _say(f"projection of {_TIES} ties", ours)
    print(f"   beside the bare driver       {driver:8.2f} s   ratio {ours / driver:.1f}")


def _browser(settings: Settings, server_pid: int) -> None:
    with running_app(settings) as (process, url), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        for name in ("first search to drawn graph", "next search to drawn graph"):
            started = time.perf_counter()
            page.goto(f"{url}/?place=gn:2875392" if name.startswith("first") else f"{url}/?place=gn:3182164")
            page.wait_for_selector("canvas", timeout=60_000)
            _say(name, time.perf_counter() - started)
        browser.close()
        for what, pid in (("app", process.pid), ("server", server_pid)):
            print(f"memory of the {what:17}{psutil.Process(pid).memory_info().rss / 2**20:8.0f} MB")


@contextmanager
def running_app(settings: Settings) -> Generator[tuple["subprocess.Popen[bytes]", str]]:
    """The app on these settings: its process and its address."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), *flags(server__port=port)]
    environment = {**os.environ, "KG_HOME": str(settings.home)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield process, url
    finally:
        process.terminate()
        process.wait()


def _median(call: Callable[[], object], times: int = 5) -> float:
    seconds: list[float] = []
    for _ in range(times):
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def _say(what: str, seconds: float) -> None:
    print(f"{what:31}{seconds:8.3f} s")


if __name__ == "__main__":
    main()
