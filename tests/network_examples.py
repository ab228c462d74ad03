"""Networks that several tests share."""

import networkx as nx
from hypothesis import strategies as st

from kg.network.graph.arrays import Network
from tests.shared_files import shared_file


def network_of(*ties: str, alone: str = "") -> Network:
    """``network_of("ab", "bc")``: places a, b, c with two ties; ``alone`` names places without one."""
    ids = sorted({place for tie in ties for place in tie} | set(alone))
    return Network.from_pairs(ids, [tie[0] for tie in ties], [tie[1] for tie in ties])


def wikidata_2016() -> Network:
    """The network of Wikidata's P190 as of September 2016."""
    text = shared_file("data", "wikidata-2016", "relations.tsv").read_text(encoding="utf-8")
    a, b = zip(*(line.split("\t") for line in text.splitlines()), strict=True)
    return Network.from_pairs({*a, *b}, a, b)


@st.composite
def networks(draw: st.DrawFn, max_places: int = 16, *, weighted: bool = False) -> Network:
    """Small networks, dense ones too, so that equal scores are frequent."""
    n = draw(st.integers(0, max_places))
    ends = st.integers(0, max(n - 1, 0))
    ties = draw(st.lists(st.tuples(ends, ends), max_size=n * 3)) if n else []
    weight = st.integers(0, 8).map(lambda eighths: eighths / 8) if weighted else st.just(1.0)
    strength = draw(st.lists(weight, min_size=len(ties), max_size=len(ties)))
    ids = tuple(f"p{i:02d}" for i in range(n))
    return Network.from_positions(ids, [a for a, _ in ties], [b for _, b in ties], strength)


def as_graph(network: Network) -> "nx.Graph[int]":
    """The same network for networkx."""
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(network.n_places))
    graph.add_weighted_edges_from(zip(*(column.tolist() for column in network.pairs()), strict=True))
    return graph
