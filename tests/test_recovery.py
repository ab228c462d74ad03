"""What befalls the local database between two commands: the next one is answered, or told the cause and the way out, soon."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DiskFull
from kg.settings import Settings
from kg.store import local
from kg.store.backup.make import make_backup
from kg.store.digest import graph_digest
from kg.store.driver import open_graph
from kg.store.local import folder as folders
from kg.store.local.folder import DataFolder
from kg.store.local.kept import Backup, remember
from tests.commands import Done, RunKg, run_kg_in
from tests.engines import own_engine
from tests.full_disk import small_disk
from tests.test_load import GROUND, TOLD, load

COUNT = "MATCH (c:Claim) RETURN count(c) AS n"
DATABASES = "neo4j/data/databases"
DAMAGES = [
    (f"{DATABASES}/neo4j/neostore", 0),
    (f"{DATABASES}/neo4j/neostore.relationshipstore.db", 0.5),
    (f"{DATABASES}/system/neostore", 0.5),
    ("neo4j/data/transactions/neo4j/neostore.transaction.db.0", 0.5),
]
"""Files and the share that is left; the server notices the first and the last itself."""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A data folder with a few claims and a backup of them on record; whatever befalls it, the next test can use it."""
    with own_engine(tmp_path_factory.mktemp("recovery") / "home") as settings:
        local.ensure_running(settings, tied=True)
        with open_graph(settings) as graph:
            load(graph, [*GROUND, *TOLD])
            made = make_backup(graph, settings.home / "kept.backup")
            remember(settings.home, Backup(made.made, str(made.path)))
        yield settings


