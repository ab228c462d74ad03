"""A data folder with the bundled facts, loaded once for each state of data and code and copied from then on."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from kg.settings import Settings
from kg.store import local
from kg.store.local.locks import held

ROOT = Path(__file__).parents[1]
_MADE_FROM = ("ingest", "kg/model", "kg/store", "kg/vocabulary.py", "requirements.lock")
_OLDER_KEPT = 2


def bundled_home(target: Path, load: Callable[[Settings], object]) -> Path:
    """Make ``target`` a data folder that holds the bundled facts; several processes may ask at once."""
    kept = Settings().cache_dir / "test-graphs"
    kept.mkdir(parents=True, exist_ok=True)
    source = kept / _state()
    with held(kept / "making.lock"):
        if not source.is_dir():
            _make(source, load)
            _forget_older(kept)
    shutil.copytree(source, target)
    return target


def _make(source: Path, load: Callable[[Settings], object]) -> None:
    half = source.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    settings = Settings(home=half, neo4j_uri="", port=0)
    local.ensure_running(settings, tied=True)
    try:
        load(settings)
    finally:
        local.stop(settings)
    half.rename(source)


def _state() -> str:
    digest = hashlib.sha256()
    for path in _files():
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:24]


def _files() -> Iterator[Path]:
    for name in _MADE_FROM:
        path = ROOT / name
        yield from [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file() and p.suffix != ".pyc")


def _forget_older(kept: Path) -> None:
    made = sorted((path for path in kept.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for path in made[: -1 - _OLDER_KEPT]:
        shutil.rmtree(path, ignore_errors=True)
