"""Forgetting a person: no text of the graph and no file of the data folder holds the name, and no later load brings it back."""

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import UsageError
from kg.model.claims import Claim, Source
from kg.settings import Settings
from kg.store import local
from kg.store.backup.make import make_backup
from kg.store.backup.restore import restore
from kg.store.check import check
from kg.store.digest import graph_digest
from kg.store.driver import Graph, open_graph
from kg.store.forget.marks import key_file
from kg.store.forget.names import REMOVED, Finder, spellings
from kg.store.forget.person import forget_person
from kg.store.forget.redact import redactor_of
from kg.store.forget.rewrite import rewrite_files, rewrite_store
from kg.store.load import Loader
from kg.store.local.kept import Backup, remember
from kg.store.runs import new_run_id
from kg.store.schema import ensure_schema
from tests.conftest import wipe
from tests.test_load import GROUND, PAIR

NAME = "Erika Mustermann"
TITLES = {
    "src:city": "City page",
    "src:talk": "Ein Gespräch mit Oberbürgermeisterin Mustermann",
    "src:erika-mustermann-blog": "Blog of MUSTERMANN, Erika",
    "src:other": "Die Mustermanns kommen",
}
SOURCES = [Source(key, title, trust=50, published="2020") for key, title in TITLES.items()]
ORG = "org:erika-mustermann-stiftung"
EVENT = "event:1"
TELLING = [
    *GROUND,
    Claim("src:talk", "person:erika-mustermann", "entry", '{"name": "Erika Mustermann"}'),
    Claim("src:talk", "person:erika-mustermann", "holds", "gn:1", qualifier="mayor", as_of="2020"),
    Claim("src:city", PAIR, "kind", "twinning", note="signed by Erika  Müstermann"),
    Claim("src:city", PAIR, "name", "Erika-Mustermann-Preis", quote="„erika.mustermann@example.org“"),
    Claim("src:talk", PAIR, "remark", "Frau Mustermann wants it", locator="Mustermann, p. 3"),
    Claim("src:erika-mustermann-blog", PAIR, "status", "active", as_of="2020"),
    Claim("src:city", ORG, "entry", '{"aliases": ["M\\u00dcSTERMANN, Erika"], "name": "Erika-Mustermann-Stiftung"}'),
    Claim("src:city", ORG, "supports", PAIR),
    Claim("src:talk", EVENT, "entry", '{"kind": "visit", "name": "Besuch von OB Mustermann"}'),
    Claim("src:talk", EVENT, "participant", ORG),
    Claim("src:talk", EVENT, "under", PAIR),
    Claim("src:city", "gn:2", "remark", "https://example.org/Erika%20M%C3%BCstermann"),
    Claim("src:other", "gn:3", "remark", "Hans Mustermann was there"),
]
FOUND = ("mustermann", "müstermann")


def tell(graph: Graph, dataset: str = "test") -> None:
    ensure_schema(graph)
    loader = Loader(graph, dataset, new_run_id())
    loader.sources(SOURCES)
    loader.load(claim.of(dataset) for claim in TELLING)
    loader.finish()


def texts(graph: Graph) -> list[str]:
    """Every text of every property of every node and relationship."""
    rows = [*graph.read("MATCH (n) RETURN properties(n) AS p"), *graph.read("MATCH ()-[r]->() RETURN properties(r) AS p")]
    return [text for row in rows for value in row["p"].values() for text in (value if isinstance(value, list) else [str(value)])]


def naming(graph: Graph) -> list[str]:
    return [text for text in texts(graph) if any(each in text.casefold() for each in FOUND)]


def whole(graph: Graph) -> bool:
    return not [finding for finding in check(graph, deep=True) if finding.broken]


