"""The graph as a file for other programs: GEXF, GraphML, CSV, JSON or NDJSON; docs/tables.md tells what each carries back."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, LiteralString, cast

import networkx as nx

from kg.errors import UsageError
from kg.model.text import plain_text
from kg.present.tables.tabular import streamed, to_csv
from kg.store import cypher
from kg.store.driver import Graph
from kg.store.queries import as_json_value
from kg.vocabulary import NODE_TYPES, RELATION_TYPES

OF_A_TIE = (
    "type", "kind", "status", "status_as_of", "status_basis", "status_undated", "level", "since", "until", "name", "partnership",
)  # fmt: skip
"""What is told of a tie, in every format."""
_OF_AN_END = ("name", "country", "kind", "lat", "lon", "population")
COLUMNS = (
    "a", *(f"a_{name}" for name in _OF_AN_END), "b", *(f"b_{name}" for name in _OF_AN_END), *OF_A_TIE, "key", "last_evidence",
    "sources",
)  # fmt: skip


def export(graph: Graph, path: Path) -> None:
    """Write the graph to ``path`` in the format of its ending; an existing file is replaced only when all is written.

    GEXF and GraphML have places and ties (parallel ones kept), CSV and JSON one row a tie, NDJSON every node and relationship.

    Raises:
        UsageError: for another ending, or a folder that cannot be written.
    """
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise UsageError(f"{path.name}: the ending tells the format; use one of {', '.join(_WRITERS)}")
    partial = path.with_name(path.name + ".partial")
    try:
        writer(graph, partial)
        partial.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)


def network_of(graph: Graph) -> "nx.MultiGraph[str]":
    """Places and ties for networkx: attributes without empty values, the tie's key as the edge's."""
    network: nx.MultiGraph[str] = nx.MultiGraph()
    for row in _rows(graph, cypher.EXPORTED_PLACES):
        network.add_node(row.pop("id"), **_filled(row))
    for row in _rows(graph, cypher.EXPORTED_TIES):
        shown = {name: row[name] for name in OF_A_TIE}
        network.add_edge(row["a"], row["b"], key=row["key"], **_filled(shown))
    return network


def _rows(graph: Graph, query: LiteralString) -> Iterator[dict[str, Any]]:
    """The rows with what every format can hold: a graph of others may have anything in its names."""
    return ({name: _plain(value) for name, value in row.items()} for row in graph.stream(query))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, list):
        return [_plain(item) for item in cast(list[Any], value)]
    return {name: _plain(item) for name, item in cast(dict[str, Any], value).items()} if isinstance(value, dict) else value


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _gexf(graph: Graph, path: Path) -> None:
    nx.write_gexf(network_of(graph), path)


def _graphml(graph: Graph, path: Path) -> None:
    nx.write_graphml_xml(network_of(graph), path)


def _csv(graph: Graph, path: Path) -> None:
    """With a byte order mark, by which spreadsheets know that it is UTF-8."""
    path.write_text(to_csv(list(_rows(graph, cypher.EXPORTED_TIES)), COLUMNS), encoding="utf-8-sig", newline="")


def _json(graph: Graph, path: Path) -> None:
    path.write_text("".join(streamed(_rows(graph, cypher.EXPORTED_TIES), COLUMNS, "json")), encoding="utf-8")


def _ndjson(graph: Graph, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for element in _elements(graph):
            file.write(json.dumps(as_json_value(element), ensure_ascii=False, sort_keys=True, allow_nan=False) + "\n")


def _elements(graph: Graph) -> Iterator[dict[str, Any]]:
    for node in NODE_TYPES.values():
        for row in _rows(graph, cypher.NODES_OF_LABEL.replace("LABEL", node.label)):
            yield {"element": "node", "labels": sorted(row["labels"]), "properties": row["properties"]}
    for relation in RELATION_TYPES.values():
        for row in _rows(graph, cypher.RELATIONS_OF_TYPE.replace("TYPE", relation.type)):
            yield {"element": "relationship", **row}


_WRITERS = cast(
    Mapping[str, Callable[[Graph, Path], None]],
    {".gexf": _gexf, ".graphml": _graphml, ".csv": _csv, ".json": _json, ".ndjson": _ndjson},
)
