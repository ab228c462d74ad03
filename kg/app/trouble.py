"""Errors as sentences on the page."""

from collections.abc import Generator
from contextlib import contextmanager

import streamlit as st

from kg.app import address
from kg.app.database import database
from kg.errors import EngineError, EngineStarting, KgError, PlaceNotFound
from kg.present.texts import catalogue, t
from kg.present.texts.markdown import escape

_LOOK_AGAIN = 1.0
"""Seconds between two looks whether the database is back."""


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
    said = escape(t(key, language, name=getattr(error, "name", "")))
    if isinstance(error, EngineStarting):
        with st.container(key="starting"):
            st.info(said, icon=":material/hourglass_top:")
        _go_on_when_it_answers()
        return
    st.error(said, icon=":material/error:")
    if isinstance(error, PlaceNotFound):
        return
    with st.expander(t("app.details", language)):
        st.code(str(error), language=None, wrap_lines=True)
    if isinstance(error, EngineError):
        st.button(t("app.retry", language), icon=":material/refresh:")
        _go_on_when_it_answers()


@st.fragment(run_every=_LOOK_AGAIN)
def _go_on_when_it_answers() -> None:
    try:
        database()
    except EngineError:
        return
    st.rerun()
