"""How two places are connected as rows, from the same answer that the page shows."""

from collections.abc import Mapping
from typing import Any

from kg.present.texts import Language, kind_name, status_name
from kg.present.views.connection import ConnectionView
from kg.store.reading import TieCard

PATH_COLUMNS = ("way", "from", "to", "kind", "status", "since", "partnership")


def path_rows(view: ConnectionView, language: Language) -> list[dict[str, Any]]:
    """One row for each tie of each step; ``kind`` and ``status`` as the vocabulary names them, and in words beside them."""
    cards = {tie.partnership: tie for tie in view.selection.ties}
    return [
        _row(number, leg.start, leg.end, cards[partnership], language)
        for number, way in enumerate(view.ways, 1)
        for leg in way.legs
        for partnership, _ in leg.ties
    ]


def _row(way: int, start: str, end: str, tie: TieCard, language: Language) -> dict[str, Any]:
    return {
        "way": way, "from": start, "to": end, "kind": tie.kind, "kind_name": kind_name(tie.kind, language),
        "status": tie.status, "status_name": status_name(tie.status, language), "since": tie.since,
        "partnership": tie.partnership,
    }  # fmt: skip


def path_document(view: ConnectionView, language: Language) -> Mapping[str, Any]:
    """The answer as one JSON object: ways with their steps, or the sentences on why there is none; the keys are stable."""
    rows = path_rows(view, language)
    ways = [
        {"title": way.title, "resting": way.resting, "steps": [row for row in rows if row["way"] == number]}
        for number, way in enumerate(view.ways, 1)
    ]
    return {"connected": bool(ways), "ways": ways, "gap": list(view.gap)}
