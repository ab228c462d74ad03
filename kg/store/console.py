"""The guarded console: queries from outside that only read, end in time, and cannot take the server down.

A query that :mod:`kg.store.guard` lets pass runs in READ mode and is rolled back. The server's timeout does not interrupt
one long expression, so the console has a deadline of its own, in which the wait for the engine is included, and restarts the
local engine when a query burns on beyond it. A query that such a restart cuts runs again, because it only reads.
"""

import queue
import secrets
import threading
import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from types import TracebackType
from typing import Any, cast

from neo4j import READ_ACCESS, Result, Transaction

from kg.errors import EngineError, KgError, QueryRefused, ServerUnreachable
from kg.limits import MAX_ROWS
from kg.settings import Settings
from kg.store import guard, local
from kg.store.driver import Graph, LibraryText, open_graph
from kg.store.explain_errors import explained
from kg.store.queries import as_json_value

# The driver leaves its configuration keywords untyped.
# pyright: reportUnknownMemberType=false

MAX_SIZE = 2_000_000
"""Values and characters of one answer: what a page can show and a process hold."""
GRACE = 5.0
"""Seconds that a query may burn on after its deadline before the local engine is restarted."""
_MARGIN = 1.0
_POLL = 0.5
_RESTART_SECONDS = 60.0
_FETCH = 200  # rows asked for at a time
_LARGE = 50_000  # values and characters handed over at a time, if that is fewer rows
_rescuing = threading.Lock()
_rescues: list[threading.Thread] = []
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ConsoleResult:
    """What a guarded query returned; ``truncated`` when there was more than the cap."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    truncated: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class ConsoleStream:
    """The rows of a guarded query one by one, never all in memory; their values are plain JSON."""

    columns: tuple[str, ...]
    rows: Generator[Row]


@dataclass(slots=True)
class _Attempt:
    """A query under way on a thread of its own; ``token`` is how the server's list of transactions shows it."""

    query: str
    params: Row
    settings: Settings
    timeout: float | None
    until: float
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    batches: queue.Queue[list[Row] | None] = field(default_factory=lambda: queue.Queue(2))
    cancelled: threading.Event = field(default_factory=threading.Event)
    columns: tuple[str, ...] = ()
    phase: str = "waiting"
    error: BaseException | None = None

    def __enter__(self) -> None:
        """Whatever happens inside the block is the end of the query and not of the thread."""

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> bool:
        """Keep the error for whoever waits."""
        self.error = error
        self.put(None)
        return True

    def put(self, batch: list[Row] | None) -> None:
        """Hand over rows, as soon as those before were taken."""
        while not self.cancelled.is_set():
            try:
                return self.batches.put(batch, timeout=_POLL)
            except queue.Full:
                continue
        return None


def run_guarded(graph: Graph, text: str, settings: Settings, params: Row | None = None, *, max_rows: int = 1000) -> ConsoleResult:
    """Run a reading query from outside; it is answered or refused within ``settings.query_timeout`` and a second.

    Raises:
        QueryRefused: when the query is not one that only reads, naming the part, or did not end in time.
        QueryTimedOut: when the server stopped it in time.
        QueryFailed: when the server finds fault with it.
    """
    started, limit = time.monotonic(), min(max_rows, MAX_ROWS)
    attempt = _begin(graph, text, settings, params, settings.query_timeout)
    taken = _taken(graph, attempt, restless=False)
    try:
        next(taken)
        rows = tuple(islice(_within_size(chain.from_iterable(taken)), limit + 1))
    finally:
        taken.close()
    return ConsoleResult(attempt.columns, rows[:limit], len(rows) > limit, time.monotonic() - started)


def stream_guarded(graph: Graph, text: str, settings: Settings, params: Row | None = None) -> ConsoleStream:
    """Run a reading query from outside for a program that wants all its rows; the time counts anew with each portion.

    Raises:
        QueryRefused: as `run_guarded`; while the rows are taken, too.
    """
    attempt = _begin(graph, text, settings, params, None)
    taken = _taken(graph, attempt, restless=True)
    next(taken)
    return ConsoleStream(attempt.columns, (row for batch in taken for row in batch))


def settle() -> None:
    """Wait until the engine is well again after queries that were given up; a command does so before it ends."""
    while _rescues:
        _rescues.pop().join()


def _begin(graph: Graph, text: str, settings: Settings, params: Row | None, timeout: float | None) -> _Attempt:
    until = time.monotonic() + settings.query_timeout
    attempt = _Attempt(guard.checked_text(text), dict(params or {}), settings, timeout, until)
    threading.Thread(target=_attempt, args=(graph, attempt), daemon=True).start()
    return attempt


def _taken(graph: Graph, attempt: _Attempt, *, restless: bool) -> Generator[list[Row]]:
    """First an empty portion, when the columns are known, then the rows; given up when the time is over."""
    try:
        while (batch := _next(graph, attempt)) is not None:
            yield batch
            if restless:
                attempt.until = time.monotonic() + attempt.settings.query_timeout
    finally:
        attempt.cancelled.set()
    if isinstance(attempt.error, KgError):
        raise attempt.error
    if attempt.error is not None:
        raise QueryRefused(f"the query could not be run: {attempt.error}") from attempt.error


