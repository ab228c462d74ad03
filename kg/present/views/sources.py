"""Where the facts come from: sources by age, runs, and what sources contradict each other on."""

from dataclasses import dataclass
from typing import Any

from kg.present.tables.results import columns_for_people, table
from kg.present.texts import Language
from kg.present.views.details import Point, library_rows, partnership_details, place_details
from kg.present.views.explore import PlaceCard
from kg.store.driver import Graph
from kg.store.queries import library_query
from kg.store.reading import places_by_id
from kg.vocabulary import label_of


@dataclass(frozen=True, slots=True)
class Dispute:
    """Something on which sources contradict each other."""

    title: str
    points: tuple[Point, ...]


def source_rows(graph: Graph, language: Language) -> list[dict[str, Any]]:
    """Sources as rows for people, the oldest first."""
    return _rows(graph, language, "sources-by-freshness", 10_000)


def run_rows(graph: Graph, language: Language) -> list[dict[str, Any]]:
    """Runs as rows for people, the latest first."""
    return _rows(graph, language, "runs", 50)


def _rows(graph: Graph, language: Language, name: str, limit: int) -> list[dict[str, Any]]:
    return table(library_rows(graph, name, limit=limit), columns_for_people(library_query(name), language), language)


def disputes(graph: Graph, language: Language) -> list[Dispute]:
    """Every contradiction, with both sides."""
    subjects = list(dict.fromkeys(row["subject"] for row in library_rows(graph, "contested")))
    found = [_tie(graph, s, language) for s in subjects if label_of(s) == "Partnership"]
    places = places_by_id(graph, [s for s in subjects if label_of(s) == "Place"])
    return [each for each in (*found, *(_place(graph, card, language) for card in places.values())) if each]


def _tie(graph: Graph, subject: str, language: Language) -> Dispute | None:
    details = partnership_details(graph, subject, language)
    if details is None:
        return None
    points = tuple(point for point in details.points if point.contested)
    return Dispute(details.title, points) if points else None


def _place(graph: Graph, card: PlaceCard, language: Language) -> Dispute | None:
    points = place_details(graph, card.id, language).points
    return Dispute(card.named(language), points) if points else None
