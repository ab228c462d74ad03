"""The guarded console: queries from outside that only read, end in time, and cannot take the server down.

READ access mode is no access control and Community Edition has no roles, so a query is planned first and taken only if
its type is reading, every operator of its plan is on a list of reading ones and every procedure on a list of names
(LOAD CSV, SHOW SETTINGS and TERMINATE TRANSACTION are all planned as type ``r``). It then runs in READ mode with a timeout,
a cap on rows, and is rolled back. The server's timeout does not interrupt one long expression, so the guard has a
deadline of its own and restarts the local engine when a query burns on beyond it.
"""

import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from neo4j import Session
from neo4j.exceptions import DriverError, Neo4jError

from kg.errors import KgError, QueryRefused, ServerUnreachable
from kg.settings import Settings
from kg.store import local
from kg.store.driver import Graph, LibraryText
from kg.store.explain_errors import explained

MAX_ROWS = 10_000
MAX_LENGTH = 20_000
GRACE = 5.0
"""Seconds that a query may burn on after its deadline before the local engine is restarted."""

# Operators of Neo4j 5 that read (https://neo4j.com/docs/cypher-manual/5/planning-and-tuning/operators/operators-detail/),
# written from the manual's table; one that a later version brings is refused until it is looked at.
_READING_OPERATORS = re.compile(
    r"""AllNodesScan | Anti | AntiConditionalApply | AntiSemiApply | Apply | Argument | ArgumentTracker | AssertSameNode
      | AssertSameRelationship | AssertingMultiNodeIndexSeek | BFSPruningVarLengthExpand | BidirectionalRepeatTrail
      | CacheProperties | CartesianProduct | ConditionalApply | Distinct | Eager | EagerAggregation | EmptyResult | EmptyRow
      | ErrorPlan | ExhaustiveLimit | Expand | Filter | IntersectionNodeByLabelsScan | LetAntiSemiApply | LetSelectOrAntiSemiApply
      | LetSelectOrSemiApply | LetSemiApply | Limit | MultiNodeIndexSeek | NodeByElementIdSeek | NodeByIdSeek | NodeByLabelScan
      | NodeCountFromCountStore | NodeHashJoin | NodeIndex(Scan|Seek|SeekByRange|ContainsScan|EndsWithScan)
      | (Left|Right)OuterHashJoin | NodeLeftOuterHashJoin | NodeRightOuterHashJoin | NodeUniqueIndexSeek(ByRange)? | Optional
      | OptionalExpand | OrderedAggregation | OrderedDistinct | OrderedUnion | PartialSort | PartialTop
      | Partitioned\w+(Scan|Seek|SeekByRange) | PathPropagatingBFS | PreserveOrder | ProcedureCall | ProduceResults | ProjectEndpoints
      | Projection | PruningVarLengthExpand | RelationshipCountFromCountStore | Repeat | RollUpApply | SelectOrAntiSemiApply
      | SelectOrSemiApply | SemiApply | ShortestPath | ShowConstraints | ShowFunctions | ShowIndexes | ShowProcedures | Skip | Sort
      | StatefulShortestPath | SubtractionNodeByLabelsScan | Top | Top1WithTies | Trail | TriadicBuild | TriadicFilter
      | TriadicSelection | (Directed|Undirected)\w+(Scan|Seek|SeekByRange|Scan) | Union | UnionNodeByLabelsScan | Unwind
      | ValueHashJoin | VarLengthExpand""",
    re.VERBOSE,
)
_READING_PROCEDURES = frozenset(
    {
        "db.labels", "db.propertykeys", "db.relationshiptypes", "db.schema.nodetypeproperties", "db.schema.reltypeproperties",
        "db.schema.visualization", "db.index.fulltext.querynodes", "db.index.fulltext.queryrelationships",
        "db.index.fulltext.listavailableanalyzers", "db.ping", "db.info", "dbms.components",
    }
)  # fmt: skip
# Functions of one name stand in the language; those with a dot may come from plug-ins that read files or call out.
_READING_NAMESPACES = frozenset({"point", "date", "time", "datetime", "localtime", "localdatetime", "duration", "vector"})
_LITERALS_AND_COMMENTS = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", re.S)
_DOTTED_CALL = re.compile(r"([A-Za-z_`][\w`]*(?:\s*\.\s*[\w`]+)+)\s*\(")
_PROCEDURE = re.compile(r"([\w.`]+)\s*\(")


