"""Parts of the app on a page of their own (``?part=map``, ``?part=network``), and the app itself without a database."""

import streamlit as st

from kg.app.main import main
from tests.apps import map_part, network_part

{"map": map_part.main, "network": network_part.main}.get(str(st.query_params.get("part")), main)()
