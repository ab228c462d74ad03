"""The one door to the database, wherever it runs.

Every query names the database, has a timeout, and is a literal of this program or comes from a checked query file. Server
errors leave here as sentences. Writes are managed transactions, replayed when a cut leaves their end unknown, so **every unit
of work must be idempotent**.
"""

import logging
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString, Protocol, TypeVar, cast

import neo4j
from neo4j import Driver, GraphDatabase, ManagedTransaction, Query, Result, ResultSummary, Session
from neo4j.exceptions import AuthError, IncompleteCommit, ServiceUnavailable, SessionExpired

from kg.errors import EngineError, LoginRefused, ServerTooOld, ServerUnreachable
from kg.settings import Settings, without_secrets
from kg.settings import settings as current_settings
from kg.store import local
from kg.store.explain_errors import explained, explained_address
from kg.store.local.folder import check_disk
from kg.store.version import check_state, graph_state

# The driver leaves its configuration keywords untyped.
# pyright: reportUnknownMemberType=false

# Without a handler of its own, what the driver logs would go to standard error; we raise what matters.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

Row = dict[str, Any]
T = TypeVar("T")

DEFAULT_TIMEOUT = 60.0
"""Seconds that a query may take when its caller says nothing."""
_REPLAYS = 5
_RETRY_SECONDS = 30.0
_LOCAL_RETRY_SECONDS = 2.0  # then a server of our own is looked after, which waiting longer would not do
_RESTARTS = 3
_OLDEST = 5
_QUIET_SINCE = (5, 2)  # Bolt versions that know how to leave notifications out


@dataclass(frozen=True, slots=True)
class LibraryText:
    """A query text from a checked file of the query library or from the guarded console, the only ones that are no literals.

    Whoever makes one has checked it; values never stand in it but are parameters.
    """

    text: str

    def explain(self) -> "LibraryText":
        """The same query, to be planned and not run."""
        return LibraryText("EXPLAIN " + self.text)


Text = LiteralString | LibraryText


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the graph is; ``local`` when the server is the program's own."""

    uri: str
    username: str
    password: str
    database: str
    version: str
    local: bool

    def __repr__(self) -> str:
        return f"Endpoint({without_secrets(self.uri)}, {self.username}, database {self.database}, Neo4j {self.version})"


class Run(Protocol):
    """Run one statement inside a unit of work."""

    def __call__(self, query: Text, params: Mapping[str, Any] | None = None) -> list[Row]:
        """Its rows."""
        ...


