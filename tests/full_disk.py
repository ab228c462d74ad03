"""A load on a disk that is full: it must end in a sentence, and finish when there is room."""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil

from kg.settings import Settings
from kg.store import local
from kg.store.driver import open_graph
from tests.faults import Bench, Outcome, Target, compare, kill, load_whole, start


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int = 300) -> Iterator[Path | None]:
    """A file system of its own in memory, where this user may mount one; else None."""
    disk = folder / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(disk)]
    mounted = shutil.which("mount") and subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield disk if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(disk)], check=True)


@contextlib.contextmanager
def without_room(settings: Settings, disk: Path | None) -> Iterator[None]:
    """Leave the server no room to write: a file fills the small disk, or no file of the process may grow."""
    if disk:
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(1 << 16)):
                pass
        yield
        filler.unlink()
        return
    state = local.status(settings)
    assert state is not None
    logs = (settings.home / "neo4j" / "data" / "transactions").rglob("neostore.transaction.db.*")
    psutil.Process(state.pid).rlimit(psutil.RLIMIT_FSIZE, (max(log.stat().st_size for log in logs) + 4096, -1))
    yield


def full_disk(like: Bench, folder: Path) -> Outcome:
    """Load where there is no room, make room, load again."""
    with small_disk(folder) as disk:
        settings = like.settings.model_copy(update={"home": (disk or folder) / "home"})
        outcome = Outcome(f"full disk ({'a small file system' if disk else 'a limit on file size'})", True, None, 0)
        try:
            password = local.ensure_running(settings).password
            with without_room(settings, disk):
                target = _at(like.target, settings, password, folder)
                process = start(target)
                process.join(150)
                outcome.client = process.exitcode
                if process.is_alive():
                    process.kill()
                    outcome.faults.append(f"{outcome.name}: the client hangs")
            said = target.log.read_text("utf-8")
            if outcome.client != 1 or "Traceback" in said or "kg: " not in said:
                outcome.faults.append(f"{outcome.name}: no sentence but {outcome.client} and {said[-1000:]}")
            kill(settings)
            password = local.ensure_running(settings).password
            load_whole(_at(like.target, settings, password, folder))
            with open_graph(settings) as graph:
                compare(outcome, graph, like.digest)
        finally:
            local.stop(settings)
    return outcome


def _at(target: Target, settings: Settings, password: str, folder: Path) -> Target:
    state = local.ensure_running(settings).state
    environment = target.environment | {"NEO4J_URI": state.uri, "NEO4J_PASSWORD": password}
    return Target(target.files, environment, folder / "full.log")
