"""Quellen: sources by age, contradictions side by side, runs with their account, names that rows wait for."""

import streamlit as st

from kg.app.claims import show_points
from kg.app.frame import header, is_empty, parts
from kg.app.names import open_names_part
from kg.app.table import table, web_link
from kg.present.tables import results
from kg.present.texts import Language, t
from kg.present.texts.markdown import escape
from kg.present.views import sources as showing
from kg.store.driver import Graph

_HEIGHT = 640


def page() -> None:
    """The page."""
    language, graph, _ = header("sources")
    if is_empty(graph):
        return
    shown = {"fresh": _sources, "contested": _disputes, "runs": _runs, "names": open_names_part}
    shown[parts("sources", tuple(shown), language)](graph, language)


def _sources(graph: Graph, language: Language) -> None:
    rows = showing.source_rows(graph, language)
    st.caption(t("sources.fresh_text", language, n=len(rows)))
    heads = results.headings(("source", "publisher", "url", "trust"), language)
    config = {
        heads["source"]: st.column_config.TextColumn(width="large"),
        heads["publisher"]: st.column_config.TextColumn(width="medium"),
        heads["url"]: web_link(),
        heads["trust"]: st.column_config.ProgressColumn(min_value=0, max_value=100, format="%d", width="small"),
    }
    table(rows, most=_HEIGHT, config=config)


def _disputes(graph: Graph, language: Language) -> None:
    found = showing.disputes(graph, language)
    st.caption(t("sources.contested_text", language, n=len(found)) if found else t("sources.contested_none", language))
    for number, dispute in enumerate(found):
        about = ", ".join(point.label for point in dispute.points if point.contested)
        with st.expander(escape(" · ".join(part for part in (dispute.title, about) if part)), expanded=number < 2):
            show_points(dispute.points, language)


def _runs(graph: Graph, language: Language) -> None:
    rows = showing.run_rows(graph, language)
    st.caption(t("sources.runs_text", language) if rows else t("sources.runs_none", language))
    if rows:
        table(rows, most=_HEIGHT)
