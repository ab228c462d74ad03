"""The address bar: what a page shows can be sent as a link.

The parameters are the truth; widgets begin from them and write to them when they change.
"""

import datetime as dt
from urllib.parse import urlsplit

import streamlit as st

from kg.present.texts import Language
from kg.present.texts.words import as_language
from kg.settings import settings

EARLIEST = dt.date(1900, 1, 1)
_LANGUAGE = "lang"
_KEPT = ("place", "at", "known")
"""What somebody works with, on whatever page."""
_DIGITS = 12


def get(name: str) -> str:
    """A parameter; empty where it is not there."""
    return st.query_params.get(name, "")


def put(**values: str) -> None:
    """Set parameters; an empty value takes one away."""
    for name, value in values.items():
        if value:
            st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]


def words(name: str) -> list[str]:
    """A parameter that holds several values."""
    return [part for part in get(name).split(",") if part]


def day(name: str = "at") -> dt.date | None:
    """A parameter that is a date between `EARLIEST` and today; None where it is missing or none."""
    try:
        found = dt.date.fromisoformat(get(name))
    except ValueError:
        return None
    return found if EARLIEST <= found <= dt.date.today() else None


def number(name: str, lowest: int, highest: int) -> int | None:
    """A parameter that is a whole number within bounds; None where it is missing or none."""
    text = get(name)
    found = int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
    return found if found is not None and lowest <= found <= highest else None


def arrive() -> None:
    """Note at the beginning of a run whether the page is another one than before; the address alone says nothing else."""
    path = urlsplit(st.context.url or "").path
    st.session_state["arrived"] = st.session_state.get("path") != path
    st.session_state["path"] = path


def language() -> Language:
    """The language: of the address, else on a new page as chosen before in this session, else as configured."""
    before = str(st.session_state.get(_LANGUAGE, "")) if st.session_state.get("arrived") else ""
    return as_language(get(_LANGUAGE) or before or settings().language)


def keep() -> None:
    """Streamlit clears the address when the page changes; language, chosen places and the two dates come back into it."""
    chosen = language()
    if st.session_state["arrived"]:
        had: dict[str, str] = st.session_state.get("work", {})
        put(**{name: had.get(name, "") for name in _KEPT if not get(name)})
        put(**{_LANGUAGE: "" if chosen == as_language(settings().language) else chosen})
    st.session_state[_LANGUAGE], st.session_state["work"] = chosen, {name: get(name) for name in _KEPT}


def obeyed(key: str, value: object) -> str:
    """The key of a widget, whose state has been set to what the address says; a widget never beats the address."""
    last = f"{key} of the address"
    if key not in st.session_state or st.session_state.get(last) != value:
        st.session_state[key] = st.session_state[last] = value
    return key


def choose_language(chosen: Language) -> None:
    """Switch the language for this session."""
    st.session_state[_LANGUAGE] = chosen
    put(**{_LANGUAGE: "" if chosen == as_language(settings().language) else chosen})
