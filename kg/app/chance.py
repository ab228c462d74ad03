"""One opportunity in full: what exists, what is missing, what was tried, who and what could carry it, and why it ranks."""

import streamlit as st

from kg.app.claims import show_points
from kg.app.selection import draw
from kg.app.table import share, table
from kg.model.identity import slug
from kg.network.evidence import Carrier, Evidence, evidence
from kg.network.funding.evaluate import Answer
from kg.network.opportunities import Opportunity
from kg.network.projection import Projection
from kg.present.paper.document import web_address
from kg.present.paper.dossier import dossier
from kg.present.paper.file import WRITERS
from kg.present.texts import Language, kind_name, status_name, t
from kg.present.texts.markdown import escape, link
from kg.present.texts.words import said_date, standing_words, word
from kg.present.views import funding
from kg.present.views import opportunities as showing
from kg.present.views.details import partnership_details
from kg.present.views.explore import Selection, picture
from kg.store.driver import Graph
from kg.store.reading import PartnershipCard

_HEIGHT = 340


def show_chance(graph: Graph, projection: Projection, chance: Opportunity, language: Language) -> None:
    """Everything about one opportunity."""
    known = evidence(graph, projection, chance)
    with st.container(border=True, key="chance"):
        st.subheader(escape(" – ".join(showing.names(projection, chance.places, language))), anchor=False)
        left, right = st.columns([11, 10], gap="medium")
        with left:
            _what(projection, chance, known, language)
        with right:
            places = {place: projection.places[place] for place in chance.places}
            trio = Selection("", (), projection.at, places, chance.ties, {})
            draw(picture(trio, language).payload(), "trio-" + "-".join(chance.places), on_map=False, height=_HEIGHT)
        _ties(graph, projection, known, language)
        _why(chance, language)
        _around(projection, known, language)
        _paper(graph, projection, chance, language)
        _funding(known, language)


def _paper(graph: Graph, projection: Projection, chance: Opportunity, language: Language) -> None:
    """The council paper: written only when asked for, since it reads more than the page shows."""
    st.markdown(f"**{t('chances.paper', language)}**")
    st.caption(t("chances.paper_help", language))
    first = st.selectbox(
        t("chances.paper_for", language),
        chance.places,
        format_func=dict(zip(chance.places, showing.names(projection, chance.places, language), strict=True)).__getitem__,
        key="paper-of-" + "-".join(chance.places),
    )
    places = [first, *(place for place in chance.places if place != first)]
    name = "-".join(slug(each) for each in showing.names(projection, places, language))
    with st.container(horizontal=True):
        for ending, write in WRITERS.items():
            st.download_button(
                t(f"chances.paper_{ending[1:]}", language),
                lambda write=write: write(dossier(graph, places, language, projection.at, known=projection.known)),
                f"{name}{ending}",
                key=f"paper-{ending}",
                on_click="ignore",
                icon=":material/description:",
            )


def _what(projection: Projection, chance: Opportunity, known: Evidence, language: Language) -> None:
    st.badge(t(f"opportunity.type_{chance.type}", language), color="blue")
    st.markdown(escape(showing.what(projection, chance, language)))
    lacking = showing.missing(projection, chance, language)
    if lacking:
        _listed("missing", lacking, language)
    if not known.tried:
        _listed("before", [t("chances.before_none", language)], language)
    _listed("checks", [t(f"opportunity.check_{key}", language) for key in known.checks], language)


def _listed(name: str, lines: list[str], language: Language) -> None:
    if lines:
        st.markdown(f"**{t(f'chances.{name}', language)}**\n" + "\n".join(f"- {escape(line)}" for line in lines))


def _line(projection: Projection, card: PartnershipCard, language: Language) -> str:
    members = " – ".join(showing.names(projection, card.members, language))
    parts = (card.name, kind_name(card.kind, language), standing_words(card, language))
    return f"{members}: " + " · ".join(part for part in parts if part)


def _why(chance: Opportunity, language: Language) -> None:
    st.markdown(f"**{t('chances.why', language)}** · {round(100 * chance.score)} %")
    value = t("chances.share_of", language)
    rows = [
        {
            t("chances.part", language): row["name"],
            value: round(100 * row["value"]),
            t("chances.weight", language): row["weight"],
            t("chances.sentence", language): row["sentence"],
        }
        for row in showing.part_rows(chance, language)
    ]
    wide = st.column_config.TextColumn(width="large")
    weight = st.column_config.NumberColumn(format="localized", width="small")
    table(rows, config={value: share(), t("chances.weight", language): weight, t("chances.sentence", language): wide})


def _ties(graph: Graph, projection: Projection, known: Evidence, language: Language) -> None:
    """What exists and what was tried, each opening to its claims."""
    for name, cards in (("before", known.tried), ("exists", [card for card in known.existing if card not in known.tried])):
        if cards:
            st.markdown(f"**{t(f'chances.{name}', language)}**")
        for card in cards:
            with st.expander(escape(_line(projection, card, language))):
                details = partnership_details(graph, card.id, language, projection.at, projection.known)
                if details:
                    show_points(details.points, language)


def _around(projection: Projection, known: Evidence, language: Language) -> None:
    _listed(
        "meetings",
        [_dated(f"{word('event', m.kind, language)}: {m.named(language)}", m.date, language) for m in known.meetings],
        language,
    )
    support = [
        f"{' – '.join(s.named(language))}: {kind_name(s.kind, language)}, {status_name(s.status, language)}"
        for s in known.support
    ]
    _listed("support", support, language)
    _listed("carriers", [_carrier(projection, c, language) for c in known.carriers], language)
    topics = [de if language == "de" else en for de, en in known.topics.values()]
    _listed("topics", [", ".join(topics)] if topics else [], language)


def _carrier(projection: Projection, carrier: Carrier, language: Language) -> str:
    places = ", ".join(showing.names(projection, carrier.places, language))
    return f"{carrier.name} ({t(f'chances.how_{carrier.how}', language, places=places)})"


def _dated(text: str, date: str, language: Language) -> str:
    return f"{text} ({said_date(date, language)})" if date else text


def _funding(known: Evidence, language: Language) -> None:
    st.markdown(f"**{t('chances.funding', language)}**")
    for verdict, answers in funding.verdict_groups(known.funding).items():
        if answers:
            with st.expander(t(f"chances.verdict_{verdict}", language, n=len(answers)), expanded=verdict == "pass"):
                for answer in answers:
                    _programme(answer, language)


def _programme(answer: Answer, language: Language) -> None:
    """One programme: when, name and money at a glance; why, what it asks for and where that was read, when opened."""
    row = funding.answer_row(answer, language)
    to_be_met = (t("chances.to_be_met", language, what=each) for each in row["to_be_met"])
    parts = [row["when_text"], *row["reasons"], *to_be_met, *row["remarks"]]
    read = {each["url"]: t("funding.seen", language, date=said_date(each["on"], language)) for each in row["seen"]}
    links = [link(f"{t('chances.rule_source', language)}, {said_date(answer.as_of, language)}", answer.source)]
    links += [link(f"{said}: {web_address(url).split('/')[2]}", url) for url, said in read.items()]
    head = " · ".join((f"**{escape(row['name'])}**", escape(funding.when_label(answer.when, language)), escape(row["money"])))
    with st.expander(head, type="compact"):
        st.markdown("\n".join(f"- {line}" for line in [*map(escape, filter(None, parts)), *links]))
