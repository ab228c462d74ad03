"""Runs of ingest sources on record, and the lock that keeps two loads apart."""

import datetime as dt
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from neo4j import Session, Transaction
from neo4j.exceptions import DriverError, Neo4jError

from kg.errors import LoadError, QueryTimedOut
from kg.store.driver import DEFAULT_TIMEOUT, Graph, Run
from kg.store.explain_errors import explained

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
_AMEND = """
MATCH (r:IngestRun {id: $id})
SET r.finished = $now, r.loaded = $loaded, r.rejected = $rejected, r.changed = $changed
"""
_LOCK = "MATCH (l:LoadLock {id: 'load'}) SET l.holder = $run"
_LOCK_WAIT = 10.0
# Every unit of a load writes this node, so whoever holds its lock sees the graph between two units.
_UNIT = "MERGE (l:LoadLock {id: 'units'}) SET l.holder = $holder"
_CAME_BETWEEN = "the connection was cut and another load came in between; run again to finish this one"


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


class LoadLock:
    """Keeps other loads out: an open transaction holds the write lock of one node, and dies with its holder."""

    def __init__(self, graph: Graph, run_id: str) -> None:
        """Hold nothing yet."""
        self._graph, self._run_id = graph, run_id
        self._session: Session | None = None
        self._transaction: Transaction | None = None

    def take(self) -> None:
        """Wait a little for the lock.

        Raises:
            LoadError: when another load is under way.
        """
        try:
            # The first statement after a start can take seconds on a busy machine; it waits for nobody's lock.
            self._graph.write("MERGE (l:LoadLock {id: 'load'})")
            # A first, short transaction finds out whether the lock is free: the one that holds it must not time out.
            self._graph.write(_LOCK, {"run": self._run_id}, timeout=_LOCK_WAIT)
        except QueryTimedOut as error:
            raise LoadError("another load into this database is under way; wait until it has ended and run again") from error
        at = self._graph.endpoint
        with explained(at.uri, at.username, at.database, _LOCK_WAIT):
            self._session = self._graph.session(write=True)
            self._transaction = self._session.begin_transaction(timeout=0)
            self._transaction.run(_LOCK, run=self._run_id).consume()

    def confirm(self) -> None:
        """Make sure that the lock is still held; it is taken anew when a cut connection or a restarted server lost it.

        Raises:
            LoadError: another load came in between, so that this one no longer knows what is in the graph.
        """
        assert self._transaction is not None
        try:
            self._transaction.run("RETURN 1").consume()
            return
        except (DriverError, Neo4jError):
            self.release()
        self.take()
        running = self._graph.read("MATCH (r:IngestRun {id: $id}) RETURN r.status AS status", {"id": self._run_id})
        if running != [{"status": "running"}]:
            raise LoadError(_CAME_BETWEEN)

    def fence(self, run: Run) -> None:
        """Inside a unit that writes: make sure that no other load took the lock since this one did.

        Raises:
            LoadError: another load came in between, so that this unit must not be written.
        """
        if run("MATCH (l:LoadLock {id: 'load'}) RETURN l.holder AS holder") != [{"holder": self._run_id}]:
            raise LoadError(_CAME_BETWEEN)
        run(_UNIT, {"holder": self._run_id})

    def release(self) -> None:
        """Let others in; what is gone already needs no release."""
        for held in (self._transaction, self._session):
            with suppress(DriverError, Neo4jError):
                if held is not None:
                    held.close()
        self._transaction = self._session = None


@contextmanager
def load_lock(graph: Graph, run_id: str) -> Generator[LoadLock]:
    """Keep other loads out of the block.

    Raises:
        LoadError: when another load is under way.
    """
    lock = LoadLock(graph, run_id)
    lock.take()
    try:
        yield lock
    finally:
        lock.release()


@contextmanager
def between_units(graph: Graph) -> Generator[None]:
    """Let no unit of a load be written during the block; a load under way waits for its end."""
    graph.write(_UNIT, {"holder": ""}, timeout=10 * DEFAULT_TIMEOUT)
    at = graph.endpoint
    with (
        explained(at.uri, at.username, at.database, 0),
        graph.session(write=True) as session,
        session.begin_transaction(timeout=0) as transaction,
    ):
        transaction.run(_UNIT, holder="a reader").consume()
        yield
        transaction.rollback()


def begin_run(graph: Graph, run_id: str, source: str) -> None:
    """Record the start; whoever holds the lock knows that other runs said to be running were cut off."""
    graph.write(_INTERRUPTED, {"now": _now()})
    graph.write(_BEGIN, {"id": run_id, "source": source, "now": _now()})


def end_run(graph: Graph, run_id: str, outcome: Outcome) -> None:
    """Record the end with its account."""
    graph.write(_END, {"id": run_id, "now": _now(), **{n: getattr(outcome, n) for n in Outcome.__slots__}})


def last_runs(graph: Graph) -> dict[str, str]:
    """The id of the last run that was done, for each ingest source."""
    rows = graph.read("MATCH (r:IngestRun {status: 'done'}) RETURN r.source AS source, max(r.id) AS id ORDER BY source")
    return {row["source"]: row["id"] for row in rows}


def amend_run(graph: Graph, run_id: str, taken: int, changed: int) -> None:
    """Record that ``taken`` rows that a run had rejected were loaded later; fewer than none when that was undone."""
    found = graph.read(
        "MATCH (r:IngestRun {id: $id}) RETURN r.loaded AS loaded, r.rejected AS rejected, r.changed AS changed", {"id": run_id}
    )
    for row in found:
        counts = {"loaded": row["loaded"] + taken, "rejected": row["rejected"] - taken, "changed": row["changed"] + changed}
        graph.write(_AMEND, {"id": run_id, "now": _now(), **counts})


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
