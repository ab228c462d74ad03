"""Erkunden: one place and its network as a picture, on a map and as a table, with what is claimed of each tie."""

import datetime as dt

import streamlit as st

from kg.app import address, chosen
from kg.app.details import show_place, show_tie
from kg.app.figures import show_totals
from kg.app.frame import clocks, cypher, header, is_empty
from kg.app.selection import current, draw, pick
from kg.app.table import table_to_choose
from kg.present.pictures.html import download_html
from kg.present.texts import Language, t
from kg.present.texts.markdown import escape
from kg.present.texts.words import said_date
from kg.present.views import explore as showing
from kg.present.views.explore import Hidden, Selection
from kg.present.views.overview import best_documented, figures
from kg.store.driver import Graph
from kg.store.places import PlaceHit
from kg.store.queries import library_query

VIEWS = ("graph", "map", "table")
_HEIGHT = 460
_EXAMPLES = 10


def page() -> None:
    """The page."""
    language, graph, places = header("explore", go_to)
    if is_empty(graph):
        return
    if places:
        _show(graph, [card.id for card in places], language)
    elif not address.get("place"):
        _welcome(graph, language)


def go_to(hit: PlaceHit) -> None:
    """Make a place that was found the centre."""
    chosen.only(hit.id)


def _welcome(graph: Graph, language: Language) -> None:
    st.write(t("explore.intro", language))
    with st.container(horizontal=True, key="examples"):
        for place, name in best_documented(graph, language, _EXAMPLES):
            st.button(escape(name), key=f"example-{place}", on_click=chosen.only, args=(place,))
    show_totals(figures(graph, language), language)


def hidden() -> Hidden:
    """What the filter of the address switches off."""
    pairs = (word.partition(".") for word in address.words("hide"))
    return frozenset((what, name) for what, _, name in pairs)


def hide(entries: Hidden) -> None:
    """Write the filter into the address."""
    address.put(hide=",".join(sorted(f"{what}.{name}" for what, name in entries)))


def _hide_nothing() -> None:
    hide(frozenset())


def _show(graph: Graph, places: list[str], language: Language) -> None:
    place = places[0]
    with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
        view = _view(language)
        at, known = clocks(language)
        filters = st.container(width="content")
    opened = [other for other in dict.fromkeys([*places, *address.words("open")]) if other != place][: showing.MOST_OPENED]
    selection = showing.select(graph, place, opened, at, known)
    left, right = st.columns([13, 8], gap="medium")
    with left:
        if selection.ties:
            with filters:
                _filter(selection, language)
            _expanded(selection, language)
            _draw(selection, view, language)
        else:
            _no_ties(selection, language)
    with right:
        _details(graph, selection, language)
    if selection.ties:
        _exports(selection, language)
    cypher(library_query("partners-of-place").text, {"place": place}, language)


def _view(language: Language) -> str:
    named = address.get("view")
    view = named if named in VIEWS else "graph"
    st.segmented_control(
        t("explore.view", language),
        VIEWS,
        key=address.obeyed("view", view),
        required=True,
        format_func=lambda v: t(f"explore.view_{v}", language),
        label_visibility="collapsed",
        on_change=_viewed,
    )
    return view


def _viewed() -> None:
    address.put(view="" if st.session_state["view"] == "graph" else st.session_state["view"])


def _filter(selection: Selection, language: Language) -> None:
    """Kinds and statuses to switch off, for every view; the legend of the picture does the same."""
    off = hidden()
    label = t("explore.filter_on", language, n=len(off)) if off else t("explore.filter", language)
    with st.popover(label, icon=":material/filter_list:"):
        for what in ("kind", "status"):
            words = {name: word for (kind, name), word in showing.choices(selection, language).items() if kind == what}
            key = f"filter-{what}-{sorted(off)}"
            st.pills(
                t(f"explore.filter_{what}", language),
                list(words),
                default=[n for n in words if (what, n) not in off],
                selection_mode="multi",
                format_func=words.__getitem__,
                key=key,
                on_change=_filtered,
                args=(what, tuple(words), key),
            )
        if off:
            st.button(t("explore.show_all", language), on_click=_hide_nothing)


def _filtered(what: str, offered: tuple[str, ...], key: str) -> None:
    on = set(st.session_state[key])
    others = {(kind, name) for kind, name in hidden() if kind != what or name not in offered}
    hide(frozenset(others | {(what, name) for name in offered if name not in on}))


