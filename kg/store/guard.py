"""Whether a query only reads, seen before it runs: first in its words, then in the server's plan of it.

READ access mode is no access control and Community Edition has no roles, so a query is taken only if its type is reading,
every operator of its plan is on a list of reading ones, and every procedure on a list of names: LOAD CSV, SHOW SETTINGS
and TERMINATE TRANSACTIONS are all planned as type ``r``. Lists name what may pass, so what a later version brings is
refused until somebody has looked at it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from kg.errors import QueryRefused
from kg.store.clauses import PROCEDURES, check_clauses
from kg.store.tokens import Token, read

MAX_LENGTH = 20_000
MAX_TOKENS = 1_000
"""The longest query of the library has 300; 9,000 additions kept the planner busy for longer than any query may take."""
MAX_TURNS = 50
"""NOT and CASE: 200 of them within each other took the planner minutes, which nothing interrupts."""
MAX_DEPTH = 100
"""Brackets within brackets: each level is a call of the server's parser, whose stack is finite."""

# The reading operators of 5.26, by the names that its planner gives them, without what it adds in brackets. Left out: what
# writes, locks or makes transactions of its own (Create … TransactionApply, LockingMerge, AssertSameNode, which only MERGE
# needs), what reads files (LoadCSV), what looks at or changes the server (ShowSettings, ShowTransactions,
# TerminateTransactions, AdministrationCommand), and what runs elsewhere (RunQueryAt).
_OPERATORS = frozenset(
    """
    AllNodesScan Anti AntiConditionalApply AntiSemiApply Apply Argument ArgumentTracker CacheProperties CartesianProduct
    ConditionalApply Distinct Eager EagerAggregation EmptyResult EmptyRow ExhaustiveLimit Expand Filter LetAntiSemiApply
    LetSelectOrAntiSemiApply LetSelectOrSemiApply LetSemiApply Limit NullifyMetadata Optional OptionalExpand OrderedAggregation
    OrderedDistinct OrderedUnion PartialSort PartialTop PathPropagatingBFS PreserveOrder ProcedureCall ProduceResults
    ProjectEndpoints Projection RepeatOptions Repeat BidirectionalRepeat RollUpApply SelectOrAntiSemiApply SelectOrSemiApply
    SemiApply ShortestPath StatefulShortestPath ShowConstraints ShowFunctions ShowIndexes ShowProcedures Skip Sort Top
    Top1WithTies TriadicBuild TriadicFilter TriadicSelection Union Unwind ValueHashJoin VarLengthExpand
    NodeByElementIdSeek NodeByIdSeek NodeByLabelScan UnionNodeByLabelsScan IntersectionNodeByLabelsScan
    SubtractionNodeByLabelsScan NodeIndexScan NodeIndexSeek NodeIndexSeekByRange NodeIndexContainsScan NodeIndexEndsWithScan
    NodeUniqueIndexSeek NodeUniqueIndexSeekByRange MultiNodeIndexSeek NodeHashJoin NodeLeftOuterHashJoin
    NodeRightOuterHashJoin NodeCountFromCountStore RelationshipCountFromCountStore
    """.split()  # noqa: SIM905 - reads better than a hundred quotes
)
# Scans and seeks of relationships have many names of one shape.
_RELATIONSHIPS = re.compile(
    r"(Un)?[Dd]irected(All|Union)?Relationships?(Types?)?(ById|ByElementId|(Unique)?Index)?"
    r"(Scan|Seek|SeekByRange|ContainsScan|EndsWithScan)"
)
_LOCKING = "Locking"
_PROCEDURE = re.compile(r"\s*([\w.`]+)\s*\(")


def checked_text(text: str) -> str:
    """The query without what ends it, once its text shows nothing that the console does not offer.

    Raises:
        QueryRefused: naming what is in the way.
    """
    if not text.strip():
        raise QueryRefused("there is no query: write one, for example MATCH (p:Place) RETURN p.name LIMIT 10")
    if len(text) > MAX_LENGTH:
        raise QueryRefused(f"the query has {len(text)} characters, more than {MAX_LENGTH}")
    found = read(text)
    tokens, plain = found.tokens, found.text
    if tokens and tokens[-1].is_sign(";"):
        tokens, plain = tokens[:-1], plain[:-1]
    if not tokens:
        raise QueryRefused("there is nothing but a remark: write a query, for example MATCH (p:Place) RETURN p.name LIMIT 10")
    _check_size(tokens)
    check_clauses(tokens)
    return plain


def check_plan(query_type: str | None, plan: Mapping[str, Any] | None) -> None:
    """Look at the type and at every step of a query's plan.

    Raises:
        QueryRefused: naming the step that does more than read the graph.
    """
    if query_type != "r":
        raise QueryRefused("only reading queries are offered here, and this one changes the graph, its schema or the server")
    if plan is None:
        raise QueryRefused("the server gave no plan for this query, so it cannot be seen that it only reads")
    for operator, details in _operators(plan):
        if operator == "ProcedureCall":
            _check_procedure(details)
        elif not _reads(operator):
            raise QueryRefused(f"the query would use {operator}, which is not among the reading steps offered here")


def _check_size(tokens: Sequence[Token]) -> None:
    if len(tokens) > MAX_TOKENS:
        raise QueryRefused(f"the query has {len(tokens)} words and signs, more than {MAX_TOKENS}")
    depth = 0
    for token in tokens:
        depth += token.is_sign("([{") - token.is_sign(")]}")
        if depth > MAX_DEPTH:
            raise QueryRefused(f"the query has more than {MAX_DEPTH} brackets within each other")
    if sum(token.folded in {"not", "case"} for token in tokens) > MAX_TURNS:
        raise QueryRefused(f"the query has more than {MAX_TURNS} times NOT or CASE")


def _check_procedure(details: str) -> None:
    found = _PROCEDURE.match(details)
    if not found or found[1].replace("`", "") not in PROCEDURES:
        raise QueryRefused(f"the procedure {found[1] if found else details} is not among those offered here")


def _reads(operator: str) -> bool:
    name, _, detail = operator.partition("(")
    name = name.removeprefix("Partitioned")
    return _LOCKING not in detail and (name in _OPERATORS or _RELATIONSHIPS.fullmatch(name) is not None)


def _operators(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield plan["operatorType"].split("@")[0], str(plan.get("args", {}).get("Details", ""))
    for child in cast(Sequence[Mapping[str, Any]], plan.get("children", ())):
        yield from _operators(child)
