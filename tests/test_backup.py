"""Backups of a real graph: whole, checked before anything is touched, restored to the same digest, upgraded, cut anywhere."""

import gzip
import hashlib
import json
import os
import random
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import BackupError, GraphNotOurs
from kg.model.claims import Claim
from kg.settings import Settings
from kg.store import local
from kg.store.backup.make import make_backup
from kg.store.backup.restore import check_backup, restore
from kg.store.backup.stream import FORMAT_VERSION, seal
from kg.store.check import check
from kg.store.digest import graph_digest
from kg.store.driver import Graph, open_graph
from kg.store.load import Loader
from kg.store.local.keep import remove_old
from kg.store.runs import new_run_id
from kg.store.version import VERSION, graph_state
from tests.commands import RunKg
from tests.conftest import wipe
from tests.engines import output, python
from tests.test_load import GROUND, PAIR, TOLD, load

PERSON = Claim("src:city", "person:erika-m", "entry", '{"name": "Erika M"}')
HELD = Claim("src:city", "person:erika-m", "holds", "gn:1", qualifier="mayor", as_of="2020")
LIES_IN = Claim("src:city", "gn:1", "part_of", "x:de-county")


@pytest.fixture(scope="session")
def file(bundled_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the bundled facts."""
    return make_backup(bundled_graph, tmp_path_factory.mktemp("backups") / "bundled.backup").path


@pytest.fixture
def small(graph: Graph, tmp_path: Path) -> Path:
    """A backup of a graph of a few claims, some of which refer to what is loaded later, and some of which two datasets state."""
    load(graph, [*GROUND, *TOLD, PERSON, HELD, LIES_IN])
    load(graph, [replace(HELD, as_of="2024", seen="2026-01-02", note="of two"), LIES_IN], "two")
    return make_backup(graph, tmp_path / "small.backup").path


def whole(graph: Graph) -> bool:
    return not [finding for finding in check(graph, deep=True) if finding.broken]


def test_a_restored_graph_has_the_same_digest_and_is_whole(graph: Graph, bundled_graph: Graph, file: Path):
    done = restore(graph, file)
    assert done.claims > 1000
    assert graph_digest(graph) == graph_digest(bundled_graph)
    assert whole(graph)
    runs = "MATCH (r:IngestRun) RETURN r.id AS id, r.loaded AS loaded ORDER BY id"
    confirmed = "MATCH (c:Claim) RETURN c.id AS id, c.first_run AS first, c.last_run AS last ORDER BY id"
    for query in (runs, confirmed):
        assert graph.read(query) == bundled_graph.read(query)


def test_a_place_that_lies_in_one_that_is_restored_later_lies_there(graph: Graph, small: Path):
    digest = graph_digest(graph)
    wipe(graph)
    restore(graph, small)
    assert graph_digest(graph) == digest
    assert whole(graph)


def test_a_backup_of_a_restored_graph_says_the_same(graph: Graph, small: Path, tmp_path: Path):
    wipe(graph)
    restore(graph, small)
    again = make_backup(graph, tmp_path / "again.backup").path
    first, second = (
        [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()[1:-1]] for path in (small, again)
    )
    # The server keeps no order of the properties of a node, nor of the claims about one subject.
    assert sorted(map(str, map(_ordered, first))) == sorted(map(str, map(_ordered, second)))


def _ordered(line: object) -> object:
    return [line[0], sorted(line[1].items())] if isinstance(line, list) else line


def test_the_file_is_for_its_user_alone_and_reads_as_documented(small: Path):
    assert stat.S_IMODE(small.stat().st_mode) == 0o600
    first, *lines, end, checksum = gzip.decompress(small.read_bytes()).decode().splitlines()
    assert json.loads(first)["format"] == "cityties backup"
    kinds = [json.loads(line)[0] for line in lines]
    assert json.loads(end) == {"end": {kind: kinds.count(kind) for kind in ("source", "run", "mark", "claim")}}
    sealed = small.read_bytes()[: -len(seal(checksum))]
    assert hashlib.sha256(sealed).hexdigest() == checksum
    assert [path.name for path in small.parent.iterdir()] == [small.name]


def test_a_graph_that_is_not_empty_is_left_as_it_is(graph: Graph, small: Path):
    digest = graph_digest(graph)
    with pytest.raises(BackupError, match="into an empty one only; nothing was touched"):
        restore(graph, small)
    assert graph_digest(graph) == digest


# --- files that are none ------------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_one_byte_changed_cut_or_added_anywhere_is_noticed(small: Path, data: st.DataObject):
    good = small.read_bytes()
    at, byte = data.draw(st.integers(0, len(good) - 1)), data.draw(st.integers(1, 255))
    bad = {
        "changed": good[:at] + bytes([good[at] ^ byte]) + good[at + 1 :],
        "cut": good[:at],
        "without its beginning": good[at + 1 :],
        "longer": good + bytes([byte]),
        "twice": good + good,
        "with a hole": good[:at] + good[at + 1 :],
    }[data.draw(st.sampled_from(["changed", "cut", "without its beginning", "longer", "twice", "with a hole"]))]
    damaged = small.with_name("damaged")
    damaged.write_bytes(bad)
    with pytest.raises(BackupError, match="nothing was touched"):
        check_backup(damaged)


HEADER = {"format": "cityties backup", "version": FORMAT_VERSION, "vocabulary": VERSION, "program": "0.1.0"}
SOURCE = ["source", {"id": "src:city", "trust": 80}]


def sealed(folder: Path, *lines: object) -> Path:
    """A file with a seal that fits, whatever its lines are."""
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    packed = gzip.compress(text.encode("utf-8", "surrogatepass"))
    path = folder / "made-up"
    path.write_bytes(packed + seal(hashlib.sha256(packed).hexdigest()))
    return path


def end(**counts: int) -> dict[str, object]:
    return {"end": {"source": 0, "run": 0, "mark": 0, "claim": 0, **counts}}


def claim(**properties: object) -> list[object]:
    said = {"subject": "gn:1", "predicate": "entry", "value": '{"name": "A"}', "source": "src:city"} | properties
    made = Claim(*(str(said[name]) for name in ("source", "subject", "predicate", "value")))
    return ["claim", {"id": made.id, **said}]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([{"format": "another"}], "is no backup of this program"),
        (["[1]"], "is no backup of this program"),
        (["{"], "line 1: cannot be read"),
        ([HEADER | {"version": FORMAT_VERSION + 1}, end()], "made by a newer version"),
        ([HEADER | {"vocabulary": VERSION + 1}, end()], "made by a newer version"),
        ([HEADER | {"version": FORMAT_VERSION - 1}, end()], "no longer reads"),
        ([HEADER | {"version": "1"}, end()], "does not say its version"),
        ([HEADER], "line 2: cannot be read"),
        ([HEADER, end(claim=1)], "do not add up"),
        ([HEADER, SOURCE, end()], "do not add up"),
        ([HEADER, ["source", {"id": "src:city", "trust": True}]], "is no source, run, mark or claim"),
        ([HEADER, ["source", {"id": "src:city", "title": "\ud800"}]], "is no source, run, mark or claim"),
        ([HEADER, ["source", {"id": "src:city", "trust": 1 << 70}]], "is no source, run, mark or claim"),
        ([HEADER, '["source", {"id": "src:city", "trust": NaN}]'], "NaN is no value"),
        ([HEADER, "[" * 30_000], "cannot be read"),
        ([HEADER, ["place", {"id": "gn:1"}]], "is no source, run, mark or claim"),
        ([HEADER, ["source", {"id": "src:city", "secret": "x"}]], "has no secret"),
        ([HEADER, ["source", {"title": "x"}]], "without an id"),
        ([HEADER, claim()], "which the backup does not hold"),
        ([HEADER, SOURCE, claim(id="0")], "whose id is not that of what it says"),
        ([HEADER, SOURCE, claim(predicate="likes")], "unknown predicate 'likes'"),
        ([HEADER, SOURCE, claim(subject="nobody")], "cannot be restored"),
        ([HEADER, SOURCE, claim(value="{"), end(source=1, claim=1)], "cannot be restored"),
        ([HEADER, SOURCE, claim(value="[1]"), end(source=1, claim=1)], "cannot be restored"),
        ([HEADER, SOURCE, claim(value='{"name": "A", "kind": "planet"}'), end(source=1, claim=1)], "cannot be restored"),
        ([HEADER, SOURCE, claim(dataset="a", editions='[["b", "", "", "", "", "", ""]]')], "whose datasets are not those"),
        ([HEADER, SOURCE, claim(dataset="a", editions='[["a", ""]]')], "cannot be restored"),
    ],
)
def test_a_foreign_older_or_newer_file_is_refused_before_anything_is_touched(graph, tmp_path, lines, sentence):
    made_up = sealed(tmp_path, *lines)
    with pytest.raises(BackupError, match=sentence) as caught:
        restore(graph, made_up)
    assert "othing was touched" in str(caught.value)
    assert graph.read("MATCH (n) WHERE NOT n:LoadLock RETURN count(n) AS n") == [{"n": 0}]


@pytest.mark.parametrize("name", ["missing/file", "\0", "x" * 300, "."])
def test_a_file_that_cannot_be_written_or_read_is_named(graph: Graph, tmp_path: Path, name: str):
    load(graph, GROUND)
    with pytest.raises(BackupError, match="cannot be written"):
        make_backup(graph, tmp_path / name)
    with pytest.raises(BackupError):
        check_backup(tmp_path / name)


# --- while programs run -------------------------------------------------------------------------------------------------


def test_a_backup_during_a_load_holds_whole_units_and_the_load_goes_on(graph: Graph, tmp_path: Path):
    pairs = [Claim("src:city", PAIR, "status", "active", locator=str(i)) for i in range(300)]

    def told(year: int) -> list[Claim]:
        return [*GROUND, *(Claim(c.source, c.subject, c.predicate, c.value, c.locator, as_of=str(year)) for c in pairs)]

    load(graph, told(2000))
    years, stop = iter(range(2001, 2100)), threading.Event()

    def keep_loading() -> None:
        while not stop.is_set():
            load(graph, told(next(years)))

    seen: list[set[str]] = []
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(keep_loading)
        try:
            until = time.monotonic() + 60
            while len(seen) < 6 or (len(set[str]().union(*seen)) < 2 and time.monotonic() < until):
                made = make_backup(graph, tmp_path / f"{len(seen)}.backup").path
                lines = gzip.decompress(made.read_bytes()).splitlines()[1:-2]
                claims = [json.loads(line)[1] for line in lines if b'"claim"' in line[:9]]
                seen.append({claim["as_of"] for claim in claims if claim["predicate"] == "status"})
        finally:
            stop.set()
        loading.result(60)
    assert [len(one) for one in seen] == [1] * len(seen)
    assert len(set[str]().union(*seen)) > 1


def test_a_cut_restore_ends_as_an_uninterrupted_one(tmp_path: Path, file: Path, bundled_graph: Graph):
    """Killed with signal 9 at points of its way; then run again, with the server killed in between, too."""
    home = Settings(home=tmp_path / "home", neo4j_uri="", port=0)
    code = (
        "import sys; import kg.store.backup.restore as r; r.UNIT = 200; from kg.cli.main import main; "
        f"sys.argv = ['kg', 'db', 'restore', {str(file)!r}]; main()"
    )
    try:
        local.ensure_running(home, tied=True)
        draw = random.Random(7)
        with open_graph(home, any_version=True) as graph:
            for _ in range(3):
                process = python(code, home.home)
                wanted = graph.read("MATCH (c:Claim) RETURN count(c) AS n")[0]["n"] + draw.randrange(400)
                while process.poll() is None and graph.read("MATCH (c:Claim) RETURN count(c) AS n")[0]["n"] <= wanted:
                    time.sleep(0.01)
                process.kill()
                process.communicate()
                with pytest.raises(GraphNotOurs, match="kg db restore"), open_graph(home):
                    pass
            output(python(code, home.home))
            assert graph_digest(graph) == graph_digest(bundled_graph)
            assert whole(graph)
            assert graph_state(graph).restoring == ""
    finally:
        local.stop(home)


def test_another_file_after_a_cut_restore_begins_anew(graph: Graph, small: Path):
    digest = graph_digest(graph)
    wipe(graph)
    graph.write("CREATE (:GraphVersion {id: 'graph', version: $v, restoring: 'another', restoring_from: 'x'})", {"v": VERSION})
    graph.write("CREATE (:City:Place {id: 'gn:99', name: 'Left over'})")
    restore(graph, small)
    assert graph_digest(graph) == digest


# --- versions -----------------------------------------------------------------------------------------------------------


def age(graph: Graph) -> None:
    """Make the graph look as an older program left it: no version, other facts and records, a tie that is none any more."""
    graph.write("MATCH (v:GraphVersion) DELETE v")
    graph.write("MATCH (p:Partnership) SET p.status = 'of old', p.gone = true")
    graph.write("MATCH (c:Claim) SET c.revision = 'of old', c.as_of_precision = null, c.gone = 1")
    graph.write(
        "MATCH (a:Place {id: 'gn:1'}), (b:Place {id: 'gn:2'}) CREATE (a)-[:FRIENDS_WITH {key: $p, partnership: $p}]->(b)",
        {"p": PAIR},
    )


def test_a_graph_of_before_is_upgraded_when_it_is_opened(graph: Graph, graph_settings: Settings):
    load(graph, [*GROUND, *TOLD, PERSON, HELD, LIES_IN])
    digest = graph_digest(graph)
    age(graph)
    assert graph_digest(graph) != digest
    with open_graph(graph_settings) as opened:
        assert graph_digest(opened) == digest
        assert graph_state(opened).version == VERSION
        assert whole(opened)


def test_a_cut_upgrade_begins_again(graph: Graph, graph_settings: Settings):
    load(graph, [*GROUND, *TOLD])
    digest = graph_digest(graph)
    age(graph)
    loader = Loader(graph, "", new_run_id())
    graph.write_unit(lambda run: loader.again(run, ["gn:1", "gn:2"]))  # what a cut upgrade had done
    with open_graph(graph_settings) as opened:
        assert graph_digest(opened) == digest


def test_a_graph_of_a_newer_program_is_refused_with_a_sentence(graph: Graph, run_kg: RunKg, tmp_path: Path):
    load(graph, GROUND)
    graph.write("MATCH (v:GraphVersion) SET v.version = 99")
    for command in (["check"], ["ingest", "bundled"], ["db", "backup", str(tmp_path / "x")], ["cypher", "RETURN 1"]):
        done = run_kg(*command)
        assert done.code == 1, command
        assert "newer version of this program (vocabulary 99" in done.err
    assert json.loads(run_kg("db", "status", "--format", "json").out)[0]["graph_version"] == 99


def test_an_empty_graph_gets_its_version_with_the_first_load(graph: Graph):
    assert graph_state(graph).version == 0
    load(graph, GROUND)
    assert graph_state(graph).version == VERSION


# --- commands -----------------------------------------------------------------------------------------------------------


def test_commands_back_up_tell_and_restore(graph: Graph, run_kg: RunKg, tmp_path: Path):
    load(graph, [*GROUND, *TOLD])
    digest = graph_digest(graph)
    made = run_kg("db", "backup", str(tmp_path / "b"), "--format", "json")
    assert made.code == 0
    assert json.loads(made.out)[0]["claims"] == len(GROUND) + len(TOLD)
    status = json.loads(run_kg("db", "status", "--format", "json").out)[0]
    assert status["last_backup_file"] == str(tmp_path / "b")
    assert status["graph_version"] == VERSION
    assert status["nodes"] > 10
    assert status["free_bytes"] > status["store_bytes"] > 100_000
    assert {"running", "home", "uri", "version", "pid", "username"} <= status.keys()
    assert run_kg("db", "restore", str(tmp_path / "b")).code == 1
    wipe(graph)
    assert run_kg("db", "restore", str(tmp_path / "b")).code == 0
    assert graph_digest(graph) == digest
    assert run_kg("check", "--deep").code == 0


# --- what is kept -------------------------------------------------------------------------------------------------------


def test_old_quarantine_and_logs_go_and_nothing_else(tmp_path: Path):
    old = time.time() - 100 * 86_400
    gone = ["quarantine/a.csv", "quarantine/b.partial", "neo4j/logs/debug.log.1"]
    stay = [
        "quarantine/mine.xlsx",
        "quarantine/deeper/c.csv",
        "neo4j/logs/debug.log",
        "neo4j/data/x.csv",
        "a.csv",
        "backups.json",
    ]
    for name in (*gone, *stay, "quarantine/new.csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        if name != "quarantine/new.csv":
            os.utime(path, (old, old))
    (tmp_path / "quarantine" / "link.csv").symlink_to(tmp_path / "backups.json")
    remove_old(tmp_path, 90)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {*stay, "quarantine/new.csv", "quarantine/link.csv"}
    remove_old(tmp_path / "missing", 90)
