"""Streamlit's entry: navigation only; the pages stand in `kg.app`."""

from kg.app.main import main

main()