def test_every_text_of_the_graph_is_searched_and_other_people_of_the_surname_are_asked_for(graph: Graph):
    tell(graph)
    done = forget_person(graph, NAME)
    assert done.removed == 2
    assert set(naming(graph)) == {"Die Mustermanns kommen", "Hans Mustermann was there"} == set(done.asked)
    assert whole(graph)
    assert graph.read("MATCH (p:Person) RETURN p.id") == []
    assert graph.read("MATCH (s:Source {id: 'src:talk'}) RETURN s.title AS t") == [
        {"t": f"Ein Gespräch mit Oberbürgermeisterin {REMOVED}"}
    ]
    assert [row["n"] for row in graph.read("MATCH (o:Organisation)-[:SUPPORTS]->() RETURN o.name AS n")] == [
        f"{REMOVED}-Stiftung"
    ]
    assert graph.read("MATCH (:Organisation)-[:TOOK_PART_IN]->(e) RETURN e.name AS n") == [{"n": f"Besuch von OB {REMOVED}"}]


def test_later_loads_bring_nobody_back_and_change_nothing(graph: Graph):
    tell(graph)
    forget_person(graph, NAME)
    digest = graph_digest(graph)
    tell(graph)
    assert graph_digest(graph) == digest
    tell(graph, "another")
    assert len(naming(graph)) == 2
    assert whole(graph)


def test_surname_too_takes_it_everywhere(graph: Graph):
    tell(graph)
    assert forget_person(graph, NAME, surname_too=True).asked == []
    assert naming(graph) == []
    tell(graph)
    assert naming(graph) == []


def test_run_again_after_a_cut_it_ends_what_was_begun(graph: Graph):
    tell(graph)
    forget_person(graph, NAME)
    digest = graph_digest(graph)
    graph.write("CREATE (:Source {id: 'src:late', title: 'About Erika Mustermann', trust: 1})")
    assert forget_person(graph, NAME).changed == 1
    graph.write("MATCH (s:Source {id: 'src:late'}) DELETE s")
    assert graph_digest(graph) == digest


@pytest.mark.parametrize("called", ["erika mustermann", "Mustermann, Erika", "person:erika-mustermann", "Dr. ERIKA MÜSTERMANN"])
def test_a_person_is_found_by_any_spelling(graph: Graph, called: str):
    tell(graph)
    assert forget_person(graph, called).removed == 2


def test_nobody_of_the_name_is_a_sentence(graph: Graph):
    tell(graph)
    digest = graph_digest(graph)
    with pytest.raises(UsageError, match="nobody called 'Max Niemand'"):
        forget_person(graph, "Max Niemand")
    assert graph_digest(graph) == digest


def test_a_surname_that_is_a_place_too_is_not_taken_from_places(graph: Graph):
    berlin = Claim("src:talk", "gn:7", "entry", '{"country": "DE", "kind": "city", "name": "Berlin"}')
    person = Claim("src:talk", "person:max-berlin", "entry", '{"name": "Max Berlin"}')
    ensure_schema(graph)
    loader = Loader(graph, "test", new_run_id())
    loader.sources([*SOURCES, Source("src:berlin", "Partners of Berlin")])
    loader.load([*GROUND, berlin, person, Claim("src:berlin", "gn:7", "remark", "Berlin has many; Max Berlin says so")])
    forget_person(graph, "Max Berlin")
    assert graph.read("MATCH (p:Place {id: 'gn:7'}) RETURN p.name AS name") == [{"name": "Berlin"}]
    assert graph.read("MATCH (s:Source {id: 'src:berlin'}) RETURN s.title AS t") == [{"t": "Partners of Berlin"}]
    assert not [text for text in texts(graph) if "Max" in text]


# --- marks and keys -----------------------------------------------------------------------------------------------------


def test_marks_hide_the_name_and_the_key_is_for_its_user_alone(graph: Graph):
    from kg.model.identity import digest as plain

    tell(graph)
    forget_person(graph, NAME)
    marks = {row["id"] for row in graph.read("MATCH (m:Forgotten) RETURN m.id AS id")}
    assert plain("forgotten", "person:erika-mustermann") not in marks
    assert key_file(graph.home).stat().st_mode & 0o777 == 0o600


def test_where_the_key_is_not_no_person_is_loaded(graph: Graph):
    tell(graph)
    forget_person(graph, NAME)
    key = key_file(graph.home).read_text("utf-8")
    other = [Claim("src:city", "person:max-m", "entry", '{"name": "Max M"}'), *TELLING]
    try:
        key_file(graph.home).write_text("00" * 32 + "\n", "utf-8")
        loader = Loader(graph, "test", new_run_id())
        loader.sources(SOURCES)
        loader.load(other)
        assert graph.read("MATCH (p:Person) RETURN p.id") == []
        with key_file(graph.home).open("a", encoding="utf-8") as file:
            file.write(key)
        loader = Loader(graph, "test", new_run_id())
        loader.load(other)
        assert graph.read("MATCH (p:Person) RETURN p.id AS id") == [{"id": "person:max-m"}]
    finally:
        key_file(graph.home).write_text(key, "utf-8")


