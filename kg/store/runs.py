"""Runs of ingest sources on record, and the lock that keeps two loads apart."""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kg.errors import LoadError, QueryTimedOut
from kg.store.driver import Graph

_BEGIN = """
MERGE (r:IngestRun {id: $id})
SET r.source = $source, r.started = $now, r.status = 'running'
"""
_INTERRUPTED = "MATCH (r:IngestRun {status: 'running'}) SET r.status = 'interrupted', r.finished = $now"
_END = """
MATCH (r:IngestRun {id: $id})
SET r.finished = $now, r.status = $status, r.read = $read, r.loaded = $loaded, r.ignored = $ignored,
    r.rejected = $rejected, r.changed = $changed
"""
_LOCK = "MATCH (l:LoadLock {id: 'load'}) SET l.holder = $run"
_LOCK_WAIT = 5.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended; counts of rows, and of claims changed."""

    status: str
    read: int = 0
    loaded: int = 0
    ignored: int = 0
    rejected: int = 0
    changed: int = 0


def new_run_id() -> str:
    """A key that sorts by time; the tail keeps two runs of one millisecond apart."""
    now = dt.datetime.now(dt.UTC)
    return f"{now:%Y%m%dT%H%M%S}{now.microsecond:06d}-{time.monotonic_ns() % 1_000_000:06d}"


@contextmanager
def load_lock(graph: Graph, run_id: str) -> Iterator[None]:
    """Keep other loads out: an open transaction holds the write lock of one node, and dies with its holder.

    Raises:
        LoadError: when another load is under way.
    """
    try:
        graph.write("MERGE (l:LoadLock {id: 'load'})", timeout=_LOCK_WAIT)
        # A first, short transaction finds out whether the lock is free: the one that holds it must not time out.
        graph.write(_LOCK, {"run": run_id}, timeout=_LOCK_WAIT)
    except QueryTimedOut as error:
        raise LoadError("another load into this database is under way; wait until it has ended and run again") from error
    with graph.session(write=True) as session, session.begin_transaction(timeout=0) as transaction:
        transaction.run(_LOCK, run=run_id).consume()
        yield
        transaction.rollback()


def begin_run(graph: Graph, run_id: str, source: str) -> None:
    """Record the start; whoever holds the lock knows that other runs said to be running were cut off."""
    graph.write(_INTERRUPTED, {"now": _now()})
    graph.write(_BEGIN, {"id": run_id, "source": source, "now": _now()})


def end_run(graph: Graph, run_id: str, outcome: Outcome) -> None:
    """Record the end with its account."""
    graph.write(_END, {"id": run_id, "now": _now(), **{n: getattr(outcome, n) for n in Outcome.__slots__}})


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
