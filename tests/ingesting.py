"""Ingesting in tests: a file in, its account out; nothing is loaded without a graph."""

import csv
from pathlib import Path

from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request
from ingest.run.runner import Options, Report, ingest
from kg.settings import Settings
from kg.store.driver import Graph


def ingest_file(source: str, path: Path, graph: Graph | None = None, *, strict: bool = False, **options: str) -> Report:
    """Ingest one file as ``kg ingest SOURCE FILE --yes --option …`` does; a dry run without a graph."""
    settings = Settings(home=path.parent)
    request = Request(descriptor(source), settings, (path,), {"yes": "true", **options})
    return ingest(graph, source, request, Options(dry_run=graph is None, strict=strict))


def write(folder: Path, text: str, name: str = "list.csv", encoding: str = "utf-8") -> Path:
    """A text file in ``folder``."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def quarantined(path: Path) -> list[dict[str, str]]:
    """The rows of a quarantine file: file, line, reason, row."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def claims(report: Report) -> set[tuple[str, str, str]]:
    """(subject, predicate, value) of the first rows' claims."""
    return {(c.subject, c.predicate, c.value) for _, made in report.samples for c in made}
