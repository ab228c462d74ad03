"""Open names: what rows of the last loads wait for, one after the other, settled with one key each."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

import streamlit as st

from ingest.gazetteer.gazetteer import Entry, Gazetteer
from ingest.names.states import state_name
from ingest.run.open_names import Key, OpenName, open_names
from ingest.run.settle import Settled, new_place, settle, take_back
from kg.app.login import may_write, require_write
from kg.app.map_component import draw_map
from kg.app.table import table_to_choose
from kg.app.trouble import errors_shown
from kg.present.pictures import style
from kg.present.pictures.map import MapPlace, build_map
from kg.present.texts import Language, country_name, number_text, t
from kg.present.texts.markdown import escape
from kg.present.views.explore import words
from kg.settings import settings
from kg.store.driver import Graph

_KEYS = 5
_ROWS = 4
_HEIGHT = 320
_DO, _DONE, _SKIPPED, _SAID = "names-do", "names-done", "names-skipped", "names-said"


@dataclass(frozen=True, slots=True)
class _Step:
    """What a button or a key asked for: ``place`` is an id or ``new``, empty to take the last decision back."""

    name: str
    country: str
    place: str


def open_names_part(graph: Graph, language: Language) -> None:
    """The part of the page."""
    with errors_shown():
        _do(graph, language)
    found = open_names(graph, settings().home)
    writing = may_write()
    _what_came_of_it(language)
    if not found:
        st.success(t("sources.names_none", language))
    else:
        rows = sum(len(each.rows) for each in found)
        st.caption(t("sources.names_text", language, n=len(found), rows=rows))
        if not writing:
            st.info(t("sources.names_read_only", language))
        _show(_current(found), language, writing=writing)
    if writing and st.session_state.get(_DONE):
        _undo_button(language)
    if found:
        _all(found, language)


# --- What is done -------------------------------------------------------------------------------------------------------


def _ask(step: _Step) -> None:
    st.session_state[_DO] = step


def _do(graph: Graph, language: Language) -> None:
    """Do what was asked for, before the page shows what is left."""
    step: _Step | None = st.session_state.pop(_DO, None)
    if step is None:
        return
    require_write()
    done: list[_Step] = st.session_state.setdefault(_DONE, [])
    with st.spinner(t("sources.names_loading", language)):
        if not step.place:
            st.session_state[_SAID] = take_back(graph, settings(), step.name, step.country)
            done.remove(step)
            return
        place = new_place(settings(), step.name, step.country) if step.place == "new" else (step.place, "")
        st.session_state[_SAID] = settle(graph, settings(), step.name, step.country, *place)
        done.append(_Step(step.name, step.country, ""))


def _what_came_of_it(language: Language) -> None:
    said: Settled | None = st.session_state.pop(_SAID, None)
    if said is None:
        return
    key = "sources.names_settled" if said.place else "sources.names_taken_back"
    told = t(key, language, name=said.name, place=said.place, loaded=said.loaded, waiting=said.waiting, rejected=said.rejected)
    st.success(escape(told), icon=":material/check:")
    for problem in said.problems:
        st.warning(escape(t("sources.names_problem", language, what=problem)))


# --- One name -----------------------------------------------------------------------------------------------------------


def _current(found: list[OpenName]) -> OpenName:
    """The first that was not skipped; when all were, they come again."""
    skipped: set[Key] = st.session_state.setdefault(_SKIPPED, set())
    left = [each for each in found if each.key not in skipped]
    if not left:
        skipped.clear()
    return (left or found)[0]


def _show(name: OpenName, language: Language, *, writing: bool) -> None:
    with closing(Gazetteer.open(settings().cache_dir)) as gazetteer:
        entries = {place: gazetteer.get(place) if place.startswith("gn:") else None for place in list(name.places)[:_KEYS]}
    with st.container(border=True, key="open-name"):
        where = country_name(name.country, language) if name.country else t("sources.names_no_country", language)
        count = t("sources.names_row" if len(name.rows) == 1 else "sources.names_rows", language, n=len(name.rows))
        st.subheader(escape(f"{name.name} · {where} · {count}"), anchor=False)
        left, right = st.columns([10, 11], gap="medium")
        with left:
            _choices(name, entries, language, writing=writing)
        with right:
            _map(name, entries, language)
        _context(name, language)


def _choices(name: OpenName, entries: Mapping[str, Entry | None], language: Language, *, writing: bool) -> None:
    """A button for each candidate and for what else can be said, with its key on it."""
    st.caption(t("sources.names_which", language))
    steps = {str(number): (place, _told(name.places[place], entries[place], language)) for number, place in enumerate(entries, 1)}
    for key, (place, text) in steps.items():
        step = _Step(name.name, name.country, place)
        label = f"**{key}** {escape(text)}"
        st.button(
            label, key=f"names-{key}", shortcut=key, on_click=_ask, args=(step,), disabled=not writing, width="stretch", wrap=True
        )
    with st.container(horizontal=True, key="names-else"):
        new = _Step(name.name, name.country, "new")
        cannot = not writing or not name.country
        st.button(t("sources.names_new", language), key="names-n", shortcut="N", on_click=_ask, args=(new,), disabled=cannot)
        st.button(t("sources.names_skip", language), key="names-s", shortcut="S", on_click=_skip, args=(name.key,))


def _skip(key: Key) -> None:
    st.session_state[_SKIPPED].add(key)


def _undo_button(language: Language) -> None:
    last: _Step = st.session_state[_DONE][-1]
    label = escape(t("sources.names_undo", language, name=last.name))
    st.button(label, key="names-u", shortcut="U", on_click=_ask, args=(last,), icon=":material/undo:")


def _told(text: str, entry: Entry | None, language: Language) -> str:
    """A candidate as people tell it from others: name, state, country and size."""
    if entry is None:
        return text
    state = state_name(entry.country, entry.admin1)
    where = ", ".join(part for part in (entry.name, state, country_name(entry.country, language)) if part)
    people = t("word.inhabitants", language, n=number_text(entry.population, language))
    return f"{where} · {people}" if entry.population else where


def _map(name: OpenName, entries: Mapping[str, Entry | None], language: Language) -> None:
    places = [
        MapPlace(place, f"{number} {entry.name}", entry.lat, entry.lon, size=style.node_size(entry.population))
        for number, (place, entry) in enumerate(entries.items(), 1)
        if entry
    ]
    if places:
        view = build_map(places, (), words(t("sources.names_map", language, name=name.name), language))
        draw_map(view.payload(), "names-map-" + "-".join(entries), _HEIGHT)


def _context(name: OpenName, language: Language) -> None:
    """The rows that wait, cell by cell."""
    st.caption(t("sources.names_context", language))
    for load, kept in name.rows[:_ROWS]:
        cells = " · ".join(f"{column}: **{escape(str(value))}**" for column, value in _cells(kept.row.values).items())
        st.markdown(f"{cells}  \n{escape(f'{kept.row.place} ({load.dataset})')}")
    if (more := len(name.rows) - _ROWS) > 0:
        st.caption(t("sources.names_more", language, n=more))


def _cells(values: Mapping[str, object]) -> dict[str, object]:
    return {escape(column): value for column, value in values.items() if value not in ("", None, [])}


# --- All of them --------------------------------------------------------------------------------------------------------


def _all(found: list[OpenName], language: Language) -> None:
    """Every open name; whoever chooses one goes on with it."""

    def choose(number: int | None) -> None:
        if number is not None:
            chosen = found[number].key
            st.session_state[_SKIPPED] = {each.key for each in found if each.key != chosen}

    with st.expander(t("sources.names_all", language, n=len(found))):
        rows = [
            {
                t("sources.names_name", language): each.name,
                t("sources.names_country", language): country_name(each.country, language) if each.country else "",
                t("sources.names_count", language): len(each.rows),
                t("sources.names_candidates", language): len(each.places),
                t("sources.names_first", language): each.rows[0][1].row.place,
            }
            for each in found
        ]
        table_to_choose(rows, "names-all", choose)
