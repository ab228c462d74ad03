"""The guarded console: queries from outside that only read, end in time, and cannot take the server down.

A query that :mod:`kg.store.guard` lets pass runs in READ mode with a timeout and a cap on rows and size, and is rolled
back. The server's timeout does not interrupt one long expression, so the console has a deadline of its own and restarts
the local engine when a query burns on beyond it.
"""

import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from neo4j import READ_ACCESS, Result, Transaction
from neo4j.exceptions import DriverError, Neo4jError

from kg.errors import EngineError, KgError, QueryRefused, ServerUnreachable
from kg.limits import MAX_ROWS
from kg.settings import Settings
from kg.store import guard, local
from kg.store.driver import Graph, LibraryText, open_graph
from kg.store.explain_errors import explained

# The driver leaves its configuration keywords untyped.
# pyright: reportUnknownMemberType=false

MAX_SIZE = 2_000_000
"""Values and characters of one answer: what a page can show and a process hold."""
GRACE = 5.0
"""Seconds that a query may burn on after its deadline before the local engine is restarted."""
_MARGIN = 1.0
_POLL = 0.5
_FETCH = 10  # rows asked for at a time: one answer's rows may be large
_rescuing = threading.Lock()


@dataclass(frozen=True, slots=True)
class ConsoleResult:
    """What a guarded query returned; ``truncated`` when there was more than the cap."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    truncated: bool
    seconds: float


@dataclass(slots=True)
class _Attempt:
    """A query under way on a thread of its own; ``token`` is how the server's list of transactions shows it."""

    query: str
    params: Mapping[str, Any]
    limit: int
    timeout: float
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    done: threading.Event = field(default_factory=threading.Event)
    rows: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    columns: tuple[str, ...] = ()
    error: Exception | None = None


def run_guarded(
    graph: Graph, text: str, settings: Settings, params: Mapping[str, Any] | None = None, *, max_rows: int = 1000
) -> ConsoleResult:
    """Run a reading query from outside; it is answered or refused within ``settings.query_timeout`` and a second.

    Raises:
        QueryRefused: when the query is not one that only reads, naming the part, or did not end in time.
        QueryTimedOut: when the server stopped it in time.
        QueryFailed: when the server finds fault with it.
    """
    started, limit = time.monotonic(), min(max_rows, MAX_ROWS)
    attempt = _Attempt(guard.checked_text(text), dict(params or {}), limit, settings.query_timeout)
    graph.read("RETURN 1 AS up")  # waits for an engine that is being restarted, which a transaction of our own would not
    threading.Thread(target=_attempt, args=(graph, attempt), daemon=True).start()
    if not attempt.done.wait(attempt.timeout + _MARGIN):
        if graph.endpoint.local:
            # Not a daemon: a command that ends with the answer still waits for the engine to be well again.
            threading.Thread(target=_rescue, args=(attempt.token, settings)).start()
        raise QueryRefused(
            f"the query did not end within {attempt.timeout:g} s and was given up; ask for less at a time, for"
            " example with LIMIT, or set KG_QUERY_TIMEOUT"
        )
    if attempt.error is not None:
        raise attempt.error
    return ConsoleResult(attempt.columns, tuple(attempt.rows[:limit]), len(attempt.rows) > limit, time.monotonic() - started)


def _attempt(graph: Graph, attempt: _Attempt) -> None:
    try:
        with explained(graph.endpoint.uri, graph.endpoint.username, graph.database, attempt.timeout):
            _run(graph, attempt)
    except ServerUnreachable as error:
        attempt.error = QueryRefused("the query needed more memory than the server has and was given up; ask for less at a time")
        attempt.error.__cause__ = error
    except (KgError, Neo4jError, DriverError, OSError) as error:
        attempt.error = error
    finally:
        attempt.done.set()


def _run(graph: Graph, attempt: _Attempt) -> None:
    """Plan and run in one transaction, which is read-only for the server, too, and never committed."""
    with (
        graph.driver.session(database=graph.database, default_access_mode=READ_ACCESS, fetch_size=_FETCH) as session,
        session.begin_transaction(metadata={"console": attempt.token}, timeout=attempt.timeout) as transaction,
    ):
        summary = _send(transaction, LibraryText(attempt.query).explain(), attempt).consume()
        guard.check_plan(summary.query_type, cast(Mapping[str, Any] | None, summary.plan))
        result = _send(transaction, LibraryText(attempt.query), attempt)
        attempt.columns = tuple(result.keys())
        attempt.rows.extend(_capped(result, attempt.limit + 1))
        transaction.rollback()


def _send(transaction: Transaction, query: LibraryText, attempt: _Attempt) -> Result:
    return transaction.run(cast(Any, query.text), dict(attempt.params))


def _capped(result: Result, rows: int) -> Iterator[Mapping[str, Any]]:
    size = 0
    for _, record in zip(range(rows), result, strict=False):
        row = record.data()
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


def _rescue(token: str, settings: Settings) -> None:
    """Restart the local engine when the transaction is still under way after the grace; once for all that burn together."""
    until = time.monotonic() + GRACE
    while time.monotonic() < until:
        time.sleep(_POLL)
        if not _burns(token, settings):
            return
    with _rescuing:
        if _burns(token, settings):
            local.restart(settings)


def _burns(token: str, settings: Settings) -> bool:
    """Whether the server still works on it: its own list knows, even when our connection was closed meanwhile."""
    query = "SHOW TRANSACTIONS YIELD metaData WHERE metaData.console = $token RETURN count(*) AS n"
    try:
        with open_graph(settings) as graph:
            return graph.read(query, {"token": token}, timeout=_POLL)[0]["n"] > 0
    except EngineError:
        return True  # too busy to answer
