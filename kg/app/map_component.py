"""The map in the page: outlines that travel once, and a component that draws places and ties on them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from streamlit.components.v2 import component
from streamlit.components.v2.types import ComponentRenderer

from kg.app.network_component import NetworkEvent, asset, draw_in_page
from kg.present.pictures.map import outlines


def draw_map(data: Mapping[str, Any], key: str, height: int = 520, *, fill: bool = False) -> NetworkEvent:
    """Draw a map's payload and tell what was clicked; ``key`` keeps view and choice through reruns.

    `kg.app.network_component.choose` marks what was chosen elsewhere.
    """
    ground, draw = _components()
    ground(key=f"{key}-outlines", data={"path": outlines()})
    return draw_in_page(draw, data, key, height, fill=fill)


@cache
def _components() -> tuple[ComponentRenderer, ComponentRenderer]:
    html, css, js = asset("map.html"), asset("network.css"), asset("shared.js") + asset("map.js")
    return component("cityties_outlines", js=asset("outlines.js")), component("cityties_map", html=html, css=css, js=js)
