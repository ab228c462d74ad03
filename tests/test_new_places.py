"""New places are said: listed with what is nearest, asked about or refused where they may be known ones."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.places.mention import Mention, Resolution
from ingest.places.newcomers import NewPlace, NewPlaces
from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request
from ingest.run.runner import AskNew, Options, Report, ingest
from kg.cli.terminal import row_of
from kg.settings import Settings
from kg.store.driver import Graph
from tests.ingesting import quarantined, write
from tests.test_resolver import ask

HEAD = "city1,country1,city2,country2\n"
DOUBTFUL = HEAD + "Zwickau,Germany,Passau,Austria\nPlauen,Germany,Zimtangaville,Burkina Faso\nPlauen,Germany,Lyon,France\n"


def load(folder: Path, graph: Graph | None, new: NewPlaces, asked: AskNew | None = None, text: str = DOUBTFUL) -> Report:
    request = Request(descriptor("table"), Settings(home=folder), (write(folder, text),), {"yes": "true"})
    return ingest(graph, "table", request, Options(dry_run=graph is None, new=new, ask=asked))


def test_without_a_person_a_doubtful_new_place_is_a_question_and_a_plain_one_is_listed(graph, tmp_path):
    report = load(tmp_path, graph, "reject")
    assert (report.account.loaded, report.account.rejected.total()) == (2, 1)
    (row,) = quarantined(report.quarantine)
    assert "'Passau', Austria would be a new place, but is known in DE, not in AT: Passau (DE." in row["reason"]
    assert [new.name for new in report.new] == ["Zimtangaville"]
    with report.new_list.open(encoding="utf-8", newline="") as file:
        assert [line["name"] for line in csv.DictReader(file)] == ["Zimtangaville"]
    assert row_of(report)["new_places"] == 1


def test_accepted_new_places_are_loaded_and_listed_with_the_nearest_ones(graph, tmp_path):
    report = load(tmp_path, graph, "accept")
    assert report.account.loaded == 3
    first = report.new[0]
    assert (first.name, first.country) == ("Passau", "AT")
    assert "gn:2855328" in first.nearest[0]


@pytest.mark.parametrize(("answer", "loaded"), [(True, 3), (False, 2)])
def test_a_person_is_asked_once_before_anything_is_loaded(graph, tmp_path, answer, loaded):
    asked: list[str] = []

    def person(doubtful: Sequence[NewPlace]) -> bool:
        asked.extend(new.name for new in doubtful)
        return answer

    report = load(tmp_path, graph, "ask", person)
    assert asked == ["Passau"]
    assert report.account.loaded == loaded
    assert bool(report.quarantine) is not answer


def test_a_dry_run_lists_them_too(tmp_path):
    report = load(tmp_path, None, "ask")
    assert (report.account.loaded, report.account.rejected.total()) == (2, 1)
    assert report.new_list.is_file()


def test_a_place_of_a_row_that_was_not_taken_is_not_new(tmp_path):
    report = load(tmp_path, None, "reject", text=HEAD + "Zimtangaville,Burkina Faso,Lyon,Narnia\n")
    assert (report.account.rejected.total(), report.new) == (1, [])


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Passau", "Österreich"), ("Kehl", "Frankreich"), ("Puerto Varas", "Paraguay"), ("Wien", "Deutschland"),
        ("Bolognna", "Italy"), ("Lyon 1965", "Frankreich"), ("Moskau (Nirgendwoviertel)", "Russland"),
        ("Freudenstadt", "CA"), ("Geldrop-Nirgendwo", "Netherlands"), ("Passau (Nirgendwo)", "Frankreich"),
    ],
)  # fmt: skip
def test_what_may_be_a_known_place_in_another_form_country_or_kind_is_doubted(name, country):
    found = ask(name, country)
    assert not found.resolved or found.doubt


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Suva", "Nirgendland"), ("Weimar", "Tschechoslovakistan"), ("Lyon", "Frankreich/Deutschland"), ("Praha", "Ć"),
        ("Dresden", "Sachsenland"), ("Paris", "Europa"), ("Genova", "Lguria"), ("Metz", "xx"), ("Brest", "B/F"),
        ("Nancy", "F oder D"),
    ],
)  # fmt: skip
def test_a_country_that_is_not_understood_is_a_question_and_never_the_whole_world(name, country):
    found = ask(name, country)
    assert (found.id, found.rule) == ("", "unknown_country")


@pytest.mark.parametrize(
    ("name", "country", "against"),
    [
        ("Metz, Nancy, Toul", "Frankreich", "Nancy"), ("Haguenau und Ribeauvillé", "Frankreich", "Ribeauvillé"),
        ("Lyon / Nancy", "Frankreich", "Nancy"), ("Lyon; Nancy", "Frankreich", "Nancy"), ("Lyon, Turin", "Frankreich", "Turin"),
        ("Bergamo & Brescia", "Italien", "Brescia"), ("Gdańsk i Gdynia", "Polen", "Gdynia"), 
        ("Lyon (Nancy)", "Frankreich", "Nancy"),
        ("Bergamo e Brescia", "Italien", "Brescia"), ("Jena + Gera", "Deutschland", "Gera"),
        ("Brno a Ostrava", "Tschechien", "Ostrava"),
        ("Mannheim und Ludwigshafen", "Deutschland", "Ludwigshafen"),
    ],
)  # fmt: skip
def test_two_known_names_joined_by_anything_are_a_question_that_names_both(name, country, against):
    found = ask(name, country)
    assert not found.resolved or found.doubt
    assert any(against in line for line in (*found.candidates, found.reason))


def test_what_was_not_needed_is_kept_as_a_note():
    found = ask("Nancy¹", "Frankreich")
    assert (found.id, found.notes) == ("gn:2990999", ("a raised figure was left out",))
    assert ask("Lyon [3]", "Frankreich").notes == ("the mark '[3]' was left out",)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("Moscow", {"country": "United States", "state": "Texas"}), ("Freiburg", {"country": "Deutschland", "state": "Bayern"}),
        ("Freiburg/BY", {"country": "Deutschland"}), ("Dresden (Bayern)", {"country": "Deutschland"}),
        ("Ulm, Sachsen", {"country": "Deutschland"}), ("Bergamo", {"country": "Italien", "population": 900}),
        ("Trier", {"country": "Deutschland", "population": 3_000_000}), ("Boston", {"country": "USA", "state": "Nevada"}),
        ("Graz (Tirol)", {"country": "Österreich"}), ("Bern", {"country": "Schweiz", "state": "Genf"}),
    ],
)  # fmt: skip
def test_a_hint_that_contradicts_is_a_question_and_not_the_next_best_town(name, more):
    found: Resolution = ask(name, **more)
    assert not found.resolved or found.doubt
    assert Mention(name) != found


@pytest.mark.parametrize(
    ("name", "country", "nearest"),
    [
        ("Stadt Detmold in Lippe", "Deutschland", "Detmold"),
        ("Bad Ellwangen", "Deutschland", "Ellwangen"),
        ("Zagnańskie Olkusz", "Polen", "Olkusz"),
        ("Kurume Shi Town", "Japan", "Kurume"),
        ("Fukui Prefecture Sabae City", "Japan", "Fukui-shi"),
        ("ŽIŽORSAS (Gisors)", "Frankreich", "Gisors"),
        ("Vienas Noišta (Wiener Neustadt)", "Austria", "Wiener Neustadt"),
        ("Miedzychd", "Polen", "Międzychód"),
        ("Chomutow", "Czechia", "Chomutov"),
        ("Skövdde", "Sweden", "Skövde"),
        ("Тернопол", "Ukraine", ""),
        ("パリー市", "Frankreich", ""),
    ],
)
def test_a_known_place_in_another_form_script_or_spelling_is_never_new_without_a_doubt(name, country, nearest):
    found = ask(name, country)
    assert found.rule == "new_place"
    assert found.doubt
    assert not nearest or found.candidates[0].startswith(nearest)


@pytest.mark.parametrize(("name", "country"), [("Bajmok (Subotica)", "Serbia"), ("Zimtangaville", "Burkina Faso")])
def test_a_village_with_its_town_behind_it_and_an_unheard_name_are_plainly_new(name, country):
    assert ask(name, country).rule == "new_place"
    assert not ask(name, country).doubt