@pytest.fixture
def run(own: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> RunKg:
    """Run a command against that folder."""
    monkeypatch.setenv("KG_PORT", "0")
    return run_kg_in(own, monkeypatch, capsys)


def answered(done: Done) -> bool:
    return done.code == 0 and done.out.split() == ["n", str(len(GROUND) + len(TOLD))]


# --- a database that died ----------------------------------------------------------------------------------------------


def killed(settings: Settings) -> None:
    os.kill(local.ensure_running(settings).state.pid, signal.SIGKILL)


def killed_while_stopping(settings: Settings) -> None:
    pid = local.ensure_running(settings).state.pid
    DataFolder(settings.home).state_file.unlink()
    os.kill(pid, signal.SIGKILL)


def password_gone(settings: Settings) -> None:
    local.ensure_running(settings)
    DataFolder(settings.home).password_file.unlink()


def password_of_another(settings: Settings) -> None:
    local.ensure_running(settings)
    DataFolder(settings.home).password_file.write_text("another", "utf-8")


def password_of_bytes(settings: Settings) -> None:
    local.ensure_running(settings)
    DataFolder(settings.home).password_file.write_bytes(b"\xff\xfe\x00")


def state_of_garbage(settings: Settings) -> None:
    local.ensure_running(settings)
    DataFolder(settings.home).state_file.write_bytes(b"\xff{")


def state_of_garbage_and_killed(settings: Settings) -> None:
    pid = local.ensure_running(settings).state.pid
    state_of_garbage(settings)
    os.kill(pid, signal.SIGKILL)


def port_of_garbage(settings: Settings) -> None:
    local.stop(settings)
    DataFolder(settings.home).port_file.write_text("99999999", "utf-8")


@pytest.mark.parametrize(
    "befalls",
    [
        killed, killed_while_stopping, password_gone, password_of_bytes, state_of_garbage, state_of_garbage_and_killed,
        port_of_garbage,
    ],
)  # fmt: skip
def test_the_next_command_is_answered_though(own: Settings, run: RunKg, befalls: Callable[[Settings], None]):
    befalls(own)
    done = run("cypher", COUNT)
    assert answered(done), done.err


def test_an_open_program_goes_on_when_the_password_is_another(own: Settings):
    with open_graph(own) as graph:
        password_of_another(own)
        with open_graph(own) as other:
            assert other.read(COUNT) == graph.read(COUNT)


@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_a_state_file_is_a_server_or_nothing(tmp_path_factory: pytest.TempPathFactory, data: bytes):
    folder = DataFolder(tmp_path_factory.getbasetemp())
    folder.state_file.write_bytes(data)
    assert folder.state() is None


@pytest.mark.parametrize("pid", [0, -1, 1, 1 << 80, "x", None, [], float("inf")])
def test_no_number_of_a_state_file_can_make_us_end_another_process(tmp_path: Path, pid: object):
    folder = DataFolder(tmp_path)
    said = f'{{"pid": {pid!r}, "port": 7687, "version": "5", "started": "", "token": "t"}}'
    folder.state_file.write_text(said.replace("'", '"').replace("None", "null").replace("inf", "Infinity"), "utf-8")
    assert folder.state() is None


# --- what cannot be mended --------------------------------------------------------------------------------------------


@contextmanager
def nothing_started(settings: Settings) -> Iterator[None]:
    """No server process begins during the block, so nobody waits for one."""
    log = DataFolder(settings.home).log
    before = log.stat().st_mtime_ns
    yield
    assert log.stat().st_mtime_ns == before


@contextmanager
def damaged(settings: Settings, name: str, share: float) -> Iterator[None]:
    """A file of the database, cut to a share of its size for the block."""
    local.stop(settings)
    path = settings.home / name
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    yield
    local.stop(settings)


@pytest.mark.parametrize(("name", "share"), DAMAGES)
def test_damaged_files_are_named_with_the_way_out_and_the_way_leads_out(own: Settings, run: RunKg, name: str, share: float):
    with open_graph(own) as graph:
        digest = graph_digest(graph)
    with damaged(own, name, share):
        done = run("cypher", COUNT)
    assert done.code == 1
    kept = own.home / "kept.backup"
    assert f"The database in {own.home / 'neo4j'} is damaged" in done.err
    assert f"kg db restore {kept} --fresh" in done.err
    assert "Traceback" not in done.err
    assert run("db", "restore", str(kept), "--fresh").code == 0
    with open_graph(own) as graph:
        assert graph_digest(graph) == digest


def test_a_taken_port_is_named_and_let_go_it_serves(own: Settings, run: RunKg, monkeypatch: pytest.MonkeyPatch):
    local.stop(own)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("KG_PORT", str(port))
        with nothing_started(own):
            done = run("cypher", COUNT)
        assert done.code == 1
        assert f"Port {port} is used by another program" in done.err
        assert "KG_PORT" in done.err
    assert answered(run("cypher", COUNT))


def test_the_port_used_last_is_no_condition(own: Settings, run: RunKg):
    port = local.ensure_running(own).state.port
    local.stop(own)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        assert answered(run("cypher", COUNT))


@contextmanager
def full(disk: Path | None) -> Iterator[None]:
    """No room on the small disk for the block; where none can be mounted, more room is asked for than there is."""
    with pytest.MonkeyPatch.context() as patch:
        if disk is None:
            patch.setattr(folders, "_NEEDED", 1 << 60)
            yield
            return
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(bytes(1 << 16)):
                pass
        yield
        filler.unlink()


def test_a_full_disk_is_named_at_once_and_with_room_it_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    with small_disk(tmp_path, 120) as disk, own_engine((disk or tmp_path) / "home") as settings:
        monkeypatch.setenv("KG_PORT", "0")
        run = run_kg_in(settings, monkeypatch, capsys)
        assert run("cypher", "RETURN 1 AS n").code == 0
        with full(disk):
            with open_graph(settings) as graph, pytest.raises(DiskFull, match=str(settings.home)):
                graph.write("UNWIND range(1, 20000) AS n CREATE (:Place {id: 'x:' + n, name: 'x' + n})", timeout=100)
            local.stop(settings)
            with nothing_started(settings):
                done = run("cypher", "RETURN 1 AS n")
            assert done.code == 1
            assert f"The disk that holds {settings.home} is full" in done.err
        assert run("cypher", "RETURN 1 AS n").code == 0
