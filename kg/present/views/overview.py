"""The graph as a whole: figures, anniversaries, the best connected, and everything on a map."""

from dataclasses import dataclass
from typing import Any

from kg.present.tables.results import localized
from kg.present.texts import Language, country_name, kind_name, number_text, status_name, t
from kg.present.texts.words import said_date
from kg.present.views.details import library_rows
from kg.present.views.explore import Selection, everything
from kg.store import cypher
from kg.store.driver import Graph
from kg.store.queries import library_query
from kg.store.reading import places_by_id, tie_card
from kg.vocabulary import KINDS, STATUSES

MAP_LIMIT = 5000
"""Ties on the map of all; more make it one blot."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How much is known: number in the user's language by name, and partnerships by kind and by status."""

    totals: dict[str, str]
    by_kind: list[dict[str, Any]]
    by_status: list[dict[str, Any]]


def figures(graph: Graph, language: Language) -> Figures:
    """Count everything."""
    totals = graph.read(cypher.FIGURES)[0]
    counts = graph.read(cypher.COUNTS)
    by_kind = {k: sum(r["n"] for r in counts if r["kind"] == k) for k in KINDS}
    by_status = {s: sum(r["n"] for r in counts if r["status"] == s) for s in STATUSES}
    head = t("overview.partnerships", language)
    return Figures(
        {name: number_text(totals[name], language) for name in ("places", "countries", "partnerships", "claims", "sources")},
        [
            {t("column.kind", language): kind_name(k, language), head: n}
            for k, n in sorted(by_kind.items(), key=lambda i: -i[1])
            if n
        ],
        [{t("column.status", language): status_name(s, language), head: n} for s, n in by_status.items() if n],
    )


def best_documented(graph: Graph, language: Language, limit: int) -> list[tuple[str, str]]:
    """(id, name) of the places of whose ties most is claimed."""
    return [(row["id"], _named(row, language)) for row in graph.read(cypher.BEST_DOCUMENTED, {"limit": limit})]


def most_connected_rows(graph: Graph, language: Language, limit: int) -> list[dict[str, Any]]:
    """The places with most living partners as rows for people, with the id under ``id``."""
    return [
        {
            "id": row["id"],
            t("column.a", language): _named(row, language),
            t("overview.country", language): country_name(row["country"] or "", language),
            t("overview.partners", language): row["partners"],
            t("column.countries", language): row["countries"],
        }
        for row in graph.read(cypher.MOST_CONNECTED, {"limit": limit})
    ]


def _named(row: dict[str, Any], language: Language) -> str:
    return row["names"][0 if language == "de" else 1] or row["name"]


def anniversaries(graph: Graph, year: int, language: Language) -> list[dict[str, Any]]:
    """Partnerships in force that are 10, 25, 50 … years old in a year."""
    rows = library_rows(graph, "anniversaries", year=year, country="")
    return [
        {
            t("overview.years", language): row["years"],
            t("overview.members", language): " – ".join(row["members"]),
            t("column.kind", language): kind_name(row["kind"], language),
            t("overview.since", language): said_date(row["since"], language),
            t("column.status", language): status_name(row["status"], language),
        }
        for row in localized(graph, rows, library_query("anniversaries").returns, language)
    ]


def all_on_map(graph: Graph) -> Selection:
    """Every tie, up to ``MAP_LIMIT``."""
    ties = [tie_card(row) for row in graph.read(cypher.ALL_TIES, {"limit": MAP_LIMIT})]
    return everything(places_by_id(graph, {end for tie in ties for end in (tie.a, tie.b)}), ties)
