"""Names as offices write them: each kind of spelling with what it means, labelled by the gazetteer before it was run."""

import csv
from pathlib import Path

import pytest

from ingest.names.tables import rows
from tests.test_resolver import ask

_OURS = list(rows(Path(__file__).parent / "data" / "names_as_written.csv", ("kind", "name", "country", "state", "expected")))
_CELLS = Path(__file__).parents[2] / "shared" / "cases" / "cells.csv"
_BODIES = {"the district": "county", "a district of Moscow": "borough", "the association of municipalities": "intermunicipal"}


@pytest.mark.parametrize("row", _OURS, ids=lambda row: f"{row['kind']}: {row['name']}")
def test_a_name_as_it_is_written_means_its_place_or_is_a_question(row):
    """``expected`` is the place's name or kind; ``?`` a question, and ``|?`` allows one."""
    found = ask(row["name"], row["country"], state=row["state"])
    wanted = row["expected"].split("|")
    if not found.resolved or found.doubt:
        assert "?" in wanted, found
    else:
        assert {found.name, found.kind} & set(wanted), found


@pytest.mark.skipif(not _CELLS.is_file(), reason="the cases lie beside the project")
def test_cells_that_once_went_wrong_are_right_or_questions():
    with _CELLS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found = ask(row["second"], row["second_country"])
            right, known = row["right_place"], found.resolved and not found.doubt
            if not known:
                assert "rejected" in right, (row, found)
            elif right in _BODIES:
                assert found.kind == _BODIES[right], (row, found)
            elif row["first"] != "Lyonstadt":
                assert found.id in right or found.name in right, (row, found)


def test_one_place_has_one_id_however_it_is_written():
    for names, country in (
        (
            ("Charlottenburg-Wilmersdorf (Berlin)", "Charlottenburg-Wilmersdorf", "Berlin-Charlottenburg-Wilmersdorf"),
            "Deutschland",
        ),
        (("Wöllstein (Verbandsgemeinde)", "Verbandsgemeinde Wöllstein"), "Deutschland"),
        (("Praha 6", "Prag 6", "Prague 6", "Praha (6)"), "Tschechien"),
        (("Istanbul (Beyoğlu)", "Beyoğlu", "İstanbul-Beyoğlu", "Beyoğlu (Istanbul)"), "Türkei"),
        (("Landkreis Ludwigsburg", "Ludwigsburg (Kreis)", "Kreis Ludwigsburg"), "Deutschland"),
        (("Wien 12", "Wien (12. Bezirk)", "Meidling (Wien)", "Wien-Meidling", "Meidling"), "Österreich"),
    ):
        assert len({ask(name, country).id for name in names}) == 1, [(name, ask(name, country).id) for name in names]


@pytest.mark.parametrize(
    ("name", "country", "lat", "lon", "expected"),
    [
        ("Chambéry", "Frankreich", 49.59, 3.67, "gn:3027422"), ("Buenos Aires", "Argentinien", -36.3, -60.0, "gn:3435910"),
        ("Dresden", "Deutschland", 0.0, 0.0, "gn:2935022"), ("Nancy", "Frankreich", 43.3, 5.4, "gn:2990999"),
        ("Bergamo", "Italien", 95.0, 9.7, "gn:3182164"),
    ],
)  # fmt: skip
def test_a_bad_point_never_beats_a_well_known_name_and_is_noted(name, country, lat, lon, expected):
    found = ask(name, country, lat=lat, lon=lon)
    assert found.id == expected
    assert any("point" in note for note in found.notes)
