"""Überblick: figures, everything on a map, the best connected places, anniversaries."""

import datetime as dt

import streamlit as st

from kg.app import address
from kg.app.figures import show_totals
from kg.app.frame import go, header, is_empty
from kg.app.selection import draw
from kg.app.table import table, table_to_choose
from kg.present.texts import Language, t
from kg.present.texts.markdown import escape
from kg.present.views import overview as showing
from kg.present.views.explore import on_map
from kg.store.driver import Graph

_MOST = 15
_LOOK_AHEAD = 10


def page() -> None:
    """The page."""
    language, graph, _ = header("overview")
    if is_empty(graph):
        return
    counted = showing.figures(graph, language)
    show_totals(counted, language)
    _map(graph, language)
    left, right = st.columns(2, gap="large")
    with left:
        _most(graph, language)
    with right:
        for name, rows in (("by_kind", counted.by_kind), ("by_status", counted.by_status)):
            st.subheader(t(f"overview.{name}", language), anchor=False)
            table(rows, most=600)
    _anniversaries(graph, language)


def _map(graph: Graph, language: Language) -> None:
    selection = showing.all_on_map(graph)
    shown = on_map(selection, language)
    st.subheader(t("overview.map", language), anchor=False)
    event = draw(shown.payload(), "map-all", on_map=True, height=520)
    if event.selected and event.selected[0] == "node" and event.selected[1] in selection.places:
        place = event.selected[1]
        label = escape(t("overview.map_open", language, place=selection.places[place].named(language)))
        if st.button(label, type="primary", key="open-place"):
            open_place(place)
    else:
        st.caption(t("overview.map_hint", language))


def open_place(place: str) -> None:
    """Show a place on the first page."""
    go("explore", place=place)
    st.rerun()


def _most(graph: Graph, language: Language) -> None:
    rows = showing.most_connected_rows(graph, language, _MOST)
    st.subheader(t("overview.most", language), anchor=False)
    st.caption(t("overview.most_text", language))
    shown = [{name: value for name, value in row.items() if name != "id"} for row in rows]

    def choose(row: int | None) -> None:
        st.session_state["wanted"] = None if row is None else rows[row]["id"]

    table_to_choose(shown, "most", choose, most=600)
    if wanted := st.session_state.pop("wanted", None):
        open_place(wanted)


def _anniversaries(graph: Graph, language: Language) -> None:
    st.subheader(t("overview.anniversaries", language), anchor=False)
    this = dt.date.today().year
    years = list(range(this, this + _LOOK_AHEAD + 1))
    asked = address.number("year", years[0], years[-1])
    year = st.selectbox(
        t("overview.year", language),
        years,
        index=years.index(asked) if asked else 1,
        key="year-of",
        on_change=lambda: address.put(year=str(st.session_state["year-of"])),
        width=140,
    )
    rows = showing.anniversaries(graph, year, language)
    if rows:
        table(rows)
    else:
        st.caption(t("overview.no_anniversaries", language))
