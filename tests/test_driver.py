"""The one door to the database, against the real server."""

import pytest

from kg.errors import QueryFailed, QueryTimedOut
from kg.store.driver import Graph, LibraryText


def test_rows_columns_and_stream(graph: Graph) -> None:
    graph.write("UNWIND $ids AS id CREATE (:Place {id: id})", {"ids": ["a", "b"]})
    assert graph.read("MATCH (p:Place) RETURN p.id AS id ORDER BY id") == [{"id": "a"}, {"id": "b"}]
    assert graph.columns("MATCH (p:Place) WITH p ORDER BY p.id RETURN collect(p.id) AS ids") == {"ids": ["a", "b"]}
    assert [row["n"] for row in graph.stream("UNWIND range(1, 3000) AS n RETURN n")] == list(range(1, 3001))


def test_a_unit_that_fails_leaves_nothing(graph: Graph) -> None:
    with pytest.raises(ZeroDivisionError):
        graph.write_unit(lambda run: (run("CREATE (:Place {id: 'half'})"), 1 // 0))
    assert graph.read("MATCH (n) RETURN n") == []


def test_reading_never_writes(graph: Graph) -> None:
    with pytest.raises(QueryFailed, match=r"(?i)write"):
        graph.read("CREATE (:Place {id: 'sneaked'})")
    assert graph.read("MATCH (n) RETURN n") == []


def test_a_query_that_takes_too_long_is_stopped(graph: Graph) -> None:
    with pytest.raises(QueryTimedOut, match="1 s"):
        graph.read("UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(*) AS n", timeout=1)


def test_a_broken_query_is_a_sentence_with_the_servers_code(graph: Graph) -> None:
    with pytest.raises(QueryFailed) as caught:
        graph.read(LibraryText("MATCH (n RETURN n"))
    assert caught.value.code == "Neo.ClientError.Statement.SyntaxError"


def test_explain_names_the_type_and_warns_of_unknown_names(graph: Graph) -> None:
    summary = graph.explain("MATCH (n:NoSuchLabel) RETURN n.x")
    assert summary.query_type == "r"
    assert "NoSuchLabel" in " ".join(status.status_description for status in summary.gql_status_objects)


def test_a_units_own_errors_are_left_alone(graph: Graph) -> None:
    with pytest.raises(ValueError, match="port of call"):
        graph.write_unit(lambda _run: int("port of call"))
