"""The chosen places: one or several, in the address, as chips on every page."""

from collections.abc import Callable

import streamlit as st

from kg.app import address
from kg.app.trouble import show_error
from kg.errors import PlaceNotFound
from kg.present.texts import t
from kg.present.texts.markdown import escape
from kg.present.texts.words import hit_label
from kg.store.driver import Graph
from kg.store.places import PlaceHit, candidates, find_place
from kg.store.reading import PlaceCard, places_by_id

MOST = 8
_HITS = 7


def chosen_places(graph: Graph) -> list[PlaceCard]:
    """The places that the address names, by ids or names; what is none or several is said, with candidates to take."""
    named = address.words("place")[:MOST]
    known = places_by_id(graph, named)
    ids = [name if name in known else _found(graph, name) for name in named]
    known |= places_by_id(graph, [i for i in ids if i and i not in known])
    return [known[i] for i in dict.fromkeys(ids) if i in known]


def only(place: str) -> None:
    """Make a place the only chosen one."""
    address.put(place=place, pick="", open="", best="")


def add(place: str) -> None:
    """Choose a place besides those that are."""
    named = list(dict.fromkeys([*address.words("place"), place]))
    if len(named) > MOST:
        st.toast(t("app.too_many_places", address.language(), n=MOST))
    address.put(place=",".join(named[:MOST]), best="")


def chips(places: list[PlaceCard]) -> None:
    """A button for each chosen place that lets it go."""
    if not places:
        return
    language = address.language()
    # Names of the address become ids, so that a chip knows which of them it is.
    ids = [card.id for card in places]
    with st.container(horizontal=True, key="chips", gap="small"):
        for card in places:
            name = card.named(language)
            rest = ",".join(i for i in ids if i != card.id)
            hint = escape(t("app.remove", language, place=name))
            st.button(escape(name), key=f"remove-{card.id}", icon=":material/close:", help=hint, on_click=_keep, args=(rest,))


def _keep(places: str) -> None:
    address.put(place=places, pick="", open="", best="")


def _found(graph: Graph, name: str) -> str:
    try:
        return find_place(graph, name).id
    except PlaceNotFound as error:
        show_error(error)
        _candidates(graph, name, lambda hit: _instead(name, hit))
    return ""


def _instead(name: str, hit: PlaceHit) -> None:
    address.put(place=",".join(hit.id if word == name else word for word in address.words("place")))


def asked_place(graph: Graph, parameter: str, choose: Callable[[PlaceHit], None]) -> PlaceHit | None:
    """The place that a parameter of the address names by id or name; where none or several are meant, the candidates."""
    text = address.get(parameter)
    try:
        return find_place(graph, text) if text else None
    except PlaceNotFound as error:
        show_error(error)
        _candidates(graph, text, choose)
    return None


def _candidates(graph: Graph, name: str, choose: Callable[[PlaceHit], None]) -> None:
    language = address.language()
    hits = candidates(graph, name, _HITS)
    if hits:
        st.caption(t("explore.did_you_mean", language))
    for hit in hits:
        st.button(escape(hit_label(hit, language)), key=f"meant-{name}-{hit.id}", type="tertiary", on_click=choose, args=(hit,))
