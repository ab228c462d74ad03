"""The panel beside a view: a tie with every claim behind it, or a place with what surrounds it."""

from collections.abc import Callable

import streamlit as st

from kg.app import address
from kg.app.claims import show_points
from kg.app.selection import pick
from kg.present.texts import Language, kind_name, status_name, t
from kg.present.texts.markdown import escape
from kg.present.texts.words import place_line, since_words
from kg.present.views.details import PartnershipDetails, partnership_details, place_details
from kg.present.views.explore import Selection, shown_status, shown_ties
from kg.store.driver import Graph
from kg.store.reading import TieCard
from kg.vocabulary import STATUSES

_PARTNERS_SHOWN = 14
_EVENTS_SHOWN = 4


def show_tie(graph: Graph, selection: Selection, tie: TieCard, language: Language) -> None:
    """A tie: what it is and every claim of its partnership."""
    details = partnership_details(graph, tie.partnership, language, selection.at, selection.known)
    with st.container(border=True, key="panel"):
        if details is None:
            st.info(t("explore.gone", language))
            return
        show_partnership(details, language)
        with st.container(horizontal=True):
            for end in (tie.a, tie.b):
                name = escape(selection.places[end].named(language))
                st.button(name, key=f"end-{end}", icon=":material/location_on:", on_click=pick, args=(("node", end),))


def show_partnership(details: PartnershipDetails, language: Language) -> None:
    """A partnership with its claims."""
    st.subheader(escape(details.title), anchor=False)
    st.markdown(escape(details.line))
    with st.container(horizontal=True, gap="small"):
        count = t("explore.claims_one" if details.n_claims == 1 else "explore.claims", language, n=details.n_claims)
        st.badge(count, icon=":material/fact_check:", color="gray")
        if any(point.contested for point in details.points):
            st.badge(t("explore.contested", language), icon=":material/balance:", color="orange")
        if details.one_sided:
            st.badge(t("explore.one_sided", language), color="gray")
    show_points(details.points, language)


def show_place(graph: Graph, selection: Selection, place: str, language: Language, expand: Callable[[str], None]) -> None:
    """A place: facts, ties, what surrounds it, and what registers say of it."""
    card = selection.places.get(place)
    if card is None:
        return
    details = place_details(graph, place, language, selection.at, selection.known)
    with st.container(border=True, key="panel"):
        st.subheader(escape(card.named(language)), anchor=False)
        st.markdown(escape(place_line(card, language)))
        if place != selection.focus:
            _steps(selection, place, language, expand)
        facts = {
            "regions": details.regions,
            "names": details.other_names,
            "holders": details.holders,
            "networks": details.networks,
            "organisations": details.organisations,
        }
        _ties(selection, place, language)
        for name, values in facts.items():
            if values:
                st.markdown(f"**{t(f'explore.{name}', language)}** · {escape(', '.join(values))}")
        if details.events:
            _events(details.events, language)
        if details.points:
            with st.expander(t("explore.registers_say", language)):
                show_points(details.points, language)


def _events(events: tuple[str, ...], language: Language) -> None:
    shown, earlier = events[:_EVENTS_SHOWN], events[_EVENTS_SHOWN:]
    st.markdown(f"**{t('explore.events', language)}**\n" + "\n".join(f"- {escape(event)}" for event in shown))
    if earlier:
        with st.expander(t("explore.events_more", language, n=len(earlier)), type="compact"):
            st.markdown("\n".join(f"- {escape(event)}" for event in earlier))


def _steps(selection: Selection, place: str, language: Language, expand: Callable[[str], None]) -> None:
    with st.container(horizontal=True):
        is_open = place in selection.opened
        name = selection.places[place].named(language)
        label = escape(t("explore.collapse", language, place=name)) if is_open else t("explore.expand", language)
        st.button(
            label,
            key="step-expand",
            icon=":material/unfold_less:" if is_open else ":material/unfold_more:",
            on_click=expand,
            args=(place,),
        )
        st.button(t("explore.centre", language), key="step-centre", icon=":material/my_location:", on_click=_move, args=(place,))
        if selection.focus in selection.places:
            back = escape(t("explore.close", language, place=selection.places[selection.focus].named(language)))
            st.button(back, key="step-back", icon=":material/arrow_back:", on_click=pick, args=(None,))


def _move(place: str) -> None:
    address.put(place=place, pick="", open="")


def _ties(selection: Selection, place: str, language: Language) -> None:
    """The ties of the place as buttons, so that everything in the picture can be opened without it."""
    ties = [tie for tie in shown_ties(selection) if place in (tie.a, tie.b)]
    if not ties:
        return
    st.markdown(f"**{t('explore.partners', language)}**")
    with st.container(gap=None, key="panel-ties"):
        for tie in ties[:_PARTNERS_SHOWN]:
            other = selection.places[tie.b if tie.a == place else tie.a].named(language)
            parts = (
                kind_name(tie.kind, language),
                status_name(shown_status(tie, selection.day), language),
                since_words(tie.since[:4], language),
            )
            label = f"**{escape(other)}** · " + escape(" · ".join(part for part in parts if part))
            if not STATUSES[tie.status].bridge:
                label = f":gray[{label}]"
            st.button(label, key=f"open-{tie.key}", type="tertiary", on_click=pick, args=(("tie", tie.key),))
    if len(ties) > _PARTNERS_SHOWN:
        st.caption(t("explore.more", language, n=len(ties) - _PARTNERS_SHOWN))
