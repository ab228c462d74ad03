"""What tests share: one real server for the whole run, and an empty graph for each test that asks for it."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request
from ingest.run.runner import Report, ingest
from kg.settings import Settings
from kg.settings import settings as read_settings
from kg.store import local
from kg.store.driver import Graph, open_graph
from tests.browser import apart, browser, contexts, open_page
from tests.bundled_engine import bundled_home
from tests.commands import RunKg, run_kg_in
from tests.thorough import EVERYTHING

__all__ = ["apart", "browser", "contexts", "open_page"]

# The runtime of every server that tests start: without its second compiler a start takes a third less of the processor.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")

# A busy machine is no failure; how fast things are is what the benchmarks tell.
hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.register_profile("all", deadline=None, max_examples=2000)
hypothesis.settings.load_profile("all" if EVERYTHING else "ci" if os.environ.get("CI") == "true" else "dev")

_WIPE = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS"


@pytest.fixture(scope="session")
def engine_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the run's server; its logs are kept there under ``neo4j/logs``."""
    return tmp_path_factory.mktemp("engine")


@pytest.fixture(scope="session")
def graph_settings(engine_home: Path) -> Iterator[Settings]:
    """Settings of a server that runs as long as the tests and ends with them, even when they are killed."""
    settings = Settings(home=engine_home, neo4j_uri="", port=0)
    local.ensure_running(settings, tied=True)
    yield settings
    local.stop(settings)


@pytest.fixture(scope="session")
def open_test_graph(graph_settings: Settings) -> Iterator[Graph]:
    """The connection that all tests share."""
    with open_graph(graph_settings) as graph:
        yield graph


@pytest.fixture
def graph(open_test_graph: Graph) -> Graph:
    """An open graph without any node; constraints and indexes of earlier tests stay."""
    wipe(open_test_graph)
    return open_test_graph


@pytest.fixture(scope="session")
def bundled_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of a second server, which keeps the bundled facts while other tests wipe theirs. Tests only read there."""
    settings = Settings(home=bundled_home(tmp_path_factory.mktemp("bundled") / "home", load_bundled), neo4j_uri="", port=0)
    local.ensure_running(settings, tied=True)
    yield settings
    local.stop(settings)


@pytest.fixture(scope="session")
def bundled_graph(bundled_settings: Settings) -> Iterator[Graph]:
    """An open graph with all bundled facts; it is only read."""
    with open_graph(bundled_settings) as graph:
        yield graph


@pytest.fixture
def run_kg(graph_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[RunKg]:
    """Run a command against the server that tests may change."""
    yield run_kg_in(graph_settings, monkeypatch, capsys)
    read_settings.cache_clear()


@pytest.fixture
def run_bundled(
    bundled_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[RunKg]:
    """Run a command against the bundled facts; one that only reads."""
    yield run_kg_in(bundled_settings, monkeypatch, capsys)
    read_settings.cache_clear()


def load_bundled(settings: Settings) -> Report:
    """Load what ships with the project, as ``kg ingest bundled`` does."""
    with open_graph(settings) as graph:
        return ingest(graph, "bundled", Request(descriptor("bundled"), settings))


def wipe(graph: Graph) -> None:
    """Remove every node, in portions, so that the size does not matter."""
    with graph.session(write=True) as session:
        session.run(_WIPE).consume()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several processes a file stays in one of them, and so do all that need the same page servers."""
    for item in items:
        pages = {"address", "open_page"} & set(getattr(item, "fixturenames", ()))
        item.add_marker(pytest.mark.xdist_group("pages" if pages else item.path.stem))
