"""Verbindung: how two places are connected."""

from collections.abc import Callable

import streamlit as st

from kg.app import address
from kg.app.chosen import asked_place
from kg.app.details import show_partnership
from kg.app.frame import clocks, header, is_empty
from kg.app.search_box import place_search
from kg.app.selection import current, draw
from kg.present.texts import Language, t
from kg.present.texts.markdown import escape
from kg.present.views.connection import ConnectionView, Way, connect
from kg.present.views.details import partnership_details
from kg.present.views.explore import picture
from kg.store.driver import Graph
from kg.store.places import PlaceHit
from kg.store.reading import PlaceCard, places_by_id

_HEIGHT = 420


def page() -> None:
    """The page."""
    language, graph, places = header("connection")
    if is_empty(graph):
        return
    _from_chosen(places)
    st.caption(t("connection.intro", language))
    left, right = st.columns(2)
    with left:
        a = _end(graph, "a", t("connection.from", language), language)
    with right:
        b = _end(graph, "b", t("connection.to", language), language)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        at, known = clocks(language)
        if a and b:
            st.button(t("connection.swap", language), icon=":material/swap_horiz:", on_click=_swap)
    if a is None or b is None:
        st.info(t("connection.choose_two", language))
    elif a.id == b.id:
        st.info(t("connection.same", language))
    else:
        _answer(graph, connect(graph, a, b, language, at, known), language)


def _from_chosen(places: list[PlaceCard]) -> None:
    """Two places that are chosen elsewhere are the ends here, as long as none is named."""
    if not address.get("a") and not address.get("b"):
        address.put(**dict(zip(("a", "b"), (card.id for card in places), strict=False)))


def _end(graph: Graph, name: str, label: str, language: Language) -> PlaceCard | None:
    place_search(f"end-{name}", _chooser(name), label)
    hit = asked_place(graph, name, _chooser(name))
    card = places_by_id(graph, [hit.id]).get(hit.id) if hit else None
    if card:
        st.markdown(f":material/location_on: **{escape(card.named(language))}**")
    return card


def _chooser(name: str) -> Callable[[PlaceHit], None]:
    def choose(hit: PlaceHit) -> None:
        address.put(**{name: hit.id, "pick": ""})

    return choose


def _swap() -> None:
    a, b = address.get("a"), address.get("b")
    address.put(a=b, b=a)


def _answer(graph: Graph, view: ConnectionView, language: Language) -> None:
    if view.gap:
        st.info(escape(view.gap[0]) + "\n" + "\n".join(f"- {escape(line)}" for line in view.gap[1:]))
        return
    left, right = st.columns([13, 8], gap="medium")
    with left:
        ends = f"{view.selection.focus}-{'-'.join(view.selection.opened)}"
        draw(picture(view.selection, language).payload(), f"ways-{ends}", on_map=False, height=_HEIGHT)
        for number, way in enumerate(view.ways):
            _way(way, number, language)
    with right, st.container(border=True, key="panel"):
        _claims(graph, view, language)


def _way(way: Way, number: int, language: Language) -> None:
    with st.container(border=True, key=f"way-{number}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escape(way.title)}**", width="content")
            if way.resting:
                st.badge(t("connection.resting", language), color="orange")
        lines = [
            f"- **{escape(leg.start)} – {escape(leg.end)}**: " + escape("; ".join(line for _, line in leg.ties))
            for leg in way.legs
        ]
        st.markdown("\n".join(lines))


def _claims(graph: Graph, view: ConnectionView, language: Language) -> None:
    """The claims of the tie that is chosen in the picture; else every step of the best way, to be opened."""
    chosen, at, known = current(), view.selection.at, view.selection.known
    tie = next((x for x in view.selection.ties if chosen == ("tie", x.key)), None)
    if tie and (details := partnership_details(graph, tie.partnership, language, at, known)):
        show_partnership(details, language)
        return
    st.markdown(f"**{t('connection.claims', language)}**")
    for leg in view.ways[0].legs:
        with st.expander(escape(f"{leg.start} – {leg.end}")):
            if details := partnership_details(graph, leg.ties[0][0], language, at, known):
                show_partnership(details, language)
