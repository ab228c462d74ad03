"""Constraints and indexes, made from the vocabulary."""

from collections.abc import Iterator
from typing import LiteralString

from kg.store.driver import Graph
from kg.store.version import stamp
from kg.vocabulary import NODE_TYPES, RELATION_TYPES

_CONSTRAINT = "CREATE CONSTRAINT LOWER_id IF NOT EXISTS FOR (n:LABEL) REQUIRE n.id IS UNIQUE"
_TIE_CONSTRAINT = "CREATE CONSTRAINT LOWER_key IF NOT EXISTS FOR ()-[r:TYPE]-() REQUIRE r.key IS UNIQUE"
_INDEXES: tuple[LiteralString, ...] = (
    "CREATE INDEX claim_subject IF NOT EXISTS FOR (n:Claim) ON (n.subject)",
    "CREATE INDEX place_name IF NOT EXISTS FOR (n:Place) ON (n.name)",
    "CREATE INDEX place_country IF NOT EXISTS FOR (n:Place) ON (n.country)",
    "CREATE POINT INDEX place_location IF NOT EXISTS FOR (n:Place) ON (n.location)",
    "CREATE INDEX partnership_due IF NOT EXISTS FOR (n:Partnership) ON (n.due)",
    "CREATE INDEX partnership_status IF NOT EXISTS FOR (n:Partnership) ON (n.status)",
    "DROP INDEX names IF EXISTS",
    # Our own folding on both sides, so that no word is dropped (Neo4j's folding analyzer drops the, in, an) and no letter
    # differs: whole names for what is meant exactly, words for parts and slips. Neo4j takes two indexes of the same labels
    # and properties for one, whatever their analyzers, so these two differ in their labels.
    "CREATE FULLTEXT INDEX whole_names IF NOT EXISTS FOR (n:Place) ON EACH [n.search] "
    "OPTIONS {indexConfig: {`fulltext.analyzer`: 'keyword'}}",
    "CREATE FULLTEXT INDEX words_of_names IF NOT EXISTS FOR (n:Place|Organisation|Network) ON EACH [n.search] "
    "OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}",
)


def schema_statements() -> Iterator[LiteralString]:
    """Every statement that prepares an empty database; each may be run again."""
    for label in NODE_TYPES:
        node = NODE_TYPES[label].label
        yield _CONSTRAINT.replace("LOWER", node.lower()).replace("LABEL", node)
    for relation in RELATION_TYPES.values():
        if relation.derived:
            yield _TIE_CONSTRAINT.replace("LOWER", relation.type.lower()).replace("TYPE", relation.type)
    yield from _INDEXES


def ensure_schema(graph: Graph) -> None:
    """Create what is missing, wait until the indexes serve queries, and let a new graph say its version."""
    for statement in schema_statements():
        graph.write(statement)
    graph.read("CALL db.awaitIndexes(60)")
    stamp(graph)
