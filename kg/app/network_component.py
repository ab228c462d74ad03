"""The network in the page: a library component that loads once, and one that draws whatever data it is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import streamlit as st
from streamlit.components.v2 import component
from streamlit.components.v2.types import ComponentRenderer

from kg.present.pictures.vis_library import vis_script

_READY = "\nwindow.dispatchEvent(new Event('kg-vis-ready'))\nexport default function () {}\n"


@dataclass(frozen=True, slots=True)
class NetworkEvent:
    """What the user did: ``selected`` and ``toggle`` are pairs, ("node" | "tie", id) and ("kind" | "status" | "group", id).

    ``selected`` stays until it changes; ``expand`` (a node's id) and ``toggle`` (a legend entry) last for one run.
    """

    selected: tuple[str, str] | None
    expand: str | None
    toggle: tuple[str, str] | None


def network(data: Mapping[str, Any], key: str, height: int = 560, *, fill: bool = False) -> NetworkEvent:
    """Draw a view's payload and tell what was clicked; ``key`` keeps the picture through reruns."""
    library, draw = _components()
    library(key=f"{key}-library", data={})
    return draw_in_page(draw, data, key, height, fill=fill)


def draw_in_page(draw: ComponentRenderer, data: Mapping[str, Any], key: str, height: int, *, fill: bool) -> NetworkEvent:
    """Mount a component that speaks as the network does, and read what it says; with ``fill`` it reaches the window's end."""
    marked = _pair(_state(key).get("selected"), "kind")
    sent = dict(data) | {"height": height, "fill": fill, "selected": {"kind": marked[0], "id": marked[1]} if marked else None}
    result: Mapping[str, Any] = draw(
        key=key, data=sent, on_selected_change=_nothing, on_expand_change=_nothing, on_toggle_change=_nothing
    )
    expand = result.get("expand")
    return NetworkEvent(
        _pair(result.get("selected"), "kind"), str(expand) if expand else None, _pair(result.get("toggle"), "what")
    )


def asset(name: str) -> str:
    """The text of a file in ``assets``."""
    return (Path(__file__).parent / "assets" / name).read_text(encoding="utf-8")


def choose(key: str, selected: tuple[str, str] | None) -> None:
    """Mark a node or tie that was chosen elsewhere (address bar, table); call it before `network` in the same run."""
    value = {"kind": selected[0], "id": selected[1]} if selected else None
    st.session_state[key] = {**_state(key), "selected": value}


def _nothing() -> None:
    """Streamlit returns an attribute only for what has a callback."""


def _state(key: str) -> Mapping[str, Any]:
    return st.session_state.get(key) or {}


def _pair(value: object, kind: str) -> tuple[str, str] | None:
    """What the browser sent, or None for whatever is not of the agreed shape."""
    if not isinstance(value, Mapping):
        return None
    fields = cast(Mapping[str, object], value)
    first, second = fields.get(kind), fields.get("id")
    return (first, second) if isinstance(first, str) and isinstance(second, str) else None


@cache
def _components() -> tuple[ComponentRenderer, ComponentRenderer]:
    """Both components; Streamlit wants them declared once."""
    html, css, js = asset("network.html"), asset("network.css"), asset("shared.js") + asset("network.js")
    return component("cityties_vis", js=vis_script() + _READY), component("cityties_network", html=html, css=css, js=js)
