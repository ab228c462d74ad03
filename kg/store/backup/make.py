"""Write a backup while programs run: a load under way waits until it is read, and then goes on."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

from kg.store.backup.stream import Kind, Record, new_file
from kg.store.driver import Graph
from kg.store.load import rank
from kg.store.progress import counted
from kg.store.runs import between_units
from kg.store.schema import ensure_schema
from kg.vocabulary import FAMILIES, ID_PREFIXES

_SECONDS = 3600.0
_PLAIN: dict[Kind, LiteralString] = {
    "source": "MATCH (n:Source) RETURN properties(n) AS record ORDER BY n.id",
    "run": "MATCH (n:IngestRun) RETURN properties(n) AS record ORDER BY n.id",
    "mark": "MATCH (n:Forgotten) RETURN properties(n) AS record ORDER BY n.id",
}
# In the order of the index, so that the server sorts nothing and keeps nothing.
_CLAIMS: LiteralString = """
MATCH (c:Claim) USING INDEX c:Claim(subject)
WHERE c.subject STARTS WITH $prefix
MATCH (c)-[:STATED_IN]->(s:Source)
RETURN c.subject AS subject, s.id AS source, properties(c) AS record ORDER BY subject
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was written; ``made`` is an ISO 8601 time in UTC."""

    path: Path
    made: str
    checksum: str
    size: int
    claims: int


def make_backup(graph: Graph, path: Path) -> Made:
    """Write sources, runs, marks and claims as they are between two units of a load.

    Raises:
        BackupError: the file cannot be written.
    """
    path = path.absolute()
    ensure_schema(graph)
    made = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    with new_file(path) as writer:
        with between_units(graph):
            total = graph.read("MATCH (c:Claim) RETURN count(*) AS n", timeout=_SECONDS)[0]["n"]
            writer.begin(graph.endpoint.version, made)
            with counted("Backup, claims", total) as advance:
                for kind, properties in graph_records(graph):
                    writer.add(kind, properties)
                    advance(kind == "claim")
        checksum = writer.end()
    return Made(path, made, checksum, path.stat().st_size, writer.counts["claim"])


def graph_records(graph: Graph) -> Iterator[Record]:
    """Everything that a backup holds, in its order; a claim names its source."""
    for kind, query in _PLAIN.items():
        for row in graph.stream(query, timeout=_SECONDS):
            yield kind, row["record"]
    for prefix in _prefixes():
        for row in graph.stream(_CLAIMS, {"prefix": prefix}, timeout=_SECONDS):
            yield "claim", {"source": row["source"], **row["record"]}


def _prefixes() -> list[str]:
    """What subjects begin with, in the order in which they are loaded."""
    every = (f"{prefix}|" if prefix in FAMILIES else f"{prefix}:" for prefix in ID_PREFIXES)
    return sorted(every, key=lambda prefix: rank(prefix))
