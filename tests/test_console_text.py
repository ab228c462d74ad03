"""The first wall alone: what the words of a query show, without any server."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryRefused
from kg.store.guard import MAX_TOKENS, checked_text
from kg.store.queries import library
from kg.store.tokens import read
from tests.console_attacks import hidden
from tests.test_console import OUTSIDE, READING, SERVER

HIDDEN = hidden(9)
WITH_SUCH_WORDS = [
    "RETURN 'LOAD CSV FROM x' AS x",
    'RETURN "USE system; CREATE (n)" AS x',
    "RETURN 1 AS use, 2 AS load, 3 AS create, 4 AS set, 5 AS call",
    "WITH 1 AS use RETURN use",
    "WITH 1 AS create WHERE create = 1 RETURN create",
    "MATCH (n) WHERE n.use = 1 AND n.load = n.create RETURN n.set, n.delete, n.call",
    "MATCH (n:Load) RETURN n",
    "MATCH (n:Create|Delete) RETURN n",
    "MATCH (a)-[r:USE]->(b) RETURN r",
    "MATCH (a)-[:REMOVE|MERGE]->(b) RETURN a",
    "MATCH (load)-[use]->(create) RETURN load, use, create",
    "RETURN {use: 1, load: 2, create: 3, set: 4} AS m",
    "RETURN $use AS a, $create AS b",
    "MATCH (n) RETURN n {.load, .use, create: n.set} AS m",
    "RETURN 1 /* LOAD CSV */ AS x // CREATE (n)",
    "// USE system\nRETURN 1 AS x",
    "RETURN 1 AS `LOAD CSV`, 2 AS `USE x`, 3 AS `a``b; CREATE (n)`",
    "MATCH (n:`Create`) WHERE n.`load csv` = ';' RETURN n",
    "MATCH (n) RETURN n.name AS name ORDER BY n.create DESC SKIP 1 LIMIT 2",
    "RETURN 'it\\'s' AS a, \"say \\\"hi\\\"\" AS b, '\\\\' AS c;",
    "RETURN 'caf\\u00e9' AS x",
    "R\\u0045TURN 1 AS x",
    "RETURN 'C:\\\\users' AS x",
    "RETURN '\\uD83D\\uDE00' AS smile",
    "RETURN 1 AS x; // done",
    "RETURN\u30001\u2003AS\u00a0x",
    "UNWIND [1, 2] AS in RETURN in IN [1] AS x",
    "RETURN [x IN range(1, 3) WHERE x IN [1] | x] AS x",
    "RETURN 1.5e-3 + .5 + 0x1F + 0o17 + 1_000 AS x",
    "RETURN [1, 2, 3][0..2] AS x, [1][..1] AS y",
    "MATCH (n:Place) USING INDEX n:Place(name) WHERE n.name = 'x' RETURN n",
    "MATCH (n:Place) USING INDEX SEEK n:Place(name) WHERE n.name = 'x' RETURN n",
    "MATCH p = ALL SHORTEST (a)-[:X]-+(b) RETURN p",
    "MATCH p = SHORTEST 2 PATHS (a)-[:X]-{1,3}(b) RETURN p",
    "MATCH (n) WHERE n IS :: STRING OR (n.a IS NOT NULL) RETURN n",
    "RETURN CASE 1 WHEN 1 THEN (2) ELSE (3) END AS x",
    "CALL { RETURN 1 AS x } RETURN x",
    "CALL () { RETURN 1 AS x } RETURN x",
    "OPTIONAL MATCH (n) RETURN n",
    "RETURN point . distance(point({x: 1, y: 1}), point({x: 2, y: 2})) AS d",
    "SHOW ALL INDEXES",
    "SHOW RANGE INDEXES YIELD name RETURN name",
    "SHOW BUILT IN FUNCTIONS YIELD name RETURN name",
    "SHOW PROCEDURES EXECUTABLE YIELD name RETURN name",
]


@pytest.mark.parametrize("family", HIDDEN)
def test_refuses_whatever_hides_wherever_it_stands(family: str):
    for query in HIDDEN[family]:
        with pytest.raises(QueryRefused) as refusal:
            checked_text(query)
        assert len(str(refusal.value)) > 20, query


def test_there_are_enough_of_them_and_of_enough_kinds():
    assert sum(len(set(queries)) for queries in HIDDEN.values()) >= 350
    assert len(HIDDEN) >= 50


@pytest.mark.parametrize("query", [*OUTSIDE, *SERVER], ids=lambda query: query[:60])
def test_refuses_what_looks_outside_by_its_words_alone(query: str):
    with pytest.raises(QueryRefused):
        checked_text(query)


@pytest.mark.parametrize("query", [*READING, *WITH_SUCH_WORDS], ids=lambda query: query[:60])
def test_lets_pass_what_only_looks_so(query: str):
    assert checked_text(query)


@pytest.mark.parametrize("name", library())
def test_lets_pass_the_whole_library(name: str):
    assert checked_text(library()[name].text)


def test_there_are_enough_that_pass():
    assert len({*READING, *WITH_SUCH_WORDS, *library()}) >= 100


def test_what_is_sent_has_no_comments_no_escapes_and_the_lines_of_the_query():
    sent = checked_text("MATCH (n) // one '\n/* two\n ` */ RETURN\u2028n.`a//b` AS x, '/* kept */', '\\u00e9' ;")
    assert sent.splitlines()[2].split() == ["RETURN", "n.`a//b`", "AS", "x,", "'/*", "kept", "*/',", "'é'"]
    assert sent.count("\n") == 2
    assert "one" not in sent


@given(st.text(max_size=60))
def test_reads_any_text_or_refuses_it_with_a_sentence(text: str):
    try:
        reading = read(text)
    except QueryRefused:
        return
    assert read(reading.text).tokens == reading.tokens
    assert not re.search(r"\\u[0-9a-f]{4}", reading.text)


_PARTS = "LOAD CSV USE x CALL { } ( ) ' \" ` // /* */ \\ \\u0027 . ; db 1 $".split()  # noqa: SIM905 - reads better


@given(st.lists(st.sampled_from([*_PARTS, "\n"]), max_size=14))
def test_no_reading_hides_a_file(parts: list[str]):
    query = "RETURN " + " ".join(parts)
    try:
        sent = checked_text(query)
    except QueryRefused:
        return
    outside = re.sub(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`(?:``|[^`])*`", " q ", sent)
    assert not re.search(r"\bLOAD\s+CSV\b", outside)
    assert "//" not in outside
    assert "/*" not in outside


def test_too_many_words_are_refused():
    with pytest.raises(QueryRefused, match="words and signs"):
        checked_text("RETURN " + "+".join(["1"] * MAX_TOKENS))