# --- files --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    settings = Settings(home=tmp_path_factory.mktemp("forgetting") / "home", neo4j_uri="", port=0)
    local.ensure_running(settings, tied=True)
    yield settings
    local.stop(settings)


def holding(folder: Path) -> list[str]:
    """Files whose bytes hold the name in any of three encodings, packed ones unpacked."""
    found: list[str] = []
    needles = [
        form.encode(code)
        for word in ("Mustermann", "mustermann", "MUSTERMANN")
        for form in (word,)
        for code in ("utf-8", "utf-16-le", "utf-16-be")
    ]
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            data += gzip.decompress(data) if data[:2] == b"\x1f\x8b" else b""
            found += [str(path.relative_to(folder)) for needle in needles if needle in data][:1]
    return found


def test_no_file_of_the_data_folder_holds_the_name(own: Settings):
    home = own.home
    with open_graph(own) as graph:
        tell(graph)
        made = make_backup(graph, home / "kept.backup")
        remember(home, Backup(made.made, str(made.path)))
        for folder, name in (("quarantine", "mustermann-erika.csv"), ("logs", "app.log")):
            home.joinpath(folder).mkdir(exist_ok=True)
            home.joinpath(folder, name).write_text('file,line\na.csv,2,"{""mayor"": ""Erika Mustermann""}"\n', "utf-8")
        home.joinpath("quarantine", "utf16.csv").write_text("Erika Mustermann\n", "utf-16")
        cache = home.parent / "cache"
        for folder, text in (("named", '{"label": "Erika M\\u00fcstermann"}'), ("other", '{"label": "Erika"}')):
            cache.joinpath(folder).mkdir(parents=True)
            cache.joinpath(folder, "page.json").write_text(text, "utf-8")
        assert len(holding(home)) > 4
        forget_person(graph, NAME, surname_too=True)
        assert [name for name in holding(home) if name.startswith("neo4j")]  # deleted, and still on the disk
        digest = graph_digest(graph)
        rewrite_store(graph, own)
        assert rewrite_files(redactor_of(graph), own.model_copy(update={"cache_dir": cache})) == []
        assert [path.parent.name for path in cache.rglob("*.json")] == ["other"]
        assert graph_digest(graph) == digest
        assert whole(graph)
        local.stop(own)
        assert holding(home) == []
    with open_graph(own) as graph:
        assert graph_digest(graph) == digest
        wipe(graph)
        restore(graph, made.path)
        assert graph_digest(graph) == digest
        tell(graph)
        assert naming(graph) == []


def test_files_that_have_the_surname_alone_or_cannot_be_rewritten_are_named(graph: Graph, tmp_path: Path):
    tell(graph)
    forget_person(graph, NAME)
    home, cache = tmp_path / "home", tmp_path / "cache"
    for folder in (cache, home / "quarantine", home / "neo4j.20260101T000000"):
        folder.mkdir(parents=True)
    texts = {
        "quarantine/a.csv": "OB Mustermann\nErika Mustermann\n",
        "mine.bin": "Erika Mustermann",
        "quarantine/b.csv": "Erika\n",
    }
    for name, text in texts.items():
        home.joinpath(name).write_text(text, "utf-8")
    said = rewrite_files(redactor_of(graph), Settings(home=home, cache_dir=cache))
    assert [name for name in ("a.csv", "b.csv", "mine.bin", "neo4j.20260101T000000") for each in said if name in each] == [
        "a.csv", "mine.bin", "neo4j.20260101T000000",
    ]  # fmt: skip
    assert home.joinpath("quarantine/a.csv").read_text("utf-8") == f"OB Mustermann\n{REMOVED}\n"


