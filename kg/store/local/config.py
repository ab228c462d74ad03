"""The configuration of the local server: loopback, Bolt only, with a password, within a small memory."""

import re
import socket
from collections.abc import Mapping
from pathlib import Path

from kg.errors import EngineStartFailed, PortTaken
from kg.store.clauses import PROCEDURES
from kg.store.private import private_folder, write_private

_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_LOOPBACK = "127.0.0.1"


# Beside those of the console: what the schema waits with, and what cypher-shell asks first.
_CALLED = sorted({*PROCEDURES, "db.awaitIndexes", "dbms.components"})
_IMPORT = "import"


def write_config(path: Path, port: int, heap: str) -> None:
    """Write the file that the server reads at its start, and make the empty folder that it may import from."""
    private_folder(path.parent)
    private_folder(path.parent / _IMPORT)
    write_private(path, "".join(f"{name}={value}\n" for name, value in server_options(port, heap).items()))


def server_options(port: int, heap: str) -> Mapping[str, str]:
    """Every setting that differs from Neo4j's defaults."""
    return _within_the_machine() | {
        "server.bolt.enabled": "true",
        "server.bolt.listen_address": f"{_LOOPBACK}:{port}",
        "server.bolt.advertised_address": f"{_LOOPBACK}:{port}",
        "server.default_listen_address": _LOOPBACK,
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "dbms.security.auth_enabled": "true",
        "dbms.usage_report.enabled": "false",
        # Half the heap for one transaction: one query that asks for too much fails, the server lives on.
        "db.memory.transaction.max": str(max(heap_bytes(heap) // 2, 1 << 20)),
        "server.memory.pagecache.size": "128m",
        # The databases are closed within 0.2 s; Bolt would then wait twice for 5 s although nobody is connected.
        "internal.server.bolt.thread_pool_shutdown_wait_time": "100ms",
        # An installed Neo4j may be of another version, and not know a setting.
        "server.config.strict_validation.enabled": "false",
        # Logs of queries would hold names of persons longer than the graph does.
        "db.logs.query.enabled": "OFF",
        # One file of 250 MB per database is reserved otherwise.
        "db.tx_log.rotation.size": "32m",
        "db.tx_log.preallocate": "false",
        "db.tx_log.rotation.retention_policy": "2 files",
    }


def _within_the_machine() -> dict[str, str]:
    """No query reads a file or calls an address, and nobody can lock the program out."""
    return {
        "dbms.security.allow_csv_import_from_file_urls": "false",
        "server.directories.import": _IMPORT,
        "internal.dbms.cypher_ip_blocklist": "0.0.0.0/0,::/0",
        "dbms.security.procedures.allowlist": ",".join(_CALLED),
        "dbms.security.procedures.unrestricted": "",
        # Any account of the machine may knock at the port; the password has 192 bits, so nobody guesses it.
        "dbms.security.auth_max_failed_attempts": "0",
    }


def heap_bytes(heap: str) -> int:
    """The bytes of ``512m``, ``2g`` and the like."""
    match = re.fullmatch(r"(\d+)([kmg]?)", heap.lower())
    if match is None:
        raise EngineStartFailed(f"KG_HEAP is {heap!r}, but is written as a number with k, m or g, such as 512m")
    return int(match[1]) * _UNITS[match[2]]


def choose_port(wanted: int, last: int) -> int:
    """The wanted port, else the one used last, else any free one.

    Raises:
        PortTaken: the wanted one belongs to another program.
    """
    if wanted and not _is_free(wanted):
        raise PortTaken(wanted)
    if wanted:
        return wanted
    return last if last and _is_free(last) else _any_port()


def _is_free(port: int) -> bool:
    with socket.socket() as candidate:
        # As the server itself does; otherwise a port whose last connection just ended looks taken for a minute.
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((_LOOPBACK, port))
        except OSError:
            return False
        return True


def _any_port() -> int:
    with socket.socket() as candidate:
        candidate.bind((_LOOPBACK, 0))
        return candidate.getsockname()[1]
