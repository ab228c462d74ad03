"""Take a forgotten name out of the files of this machine: the database's own, quarantine, logs, and backups made here.

A database keeps what was deleted in its files and logs until they are written anew. So everything is restored into a fresh one,
which has never seen the name, and that replaces the former; a cut leaves the former or the new one, and is finished by running
again.
"""

import codecs
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from kg.errors import BackupError
from kg.settings import Settings
from kg.store import local
from kg.store.backup.make import make_backup
from kg.store.backup.restore import restore
from kg.store.backup.stream import Properties, Record, checksum, new_file, opened, origin, records
from kg.store.driver import Graph, open_graph
from kg.store.editions import Editions, united
from kg.store.editions import properties as stored_properties
from kg.store.forget.marks import key_file
from kg.store.forget.redact import Redactor, editions_of, source_of
from kg.store.local.kept import backups
from kg.store.runs import load_lock, new_run_id

_TEXTS = frozenset({".csv", ".tsv", ".json", ".ndjson", ".log", ".txt", ".toml", ".yaml", ".yml", ".partial", ".md"})
_OURS = frozenset({"neo4j", "successor", "server.json", "server.password", "server.lock", "start.lock", "server.port"})


def rewrite_store(graph: Graph, settings: Settings) -> None:
    """Replace the local database by a fresh one with the same graph; loads are kept out meanwhile, readers wait a moment.

    Raises:
        LoadError: a load is under way.
    """
    with load_lock(graph, new_run_id()):
        fresh = local.discard_successor(settings)
        file = fresh.home / "all.backup"
        make_backup(graph, file)
        try:
            local.ensure_running(fresh, tied=True)
            with open_graph(fresh, any_version=True) as successor:
                restore(successor, file)
        finally:
            local.stop(fresh)
        file.unlink()
        local.take_over(settings, fresh)


def rewrite_files(redactor: Redactor, settings: Settings) -> list[str]:
    """Redact the text files of the data folder and the backups on record; returns what could not be rewritten, in sentences."""
    made = [Path(backup.file) for backup in backups(settings.home)]
    texts = [_tried(path, lambda path=path: _rewrite_text(redactor, path)) for path in _files(settings.home) if path not in made]
    files = [_tried(path, lambda path=path: _rewrite_backup(redactor, path)) for path in made if path.exists()]
    return [problem for problem in (*texts, *files) if problem]


def _tried(path: Path, rewrite: Callable[[], None]) -> str:
    try:
        rewrite()
    except (OSError, ValueError, BackupError) as error:
        return f"{path} could not be searched ({error}); look at it yourself, or remove it"
    return ""


def _files(home: Path) -> Iterator[Path]:
    """Regular files of the data folder that are neither the database's nor the keys."""
    for entry in sorted(home.iterdir()):
        if entry.name in _OURS or entry == key_file(home) or entry.name.startswith("neo4j."):
            continue
        every = entry.rglob("*") if entry.is_dir() and not entry.is_symlink() else [entry]
        yield from (path for path in every if path.is_file() and not path.is_symlink())


def _rewrite_text(redactor: Redactor, path: Path) -> None:
    data = path.read_bytes()
    encoding = _encoding(data)
    lines = data.decode(encoding).splitlines(keepends=True)
    kept = [redactor.text(line) for line in lines]
    if kept != lines:
        if path.suffix.lower() not in _TEXTS:
            raise ValueError("it holds the name and is no text file that this program writes")
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        part.write_bytes("".join(kept).encode(encoding))
        part.chmod(0o600)
        part.replace(path)
    renamed = redactor.identifier(path.name)
    if renamed != path.name:
        path.rename(path.with_name(renamed))


def _encoding(data: bytes) -> str:
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"  # which can decode and encode anything
    return "utf-8"


def _rewrite_backup(redactor: Redactor, path: Path) -> None:
    """Write the backup again without the name, and with the marks, which a graph restored from it needs."""
    with opened(path) as file:
        checksum(file, path.name)
        if all(_redacted(redactor, record) == record for record in records(file, path.name)):
            return
        with new_file(path) as writer:
            writer.begin(*origin(file, path.name))
            every = _with_marks(redactor, records(file, path.name))
            for _, group in groupby(every, key=lambda record: (record[0], record[1].get("subject"))):
                for record in _joined(filter(None, (_redacted(redactor, record) for record in group))):
                    writer.add(*record)
            writer.end()


def _with_marks(redactor: Redactor, every: Iterator[Record]) -> Iterator[Record]:
    """The records, with all marks of the graph in the place of those that the file has."""
    marks: dict[str, Properties] = {
        mark: {"id": mark, **({"key": key} if key else {})} for mark, key in redactor.marks.marks.items()
    }
    for kind, properties in every:
        if kind == "mark":
            marks.setdefault(properties["id"], properties)
            continue
        if kind == "claim":
            for mark in sorted(marks):
                yield "mark", marks.pop(mark)
        yield kind, properties


def _redacted(redactor: Redactor, record: Record) -> Record | None:
    kind, properties = record
    if kind == "source":
        source = source_of(properties)
        kept = redactor.source(source)
        return record if kept == source else (kind, {name: value for name, value in asdict(kept).items() if value != ""})
    if kind == "run":
        return kind, {**properties, "source": redactor.identifier(str(properties.get("source", "")))}
    if kind == "claim":
        editions = editions_of(properties)
        left = redactor.editions(editions)
        return record if left == editions else (kind, _as_stored(left, properties)) if left else None
    return record


def _joined(group: Iterable[Record]) -> Iterator[Record]:
    """The records about one subject, in which two claims that have become one stand once."""
    found: dict[str, Record] = {}
    for kind, properties in group:
        former = found.get(properties["id"])
        if former is None or kind != "claim":
            found[properties["id"]] = (kind, properties)
        else:
            both = united(editions_of(former[1]), editions_of(properties))
            found[properties["id"]] = (kind, _as_stored(both, former[1]))
    yield from found.values()


def _as_stored(editions: Editions, former: Properties) -> Properties:
    """The record of a claim, with the runs of the former one."""
    stored = {name: value for name, value in stored_properties(editions).items() if value is not None}
    runs = {name: former[name] for name in ("first_run", "last_run") if name in former}
    return {"source": editions[0].source, **stored, **runs}
