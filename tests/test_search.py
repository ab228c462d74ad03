"""Places are found by each of their own names."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from ingest.places.described import CLDR, GEONAMES, Places
from ingest.places.resolver import Resolver
from kg.errors import PlaceNotFound
from kg.model.identity import fold
from kg.settings import settings
from kg.store.load import Loader
from kg.store.places import candidates, find_place, search_places
from kg.store.runs import load_lock, new_run_id
from kg.store.schema import ensure_schema

WELL_KNOWN = {
    "gn:2747373": ("The Hague", "Den Haag", "'s-Gravenhage", "s gravenhage", "La Haye"),
    "gn:2873759": ("Marburg", "Marburg an der Lahn"),
    "gn:2881646": ("Landau", "Landau in der Pfalz"),
    "gn:1816670": ("Beijing", "Peking", "北京", "北京市"),
    "gn:498817": ("Saint Petersburg", "Sankt Petersburg", "Санкт-Петербург"),
}
FLORIDA = "gn:4171563"


@pytest.fixture
def world(graph):
    """A graph of a few places of the gazetteer, as any load describes them."""
    places = Places(Resolver.open(settings()))
    for place in (*WELL_KNOWN, FLORIDA):
        places.add(place)
    places.keep()
    claims = places.drain()
    ensure_schema(graph)
    with load_lock(graph, "search") as lock:
        loader = Loader(graph, "search", new_run_id(), lock.fence)
        loader.sources([GEONAMES, CLDR])
        loader.load(claims)
    return graph


def test_small_words_other_scripts_and_apostrophes_belong_to_a_name(world):
    for place, names in WELL_KNOWN.items():
        for name in names:
            assert [hit.id for hit in search_places(world, name)][:1] == [place], name


def test_a_name_that_a_far_larger_place_has_too_is_a_question_with_that_one_first(world):
    with pytest.raises(PlaceNotFound) as error:
        find_place(world, "St Petersburg")
    assert [label.rsplit(" ", 1)[1] for label in error.value.candidates] == ["gn:498817", FLORIDA]
    assert find_place(world, "St Petersburg, US").id == FLORIDA
    assert find_place(world, "Saint Petersburg").id == find_place(world, "Saint Petersburg, RU").id == "gn:498817"


def test_every_place_is_found_by_every_name_that_it_has(bundled_graph):
    rows = bundled_graph.read(
        "MATCH (p:Place) "
        "RETURN p.id AS id, [p.name, p.name_de, p.name_en, p.name_fr, p.name_it] + coalesce(p.aliases, []) AS names"
    )
    # Names that differ in accents and the like only are one question.
    spelt, asked = {}, {}
    for row in rows:
        for name in filter(None, row["names"]):
            if fold(name):
                asked.setdefault(spelt.setdefault(fold(name), name), set()).add(row["id"])
    with ThreadPoolExecutor(4) as pool:
        answers = dict(zip(asked, pool.map(lambda name: _answer(bundled_graph, name, asked[name]), asked), strict=True))
    assert len(asked) > 1000
    assert {name: answers[name] for name, places in asked.items() if not places <= answers[name]} == {}


def _answer(graph, name, expected):
    """The one place that is found, and those that are offered where the search is asked for more."""
    try:
        found = {find_place(graph, name).id}
        return found if found >= expected else found | {hit.id for hit in candidates(graph, name, 100)}
    except PlaceNotFound as error:
        return {label.rsplit(" ", 1)[1] for label in error.candidates}
