"""Finding places: by id, by any of their names, or by a part of one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from kg.errors import NothingLoaded, PlaceNotFound, QueryFailed
from kg.model.identity import PLACE_ID, fold, slug
from kg.store.cypher import ANY_PLACE
from kg.store.driver import Graph, Row

_WITH_COUNTRY = re.compile(r"(.+?)[\s,]*[,(]\s*([A-Z]{2})\)?")
_FAR_LARGER = 4
_SHARED = 500
"""Places that are read of one name: more than any has that a person would ask for."""
_OFFERED = 12


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


_FIELDS: LiteralString = """
RETURN node.id AS id, node.name AS name, coalesce(node.kind, 'city') AS kind, coalesce(node.country, '') AS country,
       coalesce(node.population, 0) AS population, COUNT { (node)-[:PARTNER_IN]->() } AS partnerships,
       [node.name_de, node.name_en, node.name_fr, node.name_it] AS names, coalesce(node.aliases, []) AS aliases,
       head([(node)-[:PART_OF]->(r:Place) WHERE NOT r:Country | r.name]) AS region
"""
_BY_ID: LiteralString = "MATCH (node:Place {id: $id})" + _FIELDS
_BY_NAME: LiteralString = "CALL db.index.fulltext.queryNodes('whole_names', $whole, {limit: $shared}) YIELD node" + _FIELDS
_BY_WORDS: LiteralString = (
    "CALL db.index.fulltext.queryNodes('words_of_names', $words, {limit: 200}) YIELD node WITH node WHERE node:Place" + _FIELDS
)


def search_places(graph: Graph, text: str, limit: int = 10) -> list[PlaceHit]:
    """Places by any name in any language, with or without accents, by parts and with a slip; best first.

    A whole name, in whatever language, goes before a part of one, then what has more partnerships, then the larger place.
    An empty text finds nothing.

    Raises:
        NothingLoaded: when the graph has no place at all.
    """
    exact = fold(text)
    if not exact:
        return []
    words = slug(text).split("-")
    found = {hit.id: hit for hit in (*_named(graph, exact), *_hits(graph, _BY_WORDS, {"words": _words(words)}))}
    return sorted(found.values(), key=lambda hit: (max(_closeness(hit, exact), _ALIAS), *_weight(hit)))[:limit]


def find_place(graph: Graph, text: str) -> PlaceHit:
    """The one place that is meant by an id, a name, or a name with a country (``Bergamo, IT``).

    Raises:
        PlaceNotFound: with the candidates, when several places have the name or none has.
        NothingLoaded: when the graph has no place at all.
    """
    if PLACE_ID.fullmatch(text.strip()):
        if hits := _hits(graph, _BY_ID, {"id": text.strip()}):
            return hits[0]
        raise PlaceNotFound(text, ())
    name, hits = _meant(graph, text)
    best = _best(hits, name)
    if best is None:
        raise PlaceNotFound(text, [hit.label for hit in hits[:_OFFERED]])
    return best


def candidates(graph: Graph, text: str, limit: int = _OFFERED) -> list[PlaceHit]:
    """The places that a name, or a name with a country, may mean, those with more partnerships first."""
    return _meant(graph, text)[1][:limit]


def _meant(graph: Graph, text: str) -> tuple[str, list[PlaceHit]]:
    """The name without its country, and who has it; when nobody has, who has it in part."""
    asked = _WITH_COUNTRY.fullmatch(text.strip())
    hits = _named(graph, fold(text))
    if hits or not asked:
        return text, sorted(hits, key=_weight) or search_places(graph, text, _OFFERED)
    name, country = asked[1], asked[2]
    hits = [hit for hit in _named(graph, fold(name)) if hit.country == country]
    parts = [] if hits else [hit for hit in search_places(graph, name, _SHARED) if hit.country == country]
    return name, sorted(hits, key=_weight) or parts


def _best(hits: Sequence[PlaceHit], name: str) -> PlaceHit | None:
    """The one to which the name is closest, unless a far larger one has it too: *St. Petersburg* is one in Florida."""
    exact = fold(name)
    closest = min((_closeness(hit, exact) for hit in hits), default=_BEGINNING)
    alike = [hit for hit in hits if _closeness(hit, exact) == closest]
    best = [hit for hit in alike if hit.name.casefold() == name.strip().casefold()] or alike
    if closest >= _BEGINNING or len(best) > 1:
        return None
    overshadowed = any(
        hit.population > _FAR_LARGER * best[0].population and hit.partnerships >= best[0].partnerships for hit in hits
    )
    return None if overshadowed else best[0]


# --- Asking -------------------------------------------------------------------------------------------------------------


def _named(graph: Graph, exact: str) -> list[PlaceHit]:
    """Who has this very name. ``fold`` left no character of Lucene's syntax, and AND, OR and NOT are lower case."""
    return _hits(graph, _BY_NAME, {"whole": exact.replace(" ", "\\ "), "shared": _SHARED}) if exact else []


def _words(words: Sequence[str]) -> str:
    """Every word as it is, as a beginning, as a part or with one slip."""
    return " AND ".join(f"({word}^8 OR {word}*^4 OR *{word}* OR {word}~1)" for word in words)


def _hits(graph: Graph, query: LiteralString, params: Mapping[str, Any]) -> list[PlaceHit]:
    try:
        rows = graph.read(query, params)
    except QueryFailed:  # where nothing was ever loaded there is no index to ask
        rows = []
        if graph.read(ANY_PLACE):
            raise
    if not rows and not graph.read(ANY_PLACE):
        raise NothingLoaded
    return [_hit(row) for row in rows]


def _hit(row: Row) -> PlaceHit:
    given: list[str | None] = row["names"]
    names = tuple(name for name in given if name)
    return PlaceHit(
        row["id"], row["name"] or row["id"], row["kind"], row["country"], row["population"], row["partnerships"], names,
        tuple(row["aliases"]), row["region"] or "",
    )  # fmt: skip


_ALIAS, _BEGINNING = 2, 3


def _closeness(hit: PlaceHit, exact: str) -> int:
    """0 the name itself, 1 a name in another language, 2 an alias, 3 a beginning, 4 anything else."""
    if fold(hit.name) == exact:
        return 0
    if any(fold(name) == exact for name in hit.names):
        return 1
    if any(fold(alias) == exact for alias in hit.aliases):
        return _ALIAS
    return _BEGINNING if any(fold(name).startswith(exact) for name in (hit.name, *hit.names)) else _BEGINNING + 1


def _weight(hit: PlaceHit) -> tuple[int, int, str]:
    return (-hit.partnerships, -hit.population, hit.id)
