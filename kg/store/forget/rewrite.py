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
from kg.store.editions import Editions, editions_of, recorded, united
from kg.store.forget.marks import key_file
from kg.store.forget.redact import Redactor, source_of
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
    """Redact the text files of the data folder and the backups on record, and drop what is cached and holds the name.

    Returns what could not be done, and where the surname alone was left, in sentences.
    """
    made = [Path(backup.file) for backup in backups(settings.home)]
    texts = [_tried(path, lambda path=path: _rewrite_text(redactor, path)) for path in _files(settings.home) if path not in made]
    files = [_tried(path, lambda path=path: _rewrite_backup(redactor, path)) for path in made if path.exists()]
    cached = [_tried(path, lambda path=path: _drop_cached(redactor, path)) for path in _cached(settings)]
    aside = [f"{path} is a database that was put aside; it may hold the name, so remove it" for path in _put_aside(settings.home)]
    return [problem for problem in (*texts, *files, *cached, *aside) if problem]


def _put_aside(home: Path) -> list[Path]:
    return sorted(path for path in home.glob("neo4j.*") if path.is_dir())


def _tried(path: Path, rewrite: Callable[[], str]) -> str:
    try:
        return rewrite()
    except (OSError, ValueError, BackupError) as error:
        return f"{path} could not be searched ({error}); look at it yourself, or remove it"


def _files(home: Path) -> Iterator[Path]:
    """Regular files of the data folder that are neither the database's nor the keys."""
    for entry in sorted(home.iterdir()):
        if entry.name in _OURS or entry == key_file(home) or entry.name.startswith("neo4j."):
            continue
        every = entry.rglob("*") if entry.is_dir() and not entry.is_symlink() else [entry]
        yield from (path for path in every if path.is_file() and not path.is_symlink())


def _cached(settings: Settings) -> Iterator[Path]:
    """Answers of publishers that were kept; the server's jars and the gazetteer hold no person."""
    every = (path for path in sorted(settings.cache_dir.rglob("*")) if path.suffix.lower() in _TEXTS)
    return (path for path in every if path.is_file() and not path.is_relative_to(settings.home))


def _drop_cached(redactor: Redactor, path: Path) -> str:
    """It can be asked for again, and what comes then is redacted at the door."""
    data = path.read_bytes()
    if any(redactor.text(line) != line for line in (path.name, *data.decode(_encoding(data)).splitlines())):
        path.unlink()
    return ""


def _rewrite_text(redactor: Redactor, path: Path) -> str:
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
        path = path.rename(path.with_name(renamed))
    left = sum(map(redactor.finder.mentions_surname, kept))
    return f"{left} lines of {path} have the surname alone and were left; --surname-too takes it out" if left else ""


def _encoding(data: bytes) -> str:
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"  # which can decode and encode anything
    return "utf-8"


def _rewrite_backup(redactor: Redactor, path: Path) -> str:
    """Write the backup again without the name, and with the marks, which a graph restored from it needs."""
    with opened(path) as file:
        checksum(file, path.name)
        if all(_redacted(redactor, record) == record for record in records(file, path.name)):
            return ""
        with new_file(path) as writer:
            writer.begin(*origin(file, path.name))
            every = _with_marks(redactor, records(file, path.name))
            for _, group in groupby(every, key=lambda record: (record[0], record[1].get("subject"))):
                for record in _joined(filter(None, (_redacted(redactor, record) for record in group))):
                    writer.add(*record)
            writer.end()
    return ""


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
        return record if left == editions else (kind, _record(left, properties)) if left else None
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
            found[properties["id"]] = (kind, _record(both, former[1]))
    yield from found.values()


def _record(editions: Editions, former: Properties) -> Properties:
    return {"source": editions[0].source, **recorded(editions, former)}