@dataclass(frozen=True, slots=True)
class ConsoleResult:
    """What a guarded query returned; ``truncated`` when there was more than the cap."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    truncated: bool
    seconds: float


@dataclass(slots=True)
class _Attempt:
    """A query under way on a thread of its own."""

    session: Session
    done: threading.Event = field(default_factory=threading.Event)
    rows: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    columns: tuple[str, ...] = ()
    error: Exception | None = None


def run_guarded(
    graph: Graph, text: str, settings: Settings, params: Mapping[str, Any] | None = None, *, max_rows: int = 1000
) -> ConsoleResult:
    """Run a reading query from outside.

    Raises:
        QueryRefused: when the query is not one that only reads, naming the part, or did not end in time.
        QueryFailed: when the server finds fault with it.
    """
    query = inspect(graph, text, params)
    limit, started = min(max_rows, MAX_ROWS), time.monotonic()
    attempt = _Attempt(graph.session())
    threading.Thread(target=_execute, args=(graph, attempt, query, params, limit, settings.query_timeout), daemon=True).start()
    if not attempt.done.wait(settings.query_timeout + 1):
        # Not a daemon: a command that ends with the answer still waits for the engine to be well again.
        threading.Thread(target=_rescue, args=(graph, attempt, settings)).start()
        raise QueryRefused(
            f"the query did not end within {settings.query_timeout:g} s and was given up; ask for less at a time, for"
            " example with LIMIT, or set KG_QUERY_TIMEOUT"
        )
    if attempt.error is not None:
        raise attempt.error
    rows = tuple(attempt.rows)
    return ConsoleResult(attempt.columns, rows[:limit], len(rows) > limit, time.monotonic() - started)


def inspect(graph: Graph, text: str, params: Mapping[str, Any] | None = None) -> LibraryText:
    """Plan the query and return it as one that may run.

    Raises:
        QueryRefused: naming the part that does more than read.
    """
    if not text.strip():
        raise QueryRefused("there is no query: write one, for example MATCH (p:Place) RETURN p.name LIMIT 10")
    if len(text) > MAX_LENGTH:
        raise QueryRefused(f"the query has {len(text)} characters, more than {MAX_LENGTH}")
    bare = _LITERALS_AND_COMMENTS.sub(" ", text).strip().rstrip(";").strip()
    if re.match(r"(?i)(explain|profile|cypher|use|using)\b", bare):
        raise QueryRefused(f"{bare.split()[0].upper()} is not offered here: begin with MATCH, CALL, UNWIND, WITH or RETURN")
    for call in _DOTTED_CALL.findall(bare):
        _check_namespace(re.sub(r"[\s`]", "", call))
    query = LibraryText(text.strip().rstrip(";"))
    summary = graph.explain(query, params)
    if summary.query_type != "r":
        raise QueryRefused("only reading queries are offered here, and this one writes or changes the schema")
    _check_plan(cast(Mapping[str, Any] | None, summary.plan))
    return query


def _check_namespace(name: str) -> None:
    lowered = name.lower()
    if lowered.split(".")[0] not in _READING_NAMESPACES and lowered not in _READING_PROCEDURES:
        raise QueryRefused(f"{name} is not among the functions and procedures that are offered here")


def _check_plan(plan: Mapping[str, Any] | None) -> None:
    if plan is None:
        raise QueryRefused("the server gave no plan for this query, so it cannot be seen that it only reads")
    for operator, details in _operators(plan):
        if not _READING_OPERATORS.fullmatch(operator):
            raise QueryRefused(f"the query would use {operator}, which is not among the reading steps offered here")
        if operator == "ProcedureCall":
            found = _PROCEDURE.search(details)
            if not found or found[1].replace("`", "").lower() not in _READING_PROCEDURES:
                raise QueryRefused(f"the procedure {found[1] if found else details} is not among those offered here")


def _operators(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield plan["operatorType"].split("@")[0].split("(")[0], str(plan.get("args", {}).get("Details", ""))
    for child in cast(Sequence[Mapping[str, Any]], plan.get("children", ())):
        yield from _operators(child)


def _execute(
    graph: Graph, attempt: _Attempt, query: LibraryText, params: Mapping[str, Any] | None, limit: int, timeout: float
) -> None:
    try:
        with (
            explained(graph.endpoint.uri, graph.endpoint.username, graph.database, timeout),
            attempt.session as session,
            session.begin_transaction(timeout=timeout) as transaction,
        ):
            result = transaction.run(cast(Any, query.text), dict(params or {}))
            attempt.columns = tuple(result.keys())
            attempt.rows = [record.data() for record in result.fetch(limit + 1)]
            transaction.rollback()
    except ServerUnreachable as error:
        attempt.error = QueryRefused("the query needed more memory than the server has and was given up; ask for less at a time")
        attempt.error.__cause__ = error
    except (KgError, Neo4jError, DriverError, OSError) as error:
        attempt.error = error
    finally:
        attempt.done.set()


def _rescue(graph: Graph, attempt: _Attempt, settings: Settings) -> None:
    """Restart a local engine that still burns after the grace; a server of others is left to its own limits."""
    if not attempt.done.wait(GRACE) and graph.endpoint.local:
        local.restart(settings)