class Graph:
    """An open database. Safe to share between threads; every call uses a session of its own."""

    def __init__(self, settings: Settings, *, any_version: bool = False) -> None:
        """Connect, starting the local server when no address is configured; upgrade an older graph.

        With ``any_version`` the graph is taken as it is, be it of another version or half restored.
        """
        self._settings = settings
        self._reconnecting = threading.Lock()
        self._retired: list[Driver] = []
        self.driver, self.endpoint = _connect(settings)
        self._quiet: dict[str, Any] = self._without_notifications()
        if not any_version:
            with ExitStack() as unless_current:
                unless_current.callback(self.close)
                self._bring_up_to_date()
                unless_current.pop_all()

    @property
    def database(self) -> str:
        """The name of the database that every call uses."""
        return self.endpoint.database

    @property
    def home(self) -> Path:
        """The data folder of this program, be the graph in it or not."""
        return self._settings.home

    def read(self, query: Text, params: Mapping[str, Any] | None = None, *, timeout: float = DEFAULT_TIMEOUT) -> list[Row]:
        """The rows of a reading query. Return scalars and lists, not nodes: an eighth of the time.

        Raises:
            QueryTimedOut: it took longer than ``timeout`` seconds.
            QueryFailed: the server refuses it.
        """
        return self._managed("execute_read", lambda run: run(query, params), timeout)

    def columns(
        self, query: Text, params: Mapping[str, Any] | None = None, *, timeout: float = DEFAULT_TIMEOUT
    ) -> dict[str, list[Any]]:
        """The one record of a query that collects whole columns: the fast way for tens of thousands of rows."""
        rows = self.read(query, params, timeout=timeout)
        if len(rows) != 1:
            raise ValueError(f"a query for columns returns one record of lists, not {len(rows)}")
        return rows[0]

    def write(self, query: Text, params: Mapping[str, Any] | None = None, *, timeout: float = DEFAULT_TIMEOUT) -> list[Row]:
        """Run one idempotent writing statement; its rows."""
        return self._managed("execute_write", lambda run: run(query, params), timeout)

    def write_unit(self, work: Callable[[Run], T], *, timeout: float = 10 * DEFAULT_TIMEOUT) -> T:
        """Run several statements as one atomic unit; ``work`` may be called again and must be idempotent.

        The time includes the wait for a backup that is being written (`kg.store.runs.between_units`).

        Raises:
            ServerReadOnly: the server takes no writes.
        """
        return self._managed("execute_write", work, timeout)

    def stream(
        self, query: Text, params: Mapping[str, Any] | None = None, *, timeout: float = 10 * DEFAULT_TIMEOUT
    ) -> Generator[Row]:
        """The rows of a reading query one by one, never all in memory; not retried, because some are already with the caller."""
        with self._explained(timeout):
            session, result = self._with_server(lambda: self._run(query, params, timeout))
            with session:
                for record in result:
                    yield record.data()

    def explain(self, query: Text, params: Mapping[str, Any] | None = None, *, timeout: float = 10.0) -> ResultSummary:
        """Plan a query without running it: its type, its plan, and warnings about names that the graph does not know."""
        text = LibraryText(query if isinstance(query, str) else query.text).explain()
        with self._explained(timeout):
            session, result = self._with_server(lambda: self._run(text, params, timeout, notifications=True))
            with session:
                return result.consume()

    def session(self, *, write: bool = False, notifications: bool = False) -> Session:
        """A session of the driver itself, for the guarded console; ``notifications`` asks the server for its remarks."""
        access = neo4j.WRITE_ACCESS if write else neo4j.READ_ACCESS
        return self.driver.session(database=self.database, default_access_mode=access, **({} if notifications else self._quiet))

    def close(self) -> None:
        """Close the connections; a local server goes on running for others."""
        for driver in (self.driver, *self._retired):
            driver.close()

    def _managed(self, method: str, work: Callable[[Run], T], timeout: float) -> T:
        @neo4j.unit_of_work(timeout=timeout)
        def unit(transaction: ManagedTransaction) -> T:
            return work(_runner(transaction))

        with self._explained(timeout):
            return self._with_server(lambda: self._execute(method, unit))

    def _execute(self, method: str, unit: Callable[[ManagedTransaction], T]) -> T:
        # The driver retries every cut but one during the commit, whose outcome nobody knows: ours may be done twice.
        for attempt in range(_REPLAYS):
            try:
                with self.session(write=method == "execute_write") as session:
                    return getattr(session, method)(unit)
            except IncompleteCommit:
                if attempt == _REPLAYS - 1:
                    raise
        raise AssertionError("unreachable")

    def _run(
        self, query: Text, params: Mapping[str, Any] | None, timeout: float, *, notifications: bool = False
    ) -> tuple[Session, Result]:
        # The session outlives this call only if the query began.
        with ExitStack() as on_failure:
            session = on_failure.enter_context(self.session(notifications=notifications))
            result = session.run(_query(query, timeout), dict(params or {}))
            on_failure.pop_all()
            return session, result

    def _with_server(self, call: Callable[[], T]) -> T:
        """A local server that died or is being restarted is waited for, or started, and asked again."""
        for _ in range(_RESTARTS):
            driver = self.driver
            try:
                return call()
            except (ServiceUnavailable, SessionExpired, AuthError):
                # A database that was replaced has another password.
                if not self.endpoint.local:
                    raise
                self._reconnect(driver)
        return call()

    def _reconnect(self, failed: Driver) -> None:
        with self._reconnecting:
            server = local.ensure_running(self._settings, doubted=True)
            known = (self.endpoint.uri, self.endpoint.password) == (server.state.uri, server.password)
            # On the known port the driver's own pool recovers; elsewhere one thread connects for all. The former driver
            # is closed at the end, because other threads may be about to find out for themselves.
            if self.driver is failed and not known:
                self._retired.append(failed)
                self.driver, self.endpoint = _connect(self._settings)

    def _bring_up_to_date(self) -> None:
        if not check_state(graph_state(self)):
            # Only then, and only here: what loads stands on this module.
            from kg.store.upgrade import upgrade

            upgrade(self)

    @contextmanager
    def _explained(self, timeout: float) -> Generator[None]:
        try:
            with explained(self.endpoint.uri, self.endpoint.username, self.database, timeout):
                yield
        except EngineError:
            if self.endpoint.local:
                check_disk(self.home)  # which would be the true cause
            raise

    def _without_notifications(self) -> dict[str, Any]:
        with self._explained(0):
            version = self.driver.get_server_info().protocol_version
        return {"notifications_min_severity": "OFF"} if tuple(version) >= _QUIET_SINCE else {}


