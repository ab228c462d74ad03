"""One selection of the graph, shown alike as a picture, on a map and as a table."""

import datetime as dt
import io
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import networkx as nx

from kg.model.clocks import is_old
from kg.present.pictures import style
from kg.present.pictures.graph import DrawnNode, DrawnTie, GraphView, ViewWords, build_view, words_for
from kg.present.pictures.layout import Point
from kg.present.pictures.map import MapPlace, MapView, build_map
from kg.present.tables.tabular import to_csv
from kg.present.texts import SHOWN_STATUSES, Language, kind_name, status_name, t
from kg.present.texts.words import country_word, said_date, tie_words
from kg.store.driver import Graph
from kg.store.reading import PlaceCard, TieCard, neighbourhood
from kg.vocabulary import PLACE_LABELS, STATUSES

MOST_OPENED = 12
"""Places that may be expanded at a time; beyond that a picture tells nothing."""
Hidden = AbstractSet[tuple[str, str]]
COLUMNS = ("a", "b", "kind", "status", "since", "countries", "key")


@dataclass(frozen=True, slots=True)
class Selection:
    """A place, its partners, the partners of those that were expanded, and every tie between them."""

    focus: str
    opened: tuple[str, ...]
    at: dt.date | None
    places: Mapping[str, PlaceCard]
    ties: tuple[TieCard, ...]
    more: Mapping[str, int]
    """For each place how many further partners it has that are not in the selection."""
    known: dt.date | None = None
    """The day by which everything shown had been published."""

    @property
    def day(self) -> dt.date:
        """The day from which it is looked at."""
        return self.at or self.known or dt.date.today()


def select(
    graph: Graph, focus: str, opened: Iterable[str] = (), at: dt.date | None = None, known: dt.date | None = None
) -> Selection:
    """Read the selection, as it held on a day and was known by a day if they are given."""
    centres = (focus, *opened)
    near = neighbourhood(graph, centres, at, known)
    around = neighbourhood(graph, near.places, at, known)
    ties = tuple(tie for tie in around.ties if tie.a in near.places and tie.b in near.places)
    beyond: dict[str, set[str]] = {}
    for tie in around.ties:
        for here, there in ((tie.a, tie.b), (tie.b, tie.a)):
            if there not in near.places:
                beyond.setdefault(here, set()).add(there)
    return Selection(focus, tuple(opened), at, near.places, ties, {place: len(more) for place, more in beyond.items()}, known)


def everything(places: Mapping[str, PlaceCard], ties: Iterable[TieCard]) -> Selection:
    """A selection without a centre, for a map of all."""
    return Selection("", (), None, places, tuple(ties), {})


def shown_ties(selection: Selection, hidden: Hidden = frozenset()) -> list[TieCard]:
    """The ties that the filter lets through: living ones first, then by beginning."""
    seen = (
        tie for tie in selection.ties
        if ("kind", tie.kind) not in hidden and ("status", shown_status(tie, selection.day)) not in hidden
    )  # fmt: skip
    return sorted(seen, key=lambda t: (selection.focus not in (t.a, t.b), not STATUSES[t.status].bridge, t.since or "9", t.key))


def shown_status(tie: TieCard, day: dt.date) -> str:
    """The status as it is drawn and filtered on a day: what is known where no source states one, or none since long ago."""
    if tie.status == "unknown":
        return tie.status_basis if tie.status_basis in SHOWN_STATUSES else tie.status
    living = STATUSES[tie.status].bridge and not STATUSES[tie.status].opens
    return "past" if living and is_old(tie.status_as_of, day) else tie.status


def words(title: str, language: Language) -> ViewWords:
    """What picture and map say."""
    groups = {label: t(f"group.{label}", language) for label in PLACE_LABELS}
    texts = {name: t(f"view.{name}", language) for name in ("fit", "zoom_in", "zoom_out", "legend", "keys_hint", "ties")}
    shown = t("view.shown", language, shown="{shown}", total="{total}")
    return words_for(language, groups, {}, title=title, shown=shown, **texts)


def picture(
    selection: Selection, language: Language, hidden: Hidden = frozenset(), known: Mapping[str, Point] | None = None
) -> GraphView:
    """The selection as a network."""
    nodes = [
        DrawnNode(
            card.id,
            card.named(language),
            card.label,
            card.country,
            style.node_size(card.population),
            is_focus=card.id == selection.focus,
            expanded=card.id in (selection.focus, *selection.opened),
            more=selection.more.get(card.id, 0),
        )
        for card in selection.places.values()
    ]
    return build_view(
        nodes,
        _view_ties(selection.ties, selection.day, language),
        words(_title(selection, language), language),
        hidden=hidden,
        known=known,
    )


