"""Start, adopt, replace and stop the server of one data folder."""

import errno
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import DiskFull, EngineStartFailed, FolderNotWritable, LocalEngineError, PortTaken, StoreDamaged
from kg.settings import Settings
from kg.shipped import packages
from kg.store.local.config import choose_port, heap_bytes, write_config
from kg.store.local.folder import DAMAGED, DataFolder, ServerState, check_disk, free_bytes
from kg.store.local.kept import last_backup
from kg.store.local.locks import held, is_held, wait_until
from kg.store.local.runtime import jar_folder, java_library, require_extra
from kg.store.private import open_private, private_folder

_START_SECONDS = 120.0
_STOP_SECONDS = 30.0
_KILL_SECONDS = 10.0
_GOING_SECONDS = 15.0
_TRIES = 3

_tied: dict[Path, subprocess.Popen[bytes]] = {}
"""Servers, by data folder, that must end with this process: the pipe to each stays open for as long as it stands here."""


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A running local server and how to log in to it."""

    state: ServerState
    password: str = field(repr=False)
    username: str = "neo4j"


def status(settings: Settings) -> ServerState | None:
    """The running server of the data folder, or ``None``."""
    return DataFolder(settings.home).running()


def ensure_running(settings: Settings, *, tied: bool = False, doubted: bool = False) -> LocalServer:
    """The server of the data folder, started if none runs; several processes may ask at the same moment.

    With ``tied`` a server started here ends when this process does. One that is ``doubted`` must answer, or is waited for to go.

    Raises:
        LocalEngineError: a subclass says what is in the way.
    """
    folder = DataFolder(settings.home)
    _prepare(folder)
    if doubted:
        _await_answer(folder)
    if not _serves(folder):
        with held(folder.start_lock):
            if not _serves(folder):
                stop_locked(folder)
                _start(settings, folder, tied=tied)
    state = folder.running()
    if state is None:
        raise EngineStartFailed(f"the server stopped right after its start; its log is {folder.log}")
    return LocalServer(state, folder.password())


def _serves(folder: DataFolder) -> bool:
    """Whether a server runs that we can log in to: one whose password is lost gets another at its next start."""
    return folder.running() is not None and folder.password() != ""


def renew_password(settings: Settings, refused: str) -> LocalServer:
    """Let the server that refused the password of its file have another one, unless somebody wrote one meanwhile."""
    folder = DataFolder(settings.home)
    with held(folder.start_lock):
        if folder.password() == refused:
            folder.password_file.unlink(missing_ok=True)
    return ensure_running(settings)


def stop(settings: Settings, *, seconds: float = _STOP_SECONDS) -> bool:
    """Stop the server in order, by force when it takes longer; ``False`` when none ran."""
    folder = DataFolder(settings.home)
    if not folder.home.is_dir():
        return False
    with held(folder.start_lock):
        return stop_locked(folder, seconds)


def restart(settings: Settings, *, seconds: float = 2.0) -> LocalServer:
    """Replace a server that is busy with something that cannot be interrupted; it comes back on the same port.

    Whoever reads meanwhile waits at the lock instead of starting a second one.
    """
    folder = DataFolder(settings.home)
    with held(folder.start_lock):
        stop_locked(folder, seconds)
        _start(settings, folder, tied=False)
    return ensure_running(settings)


def _prepare(folder: DataFolder) -> None:
    try:
        for private in (folder.home, folder.database, folder.log.parent):
            private_folder(private)
        with tempfile.TemporaryFile(dir=folder.home):
            pass
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(folder.home, free_bytes(folder.home) or 0) from error
        raise FolderNotWritable(folder.home, "KG_HOME") from error


def _await_answer(folder: DataFolder) -> None:
    """A killed process holds its lock until its memory is given back, and nobody listens at its port meanwhile."""
    state = folder.running()
    if state and not wait_until(lambda: folder.running() != state or _answers(state.port), _GOING_SECONDS):
        raise EngineStartFailed(f"process {state.pid} holds the database and does not answer; end it with: kg db stop")


def _answers(port: int) -> bool:
    """Whether somebody there speaks Bolt: the protocol's first words, to which four bytes are the answer."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.settimeout(1)
            connection.sendall(bytes.fromhex("6060b017") + bytes.fromhex("00000005") + bytes(12))
            return len(connection.recv(4)) == 4
    except OSError:
        return False


