"""The search box: what fits is listed while one types, and taken with Enter or a click."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import streamlit as st
from streamlit.components.v2 import component
from streamlit.components.v2.types import ComponentRenderer

from kg.app import address
from kg.app.database import database
from kg.app.network_component import asset
from kg.app.trouble import errors_shown
from kg.present.texts import t
from kg.present.texts.words import hit_note
from kg.store.places import PlaceHit, search_places

_SHORTEST = 2
_HITS = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list, and what taking it does."""

    id: str
    name: str
    more: str
    take: Callable[[], None]


Find = Callable[[str], Sequence[Entry]]
"""What fits a text, best first."""


def place_search(key: str, choose: Callable[[PlaceHit], None], label: str = "") -> None:
    """A box that finds places; ``choose`` is called with the one that is taken."""
    search_box(key, lambda text: place_entries(text, choose), label or t("app.search", address.language()))


def place_entries(text: str, choose: Callable[[PlaceHit], None]) -> list[Entry]:
    """The places that answer to a text."""
    language = address.language()
    hits = search_places(database(), text, _HITS)
    return [Entry(hit.id, hit.name, hit_note(hit, text, language), _taking(choose, hit)) for hit in hits]


def _taking(choose: Callable[[PlaceHit], None], hit: PlaceHit) -> Callable[[], None]:
    return lambda: choose(hit)


@st.fragment
def search_box(key: str, find: Find, label: str, *, main: bool = False) -> None:
    """A box for whatever ``find`` finds; the ``main`` one of a page is reached with Ctrl+K and shows no label."""
    with errors_shown():
        typed = _typed(key)
        entries: Sequence[Entry] = find(typed) if len(typed) >= _SHORTEST else ()
        taken = _mount(key, typed, entries, label, main)
        chosen = next((entry for entry in entries if entry.id == taken), None)
        if chosen:
            chosen.take()
            # The box is a fragment; what was taken concerns the page.
            st.rerun()


def _typed(key: str) -> str:
    state: Mapping[str, Any] = st.session_state.get(key) or {}
    typed = state.get("typed")
    return typed.strip()[:200] if isinstance(typed, str) else ""


def _mount(key: str, typed: str, entries: Sequence[Entry], label: str, main: bool) -> str:
    language = address.language()
    hint = t("app.search_all_hint" if main else "app.search_hint", language)
    words = {"label": label, "hint": hint, "key": t("app.search_key", language), "none": t("app.search_none", language)}
    hits = [{"id": entry.id, "name": entry.name, "more": entry.more} for entry in entries]
    data = {"typed": typed, "hits": hits, "words": words, "main": main, "shortest": _SHORTEST}
    result: Mapping[str, Any] = _component()(key=key, data=data, on_typed_change=_nothing, on_take_change=_nothing)
    return str(result.get("take") or "")


def _nothing() -> None:
    """Streamlit returns an attribute only for what has a callback."""


@cache
def _component() -> ComponentRenderer:
    return component("cityties_search", html=asset("search.html"), css=asset("search.css"), js=asset("search.js"))
