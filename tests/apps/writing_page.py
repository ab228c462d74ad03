"""A page that shows its button to everybody; only `require_write` stands before the write."""

import os
from pathlib import Path

import streamlit as st

from kg.app.login import admitted, may_write, require_write, show_user
from kg.app.trouble import errors_shown


def _write() -> None:
    with errors_shown():
        require_write()
        Path(os.environ["WRITTEN"]).write_text("written", encoding="utf-8")


st.title("Schreiben")
if admitted("de"):
    st.caption("darf schreiben" if may_write() else "darf nicht schreiben")
    show_user("de")
st.button("Jetzt schreiben", on_click=_write)
