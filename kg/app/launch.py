"""Starting the app's server, for ``kg app`` and ``kg demo``."""

import signal
import subprocess
import sys
import threading
import time
import urllib.request
import webbrowser
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from socket import socket
from urllib.error import URLError

from ingest.gazetteer.gazetteer import Gazetteer
from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request
from ingest.run.runner import ingest
from kg.app.config import flags
from kg.app.login import provider
from kg.app.origins import allowed_origins, listening_address, local_url
from kg.settings import Settings, without_secrets
from kg.shipped import shipped
from kg.store import cypher
from kg.store.driver import Graph, open_graph

Say = Callable[[str], None]
_PATIENCE = 60.0


def demo(settings: Settings, say: Say) -> None:
    """Bring up the database, load the bundled facts into an empty graph, open the app; tell how long each step took."""
    started = time.monotonic()
    # At the first start the gazetteer's index takes as long to make as the server takes to start: two cores, one wait.
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=_leave_interrupts_to_parent) as pool:
        index = pool.submit(_make_index, settings.cache_dir)
        with open_graph(settings) as graph:
            seconds, endpoint = time.monotonic() - started, graph.endpoint
            say(f"database ready after {seconds:.1f} s: Neo4j {endpoint.version} at {without_secrets(endpoint.uri)}")
            index.result()
            _fill(graph, settings, say)
    serve(settings, say)


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _make_index(cache_dir: Path) -> None:
    Gazetteer.open(cache_dir).close()


def _fill(graph: Graph, settings: Settings, say: Say) -> None:
    """Load the bundled facts where nothing is there, or finish a first load of them that was cut off."""
    runs = {row["status"] for row in graph.read(cypher.BUNDLED_RUNS)}
    if "done" in runs or (not runs and graph.read(cypher.ANY_PARTNERSHIP)):
        return
    loading = time.monotonic()
    report = ingest(graph, "bundled", Request(descriptor("bundled"), settings))
    seconds = time.monotonic() - loading
    say(f"bundled facts loaded in {seconds:.1f} s: {report.account.loaded} rows, {report.changes.new} claims")


def serve(settings: Settings, say: Say) -> None:
    """Run the app's server until it is interrupted; prints its address, and opens a browser unless told not to."""
    started, port = time.monotonic(), settings.app_port or free_port()
    # What is wrong with the settings is said here, not in the log of a server that ends at once.
    address, url, _ = listening_address(settings), local_url(settings, port), provider(settings)
    allowed_origins(settings, port)
    entry = shipped("app.py")
    command = [sys.executable, "-m", "streamlit", "run", str(entry), *flags(server__port=port, server__address=str(address))]
    # Whoever ends us by a signal means the app's server too.
    signal.signal(signal.SIGTERM, _interrupt)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    threading.Thread(target=_announce, args=(url, settings, say, started), daemon=True).start()
    try:
        process.wait()
    except KeyboardInterrupt:
        say("the app is stopping; the database stays up for other programs (kg db stop ends it)")
    finally:
        process.terminate()
        process.wait()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _announce(url: str, settings: Settings, say: Say, started: float) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and not _answers(url):
        time.sleep(0.1)
    say(f"app ready after {time.monotonic() - started:.1f} s: {url}  (Ctrl+C ends it)")
    if not settings.no_browser:
        webbrowser.open(url)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
            return True
    except (URLError, OSError):
        return False


def free_port() -> int:
    """A loopback port that is free now."""
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
