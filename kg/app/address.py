"""The address bar: what a page shows can be sent as a link.

The parameters are the truth; widgets begin from them and write to them when they change.
"""

import datetime as dt

import streamlit as st

from kg.present.texts import Language
from kg.present.texts.words import as_language
from kg.settings import settings

EARLIEST = dt.date(1900, 1, 1)
_LANGUAGE = "lang"
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


def language() -> Language:
    """The language: of the address, else as chosen before in this session, else as configured, else German."""
    chosen = get(_LANGUAGE) or str(st.session_state.get(_LANGUAGE, "")) or settings().language
    return as_language(chosen)


def keep_language() -> None:
    """Streamlit clears the address when the page changes; a language that is not the default comes back into it."""
    chosen = language()
    st.session_state[_LANGUAGE] = chosen
    put(**{_LANGUAGE: "" if chosen == as_language(settings().language) else chosen})


def choose_language(chosen: Language) -> None:
    """Switch the language for this session."""
    st.session_state[_LANGUAGE] = chosen
    put(**{_LANGUAGE: "" if chosen == as_language(settings().language) else chosen})
