"""The server process: a Java runtime inside Python that carries Neo4j, until it is told to stop.

Run as ``python -m kg.store.local.server``, never imported by the rest of the program. It ends when SIGTERM or SIGINT
comes, when its state file is taken away or replaced, and with ``--tied`` when standard input ends, that is, when the
process that started it is gone. Each way shuts the database down in order.
"""

import argparse
import os
import secrets
import signal
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jpype  # pyright: ignore[reportMissingTypeStubs]

from kg.store.local.folder import DAMAGED, DataFolder, ServerState
from kg.store.local.jars import class_path
from kg.store.local.locks import FileLock, wait_until
from kg.store.private import private_folder, write_private

# Java objects have no types that a checker could know.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

_OPENED = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch", "java.base/java.lang")
_POLL = 0.2
_LOCK_SECONDS = 3.0
_SAID = 240
FAILED = "kg: "
"""Begins the line of the log that says why a start failed."""


def main() -> int:
    """Start, say so in the state file, wait for the end."""
    options = _options()
    os.umask(0o077)  # whatever Neo4j writes is its user's alone
    folder = DataFolder(options.home)
    lock = FileLock(folder.server_lock)
    # Someone who looks whether a server lives holds the lock for an instant.
    if not wait_until(lock.take, _LOCK_SECONDS):
        print(FAILED + "running already", flush=True)
        return 1
    stop = _stop_signals(tied=options.tied)
    _start_java(options.jars, options.java, options.heap)
    try:
        _set_password(folder)
        dbms = _build(folder)
        _check_database(dbms)
    except jpype.JException as error:
        causes = _causes(error)
        print(*causes, sep="\n")
        print(FAILED + _kind_of(folder, causes) + f"{causes[-1]:.{_SAID}}", flush=True)
        return 1
    try:
        state = _announce(folder, options.port)
        _wait(stop, folder, state.token)
    finally:
        dbms.shutdown()
        with suppress(OSError):  # on a full disk the former ones have to do
            folder.note_sizes()
        _withdraw(folder)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The local Neo4j server.")
    parser.add_argument("--home", type=Path, required=True, help="data folder")
    parser.add_argument("--jars", type=Path, required=True, help="folder with the jars of Neo4j")
    parser.add_argument("--java", required=True, help="library of the Java runtime")
    parser.add_argument("--heap", required=True, help="heap, as the JVM writes it")
    parser.add_argument("--port", type=int, required=True, help="port that the configuration names")
    parser.add_argument("--tied", action="store_true", help="end when standard input ends")
    return parser.parse_args()


def _stop_signals(*, tied: bool) -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    if tied:
        threading.Thread(target=_await_end_of_input, args=(stop,), daemon=True).start()
    return stop


def _await_end_of_input(stop: threading.Event) -> None:
    # Below Python's buffered reader, whose lock must not be held by a thread when the interpreter ends.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    stop.set()


def _start_java(jars: Path, java: str, heap: str) -> None:
    opened = [f"--add-opens={package}=ALL-UNNAMED" for package in _OPENED]
    # -Xrs leaves the signals to Python, which shuts the database down before the runtime ends.
    arguments = ["-Xrs", f"-Xmx{heap}", "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", *opened]
    jpype.startJVM(
        *arguments, jvmpath=java, classpath=[str(jar) for jar in class_path(jars)], interrupt=False, convertStrings=False
    )


def _build(folder: DataFolder, *, closed: bool = False) -> Any:
    """Start Neo4j; ``closed`` opens no port."""
    path = jpype.JClass("java.nio.file.Path").of
    builder = jpype.JClass("org.neo4j.dbms.api.DatabaseManagementServiceBuilder")(path(str(folder.database)))
    builder = builder.loadPropertiesFromFile(path(str(folder.config)))
    if closed:
        bolt = jpype.JClass("org.neo4j.configuration.connectors.BoltConnector").enabled
        builder = builder.setConfig(bolt, jpype.JClass("java.lang.Boolean").FALSE)
    return builder.build()


def _check_database(dbms: Any) -> None:
    """A database whose files are damaged does not keep the server from starting; asking it does say why."""
    dbms.database("neo4j").beginTx(1000, jpype.JClass("java.util.concurrent.TimeUnit").SECONDS).close()


def _kind_of(folder: DataFolder, causes: list[str]) -> str:
    """Whether the files are to blame: there are some, and neither port nor lock nor memory are what is missing."""
    other = ("BindException", "already in use", "FileLock", "OutOfMemory", "No space left", "AccessDenied", "Read-only")
    there = folder.database.joinpath("data", "databases", "neo4j").exists()
    return DAMAGED if there and not any(word in cause for word in other for cause in causes) else ""


def _announce(folder: DataFolder, port: int) -> ServerState:
    version = str(jpype.JClass("org.neo4j.kernel.internal.Version").getNeo4jVersion())
    started = datetime.now(UTC).isoformat(timespec="seconds")
    state = ServerState(os.getpid(), port, version, started, secrets.token_hex(16))
    folder.publish(state)
    return state


def _set_password(folder: DataFolder) -> None:
    """Replace Neo4j's well-known first password before a port is open.

    The file is written last: a crash in between leaves no file, and the next start sets another password.
    """
    password = folder.password()
    if password and folder.users.exists():
        return
    password = password or secrets.token_urlsafe(24)
    if folder.users.exists():
        _change_password(folder, password)
    else:
        # As `neo4j-admin dbms set-initial-password` does: the server makes its first user of this line.
        credential = jpype.JClass("org.neo4j.server.security.auth.LegacyCredential").forPassword(password)
        private_folder(folder.first_login.parent)
        write_private(folder.first_login, f"neo4j:{credential.serialize()}:\n")
    write_private(folder.password_file, password)


def _change_password(folder: DataFolder, password: str) -> None:
    """The password of a database whose own nobody knows any more."""
    dbms = _build(folder, closed=True)
    parameters = jpype.JClass("java.util.HashMap")()
    parameters.put("password", password)
    text = "ALTER USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED"
    dbms.database("system").executeTransactionally(text, parameters)
    dbms.shutdown()


def _wait(stop: threading.Event, folder: DataFolder, token: str) -> None:
    while not stop.wait(_POLL):
        state = folder.state()
        if state is None or state.token != token:
            return


def _withdraw(folder: DataFolder) -> None:
    state = folder.state()
    if state is not None and state.pid == os.getpid():
        folder.state_file.unlink(missing_ok=True)


def _causes(error: Any) -> list[str]:
    """The messages of a Java exception and its causes, each in one line, the root last."""
    messages: list[str] = []
    while error is not None:
        messages.append(str(error.toString()).replace("\n", " "))
        error = error.getCause()
    return messages


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # The database is down; the runtime's own end would wait for helper threads. The lock goes with the process.
    os._exit(code)
