"""Damage that is looked at and then taken back: a graph as one transaction sees it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, LiteralString

from neo4j import Transaction

from kg.store.driver import Graph, Row


class RolledBack:
    """Reads and writes inside one open transaction, with the calls of a graph."""

    def __init__(self, transaction: Transaction) -> None:
        """Everything goes through this transaction."""
        self._transaction = transaction

    def read(self, query: LiteralString, params: Mapping[str, Any] | None = None) -> list[Row]:
        """The rows of a query."""
        return self._transaction.run(query, dict(params or {})).data()

    write = read


@contextmanager
def rolled_back(graph: Graph) -> Iterator[RolledBack]:
    """The graph inside a transaction that is never committed."""
    with graph.session(write=True) as session, session.begin_transaction() as transaction:
        yield RolledBack(transaction)
        transaction.rollback()
