"""Graph files: GEXF and GraphML as other programs write them."""

import networkx as nx
import pytest

from kg.errors import UsageError
from tests.ingesting import ingest_file
from tests.shared_files import shared_file


@pytest.fixture
def cities():
    graph = nx.Graph()
    graph.add_node("Q622", label="Ludwigsburg", lon=9.19, lat=48.9, pop=93000, country="Germany", degree=99)
    graph.add_node("Q628", label="Bergamo", lon=9.67, lat=45.69, pop=119000, country="Italy", degree=99)
    graph.add_node("Q3075", label="Montbéliard", lon=6.8, lat=47.51, pop=25000, country="France", degree=99, colour="red")
    graph.add_edge("Q622", "Q3075", since="1950", kind="twinning")
    graph.add_edge("Q622", "Q628", weight=2.0)
    return graph


@pytest.mark.parametrize("format_", ["gexf", "graphml"])
def test_nodes_are_places_and_edges_partnerships(tmp_path, cities, format_):
    path = tmp_path / f"cities.{format_}"
    getattr(nx, f"write_{format_}")(cities, path)
    report = ingest_file("graph", path, published="2022-01-09")
    assert report.account.loaded == 2, report.account.rejected
    made = {(c.predicate, c.value, c.as_of) for _, claims in report.samples for c in claims}
    assert made == {("kind", "twinning", "2022-01-09"), ("since", "1950", "2022-01-09")}
    assert all(row.line > 0 for row, _ in report.samples)
    assert all("gn:2875392" in claims[0].subject for _, claims in report.samples)
    unknown = [w for w in report.warnings if "neither used nor ignored" in w]
    assert unknown == ["columns neither used nor ignored by name: colour"], "degree and weight are ignored by name"


def test_the_date_of_a_gexf_file_is_the_date_of_its_claims(tmp_path, cities):
    path = tmp_path / "cities.gexf"
    nx.write_gexf(cities, path)
    path.write_text(path.read_text().replace('lastmodifieddate="', 'lastmodifieddate="2019-05-01" was="'))
    report = ingest_file("graph", path)
    assert {c.as_of for _, claims in report.samples for c in claims} == {"2019-05-01"}


def test_other_files_are_refused(tmp_path):
    with pytest.raises(UsageError, match="there is no file"):
        ingest_file("graph", tmp_path / "none.gexf")


def test_the_real_file(tmp_path):
    real = shared_file("data", "wikidata-2022", "sister_cities.gexf")
    path = tmp_path / real.name
    path.symlink_to(real)
    report = ingest_file("graph", path)
    assert report.account.read == 8182
    assert report.account.loaded > 8100
