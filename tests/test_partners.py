"""Cells with several partners, each with country and year, and names that only look like several."""

import csv
from contextlib import closing
from pathlib import Path

import pytest

from ingest.lists.partners import Partners
from ingest.places.resolver import Resolver
from kg.settings import Settings

with Path(__file__).with_name("data").joinpath("partners.csv").open(encoding="utf-8", newline="") as file:
    LABELLED = list(csv.DictReader(file))


@pytest.fixture(scope="module")
def partners(tmp_path_factory):
    resolver = Resolver.open(Settings(home=tmp_path_factory.mktemp("home")))
    with closing(resolver.gazetteer):
        yield Partners(resolver)


@pytest.mark.parametrize("row", LABELLED, ids=[row["cell"].replace("\n", "⏎") for row in LABELLED])
def test_a_cell_holds_the_places_that_were_labelled_before_it_was_read(partners, row):
    parts = [partners.part(text, row["country"]) for text in partners.parts(row["cell"], row["country"])]
    assert "|".join("/".join((p.name, p.country, p.when)).rstrip("/") for p in parts) == row["parts"]
