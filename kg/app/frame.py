"""What all pages share: the database, the head with the language, the search box, errors as sentences."""

import datetime as dt
from collections.abc import Callable, Generator
from contextlib import contextmanager

import streamlit as st

from kg.app import address
from kg.errors import EngineError, KgError, PlaceNotFound
from kg.present.texts import Language, catalogue, t
from kg.present.texts.markdown import escape
from kg.present.texts.words import hit_label
from kg.settings import settings
from kg.store.cypher import ANSWERS, ANY_PLACE
from kg.store.driver import Graph
from kg.store.places import PlaceHit, candidates, find_place, search_places
from kg.store.today import catch_up

_SHORTEST = 2
_HITS = 7


def _alive(graph: Graph) -> bool:
    try:
        graph.read(ANSWERS, timeout=5)
    except KgError:
        return False
    return True


@st.cache_resource(validate=_alive, show_spinner=False)
def _connection() -> Graph:
    return Graph(settings())


@st.cache_data(ttl="10m", max_entries=1, show_spinner=False)
def _missed(_graph: Graph, day: dt.date) -> str:
    """Now and then: what ended or began today is merged; why not, if that could not be done."""
    return catch_up(_graph, day)


def database() -> Graph:
    """The one connection of this server, made again when it no longer answers; its facts are those of today.

    Raises:
        EngineError: the database cannot be reached.
    """
    graph = _connection()
    if missed := _missed(graph, dt.date.today()):
        st.caption(t("app.missed", address.language()), help=missed)
    return graph


@contextmanager
def errors_shown() -> Generator[None]:
    """Errors that the program can explain become one sentence on the page."""
    try:
        yield
    except KgError as error:
        show_error(error)


def show_error(error: KgError) -> None:
    """An error as a sentence in the user's language; the program's own message, which is English, is folded away."""
    language = address.language()
    key = next(k for c in type(error).__mro__ if (k := f"error.{c.__name__}") in catalogue())
    st.error(escape(t(key, language, name=getattr(error, "name", ""))), icon=":material/error:")
    if isinstance(error, PlaceNotFound):
        return
    with st.expander(t("app.details", language)):
        st.code(str(error), language=None, wrap_lines=True)
    if isinstance(error, EngineError):
        st.button(t("app.retry", language), icon=":material/refresh:")


def head(key: str) -> Language:
    """The title of a page with the switch of language; returns the language."""
    language = address.language()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(t(key, language), anchor=False, width="content")
        st.segmented_control(
            t("app.language", language),
            ["de", "en"],
            default=language,
            key=f"language-{language}",
            required=True,
            format_func=str.upper,
            label_visibility="collapsed",
            on_change=_switched,
            args=(f"language-{language}",),
        )
    return language


def _switched(key: str) -> None:
    address.choose_language("en" if st.session_state[key] == "en" else "de")


def parts(page: str, names: tuple[str, ...], language: Language) -> str:
    """A switch between the parts of a page, kept in the address; the part that is chosen."""
    known = address.get("part")
    key = f"part-{page}"
    return (
        st.segmented_control(
            t(f"app.nav_{page}", language),
            names,
            default=known if known in names else names[0],
            required=True,
            key=key,
            format_func=lambda name: t(f"{page}.{name}", language),
            label_visibility="collapsed",
            on_change=lambda: address.put(part="" if st.session_state[key] == names[0] else st.session_state[key]),
        )
        or names[0]
    )


def is_empty(graph: Graph) -> bool:
    """Whether nothing has been loaded yet; then the page says how to."""
    if graph.read(ANY_PLACE):
        return False
    language = address.language()
    st.subheader(t("app.empty_title", language), anchor=False)
    st.write(t("app.empty_text", language))
    st.code("kg ingest bundled", language="shell")
    return True


@st.fragment
def place_search(key: str, choose: Callable[[PlaceHit], None], label: str = "") -> None:
    """A search box with suggestions while one types; ``choose`` is called with the place that is taken."""
    language = address.language()
    if st.session_state.pop(f"{key}-chosen", False):
        st.rerun()
    typed = st.text_input(
        label or t("app.search", language),
        key=f"{key}-typed",
        type="search",
        live=True,
        placeholder=t("app.search_hint", language),
    )
    if len((typed or "").strip()) < _SHORTEST:
        return
    with errors_shown():
        hits = search_places(database(), typed or "", _HITS)
        if not hits:
            st.caption(t("app.search_none", language))
            return
        with st.container(border=True, gap=None, key=f"{key}-hits"):
            st.caption(t("app.search_hit" if len(hits) == 1 else "app.search_hits", language, n=len(hits)))
            for hit in hits:
                st.button(
                    escape(hit_label(hit, language)),
                    key=f"{key}-{hit.id}",
                    type="tertiary",
                    on_click=_taken,
                    args=(key, choose, hit),
                )


def _taken(key: str, choose: Callable[[PlaceHit], None], hit: PlaceHit) -> None:
    st.session_state[f"{key}-typed"] = ""
    # A button in a fragment runs the fragment alone; the page has to follow.
    st.session_state[f"{key}-chosen"] = True
    choose(hit)


def asked_place(graph: Graph, parameter: str, choose: Callable[[PlaceHit], None]) -> PlaceHit | None:
    """The place that the address names by id or name; where none or several are meant, the candidates to choose from."""
    text = address.get(parameter)
    if not text:
        return None
    try:
        return find_place(graph, text)
    except PlaceNotFound as error:
        show_error(error)
        _candidates(candidates(graph, text, _HITS), parameter, choose)
    return None


def _candidates(hits: list[PlaceHit], parameter: str, choose: Callable[[PlaceHit], None]) -> None:
    language = address.language()
    if hits:
        st.caption(t("explore.did_you_mean", language))
        for hit in hits:
            label = escape(hit_label(hit, language))
            st.button(label, key=f"meant-{parameter}-{hit.id}", type="tertiary", on_click=choose, args=(hit,))


def clocks(language: Language) -> tuple[dt.date | None, dt.date | None]:
    """The day that the page tells of, and the day by which what it tells had been published; None means today."""
    return _clock("at", "as_of", language), _clock("known", "known", language)


def _clock(name: str, text: str, language: Language) -> dt.date | None:
    st.date_input(
        t(f"app.{text}", language),
        value=address.day(name),
        min_value=address.EARLIEST,
        max_value="today",
        format="DD.MM.YYYY",
        key=f"{name}-date",
        help=t(f"app.{text}_help", language),
        on_change=_dated,
        args=(name,),
        width=190,
    )
    return address.day(name)


def _dated(name: str) -> None:
    chosen: dt.date | None = st.session_state[f"{name}-date"]
    address.put(**{name: chosen.isoformat() if chosen else ""})


def cypher(text: str, params: dict[str, str], language: Language) -> None:
    """The query behind a view, with its parameters as Neo4j Browser takes them."""
    with st.expander(t("app.cypher", language)):
        if params:
            st.caption(t("app.cypher_hint", language))
            st.code("\n".join(f":param {n} => '{_quoted(v)}'" for n, v in params.items()), language=None, wrap_lines=True)
        st.code(text, language="cypher", wrap_lines=True)


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")
