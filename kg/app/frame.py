"""What all pages share: the header with the search box, the chosen places and the language; dates; the query behind a view."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from kg.app import address
from kg.app.chosen import chips, chosen_places
from kg.app.database import database, missed
from kg.app.search_box import Entry, place_entries, search_box
from kg.model.identity import fold
from kg.present.tables import results
from kg.present.texts import LANGUAGES, Language, date_text, t
from kg.store.cypher import ANY_PLACE
from kg.store.driver import Graph
from kg.store.places import PlaceHit
from kg.store.queries import library
from kg.store.reading import PlaceCard

NAMES = ("explore", "chances", "connection", "queries", "sources", "overview")
_OTHERS = 4
Take = Callable[[PlaceHit], None]


def header(page: str, take: Take | None = None, label: str = "app.search") -> tuple[Language, Graph, list[PlaceCard]]:
    """The head of a page: its name, the search box, the language, the chosen places.

    ``take`` says what choosing a place in the box does here; elsewhere the place is opened on the first page.

    Raises:
        EngineError: the database does not answer; the head without its places stands already.
    """
    language = address.language()
    st.html(Path(__file__).parent / "assets" / "app.css")
    with st.container(horizontal=True, vertical_alignment="center", key="header"):
        st.title(t(f"app.nav_{page}", language), anchor=False, width="content")
        with st.container(key="search"):
            search_box("search-all", lambda text: _entries(text, take or _open), t(label, language), main=True)
        _languages(language)
    graph = database()
    if why := missed(graph, dt.date.today()):
        st.caption(t("app.missed", language), help=why)
    places = chosen_places(graph)
    chips(places)
    names = " – ".join(card.named(language) for card in places)
    st.set_page_config(page_title=" · ".join(part for part in (names, t(f"app.nav_{page}", language)) if part), layout="wide")
    return language, graph, places


def _entries(text: str, take: Take) -> list[Entry]:
    """Places, then pages, then queries of the library whose title has the text."""
    language = address.language()
    page, query = t("app.search_page", language), t("app.search_query", language)
    pages = [Entry(f"page:{name}", t(f"app.nav_{name}", language), page, _going(name)) for name in NAMES]
    queries = [
        Entry(f"query:{name}", results.title(found, language), query, _going("queries", query=name))
        for name, found in library().items()
    ]
    fitting = [entry for entry in (*pages, *queries) if fold(text) in fold(entry.name)]
    return [*place_entries(text, take), *fitting[:_OTHERS]]


def _open(hit: PlaceHit) -> None:
    go("explore", place=hit.id)


def _going(page: str, **parameters: str) -> Callable[[], None]:
    return lambda: go(page, **parameters)


def go(page: str, **parameters: str) -> None:
    """Show another page at the next run; what the parameters do not name stays as it is."""
    st.session_state["go"] = (page, parameters)


def _languages(language: Language) -> None:
    key = address.obeyed("language", language)
    st.segmented_control(
        t("app.language", language),
        LANGUAGES,
        key=key,
        required=True,
        format_func=str.upper,
        label_visibility="collapsed",
        on_change=_switched,
        args=(key,),
    )


def _switched(key: str) -> None:
    address.choose_language("en" if st.session_state[key] == "en" else "de")


def parts(page: str, names: tuple[str, ...], language: Language) -> str:
    """A switch between the parts of a page, kept in the address; the part that is chosen."""
    named = address.get("part")
    key = address.obeyed(f"part-{page}", named if named in names else names[0])
    st.segmented_control(
        t(f"app.nav_{page}", language),
        names,
        required=True,
        key=key,
        format_func=lambda name: t(f"{page}.{name}", language),
        label_visibility="collapsed",
        on_change=lambda: address.put(part="" if st.session_state[key] == names[0] else st.session_state[key]),
    )
    return str(st.session_state[key])


def is_empty(graph: Graph) -> bool:
    """Whether nothing has been loaded yet; then the page says how to."""
    if graph.read(ANY_PLACE):
        return False
    language = address.language()
    st.subheader(t("app.empty_title", language), anchor=False)
    st.write(t("app.empty_text", language))
    st.code("kg ingest bundled", language="shell")
    return True


def clocks(language: Language) -> tuple[dt.date | None, dt.date | None]:
    """The day that the page tells of, and the day by which what it tells had been published; None means today."""
    days = {name: day for name in ("at", "known") if (day := address.day(name))}
    said = [t(f"app.clock_{name}", language, date=date_text(day.isoformat(), language)) for name, day in days.items()]
    with st.popover(" · ".join(said) or t("app.today", language), icon=":material/schedule:"):
        return _clock("at", "as_of", language), _clock("known", "known", language)


def _clock(name: str, text: str, language: Language) -> dt.date | None:
    day = address.day(name)
    st.date_input(
        t(f"app.{text}", language),
        min_value=address.EARLIEST,
        max_value="today",
        format="DD.MM.YYYY",
        key=address.obeyed(f"{name}-date", day),
        help=t(f"app.{text}_help", language),
        on_change=_dated,
        args=(name,),
        width=260,
    )
    return day


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