def on_map(selection: Selection, language: Language, hidden: Hidden = frozenset()) -> MapView:
    """The selection on a map; places whose ties are all filtered out are left out with them."""
    ties = shown_ties(selection, hidden)
    seen = {end for tie in ties for end in (tie.a, tie.b)} | {selection.focus}
    places = [
        MapPlace(c.id, c.named(language), c.lat, c.lon, c.label, style.node_size(c.population), c.id == selection.focus)
        for c in selection.places.values()
        if c.id in seen
    ]
    return build_map(places, _view_ties(ties, selection.day, language), words(_title(selection, language), language))


def _title(selection: Selection, language: Language) -> str:
    card = selection.places.get(selection.focus)
    return t("view.title", language, place=card.named(language)) if card else t("view.title_all", language)


def _view_ties(ties: Iterable[TieCard], day: dt.date, language: Language) -> list[DrawnTie]:
    return [DrawnTie(x.key, x.a, x.b, x.kind, shown_status(x, day), tie_words(x, language), x.partnership) for x in ties]


def rows(selection: Selection, language: Language, hidden: Hidden = frozenset()) -> list[dict[str, Any]]:
    """The selection as rows in the columns of ``COLUMNS``, the centre always on the left."""
    return [_row(selection, tie, language) for tie in shown_ties(selection, hidden)]


def _row(selection: Selection, tie: TieCard, language: Language) -> dict[str, Any]:
    turned = tie.b == selection.focus or (tie.a != selection.focus and tie.b in selection.opened)
    a, b = (selection.places[end] for end in ((tie.b, tie.a) if turned else (tie.a, tie.b)))
    return {
        "a": a.named(language),
        "b": b.named(language),
        "kind": kind_name(tie.kind, language),
        "status": status_name(shown_status(tie, selection.day), language),
        "since": said_date(tie.since, language),
        "countries": " – ".join(country_word(card.country, language) for card in (a, b)),
        "key": tie.key,
    }


def as_csv(selection: Selection, language: Language, hidden: Hidden = frozenset()) -> str:
    """The table as CSV, its head in the user's language."""
    heads = {name: t(f"column.{name}", language) for name in COLUMNS[:-1]}
    return to_csv([{heads[n]: row[n] for n in heads} for row in rows(selection, language, hidden)], tuple(heads.values()))


def as_gexf(selection: Selection, language: Language, hidden: Hidden = frozenset()) -> str:
    """The selection for Gephi and other programs; parallel ties are kept."""
    network: nx.MultiGraph[str] = nx.MultiGraph()
    for card in selection.places.values():
        known = {"kind": card.kind, "country": card.country, "lat": card.lat, "lon": card.lon, "population": card.population}
        network.add_node(
            card.id, label=_printable(card.named(language)), **{k: v for k, v in known.items() if v not in (None, "")}
        )
    for tie in shown_ties(selection, hidden):
        network.add_edge(
            tie.a,
            tie.b,
            key=tie.key,
            kind=tie.kind,
            status=tie.status,
            status_basis=tie.status_basis,
            status_as_of=tie.status_as_of,
            last_evidence=tie.last_evidence,
            since=tie.since,
            partnership=tie.partnership,
        )
    out = io.BytesIO()
    nx.write_gexf(network, out)
    return out.getvalue().decode("utf-8")


def _printable(text: str) -> str:
    # XML has no way to write control characters.
    return "".join(c if c.isprintable() else " " for c in text)


def choices(selection: Selection, language: Language) -> dict[tuple[str, str], str]:
    """What a filter can offer: ("kind" | "status", id) → word with the number of ties."""
    found: dict[tuple[str, str], str] = {}
    for what, name, count in _counted(selection):
        label = kind_name(name, language) if what == "kind" else status_name(name, language)
        found[what, name] = f"{label} ({count})"
    return found


def _counted(selection: Selection) -> list[tuple[str, str, int]]:
    kinds = sorted({tie.kind for tie in selection.ties})
    return [
        *(("kind", kind, sum(tie.kind == kind for tie in selection.ties)) for kind in kinds),
        *(
            ("status", s, n)
            for s in SHOWN_STATUSES
            if (n := sum(shown_status(tie, selection.day) == s for tie in selection.ties))
        ),
    ]
