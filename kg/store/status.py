"""Figures of the local database: what it holds, the room it takes and has, its last backup."""

from pathlib import Path
from typing import Any

from kg.errors import EngineError
from kg.settings import Settings
from kg.store.driver import open_graph
from kg.store.local.folder import DataFolder, free_bytes
from kg.store.local.kept import last_backup
from kg.store.version import graph_state


def figures(settings: Settings, *, running: bool) -> dict[str, Any]:
    """Stable keys; what only a running server knows is ``None`` otherwise."""
    known = _held(settings.model_copy(update={"neo4j_uri": ""})) if running else {}
    backup = last_backup(settings.home)
    return {
        "graph_version": known.get("version"), "restoring": known.get("restoring") or None, "nodes": known.get("nodes"),
        "store_bytes": size_of(DataFolder(settings.home).database), "free_bytes": free_bytes(settings.home),
        "last_backup": backup.made if backup else None, "last_backup_file": backup.file if backup else None,
    }  # fmt: skip


def _held(local: Settings) -> dict[str, Any]:
    try:
        with open_graph(local, any_version=True) as graph:
            state = graph_state(graph)
            nodes = graph.read("MATCH (n) RETURN count(n) AS n")[0]["n"]
            return {"version": state.version, "restoring": state.file, "nodes": nodes}
    except EngineError:
        return {}  # the status of a server that cannot be asked is still told


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder; files that come and go meanwhile do not matter."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total
