"""Chancen: constellations of three, filtered, weighed and explained."""

from dataclasses import replace
from typing import Any

import streamlit as st

from kg.app import address, chosen
from kg.app.chance import show_chance
from kg.app.frame import clocks, header, is_empty
from kg.app.table import share, table_to_choose
from kg.network.candidates import TYPES
from kg.network.funding.catalogue import programmes
from kg.network.opportunities import Opportunity, Search, find_opportunities, types_of
from kg.network.projection import Projection, project
from kg.network.weights import DEFAULT_WEIGHTS, weights_of
from kg.present.tables.tabular import to_csv
from kg.present.texts import Language, country_name, kind_name, status_name, t
from kg.present.texts.markdown import escape
from kg.present.views import opportunities as showing
from kg.store import cypher
from kg.store.driver import Graph
from kg.store.places import PlaceHit
from kg.store.reading import PlaceCard
from kg.vocabulary import KINDS, STATUSES

_LIMIT, _HEIGHT = 30, 390
_ROLES = ("", "end", "bridge")


def page() -> None:
    """The page."""
    language, graph, places = header("chances", _add, "chances.add")
    if is_empty(graph):
        return
    if not places:
        st.caption(t("chances.intro", language))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        at, known = clocks(language)
        projection = project(graph, at, known)
        search = _search(graph, projection, places, language)
    found = find_opportunities(projection, search)
    names = ", ".join(card.named(language) for card in places)
    key = "all" if not places else "one" if len(places) == 1 else "many"
    st.subheader(escape(t(f"chances.{key}", language, place=names, places=names)), anchor=False)
    if not found:
        st.info(t("chances.none", language))
        return
    show_chance(graph, projection, _list(projection, found, language), language)


def _add(hit: PlaceHit) -> None:
    chosen.add(hit.id)


def _search(graph: Graph, projection: Projection, places: list[PlaceCard], language: Language) -> Search:
    alone = len(places) == 1
    with st.popover(t("chances.filters", language), icon=":material/filter_list:"):
        types = _words_of("type", {k: t(f"opportunity.type_{k}", language) for k in TYPES}, language)
        if alone:
            _one("role", list(_ROLES), {r: t(f"chances.role_{r or 'any'}", language) for r in _ROLES}, language)
        search = Search(
            tuple(card.id for card in places),
            types_of(types),
            address.get("role") if alone and address.get("role") in _ROLES else "",
            _words_of("country", _countries(projection, language), language),
            _words_of("kind", {k: kind_name(k, language) for k in KINDS}, language),
            _words_of("status", {s: status_name(s, language) for s in STATUSES}, language),
            programme=_chosen("programme", {p.id: p.name.text(language) for p in programmes()}, language),
            topic=_chosen("topic", _topic_names(graph, language), language),
            network=_chosen("network", _network_names(graph), language),
            min_population=_number("least", 50_000_000, 10_000, language),
            max_population=_number("most", 50_000_000, 10_000, language),
            max_km=_number("km", 20_000, 100, language),
            limit=_LIMIT,
        )
    with st.popover(t("chances.weights", language), icon=":material/tune:"):
        return replace(search, weights=_weights(language))


def _countries(projection: Projection, language: Language) -> dict[str, str]:
    names = {card.country: country_name(card.country, language) for card in projection.places.values() if card.country}
    return dict(sorted(names.items(), key=lambda pair: pair[1]))


def _topic_names(graph: Graph, language: Language) -> dict[str, str]:
    rows = graph.read(cypher.TOPICS)
    return {row["id"]: row[language] for row in rows}


def _network_names(graph: Graph) -> dict[str, str]:
    return {row["id"]: row["name"] for row in graph.read(cypher.NETWORKS)}


def _chosen(name: str, names: dict[str, str], language: Language) -> str:
    """One of the named things, or none; what the address names and nobody knows is none."""
    known = {"": t("chances.anything", language), **dict(sorted(names.items(), key=lambda pair: pair[1]))}
    _one(name, list(known), known, language)
    return address.get(name) if address.get(name) in known else ""


