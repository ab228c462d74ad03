"""Graph files: GEXF and GraphML as other programs write them."""

import networkx as nx
import pytest

from kg.errors import DataError, UsageError
from tests.ingesting import ingest_file, write
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


YED = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
<key for="node" id="d6" yfiles.type="nodegraphics"/><key for="edge" id="d10" yfiles.type="edgegraphics"/>
<graph edgedefault="directed">{nodes}
<edge source="n0" target="n1"><data key="d10"><y:PolyLineEdge><y:EdgeLabel>1960</y:EdgeLabel></y:PolyLineEdge></data></edge>
</graph></graphml>"""
YED_NODE = (
    '<node id="n{n}"><data key="d6"><y:ShapeNode><y:Geometry x="{n}0.0" y="20.0"/><y:NodeLabel>{name}</y:NodeLabel></y:ShapeNode>'
    "</data></node>"
)


def stated(report):
    return {(c.predicate, c.value) for _, claims in report.samples for c in claims}


def test_what_is_drawn_is_no_coordinate_and_a_label_of_a_year_is_the_year(tmp_path):
    nodes = "".join(YED_NODE.format(n=n, name=name) for n, name in enumerate(("Ludwigsburg", "Caerphilly")))
    report = ingest_file("graph", write(tmp_path, YED.format(nodes=nodes), "yed.graphml"))
    assert report.account.loaded == 1, report.account.rejected
    assert stated(report) == {("kind", "twinning"), ("since", "1960")}
    ((_, made),) = report.samples
    assert "gn:2875392" in made[0].subject


@pytest.mark.parametrize("format_", ["gexf", "graphml"])
def test_names_serve_as_ids_and_any_value_is_text(tmp_path, format_):
    graph = nx.Graph()
    graph.add_node("Ludwigsburg", country="Germany", population="unknown", x=1.5, y=900.0)
    graph.add_node("Montbéliard", country="France", population="25 000")
    graph.add_edge("Ludwigsburg", "Montbéliard", year="1950.0")
    path = tmp_path / f"names.{format_}"
    getattr(nx, f"write_{format_}")(graph, path)
    report = ingest_file("graph", path)
    assert report.account.loaded == 1, report.account.rejected
    assert ("since", "1950") in stated(report)


@pytest.mark.parametrize(
    ("relation", "kind"),
    [("TWINNED_WITH", "twinning"), ("FRIENDS_WITH", "friendship"), ("sister city", "twinning"), ("SISTER_CITY", "twinning"),
     ("Freundschaft", "friendship"), ("SisterCity", "twinning"), ("CLIMATE_PARTNER_OF", "climate"), ("Jumelage", "twinning")],
)  # fmt: skip
@pytest.mark.parametrize("attribute", ["type", "label", "relation"])
def test_the_relation_of_an_edge_decides_its_kind(tmp_path, cities, relation, kind, attribute):
    cities.clear_edges()
    cities.add_edge("Q622", "Q3075", **{attribute: relation})
    nx.write_graphml(cities, tmp_path / "g.graphml")
    report = ingest_file("graph", tmp_path / "g.graphml")
    assert stated(report) == {("kind", kind)}, report.account.rejected


def test_an_unknown_relation_is_refused_by_name_and_can_be_named(tmp_path, cities):
    cities.add_node("c", label="Germany", labels=":Country")
    cities.add_edge("Q622", "c", label="IN_COUNTRY")
    nx.write_graphml(cities, tmp_path / "g.graphml")
    report = ingest_file("graph", tmp_path / "g.graphml")
    (reason,) = report.account.rejected
    assert "'IN_COUNTRY' is no kind of partnership" in reason
    assert "--option relations=IN_COUNTRY=twinning (or =none)" in reason
    assert report.account.loaded == 2
    again = ingest_file("graph", tmp_path / "g.graphml", relations="IN_COUNTRY=none")
    assert (again.account.loaded, again.account.ignored) == (2, {"a relation that is left out: IN_COUNTRY": 1})


def test_a_file_without_a_tie_is_refused_with_what_its_relations_are(tmp_path):
    graph = nx.DiGraph()
    graph.add_node("a", label="Ludwigsburg")
    graph.add_node("b", label="Germany")
    graph.add_edge("a", "b", type="IN_COUNTRY")
    nx.write_gexf(graph, tmp_path / "g.gexf")
    with pytest.raises(DataError, match="'IN_COUNTRY' is no kind of partnership"):
        ingest_file("graph", tmp_path / "g.gexf")
    with pytest.raises(UsageError, match="'marriage' is none of"):
        ingest_file("graph", tmp_path / "g.gexf", relations="IN_COUNTRY=marriage")


def test_a_node_that_is_labelled_as_no_place_has_no_partnership(tmp_path, cities):
    cities.add_node("p", label="Ludwigsburg", labels=":Person")
    cities.add_edge("Q3075", "p")
    nx.write_graphml(cities, tmp_path / "g.graphml")
    report = ingest_file("graph", tmp_path / "g.graphml")
    (reason,) = report.account.rejected
    assert "labelled ':Person' is no place" in reason


def test_one_bad_value_rejects_one_edge(tmp_path, cities):
    cities.nodes["Q628"]["lon"] = "east"
    nx.write_graphml(cities, tmp_path / "g.graphml")
    report = ingest_file("graph", tmp_path / "g.graphml")
    assert (report.account.loaded, report.account.rejected.total()) == (1, 1)