def _next(graph: Graph, attempt: _Attempt) -> list[Row] | None:
    while (left := attempt.until + _MARGIN - time.monotonic()) > 0:
        try:
            return attempt.batches.get(timeout=min(left, _POLL))
        except queue.Empty:
            continue
    seconds = f"{attempt.settings.query_timeout:g} s"
    if attempt.phase == "waiting":
        raise QueryRefused(f"the database was not ready for the query within {seconds}, maybe because it restarts; ask again")
    rescue = threading.Thread(target=_rescue, args=(attempt.token, attempt.settings, graph.endpoint.local), daemon=True)
    _rescues.append(rescue)
    rescue.start()
    raise QueryRefused(
        f"the query did not end within {seconds} and was given up; ask for less at a time, for example with LIMIT, or set"
        " KG_QUERY_TIMEOUT"
    )


def _attempt(graph: Graph, attempt: _Attempt) -> None:
    with attempt:
        first = _wait(graph, attempt)
        try:
            _run(graph, attempt)
        except EngineError as error:
            if not graph.endpoint.local or local.status(attempt.settings) == first:
                raise _explained(error) from error
            if attempt.phase == "answering":
                raise QueryRefused(
                    "the query was cut because another one made the database restart; rows are missing: run it again"
                ) from error
            attempt.until = time.monotonic() + attempt.settings.query_timeout + _RESTART_SECONDS
            attempt.phase = "waiting"
            _wait(graph, attempt)
            attempt.until = time.monotonic() + attempt.settings.query_timeout
            _run(graph, attempt)


def _wait(graph: Graph, attempt: _Attempt) -> local.ServerState | None:
    """Wait for an engine that is being restarted, which a transaction of our own would not; which one it is then."""
    graph.read("RETURN 1 AS up")
    return local.status(attempt.settings) if graph.endpoint.local else None


def _explained(error: EngineError) -> KgError:
    if isinstance(error, ServerUnreachable):
        return QueryRefused("the query needed more memory than the server has and was given up; ask for less at a time")
    return error


def _run(graph: Graph, attempt: _Attempt) -> None:
    """Plan and run in one transaction, which is read-only for the server, too, and never committed."""
    attempt.phase = "running"
    seconds = attempt.settings.query_timeout
    with (
        explained(graph.endpoint.uri, graph.endpoint.username, graph.database, seconds),
        graph.driver.session(database=graph.database, default_access_mode=READ_ACCESS, fetch_size=_FETCH) as session,
        session.begin_transaction(metadata={"console": attempt.token}, timeout=attempt.timeout) as transaction,
    ):
        summary = _send(transaction, LibraryText(attempt.query).explain(), attempt).consume()
        guard.check_plan(summary.query_type, cast(Mapping[str, Any] | None, summary.plan))
        result = _send(transaction, LibraryText(attempt.query), attempt)
        attempt.columns = tuple(result.keys())
        for batch in chain([[]], _portions(result, attempt)):
            attempt.put(batch)
            attempt.phase = "answering" if batch else attempt.phase
        transaction.rollback()


def _send(transaction: Transaction, query: LibraryText, attempt: _Attempt) -> Result:
    return transaction.run(cast(Any, query.text), dict(attempt.params))


def _portions(result: Result, attempt: _Attempt) -> Iterator[list[Row]]:
    batch, size = list[Row](), 0
    for record in result:
        if attempt.cancelled.is_set():
            return
        row = {name: as_json_value(value) for name, value in zip(attempt.columns, record.values(), strict=True)}
        batch.append(row)
        size += _size(row)
        if len(batch) == _FETCH or size > _LARGE:
            yield batch
            batch, size = [], 0
    yield batch


def _within_size(rows: Iterator[Row]) -> Iterator[Row]:
    size = 0
    for row in rows:
        size += _size(row)
        if size > MAX_SIZE:
            raise QueryRefused(f"the answer is larger than {MAX_SIZE:,} characters and values; ask for less at a time")
        yield row


def _size(value: Any) -> int:
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, Mapping):
        return 1 + sum(_size(item) for item in cast(Mapping[str, Any], value).values())
    return 1 + sum(_size(item) for item in cast(list[Any], value)) if isinstance(value, list | tuple) else 1


def _rescue(token: str, settings: Settings, restartable: bool) -> None:
    """Stop the transaction; restart the local engine when it burns on after the grace, once for all that burn together."""
    until = time.monotonic() + GRACE
    while time.monotonic() < until:
        time.sleep(_POLL)
        if not _burns(token, settings):
            return
    if restartable:
        with _rescuing:
            if _burns(token, settings):
                local.restart(settings)


def _burns(token: str, settings: Settings) -> bool:
    """Whether the server still works on it though told to stop: its own list knows, even when our connection was closed."""
    query = (
        "SHOW TRANSACTIONS YIELD transactionId AS id, metaData WHERE metaData.console = $token"
        " TERMINATE TRANSACTIONS id YIELD message RETURN count(message) AS n"
    )
    try:
        with open_graph(settings, any_version=True) as graph:
            return graph.read(query, {"token": token}, timeout=_POLL)[0]["n"] > 0
    except EngineError:
        return True  # too busy to answer
