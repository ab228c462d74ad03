"""The guarded console against a real server: what writes, looks outside or burns is refused; what reads is answered."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, LiteralString, cast

import psutil
import pytest
from neo4j.exceptions import Neo4jError

from kg.errors import KgError, QueryRefused
from kg.settings import Settings
from kg.store import console, guard, local
from kg.store.console import run_guarded, stream_guarded
from kg.store.digest import graph_digest
from kg.store.driver import Graph, open_graph
from kg.store.local.locks import wait_until
from kg.store.schema import ensure_schema
from tests.conftest import wipe
from tests.console_attacks import CANARY, hidden
from tests.engines import own_engine

TIMEOUT = 2.0
# What the machine's other work may add to the deadline and the second of grace.
SLACK = 8.0

WRITING = [
    "CREATE (:City {id: 'x:evil'})",
    "create(n) return n",
    "INSERT (:City)",
    "MERGE (c:City {id: 'x:evil'}) RETURN c",
    "MATCH (c:City) SET c.name = 'evil'",
    "MATCH (c:City) SET c += {name: 'evil'}",
    "MATCH (c:City) SET c:Evil",
    "MATCH (c:City) SET c[c.id] = 1",
    "MATCH (c:City) REMOVE c.name",
    "MATCH (c:City) REMOVE c:City",
    "MATCH (c:City) DETACH DELETE c",
    "MATCH ()-[t]->() DELETE t",
    "MATCH (a:City), (b:City) CREATE (a)-[:TWINNED_WITH]->(b)",
    "MATCH (c:City) FOREACH (x IN [1] | SET c.name = 'evil')",
    "MATCH (c:City) CALL (c) { SET c.name = 'evil' } RETURN c",
    "CALL () { CREATE (:City) } RETURN 1",
    "MATCH (c:City) CALL (c) { DETACH DELETE c } IN TRANSACTIONS OF 1 ROWS",
    "UNWIND range(1, 9) AS i CALL (i) { CREATE (:City {id: i}) } IN 2 CONCURRENT TRANSACTIONS",
    "RETURN COUNT { CREATE (:City) }",
    "RETURN 1 AS x UNION CREATE (n:City) RETURN 1 AS x",
    "RETURN 1; CREATE (:City)",
    "RETURN 1;\n\nMATCH (n) DETACH DELETE n;",
]
HIDING = [
    "EXPLAIN MATCH (n) RETURN n",
    "PROFILE MATCH (n) DETACH DELETE n",
    "/* look */ PROFILE CREATE (n)",
    "// look\nPROFILE CREATE (n)",
    "CYPHER runtime=slotted CREATE (n)",
    "CYPHER 5 MATCH (n) DETACH DELETE n",
    "cYpHeR planner=dp MATCH (n) RETURN n",
    "RETURN 1 /* */ AS x // \n UNION CREATE (n) RETURN 1 AS x",
    "MATCH (`//`:City) SET `//`.name = 'evil' RETURN 1",
    "WITH '/*' AS a CREATE (n) RETURN '*/' AS b",
    "\\u0043REATE (n:City)",
    "RETURN '\\u0027 CREATE (n) //'",
    "RETURN 1 \\U002F/ AS x",
    "MATCH (n) WHERE n.name <> '\\\\' SET n.name = 'evil' RETURN n",
    "USE system SHOW USERS",
    "CALL () { USE system SHOW USERS YIELD user RETURN user } RETURN user",
    "USING PERIODIC COMMIT 10 LOAD CSV FROM 'file:///x' AS l CREATE (:City)",
    "",
    " // nothing but a remark",
]
OUTSIDE = [
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "LOAD CSV WITH HEADERS FROM 'http://127.0.0.1:1/x.csv' AS line RETURN line",
    "MATCH (c:City) CALL (c) { LOAD CSV FROM 'file:///' + c.id AS line RETURN line } RETURN line",
    "CALL dbms.listConfig()",
    "CALL dbms.listConnections()",
    "CALL `dbms`.`listConfig`() YIELD name RETURN name",
    "CALL dbms.security.createUser('evil', 'evil-evil')",
    "CALL dbms.killConnection('bolt-1')",
    "CALL db.createLabel('Evil')",
    "CALL db.clearQueryCaches()",
    "CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()",
    "CALL tx.setMetaData({console: 'someone else'})",
    "CALL apoc.load.json('http://127.0.0.1:1/') YIELD value RETURN value",
    "CALL apoc.periodic.iterate('MATCH (n) RETURN n', 'DELETE n', {})",
    "RETURN apoc.cypher.runFirstColumnSingle('MATCH (n) DETACH DELETE n', {})",
    "RETURN `apoc`.`util`.`md5`(['x'])",
    "RETURN apoc /* . */ . text . join(['a'], 'b')",
    "RETURN genai.vector.encode('x', 'OpenAI', {token: 'x'})",
]
SERVER = [
    "SHOW SETTINGS",
    "SHOW TRANSACTIONS",
    "TERMINATE TRANSACTIONS 'neo4j-transaction-1'",
    "SHOW TRANSACTIONS YIELD transactionId AS id TERMINATE TRANSACTIONS id YIELD message RETURN message",
    "SHOW USERS",
    "SHOW DATABASES",
    "SHOW CURRENT USER",
    "CREATE USER evil SET PASSWORD 'evil-evil' CHANGE NOT REQUIRED",
    "ALTER USER neo4j SET PASSWORD 'evil-evil' CHANGE NOT REQUIRED",
    "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'",
    "DROP USER neo4j",
    "DROP DATABASE neo4j",
    "CREATE DATABASE evil",
    "STOP DATABASE neo4j",
    "GRANT ROLE admin TO neo4j",
    "CREATE INDEX evil FOR (n:City) ON (n.evil)",
    "CREATE CONSTRAINT evil FOR (n:City) REQUIRE n.evil IS UNIQUE",
    "DROP INDEX names",
    "DROP CONSTRAINT place_id",
]
# Those that the server itself stops: by its timeout, its memory limit or its parser.
EATING = [
    "UNWIND range(1, 500000000) AS i RETURN count(i)",
    "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b UNWIND range(1, 100000) AS c RETURN sum(a * b * c)",
    "UNWIND range(1, 9999) AS x MATCH (a:City), (b:City), (c:City), (d:City) WHERE a.id + b.id = c.id + d.id RETURN count(*)",
    "UNWIND range(1, 50000000) AS i RETURN collect(i)",
    "UNWIND range(1, 1000000) AS i WITH collect(toString(i)) AS l UNWIND l AS a UNWIND l AS b RETURN collect(a + b)",
    "MATCH p = (:City)-[*1..40]-(:City) RETURN count(p)",
    "MATCH (a:City {id: 'x:hub-0'}) MATCH p = (a)((x)-[]-(y)){1,60} RETURN max(size(x))",
    "RETURN " + "(" * 5000 + "1" + ")" * 5000,
    "RETURN " + "[" * 5000 + "]" * 5000,
    "RETURN " + "x" * guard.MAX_LENGTH,
    "UNWIND range(1, 2000) AS i RETURN range(1, 200000)",
]
# Those that nothing in the server interrupts.
BURNING = [
    "RETURN reduce(s = '', i IN range(1, 3000000) | s + 'x')",
    "RETURN size(reduce(s = [0], i IN range(1, 100000) | s + s[0]))",
    "RETURN size([i IN range(1, 100000) WHERE any(j IN range(1, 100000) WHERE j = -i)])",
]
SECRET = "what stands in the file"
FOR_THE_SERVER = [
    "LOAD CSV FROM 'file://FILE' AS l RETURN l",
    "LOAD CSV FROM 'file:///etc/passwd' AS l RETURN l",
    "LOAD CSV FROM 'file:///canary' AS l RETURN l",
    "LOAD CSV FROM 'http://127.0.0.1:PORT/x.csv' AS l RETURN l",
    "LOAD CSV FROM 'http://localhost:PORT/x.csv' AS l RETURN l",
    "LOAD CSV FROM 'http://[::1]:PORT/x.csv' AS l RETURN l",
    "LOAD CSV FROM 'https://127.0.0.1:PORT/x.csv' AS l RETURN l",
    "LOAD CSV FROM 'ftp://127.0.0.1:PORT/x.csv' AS l RETURN l",
    "LOAD CSV FROM 'http://2130706433:PORT/x.csv' AS l RETURN l",
    "RETURN [i IN [1] | COLLECT { LOAD CSV FROM 'file://FILE' AS l RETURN l }] AS x",
    "RETURN [i IN [1] | COLLECT { LOAD CSV FROM 'http://127.0.0.1:PORT/' AS l RETURN l }] AS x",
    "CALL apoc.load.json('http://127.0.0.1:PORT/') YIELD value RETURN value",
]
HOSTILE = [*WRITING, *HIDING, *OUTSIDE, *SERVER, *EATING]

READING = [
    "MATCH (p:Place) RETURN p.name LIMIT 3",
    "match (p:City {country: 'DE'}) where p.name starts with 'Ludwigs' return p.id, p.name order by p.name skip 0 limit 5;",
    "MATCH (p:Place) WHERE p.id IN ['gn:2875107', 'gn:2875392'] RETURN p",
    "MATCH (c:City) WHERE elementId(c) <> 'x' RETURN count(*)",
    "MATCH (c:City)-[t:TWINNED_WITH|FRIENDS_WITH]-(d:City) RETURN c.name, type(t), d.name LIMIT 5",
    "MATCH (c:City {name: 'Ludwigsburg'})-[t]-(d) RETURN t, d LIMIT 3",
    "CALL db.index.fulltext.queryNodes('words_of_names', 'jicin~') YIELD node, score RETURN node.name, score",
    "CALL `db`.`index`.fulltext.queryNodes('words_of_names', 'montbel*') YIELD node RETURN node.name",
    "CALL db.labels() YIELD label RETURN label ORDER BY label",
    "CALL db.relationshipTypes()",
    "CALL db.propertyKeys()",
    "CALL db.schema.visualization()",
    "MATCH p = shortestPath((:City {name: 'Ludwigsburg'})-[:TWINNED_WITH*..6]-(:City {name: 'Bergamo'})) RETURN length(p)",
    "MATCH (a:City {name: 'Ludwigsburg'}), (b:City {name: 'Bergamo'}) RETURN [p IN allShortestPaths((a)-[*..4]-(b)) | length(p)]",
    "MATCH p = SHORTEST 2 (a:City {name: 'Ludwigsburg'})-[:TWINNED_WITH]-+(b:City {name: 'Bergamo'}) RETURN p",
    "MATCH (a:City {name: 'Ludwigsburg'}) ((x)-[:TWINNED_WITH]-(y)){1,2} (b:City) RETURN DISTINCT b.name LIMIT 5",
    "MATCH (a:City {name: 'Ludwigsburg'})-[:TWINNED_WITH*1..2]-(b) RETURN DISTINCT b.name LIMIT 5",
    "MATCH (c:City) WHERE COUNT { (c)-[:PARTNER_IN]->() } > 5 RETURN c.name",
    "MATCH (c:City) WHERE EXISTS { (c)-[:MEMBER_OF]->(:Network) } RETURN c.name LIMIT 5",
    "MATCH (c:City) WHERE NOT (c)-[:PARTNER_IN]->() OR c.population > 500000 RETURN c.name LIMIT 5",
    "MATCH (c:City {name: 'Ludwigsburg'}) RETURN COLLECT { MATCH (c)-[:PARTNER_IN]->(p) RETURN p.kind ORDER BY p.kind } AS kinds",
    "MATCH (c:City {name: 'Ludwigsburg'}) CALL (c) { MATCH (c)-[:PARTNER_IN]->(p) RETURN count(p) AS n } RETURN c.name, n",
    "MATCH (c:City) OPTIONAL MATCH (c)-[:MEMBER_OF]->(n) RETURN c.name, collect(n.name) AS networks LIMIT 5",
    "MATCH (c:City {name: 'Ludwigsburg'}) RETURN c {.name, ties: [(c)-[:PARTNER_IN]->(p) | p.kind]} AS found",
    "MATCH (c:City) RETURN c.country AS c, count(*) AS n ORDER BY n DESC LIMIT 3 UNION ALL RETURN 'x' AS c, 1 AS n",
    "UNWIND [1, 2, 3] AS x WITH x WHERE x % 2 = 1 RETURN x, toString(x) AS text",
    "MATCH (c:City) WHERE point.distance(c.location, point({latitude: 48.9, longitude: 9.19})) < 20000 RETURN c.name",
    "RETURN date() AS d, duration.between(date('1950-01-01'), date('2020-01-01')).years AS years, datetime.truncate('year') AS t",
    "RETURN '// no comment, /* none */ and apoc.load.json(1)' AS text /* CREATE (n) */ // PROFILE",
    "MATCH (n) WHERE n.name = '\\' SET n.name = ' RETURN n",
    'MATCH (n) WHERE n.name = \'it\\\'s\' OR n.name = "a \\"quoted\\" one" RETURN n.name AS `CREATE (x)`',
    "MATCH (:Place)-[r]->() RETURN type(r) AS type, count(*) AS n ORDER BY n DESC",
    "MATCH (a)-[r:TWINNED_WITH {key: 'x'}]->(b) RETURN r",
    "MATCH (n:City|District) RETURN count(n)",
    "MATCH (n:Place&!City) RETURN count(n)",
    "SHOW INDEXES YIELD name, type RETURN name, type",
    "SHOW CONSTRAINTS",
    "SHOW PROCEDURES YIELD name RETURN count(*) AS n",
    "SHOW FUNCTIONS YIELD name, isBuiltIn WHERE NOT isBuiltIn RETURN name",
    "WITH 1 AS x RETURN x, $param AS given",
    "MATCH (n:City) FINISH",
]


_COUNTS = "MATCH (n) WHERE NOT n:GraphVersion RETURN count(n) AS nodes, COUNT { ()-->() } AS ties, count(n.name) AS names"
_TOKENS: tuple[LiteralString, ...] = (
    "CALL db.labels() YIELD label AS x RETURN x",
    "CALL db.relationshipTypes() YIELD relationshipType AS x RETURN x",
    "CALL db.propertyKeys() YIELD propertyKey AS x RETURN x",
)


def shown(query: str) -> str:
    return query[:60]


@pytest.fixture(scope="module")
def victim(open_test_graph: Graph, graph_settings: Settings) -> Iterator[tuple[Graph, Settings]]:
    """A dense little graph with all indexes, and settings with a short time."""
    wipe(open_test_graph)
    _populate(open_test_graph)
    return open_test_graph, graph_settings.model_copy(update={"query_timeout": TIMEOUT})


def _populate(graph: Graph) -> None:
    ensure_schema(graph)
    with graph.session(write=True) as session:
        session.run("UNWIND range(0, 29) AS i CREATE (:Place:City {id: 'x:hub-' + i, name: 'Hub ' + i})").consume()
        session.run("MATCH (a:City), (b:City) WHERE a.id < b.id CREATE (a)-[:TWINNED_WITH {key: a.id + b.id}]->(b)").consume()


def _snapshot(graph: Graph) -> tuple[Any, ...]:
    schema = graph.read("SHOW INDEXES YIELD name RETURN collect(name) AS names")[0]["names"]
    constraints = graph.read("SHOW CONSTRAINTS YIELD name RETURN collect(name) AS names")[0]["names"]
    with graph.driver.session(database="system") as session:
        users = [record["user"] for record in session.run("SHOW USERS")]
    tokens = [sorted(row["x"] for row in graph.read(query)) for query in _TOKENS]
    return graph_digest(graph), sorted(schema), sorted(constraints), users, tokens


@pytest.fixture(scope="module")
def before(victim: tuple[Graph, Settings]) -> tuple[Any, ...]:
    return _snapshot(victim[0])


def test_there_are_enough_of_them():
    assert len(set(HOSTILE)) + len(BURNING) >= 90


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("query", HOSTILE, ids=shown)
def test_refuses_with_a_sentence_in_time(victim: tuple[Graph, Settings], query: str):
    graph, settings = victim
    started = time.monotonic()
    with pytest.raises(KgError) as refusal:
        run_guarded(graph, query, settings)
    assert time.monotonic() - started < TIMEOUT + 1 + SLACK
    console.settle()  # what the planner burns on makes the engine restart, and later tests ask the driver itself
    assert "Traceback" not in str(refusal.value)
    assert len(str(refusal.value)) > 20
    # All but the hungry ones are refused by their text and their plan, before anything runs.
    assert query in EATING or not any(words in str(refusal.value) for words in ("took longer", "did not end"))
    counts = graph.read(_COUNTS)
    assert counts == [{"nodes": 30, "ties": 435, "names": 30}]


@pytest.mark.usefixtures("before")
def test_nothing_is_read_and_nobody_called(victim: tuple[Graph, Settings], outside: "Outside"):
    graph, settings = victim
    for query in (query for queries in hidden(outside.port).values() for query in queries):
        with pytest.raises(KgError) as refusal:
            run_guarded(graph, query, settings)
        assert CANARY not in str(refusal.value).replace(query, "").replace(f"/tmp/{CANARY}", "")
    assert outside.calls == 0


@pytest.mark.parametrize("query", FOR_THE_SERVER)
def test_the_server_alone_reads_no_file_and_calls_nobody(open_test_graph: Graph, outside: "Outside", query: str):
    """The second wall: the guard is not asked, the driver sends what it is given."""
    text = query.replace("PORT", str(outside.port)).replace("FILE", str(outside.file))
    with open_test_graph.driver.session(database="neo4j") as session, pytest.raises(Neo4jError) as refusal:
        session.run(cast(LiteralString, text)).consume()
    assert SECRET not in str(refusal.value)
    assert outside.calls == 0


PLANS = [
    ("w", {"operatorType": "ProduceResults@neo4j"}, "only reading"),
    ("r", None, "no plan"),
    ("r", {"operatorType": "LoadCSV@neo4j"}, "LoadCSV"),
    ("r", {"operatorType": "Top@neo4j", "children": [{"operatorType": "ShowSettings@neo4j"}]}, "ShowSettings"),
    ("r", {"operatorType": "Limit@neo4j", "children": [{"operatorType": "TerminateTransactions@neo4j"}]}, "Terminate"),
    ("r", {"operatorType": "ProcedureCall@neo4j", "args": {"Details": "dbms.listConfig() :: (name)"}}, "dbms.listConfig"),
    ("r", {"operatorType": "ProcedureCall@neo4j", "args": {"Details": "?"}}, "procedure"),
    ("r", {"operatorType": "SomethingOfALaterVersion@neo4j"}, "SomethingOfALaterVersion"),
]


@pytest.mark.parametrize(("kind", "plan", "words"), PLANS)
def test_a_plan_with_another_step_is_refused(kind: str, plan: dict[str, Any] | None, words: str):
    """The third wall alone."""
    with pytest.raises(QueryRefused, match=words):
        guard.check_plan(kind, plan)


def test_every_row_streams_and_values_are_plain(victim: tuple[Graph, Settings]):
    graph, settings = victim
    found = stream_guarded(graph, "UNWIND range(1, 25000) AS i RETURN i, 'n' + i AS name", settings)
    assert found.columns == ("i", "name")
    assert sum(row["i"] for row in found.rows) == 25000 * 25001 // 2
    query = (
        "MATCH p = (a:City {id: 'x:hub-0'})-[t]-(:City {id: 'x:hub-1'}) RETURN a, t, p, 0.0 / 0.0 AS nan, 1.0 / 0.0 AS far,"
        " date('2020-01-02') AS d,"
        " duration('P1Y2M3DT4S') AS u, point({longitude: 9.2, latitude: 48.9}) AS at, [null, {x: 1}] AS l"
    )
    [row] = stream_guarded(graph, query, settings).rows
    assert json.loads(json.dumps(row, allow_nan=False)) == row
    assert (row["nan"], row["far"], row["d"], row["at"], row["l"]) == (None, None, "2020-01-02", [9.2, 48.9], [None, {"x": 1}])
    assert row["u"].startswith("P1Y2M3DT4")
    assert row["a"]["labels"] == ["City", "Place"]
    assert row["t"]["type"] == "TWINNED_WITH"
    assert [len(row["p"][part]) for part in ("nodes", "relationships")] == [2, 1]


def test_a_million_rows_come_out_in_flat_memory(victim: tuple[Graph, Settings]):
    """The real command in a process of its own: what it holds at the last row is what it held at the thousandth."""
    environment = os.environ | {"KG_HOME": str(victim[1].home)}
    kg = [sys.executable, "-c", "from kg.cli.main import main; main()"]
    query = ["cypher", "UNWIND range(1, 1000000) AS i RETURN i", "--format", "ndjson"]
    with subprocess.Popen([*kg, *query], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout
        total, early, late = 0, 0, 0
        for number, line in enumerate(process.stdout, 1):
            total += json.loads(line)["i"]
            if number % 1000 == 0:
                held = psutil.Process(process.pid).memory_info().rss
                early, late = early or held, max(late, held)
        assert process.wait() == 0
    assert total == 1000000 * 1000001 // 2
    assert late < early + 10_000_000


def test_a_stream_that_stands_still_is_given_up(victim: tuple[Graph, Settings]):
    graph, settings = victim
    with pytest.raises(QueryRefused, match="did not end within 2 s"):
        list(stream_guarded(graph, "UNWIND range(1, 5000000000) AS i RETURN count(i)", settings).rows)
    console.settle()
    assert graph.read("SHOW TRANSACTIONS YIELD metaData WHERE metaData.console IS NOT NULL RETURN count(*) AS n") == [{"n": 0}]


def test_nothing_changed(victim: tuple[Graph, Settings], before: tuple[Any, ...]):
    assert _snapshot(victim[0]) == before


@pytest.mark.parametrize("query", READING, ids=shown)
def test_answers_what_reads(bundled_graph: Graph, bundled_settings: Settings, query: str):
    result = run_guarded(bundled_graph, query, bundled_settings, {"param": "x"}, max_rows=50)
    assert result.columns or query.endswith("FINISH")
    assert all(tuple(row) == result.columns for row in result.rows)


def test_finds_names_without_their_accents(bundled_graph: Graph, bundled_settings: Settings):
    query = "CALL db.index.fulltext.queryNodes('words_of_names', 'jicin') YIELD node RETURN node.name AS name"
    assert {"name": "Nový Jičín"} in run_guarded(bundled_graph, query, bundled_settings).rows


def test_says_when_there_is_more_than_is_shown(victim: tuple[Graph, Settings]):
    graph, settings = victim
    more = run_guarded(graph, "MATCH (c:City) RETURN c.id AS id", settings, max_rows=10)
    assert (len(more.rows), more.truncated) == (10, True)
    exact = run_guarded(graph, "MATCH (c:City) RETURN c.id AS id", settings, max_rows=30)
    assert (len(exact.rows), exact.truncated) == (30, False)


def test_what_burns_on_ends_with_the_engine_and_others_only_wait(tmp_path: Path):
    """Several such queries at once: each is answered at its deadline, the engine is replaced once, no reader sees an error."""
    with own_engine(tmp_path) as own:
        settings = own.model_copy(update={"query_timeout": TIMEOUT})
        first = local.ensure_running(settings, tied=True).state
        with open_graph(settings) as graph:
            _populate(graph)
            digest, reader = graph_digest(graph), _Reader(graph)
            answers = _all_at_once(graph, settings)
            assert [type(error) for error, _ in answers] == [QueryRefused] * len(BURNING)
            assert all("did not end within 2 s" in str(error) for error, _ in answers)
            assert all(seconds < TIMEOUT + 1 + SLACK for _, seconds in answers)
            _wait_for_rescue()
            second = local.status(settings)
            assert second is not None
            assert second.pid != first.pid
            assert second.port == first.port
            assert reader.stop() == []
            assert reader.answers > 3
            assert graph_digest(graph) == digest
            assert run_guarded(graph, "RETURN 1 AS x", settings).rows == ({"x": 1},)
            _what_a_restart_cuts(graph, own.model_copy(update={"query_timeout": 60.0}))


def _what_a_restart_cuts(graph: Graph, settings: Settings) -> None:
    """Without a row handed out it runs again by itself; else it is told that rows are missing."""
    began, rows = stream_guarded(graph, "UNWIND range(1, 9000000) AS i RETURN i", settings), list[Any]()
    query = "UNWIND range(1, 30000000) AS i RETURN count(i) AS n"
    again = threading.Thread(target=lambda: rows.extend(run_guarded(graph, query, settings).rows))
    next(began.rows)
    again.start()
    running = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery STARTS WITH 'UNWIND range(1, 30' RETURN count(*) AS n"
    assert wait_until(lambda: graph.read(running)[0]["n"] > 0, 30)
    local.restart(settings)
    with pytest.raises(QueryRefused, match="cut because another one made the database restart"):
        list(began.rows)
    again.join(120)
    assert rows == [{"n": 30000000}]


def _all_at_once(graph: Graph, settings: Settings) -> list[tuple[KgError | None, float]]:
    answers: list[tuple[KgError | None, float]] = []

    def ask(query: str) -> None:
        started = time.monotonic()
        try:
            run_guarded(graph, query, settings)
        except KgError as error:
            answers.append((error, time.monotonic() - started))

    threads = [threading.Thread(target=ask, args=(query,)) for query in BURNING]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _wait_for_rescue() -> None:
    console.settle()


class Outside:
    """A listener on the machine that counts who calls, and a file that nobody may read."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "canary"
        self.file.write_text(SECRET, encoding="utf-8")
        self.calls = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while self._server.fileno() >= 0:
            try:
                self._server.accept()[0].close()
            except OSError:
                return
            self.calls += 1

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Outside]:
    found = Outside(tmp_path)
    yield found
    found.close()


class _Reader:
    """Somebody who goes on reading all the while."""

    def __init__(self, graph: Graph) -> None:
        self.graph, self.answers, self._failures = graph, 0, list[Exception]()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        while not self._stop.wait(0.2):
            try:
                self.answers += self.graph.read("MATCH (c:City) RETURN count(c) AS n")[0]["n"] == 30
            except KgError as error:
                self._failures.append(error)

    def stop(self) -> list[Exception]:
        self._stop.set()
        self._thread.join(200)
        return self._failures