def test_a_replacing_that_was_cut_is_finished_by_the_next_start(own: Settings):
    with open_graph(own) as graph:
        wipe(graph)
        tell(graph)
        digest = graph_digest(graph)
        local.stop(own)
    successor = own.home / "successor"
    successor.mkdir()
    shutil.copytree(own.home / "neo4j", successor / "neo4j")
    shutil.copy(own.home / "server.password", successor)
    with open_graph(own) as graph:  # not complete: the former database stays
        assert graph_digest(graph) == digest
        wipe(graph)
        local.stop(own)
    (successor / "complete").touch()
    shutil.rmtree(own.home / "neo4j" / "data")  # the removal of the former one had begun
    with open_graph(own) as graph:
        assert graph_digest(graph) == digest
    assert not successor.exists()


# --- names --------------------------------------------------------------------------------------------------------------


def redacted(text: str, name: str = NAME) -> str:
    spelled = spellings(name)
    return Finder(spelled.whole.__contains__, spelled.surnames.__contains__).redact(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Erika Mustermann", "Mustermann, Erika"),
        ("Erika Mustermann", "ERIKA MUSTERMANN"),
        ("Erika Mustermann", "Erika M. Mustermann"),
        ("Erika Mustermann", "e­rika mus\u200btermann"),
        ("Erika Mustermann", "erika_mustermann"),
        ("Mustermann, Erika", "Erika Mustermann"),
        ("Jürgen Müller", "Juergen Mueller"),
        ("Juergen Mueller", "Jürgen Müller"),
        ("Jürgen Müller", "Ju\u0308rgen Mu\u0308ller"),
        ("Jürgen Müller", "J&uuml;rgen M&uuml;ller"),
        ("Jürgen Müller", "J%C3%BCrgen_M%C3%BCller"),
        ("Jürgen Müller", "Jürgen Müllers"),
        ("Anna-Lena Groß-Schmidt", "Anna-Lena Gross-Schmidt"),
        ("Anna-Lena Groß-Schmidt", "Groß-Schmidt, Anna Lena"),
        ("Dr. Maria von der Aue", "Maria von der Aue"),
        ("José Núñez García", "jose nunez garcia"),
        ("Łukasz Żółć", "Lukasz Zolc"),
        ("Иван Петров", "ИВАН ПЕТРОВ"),
        ("Pelé", "PELE"),
        ("Jürgen Müller", "J\\u00fcrgen M\\u00FCller"),
        ("Wei Li", "LI Wei"),
        ("Erika M", "M, Erika"),
    ],
)
def test_spellings_of_a_name_are_found(name: str, text: str):
    assert redacted(f"Rede von {text}, gestern", name) == f"Rede von {REMOVED}, gestern"


@pytest.mark.parametrize(
    "text", ["Hans Mustermann", "Erika", "Erika Musterfrau", "Mustermannheim", "", "Erika, Hans, Ute Mustermann"]
)
def test_other_texts_stay(text: str):
    assert redacted(text) == text


def test_a_surname_of_two_letters_is_a_word_where_it_stands_alone():
    assert redacted("Wei Li spoke; li e qui", "Wei Li") == f"{REMOVED} spoke; li e qui"


def test_a_name_in_several_disguises_is_found_in_each():
    text = "J%C3%BCrgen_M%C3%BCller & J&uuml;rgen M&uuml;ller, J\\u00fcrgen M\\u00fcller, MUELLER, Juergen"
    assert redacted(text, "Jürgen Müller") == f"{REMOVED} & {REMOVED}, {REMOVED}, {REMOVED}"


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from([NAME, "Mustermann, Erika", "eRIKA mUSTERMANN"]))
def test_the_name_is_found_between_any_other_words(before: str, after: str, name: str):
    left = redacted(f"{before} {name} {after}")
    assert "mustermann" not in left.casefold()
    assert redacted(left) == left


def test_json_of_the_marks_is_no_list_of_names(graph: Graph, tmp_path: Path):
    tell(graph)
    forget_person(graph, NAME)
    made = make_backup(graph, tmp_path / "b").path
    lines = [json.loads(line) for line in gzip.decompress(made.read_bytes()).splitlines()[1:-2]]
    assert all(len(record["id"]) == 64 for kind, record in lines if kind == "mark")
