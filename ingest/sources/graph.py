"""Graph files: GEXF and GraphML with one node a place and one edge a tie."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import networkx as nx

from ingest.files import head_of
from ingest.lists.pairs import ListContext, claims_of
from ingest.places.described import Places
from ingest.rows import Reject, Row
from ingest.run.protocol import Opened, Request
from ingest.tabular.mapping import End, TableMapping
from ingest.tabular.words import key_of
from ingest.tabular.xml_guard import look_over
from kg.errors import DataError, UsageError
from kg.model.claims import Claim
from kg.model.dates import parse_date
from kg.model.identity import slug

_READERS = {".gexf": "gexf", ".graphml": "graphml", ".xml": ""}
_NAMES: Mapping[str, tuple[str, ...]] = {
    "place": ("label", "name", "title"), "country": ("country", "countrylabel", "land"), "state": ("state", "region", "admin1"),
    "lat": ("lat", "latitude", "y"), "lon": ("lon", "lng", "long", "longitude", "x"),
    "population": ("pop", "population", "inhabitants"), "kind": ("kind", "type"),
    "qid": ("qid", "wikidata"), "geonames": ("geonames", "geonameid"),
}  # fmt: skip
_OF_EDGES: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind", "type", "relation"), "since": ("since", "year", "start"), "until": ("until", "end"), "status": ("status",),
}  # fmt: skip


@dataclass(slots=True)
class _Found:
    """What the first look at the file noted."""

    root: str = ""
    date: str = ""
    nodes: set[str] = field(default_factory=set[str])
    lines: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])

    def note(self, tag: str, attributes: dict[str, str], line: int) -> None:
        self.root = self.root or tag
        if tag == "meta":
            self.date = attributes.get("lastmodifieddate", "")
        elif tag == "node":
            self.nodes.add(attributes.get("id", ""))
        elif tag == "edge":
            self.lines.setdefault((attributes.get("source", ""), attributes.get("target", "")), line)


@dataclass(frozen=True, slots=True)
class GraphFile:
    """The graph with where its edges stand and what its attributes mean."""

    name: str
    graph: Any
    found: _Found
    node_columns: Mapping[str, str]
    context: ListContext


def open_source(request: Request) -> Opened[GraphFile]:
    """Look the file over, then let networkx read it."""
    path = request.the_file()
    head_of(path)
    if path.suffix.lower() not in _READERS:
        raise UsageError(f"{path.name} is no {' or '.join(_READERS)} file; for tables use kg ingest table")
    found = _Found()
    look_over(path, found.note)
    graph = _read(path, found)
    options = dict(request.options)
    published = options.get("published") or _date(found.date)
    named = {
        "id": f"src:graph-{slug(path.stem)}",
        "title": options.get("title", f"Graph file {path.stem}"),
        "published": published,
    }
    stated = {n: options[n] for n in ("publisher", "url", "licence") if n in options}
    source = request.descriptor.source(**{**named, "publisher": "", **stated, **_trust(options)}).read_on(request.today)
    dataset = slug(options.get("dataset") or f"graph-{path.stem}")
    nodes, edges = _attributes(graph.nodes), _attributes(graph.edges)
    columns, ties = _columns(nodes, _NAMES), _columns(edges, _OF_EDGES)
    if "place" not in columns:
        raise DataError(
            f"{path.name}: no attribute of the nodes names the place, there are {', '.join(nodes) or 'none'}; add a label"
        )
    context = ListContext(_layout(ties, int(options.get("earliest", 1800))), source, dataset, request.today)
    unknown = _unknown(request, nodes, columns) + _unknown(request, edges, ties)
    notes = (f"{graph.number_of_nodes()} nodes and {graph.number_of_edges()} edges, as of {published or 'no stated date'}",)
    return Opened(dataset, (source,), request, GraphFile(path.name, graph, found, columns, context), unknown, notes)


def read(opened: Opened[GraphFile]) -> Iterator[Row]:
    """Give one row for each edge, with the attributes of both its nodes."""
    file = opened.data
    edges = sorted(file.graph.edges(data=True), key=lambda edge: (_line(file, edge[0], edge[1]), str(edge[0]), str(edge[1])))
    for start, end, attributes in edges:
        values = dict.fromkeys(file.context.mapping.columns, "")
        values |= {str(name): _text(value) for name, value in attributes.items()}
        for side, node in (("first", str(start)), ("second", str(end))):
            values |= {f"{side} id": node, **_end(file, side, node)}
        yield Row(file.name, _line(file, start, end), values)


def to_claims(row: Row, opened: Opened[GraphFile], places: Places) -> Sequence[Claim]:
    """Make the claims of one edge."""
    file = opened.data
    for side in ("first", "second"):
        if row.values[f"{side} id"] not in file.found.nodes:
            raise Reject(f"edge: there is no node {row.values[f'{side} id']!r}; add it or remove the edge")
    return claims_of(row.values, file.context, places)


# --- Reading ------------------------------------------------------------------------------------------------------------


def _read(path: Path, found: _Found) -> Any:
    format_ = _READERS[path.suffix.lower()] or found.root
    if found.root not in {"gexf", "graphml"} or format_ != found.root:
        raise DataError(
            f"{path.name}, line 1: the first element is {found.root!r}, not 'gexf' or 'graphml'; export the graph again"
        )
    try:
        return nx.read_gexf(path) if format_ == "gexf" else nx.read_graphml(path)
    except (nx.NetworkXError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = str(error).strip("'\"") or type(error).__name__
        raise DataError(f"{path.name}: the graph is not as {format_} should be ({reason}); export it again") from error


def _date(text: str) -> str:
    try:
        return str(parse_date(text[:10])) if text else ""
    except ValueError:
        return ""


def _trust(options: Mapping[str, str]) -> dict[str, int]:
    return {"trust": int(options["trust"])} if "trust" in options else {}


def _attributes(elements: Any) -> tuple[str, ...]:
    return tuple(sorted({str(name) for *_, attributes in elements(data=True) for name in attributes}))


def _columns(attributes: Sequence[str], names: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    known = {key_of(attribute): attribute for attribute in reversed(attributes)}
    return {role: known[word] for role, words in names.items() for word in reversed(words) if word in known}


def _unknown(request: Request, attributes: Sequence[str], columns: Mapping[str, str]) -> tuple[str, ...]:
    ignored = request.descriptor.ignored_columns
    return tuple(a for a in attributes if a not in columns.values() and a not in ignored)


def _layout(ties: Mapping[str, str], earliest: int) -> TableMapping:
    ends = [End(**{role: f"{side} {role}" for role in (*_NAMES,)}) for side in ("first", "second")]
    return TableMapping(name="graph", first=ends[0], second=ends[1], earliest=earliest, **ties)  # pyright: ignore[reportArgumentType]


# --- Rows ---------------------------------------------------------------------------------------------------------------


def _line(file: GraphFile, start: object, end: object) -> int:
    lines = file.found.lines
    return lines.get((str(start), str(end))) or lines.get((str(end), str(start)), 0)


def _end(file: GraphFile, side: str, node: str) -> dict[str, str]:
    attributes = file.graph.nodes[node]
    values = {f"{side} {role}": _text(attributes.get(file.node_columns.get(role, ""), "")) for role in _NAMES}
    if not values[f"{side} qid"] and node[:1] == "Q" and node[1:].isdecimal():
        values[f"{side} qid"] = node
    return values


def _text(value: object) -> str:
    return str(value).strip() if value is not None else ""
