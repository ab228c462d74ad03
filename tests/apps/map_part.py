"""A page with nothing but the map."""

import streamlit as st

from kg.app.map_component import draw_map
from kg.present.pictures.graph import DrawnTie, words_for
from kg.present.pictures.map import MapPlace, build_map

PLACES = [
    MapPlace("lb", "Ludwigsburg", 48.8973, 9.1916, is_focus=True, size=14),
    MapPlace("bg", "Bergamo", 45.6980, 9.6690, size=14),
    MapPlace("mu", "Mulhouse", 47.7508, 7.3359, size=14),
    MapPlace("mo", "Montbéliard", 47.5103, 6.7982),
    MapPlace("ca", "Caerphilly", 51.5755, -3.2181),
    MapPlace("nj", "Nový Jičín", 49.5944, 18.0103),
    MapPlace("ye", "Jewpatorija", 45.1906, 33.3669, size=14),
    MapPlace("x", "<img src=x onerror=alert(1)>", 52.0, 13.0),
    MapPlace("y", "@@=alert(1)", 54.0, 10.0),
    MapPlace("z", "@@#alert(", 54.0, 14.0),
    MapPlace("ko", "Kongoussi", None, None),
]
TIES = [
    DrawnTie("t1", "lb", "bg", "twinning", "active"),
    DrawnTie("t2", "lb", "mo", "twinning", "active"),
    DrawnTie("t3", "lb", "ca", "twinning", "active"),
    DrawnTie("t4", "lb", "nj", "twinning", "active"),
    DrawnTie("t5", "lb", "nj", "sponsorship", "unknown"),
    DrawnTie("t6", "lb", "ye", "twinning", "dormant"),
    DrawnTie("t7", "bg", "mu", "twinning", "active"),
    DrawnTie("t8", "lb", "mu", "initiative", "proposed"),
    DrawnTie("t9", "lb", "x", "contact", "unknown"),
]


def main() -> None:
    st.set_page_config(layout="wide", page_title="Karte")
    words = words_for(
        "de", {}, {}, shown="", fit="", zoom_in="", zoom_out="", legend="", title="", keys_hint="", ties=""
    )  # fmt: skip
    view = build_map(PLACES, TIES, words)
    event = draw_map(view.payload(), "map")
    st.text(f"selected={event.selected} expand={event.expand} missing={view.missing}")
