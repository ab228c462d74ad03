"""Abfragen: the query library with typed inputs, and a guarded console.

The address fills the fields; a query runs when somebody clicks, and stays on the page until a field changes.
"""

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from kg.app import address
from kg.app.frame import header, is_empty, parts
from kg.app.origins import is_private
from kg.app.search_box import place_search
from kg.app.table import table, web_link
from kg.app.trouble import errors_shown
from kg.errors import PlaceNotFound
from kg.present.tables import results
from kg.present.texts import Language, t
from kg.present.texts.markdown import escape
from kg.settings import settings
from kg.store import cypher
from kg.store.console import run_guarded
from kg.store.driver import Graph, LibraryText
from kg.store.places import PlaceHit, find_place
from kg.store.queries import LibraryQuery, Param, ParamValue, library

_FIRST = "partners-of-place"
_HEIGHT = 520
_HIGHEST = 10_000
_CONSOLE = "console-text"


def page() -> None:
    """The page."""
    language, graph, _ = header("queries")
    if is_empty(graph):
        return
    if not _has_console():
        _library(graph, language)
        return
    shown = parts("queries", ("library", "console"), language)
    if shown == "console":
        _console(graph, language)
    else:
        _library(graph, language)


def _has_console() -> bool:
    wanted = settings().console
    return is_private(settings()) if wanted is None else wanted


def _asked_to_run(part: str, query: tuple[str, ...], clicked: bool) -> bool:
    """Whether this very query was run by a click in this session."""
    if clicked:
        st.session_state[f"ran-{part}"] = query
    return st.session_state.get(f"ran-{part}") == query


def _library(graph: Graph, language: Language) -> None:
    queries = dict(sorted(library().items(), key=lambda item: results.title(item[1], language)))
    asked = address.get("query")
    names = list(queries)
    name = st.selectbox(
        t("queries.choose", language),
        names,
        index=names.index(asked if asked in queries else _FIRST),
        format_func=lambda n: results.title(queries[n], language),
        key=f"query-{language}",
        on_change=lambda: _another(f"query-{language}"),
    )
    query = queries[name]
    st.caption(escape(results.description(query, language)))
    params = {param.name: _input(graph, param, language) for param in query.params}
    clicked = st.button(t("queries.run", language), type="primary", icon=":material/play_arrow:", key=f"run-{name}")
    if _asked_to_run("library", (name, repr(params)), clicked):
        with errors_shown():
            _run(graph, query, params, language)
    with st.expander(t("app.cypher", language)):
        st.code(query.text, language="cypher", wrap_lines=True)


def _another(key: str) -> None:
    for name in [n for n in st.query_params if n.startswith("p.")]:
        address.put(**{name: ""})
    address.put(query=str(st.session_state[key]))


def _input(graph: Graph, param: Param, language: Language) -> ParamValue:
    """An input of the parameter's type, its value kept in the address."""
    name, label = f"p.{param.name}", results.param_label(param, language)
    text = address.get(name) or ("" if param.default is None else str(param.default))
    if param.type == "place":
        return _place(graph, name, label, text, language)
    key = f"{address.get('query')}-{name}"
    if param.type in {"integer", "float"}:
        value = address.number(name, 0, _HIGHEST)
        if value is None:
            value = int(float(param.default)) if isinstance(param.default, int | float) else 0
        st.number_input(label, 0, _HIGHEST, value, key=key, on_change=_typed, args=(name, key), width=260)
        return param.read(str(value))
    if param.type == "boolean":
        st.checkbox(label, text == "True", key=key, on_change=_typed, args=(name, key))
    else:
        st.text_input(label, text, key=key, on_change=_typed, args=(name, key), width=260)
    return param.read(address.get(name)) if address.get(name) else param.default if param.default is not None else ""


def _typed(name: str, key: str) -> None:
    value = st.session_state[key]
    address.put(**{name: value.isoformat() if isinstance(value, dt.date) else str(value)})


def _place(graph: Graph, name: str, label: str, text: str, language: Language) -> str:
    def choose(hit: PlaceHit) -> None:
        address.put(**{name: hit.id})

    place_search(name, choose, label)
    try:
        hit = find_place(graph, text) if text else None
    except PlaceNotFound:
        hit = None
    st.caption(f"{t('queries.chosen', language)} **{escape(hit.name)}**" if hit else t("queries.no_place", language))
    return hit.id if hit else ""


def _run(graph: Graph, query: LibraryQuery, params: dict[str, ParamValue], language: Language) -> None:
    rows = graph.read(LibraryText(query.text), params, timeout=settings().query_timeout)
    if not rows:
        st.info(t("queries.nothing", language))
        return
    columns = results.columns_for_people(query, language)
    _result(results.table(results.localized(graph, rows, columns, language), columns, language), results.links(columns, language))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(results.row_count(len(rows), language), width="content")
        name = f"{query.name}.csv"
        st.download_button(t("app.download_csv", language), results.csv(rows, query.columns), name, "text/csv", on_click="ignore")


def _result(shown: list[dict[str, object]], links: Sequence[str] = ()) -> None:
    table(shown, most=_HEIGHT, config={heading: web_link() for heading in links})


def _console(graph: Graph, language: Language) -> None:
    st.caption(t("queries.console_hint", language))
    asked = address.get("cypher")
    # A widget that another page left out has lost its text.
    if st.session_state.get("console-asked") != asked or _CONSOLE not in st.session_state:
        st.session_state["console-asked"], st.session_state[_CONSOLE] = asked, asked or cypher.EXAMPLE
    with st.form("console", border=False):
        text = st.text_area(t("queries.console_label", language), key=_CONSOLE, height=150)
        clicked = st.form_submit_button(t("queries.run", language), type="primary", icon=":material/play_arrow:")
    if not _asked_to_run("console", (text,), clicked):
        return
    if clicked:
        st.session_state["console-asked"] = "" if text == cypher.EXAMPLE else text
        address.put(cypher=st.session_state["console-asked"])
    with errors_shown():
        found = run_guarded(graph, text, settings())
        if not found.rows:
            st.info(t("queries.nothing", language))
            return
        _result([{name: results.cell(row[name], language) for name in found.columns} for row in found.rows])
        with st.container(horizontal=True, vertical_alignment="center"):
            n = results.row_count(len(found.rows), language)
            st.caption(t("queries.took", language, n=n, seconds=f"{found.seconds:.2f}"), width="content")
            st.download_button(
                t("app.download_csv", language),
                results.csv(found.rows, found.columns),
                "cypher.csv",
                "text/csv",
                on_click="ignore",
            )
        if found.truncated:
            st.caption(t("queries.truncated", language, n=len(found.rows)))
