"""GEXF and GraphML as other programs write them: nodes and edges with every attribute as text, whatever type the file claims."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import iterparse

from ingest.tabular.xml_guard import look_over
from kg.errors import DataError

LABEL = "label"
"""The attribute that what is drawn beside a node or an edge is kept in."""
_DRAWN = {"NodeLabel", "EdgeLabel"}
_DIRECTIONS = frozenset({"directed", "undirected", "mutual"})
_OF_THE_FORMAT = frozenset({"id", "source", "target", "for", "sourceport", "targetport", "directed", "pid"})
Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Edge:
    """Two ids of nodes, the line of the file, and attributes."""

    source: str
    target: str
    line: int
    attributes: Mapping[str, str]


@dataclass(slots=True)
class GraphElements:
    """A graph file as it is."""

    date: str = ""
    nodes: dict[str, Attributes] = field(default_factory=dict[str, Attributes])
    edges: list[Edge] = field(default_factory=list[Edge])


@dataclass(slots=True)
class _Look:
    """What a first look at the file notes: its root and the lines of its edges."""

    root: str = ""
    lines: list[int] = field(default_factory=list[int])

    def note(self, tag: str, _: dict[str, str], line: int) -> None:
        self.root = self.root or tag
        if tag == "edge":
            self.lines.append(line)


def read_graph(path: Path, format_: str) -> GraphElements:
    """The graph; ``format_`` is what the ending says, "" where it says nothing.

    Raises:
        DataError: it is no graph, no XML, or larger and deeper than one; names the line.
    """
    look = _Look()
    look_over(path, look.note)
    if look.root not in {"gexf", "graphml"} or (format_ and format_ != look.root):
        raise DataError(
            f"{path.name}, line 1: the first element is {look.root!r}, not 'gexf' or 'graphml'; export the graph again"
        )
    found, names, lines = GraphElements(), dict[tuple[str, str], str](), iter(look.lines)
    try:
        for event, element in iterparse(path, events=("start", "end"), forbid_dtd=True):
            _take(event, element, found, names, lines)
    except (ParseError, ValueError) as error:
        raise DataError(f"{path.name}: the graph cannot be read ({error}); export it again") from error
    return found


def _take(event: str, element: Element, found: GraphElements, names: dict[tuple[str, str], str], lines: Any) -> None:
    tag = _local(element)
    if event == "start":
        if tag == "meta":
            found.date = element.get("lastmodifieddate", "")
        elif tag == "attributes":
            names["class", ""] = element.get("class", "node")
        elif tag == "attribute":
            names[names.get(("class", ""), "node"), element.get("id", "")] = element.get("title", "")
        return
    if tag == "key":
        name = element.get("attr.name") or element.get("yfiles.type") or element.get("id", "")
        names[element.get("for", "node"), element.get("id", "")] = name
    elif tag == "node":
        found.nodes[element.get("id", "")] = _attributes(element, "node", names)
        element.clear()
    elif tag == "edge":
        ends = element.get("source", ""), element.get("target", "")
        found.edges.append(Edge(*ends, next(lines, 0), _attributes(element, "edge", names)))
        element.clear()


def _attributes(element: Element, kind: str, names: Mapping[tuple[str, str], str]) -> Attributes:
    """What the element says of itself, its values under their titles, and the text that is drawn."""
    found = {
        _plain(name): value.strip()
        for name, value in element.attrib.items()
        if name not in _OF_THE_FORMAT and not (name == "type" and value.lower() in _DIRECTIONS)
    }
    for each in element.iter():
        tag = _local(each)
        if tag == "attvalue":
            key = each.get("for", each.get("id", ""))
            found[names.get((kind, key), key)] = each.get("value", "").strip()
        elif tag == "data" and (text := (each.text or "").strip()):
            key = each.get("key", "")
            found[names.get((kind, key)) or names.get(("all", key), key)] = text
        elif tag in _DRAWN and (text := (each.text or "").strip()):
            found.setdefault(LABEL, " ".join(text.split()))
    return found


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _plain(name: str) -> str:
    return name.rpartition("}")[2]