def _start(settings: Settings, folder: DataFolder, *, tied: bool) -> None:
    # What replaces a tied server is tied too, or a crash in a test would leave a server behind.
    tied = tied or folder.home in _tied
    require_extra()
    heap_bytes(settings.heap)
    jars, java = jar_folder(settings), java_library(settings)
    # A server that is starting or stopping holds its lock without a valid state; it needs a moment.
    if not wait_until(lambda: not is_held(folder.server_lock), _STOP_SECONDS):
        raise EngineStartFailed(f"another server process holds {folder.server_lock} and does not answer")
    folder.state_file.unlink(missing_ok=True)
    check_disk(folder.home)
    folder.finish_replacing()
    if cut := folder.cut_file():
        raise _failure(folder, DAMAGED + cut)
    for attempt in range(1, _TRIES + 1):
        port = choose_port(settings.port, folder.last_port() if attempt == 1 else 0)
        write_config(folder.config, port, settings.heap)
        command = [*_command(folder, jars, java, settings.heap, port), *(["--tied"] if tied else [])]
        reason = _await(folder, _spawn(command, folder, tied=tied))
        if reason is None:
            return
        if "BindException" not in reason and "already in use" not in reason:
            raise _failure(folder, reason)
    raise PortTaken(settings.port)


def _failure(folder: DataFolder, reason: str) -> LocalEngineError:
    """What a start that failed comes from, as far as can be told."""
    if reason.startswith(DAMAGED):
        backup = last_backup(folder.home)
        return StoreDamaged(
            folder.database, f"{reason.removeprefix(DAMAGED)}; the log is {folder.log}", backup.file if backup else ""
        )
    return EngineStartFailed(f"{reason}; the log is {folder.log}")


def _command(folder: DataFolder, jars: Path, java: str, heap: str, port: int) -> list[str]:
    options = ["--home", str(folder.home), "--jars", str(jars), "--java", java, "--heap", heap, "--port", str(port)]
    return [sys.executable, "-m", "kg.store.local.server", *options]


def _spawn(command: list[str], folder: DataFolder, *, tied: bool) -> subprocess.Popen[bytes]:
    # The package must be found although the child stands in another folder, so that ours can be removed meanwhile.
    path = os.pathsep.join(filter(None, [str(packages()), os.environ.get("PYTHONPATH", "")]))
    with open_private(folder.log, "wb") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if tied else subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder.home,
            env={**os.environ, "PYTHONPATH": path},
            # Away from the terminal: its Ctrl-C is for the command, not for the server that others may use.
            start_new_session=os.name == "posix",
            creationflags=_windows_flags(),
        )
    if tied:
        _let_go(folder)
        _tied[folder.home] = process
    # Waited for in the background, or a server that ends before we do would stay in the process table.
    threading.Thread(target=process.wait, daemon=True).start()
    return process


def _windows_flags() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    return 0


def _await(folder: DataFolder, process: subprocess.Popen[bytes]) -> str | None:
    """Wait until the server is up (``None``) or has given up (why)."""
    wait_until(lambda: folder.state() is not None or process.poll() is not None or _is_full(folder), _START_SECONDS)
    if folder.state() is not None:
        return None
    if _is_full(folder):
        process.kill()
        process.wait()
        check_disk(folder.home)
    if process.poll() is None:
        process.kill()
        return f"the server did not come up within {_START_SECONDS:.0f} s"
    return _last_words(folder.log)


def _is_full(folder: DataFolder) -> bool:
    try:
        check_disk(folder.home)
    except DiskFull:
        return True
    return False


def _last_words(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    reported = [line.removeprefix("kg: ") for line in lines if line.startswith("kg: ")]
    return (reported or lines or ["the server process ended without a word"])[-1]


def stop_locked(folder: DataFolder, seconds: float = _STOP_SECONDS) -> bool:
    """As `stop`, for whoever holds the start lock."""
    state = folder.running()
    folder.state_file.unlink(missing_ok=True)
    if state is None:
        return False
    gone = wait_until(lambda: not is_held(folder.server_lock), seconds)
    if not gone:
        # The lock proves that the process which wrote this pid still lives, so the number is still its own.
        os.kill(state.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        wait_until(lambda: not is_held(folder.server_lock), _KILL_SECONDS)
    _let_go(folder)
    return True


def _let_go(folder: DataFolder) -> None:
    """Close the pipe to the folder's former tied server, which is gone."""
    former = _tied.get(folder.home)
    if former is not None and former.stdin is not None:
        former.stdin.close()
