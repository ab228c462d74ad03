"""What stands where in a data folder, and what its files say.

::

    <KG_HOME>/neo4j/             the database's own folder: data, transactions, logs
    <KG_HOME>/neo4j/data/sizes.json   how long the database's files were at its last orderly end
    <KG_HOME>/neo4j/logs/        its logs; process.log is what the server process itself printed
    <KG_HOME>/server.json        the running server (pid, port, version, started, token), for its user only
    <KG_HOME>/server.password    the password, for its user only
    <KG_HOME>/server.lock        locked by the server for as long as it lives
    <KG_HOME>/start.lock         locked while someone starts or stops the server
    <KG_HOME>/server.port        the port used last, so that open programs find a restarted server again
    <KG_HOME>/successor/         a data folder whose database is to replace this one's; ``complete`` in it says that it may
"""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

from kg.errors import DiskFull
from kg.store.local.locks import is_held
from kg.store.private import write_private

DAMAGED = "damaged: "
"""Begins what the server process says when it cannot read the database's files."""
_NEEDED = 8_000_000
"""Bytes without which a start or a commit fails: logs and files of a database grow by about as much at once."""
_PORTS = 1 << 16


@dataclass(frozen=True, slots=True)
class ServerState:
    """A running server as it wrote itself down; ``started`` is an ISO 8601 time in UTC, ``token`` random per start."""

    pid: int
    port: int
    version: str
    started: str
    token: str

    @property
    def uri(self) -> str:
        """Where the driver finds it: loopback only."""
        return f"bolt://127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The paths of one data folder."""

    home: Path

    @property
    def database(self) -> Path:
        """The folder that Neo4j manages."""
        return self.home / "neo4j"

    @property
    def log(self) -> Path:
        """What the server process printed."""
        return self.database / "logs" / "process.log"

    @property
    def config(self) -> Path:
        """The configuration of the last start."""
        return self.database / "neo4j.conf"

    @property
    def first_login(self) -> Path:
        """Where the server looks for its first user when it makes its own database."""
        return self.database / "data" / "dbms" / "auth.ini"

    @property
    def users(self) -> Path:
        """The database with the server's users, once it has been made."""
        return self.database / "data" / "databases" / "system"

    @property
    def state_file(self) -> Path:
        """Exists while a server runs; taking it away asks the server to stop."""
        return self.home / "server.json"

    @property
    def password_file(self) -> Path:
        """The password of user ``neo4j``."""
        return self.home / "server.password"

    @property
    def server_lock(self) -> Path:
        """Held by the living server."""
        return self.home / "server.lock"

    @property
    def start_lock(self) -> Path:
        """Held by whoever starts or stops the server."""
        return self.home / "start.lock"

    @property
    def port_file(self) -> Path:
        """The port used last."""
        return self.home / "server.port"

    COMPLETE: ClassVar = "complete"

    @property
    def successor(self) -> Path:
        """A data folder whose database is to replace this one's."""
        return self.home / "successor"

    def finish_replacing(self) -> None:
        """Put a complete successor's database in the place of this one's; whoever calls holds the start lock, no server runs.

        A cut at any point leaves the successor complete, so that the next start ends what was begun.
        """
        other = DataFolder(self.successor)
        if not other.home.joinpath(self.COMPLETE).exists():
            return
        if other.database.exists():
            shutil.rmtree(self.database, ignore_errors=True)
            if other.password_file.exists():
                other.password_file.replace(self.password_file)
            other.database.rename(self.database)
        shutil.rmtree(other.home)

    def state(self) -> ServerState | None:
        """What the state file says, whether or not that server still lives."""
        try:
            said: Any = json.loads(self.state_file.read_text(encoding="utf-8"))
            state = ServerState(int(said["pid"]), int(said["port"]), *(str(said[n]) for n in ("version", "started", "token")))
        except (OSError, ValueError, ArithmeticError, TypeError, KeyError, RecursionError):
            return None
        # Numbers that signals are sent to: 0 and below are whole groups of processes.
        return state if 1 < state.pid < 1 << 31 and 0 < state.port < _PORTS else None

    def running(self) -> ServerState | None:
        """The server that is up, or ``None``; a file left over by a dead one does not count, whoever has its pid now."""
        return self.state() if is_held(self.server_lock) else None

    def password(self) -> str:
        """The password, empty when there is none that can be read."""
        try:
            return self.password_file.read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            return ""

    def last_port(self) -> int:
        """The port used last, 0 when unknown."""
        try:
            port = int(self.port_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return 0
        return port if 0 < port < _PORTS else 0

    @property
    def _noted_sizes(self) -> Path:
        return self.database / "data" / "sizes.json"

    def sizes(self) -> dict[str, int]:
        """The bytes of every file of the databases that only grows, by its path; others the server makes anew when it must."""
        found = self.database.joinpath("data", "databases").glob("*/neostore*")
        return {path.relative_to(self.database).as_posix(): path.stat().st_size for path in found if _only_grows(path.name)}

    def note_sizes(self) -> None:
        """Keep the sizes, at an orderly end."""
        write_private(self._noted_sizes, json.dumps(self.sizes()))

    def cut_file(self) -> str:
        """A file that is shorter than at the last orderly end, in words, or empty: the server itself would read on over it."""
        try:
            noted: Any = json.loads(self._noted_sizes.read_text(encoding="utf-8"))
            there = self.sizes()
            cut = [(name, there.get(name), size) for name, size in noted.items() if there.get(name, 0) < size]
        except (OSError, ValueError, TypeError, AttributeError):
            return ""
        return next((f"{name} has {has or 0} of the {had} bytes that it had" for name, has, had in cut), "")

    def publish(self, state: ServerState) -> None:
        """Write the state for others to find."""
        write_private(self.port_file, str(state.port))
        write_private(self.state_file, json.dumps(asdict(state)))


def _only_grows(name: str) -> bool:
    return not name.endswith((".id", ".counts.db", ".indexstats.db", ".degrees.db"))


def free_bytes(folder: Path) -> int | None:
    """Room on the disk that holds the folder, or shall hold it."""
    for place in (folder, *folder.parents):
        if place.exists():
            return shutil.disk_usage(place).free
    return None


def check_disk(folder: Path) -> None:
    """Return if there is room for a database to work.

    Raises:
        DiskFull: there is none.
    """
    free = free_bytes(folder)
    if free is not None and free < _NEEDED:
        raise DiskFull(folder, free)
