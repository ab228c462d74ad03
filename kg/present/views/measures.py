"""Figures of a place, of the whole network and of its communities, as rows of name and value."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from kg.network.graph.measures import Measures
from kg.network.graph.paths import NetworkTie
from kg.network.projection import Projection
from kg.vocabulary import STATUSES

COLUMNS = ("measure", "value")
COMMUNITY_COLUMNS = ("community", "places", "countries", "best_connected")
_NAMED = 6


def measures_of(projection: Projection) -> Measures:
    """Measures over every tie that is in force, of places of any level."""
    ties = (NetworkTie(t.a, t.b, t.kind, t.status, t.partnership) for t in projection.ties if STATUSES[t.status].in_force)
    return Measures(ties, {place: card.country for place, card in projection.places.items() if card.country})


def place_rows(projection: Projection, place: str) -> list[dict[str, Any]]:
    """One place: partners, ties by kind and status, countries, triangles, bridging and constraint."""
    measures = measures_of(projection)
    return _rows({**asdict(measures.place(place)), "constraint": measures.constraint(place)})


def graph_rows(projection: Projection) -> list[dict[str, Any]]:
    """The whole network; of the pairs of countries the ten with most ties."""
    found = asdict(measures_of(projection).graph())
    found["country_pairs"] = {f"{a}-{b}": n for a, b, n in found["country_pairs"][:10]}
    return _rows(found)


def community_rows(projection: Projection) -> list[dict[str, Any]]:
    """Communities (Louvain, seed 0), the largest first, with their best connected places."""
    measures = measures_of(projection)
    degree = dict(zip(measures.network.ids, measures.network.degree.tolist(), strict=True))
    return [
        {
            "community": number,
            "places": len(members),
            "countries": sorted({projection.places[p].country for p in members if projection.places[p].country}),
            "best_connected": [projection.places[p].name for p in sorted(members, key=lambda p: (-degree[p], p))[:_NAMED]],
        }
        for number, members in enumerate(measures.communities(), 1)
    ]


def _rows(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"measure": name, "value": _plain(value)} for name, value in found.items()]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return [f"{name} {count}" for name, count in value.items()]  # pyright: ignore[reportUnknownVariableType]
    return round(value, 4) if isinstance(value, float) else value