def _expanded(selection: Selection, language: Language) -> None:
    """What was expanded, each to be collapsed; the last one first to be taken back."""
    opened = [other for other in address.words("open") if other in selection.places and other != selection.focus]
    if not opened:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="opened"):
        for other in opened:
            label = t("explore.collapse", language, place=selection.places[other].named(language))
            rest = ",".join(o for o in opened if o != other)
            st.button(escape(label), key=f"close-{other}", icon=":material/close:", on_click=_open, args=(rest,))
        if len(opened) > 1:
            before = ",".join(opened[:-1])
            st.button(t("explore.undo", language), key="undo", icon=":material/undo:", on_click=_open, args=(before,))


def _open(places: str) -> None:
    address.put(open=places)


def expand(place: str) -> None:
    """Bring in a place's partners, or send them away again."""
    opened = address.words("open")
    if place in opened:
        address.put(open=",".join(other for other in opened if other != place))
    elif len(opened) < showing.MOST_OPENED:
        address.put(open=",".join([*opened, place]))
    else:
        st.toast(t("explore.too_many", address.language(), n=showing.MOST_OPENED))


def _draw(selection: Selection, view: str, language: Language) -> None:
    off = hidden()
    if not showing.shown_ties(selection, off):
        st.info(t("explore.all_hidden", language))
        st.button(t("explore.show_all", language), on_click=_hide_nothing, key="unhide")
    elif view == "table":
        _table(selection, off, language)
    else:
        _picture(selection, view, off, language)


def _picture(selection: Selection, view: str, off: Hidden, language: Language) -> None:
    key = f"{view}-{selection.focus}"
    if view == "map":
        shown = showing.on_map(selection, language, off)
        event = draw(shown.payload(), key, on_map=True, height=_HEIGHT, fill=True)
        st.caption(t("explore.map_hint", language))
        if shown.missing:
            st.caption(escape(t("explore.map_missing", language, names=", ".join(shown.missing))))
    else:
        known = st.session_state.get(f"at-{selection.focus}")
        graph_view = showing.picture(selection, language, off, known)
        st.session_state[f"at-{selection.focus}"] = {**(known or {}), **graph_view.positions}
        event = draw(graph_view.payload(), key, on_map=False, height=_HEIGHT, fill=True)
        st.caption(t("explore.graph_hint", language))
    if event.expand and event.expand != selection.focus and event.expand in selection.places:
        expand(event.expand)
        st.rerun()
    if event.toggle:
        hide(off ^ {event.toggle})
        st.rerun()


def _table(selection: Selection, off: Hidden, language: Language) -> None:
    rows = showing.rows(selection, language, off)
    shown = [{t(f"column.{n}", language): row[n] for n in showing.COLUMNS if n != "key"} for row in rows]
    keys = [row["key"] for row in rows]

    def choose(row: int | None) -> None:
        pick(None if row is None else ("tie", keys[row]))

    widths = {t("column.status", language): st.column_config.TextColumn(width=115)}
    table_to_choose(shown, f"table-{selection.focus}-{len(rows)}", choose, most=640, config=widths)
    st.caption(t("explore.table_hint", language))


def _no_ties(selection: Selection, language: Language) -> None:
    name = escape(selection.places[selection.focus].named(language)) if selection.focus in selection.places else ""
    if day := selection.at or selection.known:
        st.info(t("explore.no_ties_at", language, place=name, date=escape(said_date(day.isoformat(), language))))
    else:
        st.info(t("explore.no_ties", language, place=name))


def _details(graph: Graph, selection: Selection, language: Language) -> None:
    picked = current()
    tie = next((x for x in selection.ties if picked == ("tie", x.key)), None)
    if tie is not None:
        show_tie(graph, selection, tie, language)
    elif picked and picked[0] == "node" and picked[1] in selection.places:
        show_place(graph, selection, picked[1], language, expand)
    else:
        show_place(graph, selection, selection.focus, language, expand)


def _exports(selection: Selection, language: Language) -> None:
    off, name = hidden(), selection.places[selection.focus].named(language)
    day = said_date((selection.at or dt.date.today()).isoformat(), language)

    note = t("explore.export_note", language, date=day)
    if selection.known:
        note += " " + t("explore.export_known", language, date=said_date(selection.known.isoformat(), language))

    def html() -> str:
        view = showing.picture(selection, language, off, st.session_state.get(f"at-{selection.focus}"))
        return download_html(view, title=name, note=note, language=language)

    with st.container(horizontal=True, vertical_alignment="center", key="exports"):
        st.markdown(f"**{t('explore.export', language)}**", width="content")
        csv = showing.as_csv(selection, language, off).encode("utf-8-sig")
        st.download_button(t("app.download_csv", language), csv, "cityties.csv", "text/csv", on_click="ignore")
        st.download_button(t("explore.export_html", language), html, "cityties.html", "text/html", on_click="ignore")
        st.download_button(
            t("explore.export_gexf", language),
            lambda: showing.as_gexf(selection, language, off),
            "cityties.gexf",
            "application/xml",
            on_click="ignore",
        )
