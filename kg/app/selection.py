"""What is chosen, a place or a tie: one choice for picture, map, table and address bar."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from kg.app import address
from kg.app.map_component import draw_map
from kg.app.network_component import NetworkEvent, choose, network

Choice = tuple[str, str] | None


def current() -> Choice:
    """What the address says is chosen."""
    what, _, name = address.get("pick").partition("~")
    return (what, name) if what in {"node", "tie"} and name else None


def pick(chosen: Choice) -> None:
    """Write a choice into the address."""
    address.put(pick="~".join(chosen) if chosen else "")


def draw(data: Mapping[str, Any], key: str, *, on_map: bool, height: int, fill: bool = False) -> NetworkEvent:
    """Draw a picture or a map, mark in it what was chosen elsewhere, and take over what is chosen in it."""
    had: Choice = st.session_state.get(f"{key}-had")
    if _chosen_in(key) == had and current() != had:
        choose(key, current())
    event = (draw_map if on_map else network)(data, key, height, fill=fill)
    st.session_state[f"{key}-had"] = event.selected
    if event.selected != current():
        pick(event.selected)
    return event


def _chosen_in(key: str) -> Choice:
    state: Any = st.session_state.get(key) or {}
    chosen: Any = state.get("selected") or {}
    return (str(chosen["kind"]), str(chosen["id"])) if "kind" in chosen and "id" in chosen else None
