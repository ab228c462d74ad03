"""Finding places: by id, by any of their names, or by a part of one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.errors import PlaceNotFound
from kg.model.identity import PLACE_ID, fold, slug
from kg.store.driver import Graph

_WITH_COUNTRY = re.compile(r"(.+?)[\s,]*[,(]\s*([A-Z]{2})\)?")


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A place that answers to a search."""

    id: str
    name: str
    kind: str
    country: str
    population: int
    partnerships: int
    names: tuple[str, ...]
    aliases: tuple[str, ...]
    region: str = ""

    @property
    def label(self) -> str:
        """How the place is told apart from others of its name."""
        features = [self.kind, *([self.region] if self.region else []), self.country]
        return f"{self.name} ({', '.join(features)}) {self.id}"


_SEARCH = """
CALL db.index.fulltext.queryNodes('names', $query, {limit: 200}) YIELD node, score
WHERE node:Place
RETURN node.id AS id, node.name AS name, coalesce(node.kind, 'city') AS kind, coalesce(node.country, '') AS country,
       coalesce(node.population, 0) AS population, COUNT { (node)-[:PARTNER_IN]->() } AS partnerships,
       [node.name_de, node.name_en, node.name_fr, node.name_it] AS names, coalesce(node.aliases, []) AS aliases,
       head([(node)-[:PART_OF]->(r:Place) WHERE NOT r:Country | r.name]) AS region, score
"""
_BY_ID = """
MATCH (node:Place {id: $id})
RETURN node.id AS id, node.name AS name, coalesce(node.kind, 'city') AS kind, coalesce(node.country, '') AS country,
       coalesce(node.population, 0) AS population, COUNT { (node)-[:PARTNER_IN]->() } AS partnerships,
       [node.name_de, node.name_en, node.name_fr, node.name_it] AS names, coalesce(node.aliases, []) AS aliases,
       head([(node)-[:PART_OF]->(r:Place) WHERE NOT r:Country | r.name]) AS region
"""


def search_places(graph: Graph, text: str, limit: int = 10) -> list[PlaceHit]:
    """Places by any name in any language, with or without accents, by parts and with a slip; best first.

    An exact name goes before a part of one, then what has more partnerships, then the id. An empty text finds nothing.
    """
    words = fold(text).split()
    if not words:
        return []
    rows = graph.read(_SEARCH, {"query": _lucene(slug(text).split("-"))})
    exact = " ".join(words)
    hits = sorted(map(_hit, rows), key=lambda h: (*_closeness(h, exact), -h.partnerships, -h.population, h.id))
    return hits[:limit]


def find_place(graph: Graph, text: str) -> PlaceHit:
    """The one place that is meant by an id, a name, or a name with a country (``Bergamo, IT``).

    Raises:
        PlaceNotFound: with the candidates, when several places have the name or none has.
    """
    if PLACE_ID.fullmatch(text.strip()):
        rows = graph.read(_BY_ID, {"id": text.strip()})
        if rows:
            return _hit(rows[0])
        raise PlaceNotFound(text, ())
    asked = _WITH_COUNTRY.fullmatch(text.strip())
    name, country = (asked[1], asked[2]) if asked else (text, "")
    hits = [hit for hit in search_places(graph, name, 50) if not country or hit.country == country]
    best = [hit for hit in hits if _closeness(hit, fold(name)) == _closeness(hits[0], fold(name))]
    if len(best) == 1 and _closeness(best[0], fold(name)) < (3,):
        return best[0]
    raise PlaceNotFound(text, [hit.label for hit in (best if len(best) > 1 else hits)[:8]])


def _hit(row: Mapping[str, Any]) -> PlaceHit:
    given: list[str | None] = row["names"]
    names = tuple(name for name in given if name)
    return PlaceHit(
        row["id"], row["name"] or row["id"], row["kind"], row["country"], row["population"], row["partnerships"], names,
        tuple(row["aliases"]), row["region"] or "",
    )  # fmt: skip


def _closeness(hit: PlaceHit, exact: str) -> tuple[int]:
    """0 the name itself, 1 a name in another language, 2 an alias, 3 a beginning, 4 anything else."""
    if fold(hit.name) == exact:
        return (0,)
    if any(fold(name) == exact for name in hit.names):
        return (1,)
    if any(fold(alias) == exact for alias in hit.aliases):
        return (2,)
    return (3,) if any(fold(name).startswith(exact) for name in (hit.name, *hit.names)) else (4,)


def _lucene(words: Sequence[str]) -> str:
    """Every word as it is, as a beginning, as a part or with one slip; ``slug`` left no character of Lucene's syntax."""
    return " AND ".join(f"({word}^8 OR {word}*^4 OR *{word}* OR {word}~1)" for word in words)
