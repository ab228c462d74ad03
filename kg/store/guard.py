"""Whether a query only reads, seen before it runs: first in its text, then in the server's plan of it.

READ access mode is no access control and Community Edition has no roles, so a query is taken only if its type is reading,
every operator of its plan is on a list of reading ones, and every procedure on a list of names: LOAD CSV, SHOW SETTINGS
and TERMINATE TRANSACTIONS are all planned as type ``r``. Lists name what may pass, so what a later version brings is
refused until somebody has looked at it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from kg.errors import QueryRefused

MAX_LENGTH = 20_000
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
_PROCEDURES = frozenset(
    {
        "db.labels", "db.propertykeys", "db.relationshiptypes", "db.schema.nodetypeproperties", "db.schema.reltypeproperties",
        "db.schema.visualization", "db.index.fulltext.querynodes", "db.index.fulltext.queryrelationships",
        "db.index.fulltext.listavailableanalyzers",
    }
)  # fmt: skip
# Functions of one name belong to the language; those with a dot may come from plug-ins that read files or call out.
_NAMESPACES = frozenset({"point", "date", "time", "datetime", "localtime", "localdatetime", "duration", "vector"})

# In this order and in one pass, as the server's own lexer reads: a quote inside a comment begins nothing, and the reverse.
_TOKENS = re.compile(r"(//[^\n\r]*|/\*.*?\*/)|('(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")|`((?:``|[^`])*)`", re.S)
_NAME = r"[^\W\d]\w*"
_DOTTED_CALL = re.compile(rf"({_NAME}(?:\s*\.\s*{_NAME})+)\s*\(")
_BEGINNINGS = "MATCH, CALL, UNWIND, WITH, RETURN or SHOW"
_PREFIX = re.compile(r"(explain|profile|cypher|use|using)\b", re.I)
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
    # The server replaces \uXXXX before it looks for quotes and comments, so such a text reads otherwise than it looks.
    if "\\u" in text.lower():
        raise QueryRefused("\\u escapes are not offered here: write the character itself")
    bare = _bare(text)
    prefix = _PREFIX.match(bare)
    if prefix:
        raise QueryRefused(f"{prefix[0].upper()} is not offered here: begin with {_BEGINNINGS}")
    for call in _DOTTED_CALL.findall(bare):
        _check_call(re.sub(r"\s", "", call))
    _check_depth(bare)
    return text.strip().rstrip(";")


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


def _bare(text: str) -> str:
    """The text without comments and the contents of strings, names in backticks as words, so that nothing is hidden."""

    def plain(token: re.Match[str]) -> str:
        if token[3] is not None:
            return re.sub(r"\W", "_", token[3]) or "_"
        return " '' " if token[2] else " "

    return _TOKENS.sub(plain, text).strip()


def _check_call(name: str) -> None:
    lowered = name.lower()
    if lowered.split(".")[0] not in _NAMESPACES and lowered not in _PROCEDURES:
        raise QueryRefused(f"{name} is not among the functions and procedures that are offered here")


def _check_depth(bare: str) -> None:
    depth = 0
    for character in bare:
        depth += (character in "([{") - (character in ")]}")
        if depth > MAX_DEPTH:
            raise QueryRefused(f"the query has more than {MAX_DEPTH} brackets within each other")


def _check_procedure(details: str) -> None:
    found = _PROCEDURE.match(details)
    if not found or found[1].replace("`", "").lower() not in _PROCEDURES:
        raise QueryRefused(f"the procedure {found[1] if found else details} is not among those offered here")


def _reads(operator: str) -> bool:
    name, _, detail = operator.partition("(")
    name = name.removeprefix("Partitioned")
    return _LOCKING not in detail and (name in _OPERATORS or _RELATIONSHIPS.fullmatch(name) is not None)


def _operators(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield plan["operatorType"].split("@")[0], str(plan.get("args", {}).get("Details", ""))
    for child in cast(Sequence[Mapping[str, Any]], plan.get("children", ())):
        yield from _operators(child)
