"""Graph files: GEXF and GraphML with one node a place and one edge a tie."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from ingest.files import head_of
from ingest.lists.pairs import ListContext, claims_of
from ingest.places.described import Places
from ingest.rows import Ignore, Reject, Row
from ingest.run.protocol import Opened, Request
from ingest.tabular.graph_file import LABEL, Edge, GraphElements, read_graph
from ingest.tabular.mapping import End, TableMapping
from ingest.tabular.relations import NO_TIE, is_a_date, is_a_relation, kind_of, relations_of, unknown_relations
from ingest.tabular.roles import role_of
from ingest.tabular.words import key_of
from kg.errors import DataError, UsageError
from kg.model.claims import Claim
from kg.model.dates import parse_date
from kg.model.identity import PLACE_ID, slug
from kg.vocabulary import PLACE_KINDS

_READERS = {".gexf": "gexf", ".graphml": "graphml", ".xml": ""}
_NAMES = ("label", "name", "title")
"""Attributes that name a place, before others whose name is a word for one."""
_OF_NODES = ("country", "state", "lat", "lon", "population", "kind", "qid", "geonames")
_OF_EDGES: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind", "type", "relation", "relationship", "relation type"), "since": ("since", "year", "start", "date", "begin"),
    "until": ("until", "end"), "status": ("status",),
}  # fmt: skip
_OWN = ("partnership", "status_as_of", "status_basis", "status_undated", "level")
"""What our own export says of a tie besides."""
_OURS = frozenset({"key", "type", "networkx_key"})
_NO_NAME = re.compile(r"[a-z]{0,4}[\W_]?\d+(?:[.:_-]\d+)*|[0-9a-f-]{32,36}", re.IGNORECASE)
_LABELS = "labels"
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class GraphFile:
    """The graph with what its attributes mean."""

    name: str
    graph: GraphElements
    node_columns: Mapping[str, str]
    edge_columns: Mapping[str, str]
    relations: Mapping[str, str]
    """Kinds that the user named for relations."""
    context: ListContext


def open_source(request: Request) -> Opened[GraphFile]:
    """Read the file and see that it can be a graph of places: named nodes, and edges that are ties."""
    path = request.the_file()
    head_of(path)
    if path.suffix.lower() not in _READERS:
        raise UsageError(f"{path.name} is no {' or '.join(_READERS)} file; for tables use kg ingest table")
    graph = read_graph(path, _READERS[path.suffix.lower()])
    options = dict(request.options)
    published = options.get("published") or _date(graph.date)
    named = {
        "id": f"src:graph-{slug(path.stem)}",
        "title": options.get("title", f"Graph file {path.stem}"),
        "published": published,
    }
    stated = {n: options[n] for n in ("publisher", "url", "licence") if n in options}
    source = request.descriptor.source(**{**named, "publisher": "", **stated, **_trust(options)}).read_on(request.today)
    dataset = slug(options.get("dataset") or f"graph-{path.stem}")
    nodes, edges = _attributes(graph.nodes.values()), _attributes(edge.attributes for edge in graph.edges)
    columns, ties = _node_columns(nodes), _edge_columns(edges)
    context = ListContext(_layout(ties, edges, int(options.get("earliest", 1800))), source, dataset, request.today)
    file = GraphFile(path.name, graph, columns, ties, relations_of(options.get("relations", "")), context)
    _refuse_unnamed(file, nodes)
    _refuse_unknown(file)
    unknown = _unknown(request, nodes, {*columns.values(), _LABELS})
    unknown += _unknown(request, edges, {*context.mapping.columns, LABEL, *_OURS})
    notes = (f"{len(graph.nodes)} nodes and {len(graph.edges)} edges, as of {published or 'no stated date'}",)
    return Opened(dataset, (source,), request, file, unknown, notes, context.notes.told)


def read(opened: Opened[GraphFile]) -> Iterator[Row]:
    """Give one row for each edge, with the attributes of both its nodes."""
    file = opened.data
    for edge in file.graph.edges:
        values = {**dict.fromkeys(file.context.mapping.columns, ""), **edge.attributes}
        for side, node in (("first", edge.source), ("second", edge.target)):
            values |= {f"{side} id": node, **_end(file, side, node)}
        yield Row(file.name, edge.line, {**values, **_relation(file, edge, opened)})


def to_claims(row: Row, opened: Opened[GraphFile], places: Places) -> Sequence[Claim]:
    """Make the claims of one edge."""
    file = opened.data
    for side in ("first", "second"):
        node = row.values[f"{side} id"]
        if node not in file.graph.nodes:
            raise Reject(f"edge: there is no node {node!r}; add it or remove the edge")
        if wrong := _no_place(file.graph.nodes[node].get(_LABELS, "")):
            raise Reject(f"edge: a node labelled {wrong[:40]!r} is no place; remove the edge, or the label if it is one")
    relation = row.values.get(_RELATION_NAME, "")
    kind = kind_of(relation, file.relations) if relation else ""
    if kind == NO_TIE:
        raise Ignore(f"a relation that is left out: {relation}")
    if relation and not kind:
        raise Reject(_no_kind([relation]))
    return claims_of({**row.values, **({file.context.mapping.kind: kind} if kind else {})}, file.context, places)


# --- Refusing -----------------------------------------------------------------------------------------------------------


def _refuse_unnamed(file: GraphFile, nodes: Sequence[str]) -> None:
    if file.graph.nodes and not any(_name(file, node) for node in file.graph.nodes):
        raise DataError(
            f"{file.name}: no attribute of the nodes names the place, there are {', '.join(nodes) or 'none'}; add a label"
        )


def _refuse_unknown(file: GraphFile) -> None:
    """Refuse a file of which no edge is a tie."""
    relations = [relation for edge in file.graph.edges if (relation := _relation_name(file, edge))]
    unknown = unknown_relations(relations, file.relations)
    if unknown and len(relations) == len(file.graph.edges) and len(unknown) == len(set(relations)):
        raise DataError(f"{file.name}: {_no_kind(unknown)}")


def _no_kind(relations: Sequence[str]) -> str:
    told = ", ".join(repr(each[:40]) for each in relations[:_SHOWN])
    example = f"--option relations={relations[0][:40]}=twinning (or ={NO_TIE})"
    return f"edge: {told} is no kind of partnership that is known here; say what it is by {example}"


def _no_place(labels: str) -> str:
    """A label as databases write them (``:Person``) that means no place."""
    words = [word for word in re.split(r"[:;,\s]+", labels) if word]
    fits = any(word.casefold() in PLACE_KINDS or role_of(word).role in {"place", "country", "state"} for word in words)
    return "" if fits or not words else labels


# --- Columns ------------------------------------------------------------------------------------------------------------


def _date(text: str) -> str:
    try:
        return str(parse_date(text[:10])) if text else ""
    except ValueError:
        return ""


def _trust(options: Mapping[str, str]) -> dict[str, int]:
    return {"trust": int(options["trust"])} if "trust" in options else {}


def _attributes(elements: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(sorted({name for attributes in elements for name in attributes}))


def _node_columns(attributes: Sequence[str]) -> dict[str, str]:
    """Attributes by role; only what is called latitude or longitude is one: x and y are where a node is drawn."""
    by_key = {key_of(name): name for name in reversed(attributes)}
    found: dict[str, str] = {}
    for name in attributes:
        role = role_of(name)
        if role.role in _OF_NODES and not role.side:
            found.setdefault(role.role, name)
    place = next((by_key[word] for word in _NAMES if word in by_key), "")
    place = place or next((name for name in attributes if role_of(name).role == "place" and name != _LABELS), "")
    return {**found, **({"place": place} if place else {})}


def _edge_columns(attributes: Sequence[str]) -> dict[str, str]:
    by_key = {key_of(name): name for name in reversed(attributes)}
    return {role: by_key[word] for role, words in _OF_EDGES.items() for word in reversed(words) if word in by_key}


def _unknown(request: Request, attributes: Sequence[str], known: Set[str]) -> tuple[str, ...]:
    ignored = request.descriptor.ignored_columns
    return tuple(a for a in attributes if a not in known and a not in ignored)


def _layout(ties: Mapping[str, str], edges: Sequence[str], earliest: int) -> TableMapping:
    first, second = (
        End(id=f"{side} id", **{role: f"{side} {role}" for role in ("place", *_OF_NODES)}) for side in ("first", "second")
    )
    own = {name: name for name in _OWN if name in edges} if "partnership" in edges else {}
    named = {"title_of_tie": "name"} if own and "name" in edges else {}
    columns = {"kind": _KIND, "since": _SINCE, **ties, **own, **named}
    return TableMapping(name="graph", first=first, second=second, earliest=earliest, **columns)  # pyright: ignore[reportArgumentType]


# --- Rows ---------------------------------------------------------------------------------------------------------------

_KIND, _SINCE, _RELATION_NAME = "kind", "since", "relation of the edge"


def _relation_name(file: GraphFile, edge: Edge) -> str:
    """The relation that an edge is, where type or label name one."""
    stated = edge.attributes.get(file.edge_columns.get("kind", ""), "")
    label = edge.attributes.get(LABEL, "")
    return stated or (label if label and (kind_of(label, file.relations) or is_a_relation(label)) else "")


def _relation(file: GraphFile, edge: Edge, opened: Opened[GraphFile]) -> dict[str, str]:
    """The edge's relation, and the time that its label says."""
    label, mapping = edge.attributes.get(LABEL, ""), file.context.mapping
    values = {_RELATION_NAME: _relation_name(file, edge)}
    if label and not edge.attributes.get(mapping.since) and is_a_date(label, opened.request.today):
        values[mapping.since] = label
    return values


def _end(file: GraphFile, side: str, node: str) -> dict[str, str]:
    attributes = file.graph.nodes.get(node, {})
    values = {f"{side} {role}": attributes.get(file.node_columns.get(role, ""), "") for role in _OF_NODES}
    kind = values[f"{side} kind"].strip(":").casefold() or attributes.get(_LABELS, "").strip(":").casefold()
    values[f"{side} kind"] = kind if kind in PLACE_KINDS else ""
    values[f"{side} place"] = _name(file, node)
    if not values[f"{side} qid"] and re.fullmatch(r"Q\d+", node):
        values[f"{side} qid"] = node
    return values


def _name(file: GraphFile, node: str) -> str:
    """What names the place: its label, else an id that is neither a number nor a key."""
    label = file.graph.nodes.get(node, {}).get(file.node_columns.get("place", ""), "")
    is_key = _NO_NAME.fullmatch(node) or PLACE_ID.fullmatch(node) or not any(c.isalpha() for c in node)
    return label or ("" if is_key else node)
