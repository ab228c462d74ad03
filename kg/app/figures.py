"""The figures of the whole graph in one line."""

import streamlit as st

from kg.present.texts import Language, t
from kg.present.views.overview import Figures


def show_totals(counted: Figures, language: Language) -> None:
    """How much is known."""
    with st.container(horizontal=True, key="figures"):
        for name, value in counted.totals.items():
            st.metric(t(f"overview.{name}", language), value, width=150)