def _number(name: str, highest: int, step: int, language: Language) -> int:
    """A number that is 0 where there is no bound."""
    value = address.number(name, 0, highest) or 0
    key = address.obeyed(f"{name}-of", value)
    st.number_input(t(f"chances.{name}", language), 0, highest, step=step, key=key, on_change=_keep_number, args=(name,))
    return value


def _keep_number(name: str) -> None:
    address.put(**{name: str(st.session_state[f"{name}-of"] or ""), "best": ""})


def _words_of(name: str, labels: dict[str, str], language: Language) -> frozenset[str]:
    """Any number of words of a list; none means all."""
    words = [word for word in address.words(name) if word in labels]
    key = address.obeyed(f"{name}-of-{language}", words)
    st.multiselect(
        t(f"chances.filter_{name}", language),
        list(labels),
        format_func=labels.__getitem__,
        key=key,
        placeholder=t(f"chances.any_{name}", language),
        on_change=lambda: address.put(**{name: ",".join(st.session_state[key]), "best": ""}),
    )
    return frozenset(words)


def _one(name: str, options: list[str], labels: dict[str, str], language: Language) -> None:
    key = address.obeyed(f"{name}-of-{language}", address.get(name) if address.get(name) in options else options[0])
    st.selectbox(
        t(f"chances.{name}", language),
        options,
        format_func=labels.__getitem__,
        key=key,
        on_change=lambda: address.put(**{name: st.session_state[key], "best": ""}),
    )


def _weights(language: Language) -> dict[str, float]:
    weights = weights_of(address.get("weights"))
    st.caption(t("chances.weights_help", language))
    for name in DEFAULT_WEIGHTS:
        key = address.obeyed(f"weight-{name}", weights[name])
        st.slider(t(f"opportunity.part_{name}", language), 0.0, 10.0, step=0.5, key=key, on_change=_weighed)
    st.button(t("chances.reset", language), on_click=_reset)
    return weights


def _weighed() -> None:
    now = {name: float(st.session_state[f"weight-{name}"]) for name in DEFAULT_WEIGHTS}
    address.put(weights=",".join(f"{n}={w:g}" for n, w in now.items() if w != DEFAULT_WEIGHTS[n]), best="")


def _reset() -> None:
    address.put(weights="", best="")


def _list(projection: Projection, found: list[Opportunity], language: Language) -> Opportunity:
    """The ranked list; what is chosen in it is kept in the address by its three places, which outlive a new ranking."""
    st.caption(t("chances.found_one", language) if len(found) == 1 else t("chances.found", language, n=len(found)))
    plain = showing.summary_rows(projection, found, language)
    rows = [_row(row, each, language) for each, row in zip(found, plain, strict=True)]
    keys = ["~".join((each.type, *each.places)) for each in found]
    score = t("chances.score", language)

    def choose(row: int | None) -> None:
        address.put(best="" if row is None else keys[row])

    table_to_choose(rows, f"found-{address.get('place')}-{len(found)}", choose, most=_HEIGHT, config={score: share()})
    csv = to_csv(plain, showing.COLUMNS).encode("utf-8-sig")
    st.download_button(t("app.download_csv", language), csv, "opportunities.csv", "text/csv", on_click="ignore")
    asked = address.get("best")
    return found[keys.index(asked) if asked in keys else 0]


def _row(row: dict[str, Any], each: Opportunity, language: Language) -> dict[str, Any]:
    return {
        t("chances.rank", language): row["rank"],
        t("chances.trio", language): f"{row['a']} – {row['bridge']} – {row['c']}",
        t("chances.score", language): round(100 * row["score"]),
        t("chances.type", language): t(f"opportunity.type_{each.type}", language),
        t("chances.missing", language): ", ".join(row["missing"]),
        t("chances.tried", language): t("chances.yes", language) if row["tried"] else "",
        t("chances.programmes", language): row["programmes"],
    }
