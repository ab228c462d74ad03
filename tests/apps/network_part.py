"""A page with nothing but the network: real places, made small, and a name that would like to be markup."""

import streamlit as st

from kg.app.network_component import choose, network
from kg.present.pictures.graph import DrawnNode, DrawnTie, ViewWords, build_view, words_for
from kg.present.pictures.style import node_size

EVIL = "<img src=x onerror=alert(1)>"
PLACES = {
    "lb": ("Ludwigsburg", "City", "DE", 93_000),
    "bg": ("Bergamo", "City", "IT", 120_000),
    "mu": ("Mulhouse", "City", "FR", 108_000),
    "mo": ("Montbéliard", "City", "FR", 25_000),
    "ca": ("Caerphilly", "City", "GB", 41_000),
    "ye": ("Jewpatorija", "City", "UA", 105_000),
    "sc": ("St. Charles", "City", "US", 70_000),
    "nj": ("Nový Jičín", "City", "CZ", 23_000),
    "am": ("Ambato", "City", "EC", 330_000),
    "ko": ("Kongoussi", "City", "BF", 73_000),
    "x": (EVIL, "City", "", None),
    "dj": ("Landkreis Ludwigsburg", "District", "DE", 545_000),
    "fr": ("Freundeskreis Burkina Faso", "Organisation", "", None),
    "kb": ("Klima-Bündnis", "Network", "", None),
    "lu": ("Ludwigshafen am Rhein", "City", "DE", 172_000),
    "da": ("Dessau-Roßlau", "City", "DE", 79_000),
    "an": ("Antwerpen", "City", "BE", 530_000),
    "ka": ("Kassel", "City", "DE", 200_000),
    "wa": ("Walsall", "City", "GB", 68_000),
    "ch": ("Chemnitz", "City", "DE", 248_000),
    "tu": ("Timbuktu", "City", "ML", 54_000),
    "mn": ("Mannheim", "City", "DE", 310_000),
}
TIES = [
    ("lb", "bg", "twinning", "active", "seit 2022"),
    ("lb", "mo", "twinning", "active", "seit 1950"),
    ("lb", "ca", "twinning", "active", "seit 1960"),
    ("lb", "ye", "twinning", "dormant", "seit 1990"),
    ("lb", "sc", "twinning", "active", "seit 1996"),
    ("lb", "nj", "twinning", "active", "seit 2012"),
    ("lb", "nj", "sponsorship", "unknown", "seit 1962"),
    ("lb", "am", "climate", "active", "seit 2017"),
    ("lb", "ko", "climate", "active", "seit 2014"),
    ("lb", "ko", "solidarity", "active", "seit 2006"),
    ("mo", "ko", "twinning", "active", ""),
    ("lb", "mu", "initiative", "proposed", "Bürgerrat"),
    ("bg", "mu", "twinning", "active", ""),
    ("bg", "lu", "twinning", "ended", ""),
    ("lb", "x", "contact", "unknown", EVIL),
    ("dj", "lb", "PART_OF", "", ""),
    ("fr", "lb", "BASED_IN", "", ""),
    ("lb", "kb", "MEMBER_OF", "", ""),
    ("bg", "kb", "MEMBER_OF", "", ""),
    ("mu", "ka", "twinning", "active", ""),
    ("mu", "wa", "twinning", "weak", ""),
    ("mu", "ch", "twinning", "active", ""),
    ("mu", "an", "twinning", "active", ""),
    ("mu", "tu", "twinning", "suspended", ""),
    ("mu", "da", "friendship", "planned", ""),
]
GROUPS = {"City": "Stadt", "District": "Kreis", "Organisation": "Organisation", "Network": "Netzwerk"}
RELATIONS = {"PART_OF": "liegt in", "BASED_IN": "Sitz in", "MEMBER_OF": "Mitglied"}


def texts() -> ViewWords:
    return words_for(
        "de",
        GROUPS,
        RELATIONS,
        shown="{shown} von {total} gezeigt",
        fit="Alles zeigen",
        zoom_in="Näher",
        zoom_out="Weiter weg",
        legend="Legende",
        title="Netz von Ludwigsburg",
        keys_hint="Pfeiltasten wandern, Eingabe wählt, Plus klappt auf.",
        ties="Verbindungen",
    )


def main() -> None:
    st.set_page_config(layout="wide", page_title="Netz")
    seen = st.session_state.setdefault("expanded", {"lb"})
    hidden = st.session_state.setdefault("hidden", set())
    if st.button("Bergamo wählen"):
        choose("net", ("node", "bg"))
    ids = {end for tie in TIES if seen & set(tie[:2]) for end in tie[:2]}
    ties = [
        DrawnTie(f"{kind}|{a}|{b}", a, b, kind, status, label, f"p-{a}-{b}")
        for a, b, kind, status, label in TIES
        if {a, b} <= ids
    ]
    nodes = [
        DrawnNode(
            i,
            name,
            group,
            country,
            node_size(size),
            is_focus=i == "lb",
            expanded=i in seen,
            more=sum(i in tie[:2] and not set(tie[:2]) <= ids for tie in TIES),
        )
        for i, (name, group, country, size) in PLACES.items()
        if i in ids
    ]
    view = build_view(nodes, ties, texts(), known=st.session_state.get("at"), hidden=hidden)
    st.session_state["at"] = dict(view.positions)
    event = network(view.payload(), "net", 560)
    st.text(f"selected={event.selected} expand={event.expand}")
    if event.expand and event.expand not in seen:
        st.session_state["expanded"] = seen | {event.expand}
        st.rerun()
    if event.toggle:
        st.session_state["hidden"] = hidden ^ {event.toggle}
        st.rerun()