@contextmanager
def open_graph(settings: Settings | None = None, *, any_version: bool = False) -> Generator[Graph]:
    """The graph of these settings: the server at ``NEO4J_URI``, else the local one, started if need be.

    Raises:
        EngineError: a subclass says what to do about it.
    """
    graph = Graph(settings or current_settings(), any_version=any_version)
    try:
        yield graph
    finally:
        graph.close()


def _connect(settings: Settings) -> tuple[Driver, Endpoint]:
    if settings.neo4j_uri:
        password = settings.neo4j_password.get_secret_value()
        return _log_in(Endpoint(settings.neo4j_uri, settings.neo4j_username, password, settings.neo4j_database, "", local=False))
    server = local.ensure_running(settings)
    try:
        return _log_in(_local_endpoint(server))
    except LoginRefused:
        server = local.renew_password(settings, server.password)
    except (ServerUnreachable, ServerTooOld):
        # It died a moment ago, and its lock is not yet released.
        server = local.ensure_running(settings, doubted=True)
    return _log_in(_local_endpoint(server))


def _local_endpoint(server: local.LocalServer) -> Endpoint:
    # The local server has one database of its own name, whatever is configured for another server.
    return Endpoint(server.state.uri, server.username, server.password, "neo4j", server.state.version, local=True)


def _log_in(endpoint: Endpoint) -> tuple[Driver, Endpoint]:
    """Connect and check that a Neo4j new enough answers."""
    retry = _LOCAL_RETRY_SECONDS if endpoint.local else _RETRY_SECONDS
    with explained_address(endpoint.uri), explained(endpoint.uri, endpoint.username, endpoint.database, 0):
        driver = GraphDatabase.driver(
            endpoint.uri,
            auth=(endpoint.username, endpoint.password),
            max_transaction_retry_time=retry,
            connection_timeout=10,
            connection_acquisition_timeout=30,
            user_agent="cityties",
        )
        # Likewise the driver, only if the server is one that can be used.
        with ExitStack() as unless_usable:
            unless_usable.callback(driver.close)
            checked = _checked(driver, endpoint)
            unless_usable.pop_all()
            return driver, checked


def _checked(driver: Driver, endpoint: Endpoint) -> Endpoint:
    agent = driver.get_server_info().agent
    version = agent.rpartition("/")[2]
    if int(version.split(".")[0]) < _OLDEST:
        raise ServerTooOld(without_secrets(endpoint.uri), agent.replace("/", " "))
    return Endpoint(endpoint.uri, endpoint.username, endpoint.password, endpoint.database, version, endpoint.local)


def _runner(transaction: ManagedTransaction) -> Run:
    def run(query: Text, params: Mapping[str, Any] | None = None) -> list[Row]:
        # Plain values need no walk through every list, which ``data`` would do to turn nodes into dictionaries.
        result = transaction.run(_literal(query), dict(params or {}))
        return [dict(zip(record.keys(), record.values(), strict=True)) for record in result]

    return run


def _literal(query: Text) -> LiteralString:
    """The one place where a text that is no literal passes; ``LibraryText`` says why it may."""
    return cast("LiteralString", query.text) if isinstance(query, LibraryText) else query


def _query(query: Text, timeout: float) -> Query:
    return Query(_literal(query), timeout=timeout)
