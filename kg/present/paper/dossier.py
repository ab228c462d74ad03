"""A council paper about three places: what is in the graph, each statement with its sources, and blanks for what is not."""

import datetime as dt
from collections.abc import Callable, Sequence

from kg.network.funding.evaluate import Answer
from kg.present.paper import around, ties
from kg.present.paper.document import Block, Bullets, CitedText, Document, Heading, PaperTable, Paragraph, Section, web_address
from kg.present.paper.facts import Trio, trio_of
from kg.present.paper.notes import Notes
from kg.present.texts import Language, t
from kg.present.texts.words import said_date
from kg.present.views.funding import verdict_groups, when_label
from kg.store.driver import Graph

_WIDE = (3.5, 1.7, 4.9, 2.9, 1.9, 2.3)
_NARROW = (4.4, 7.4, 1.9, 3.4)
_NAMED_PROGRAMMES = 3
_TELLING = {"leg", "places", "countries", "ties"}
_COUNTED = {"places", "countries"}


def dossier(
    graph: Graph, places: Sequence[str], language: Language, at: dt.date | None = None, today: dt.date | None = None,
    known: dt.date | None = None,
) -> Document:  # fmt: skip
    """The paper about three places (ids), the first of them the one whose council is to decide.

    Raises:
        UsageError: unless it is three different places.
    """
    trio = trio_of(graph, places, at, today, known)
    notes = Notes(language)
    parts: tuple[tuple[str, Callable[[Trio, Notes], list[Block]]], ...] = (
        ("subject", ties.subject), ("facts", ties.facts), ("exists", ties.exists), ("missing", ties.missing),
        ("tried", ties.tried),
        ("support", around.support), ("funding", _funding), ("effort", around.effort), ("resolution", _resolution),
        ("finance", around.finance), ("annex", around.annex),
    )  # fmt: skip
    written = [(name, part(trio, notes)) for name, part in parts]
    sections = [_section(name, blocks, language) for name, blocks in written if blocks]
    sections.insert(len(sections) - bool(written[-1][1]), _section("sources", _sources(graph, notes), language))
    a, b, c = (card.named(language) for card in trio.cards)
    date = said_date(trio.today.isoformat(), language)
    return Document(
        t("dossier.kind", language), t("dossier.title", language, a=a, b=b, c=c), language, trio.today.isoformat(),
        _fields(language, date), tuple(sections), tuple(notes.texts), t("dossier.footer", language, date=date),
    )  # fmt: skip


def _section(name: str, blocks: Sequence[Block], language: Language) -> Section:
    return Section(t(f"dossier.h_{name}", language), tuple(blocks))


def _fields(language: Language, date: str) -> tuple[tuple[str, str], ...]:
    known = {"public": t("dossier.public", language), "as_of": date}
    names = ("number", "body", "date", "public", "office", "as_of")
    return tuple((t(f"dossier.field_{name}", language), known.get(name, "")) for name in names)


def _funding(trio: Trio, notes: Notes) -> list[Block]:
    """What fits and what is open in full, what does not fit with its first reason."""
    language, groups = notes.language, verdict_groups(trio.evidence.funding)
    counts = {
        "n": len(trio.evidence.funding),
        "passing": len(groups["pass"]),
        "open": len(groups["unknown"]),
        "failing": len(groups["fail"]),
    }
    intro = CitedText(t("dossier.funding_intro", language, **counts), notes.add(t("dossier.funding_note", language)))
    blocks: list[Block] = [Paragraph((intro,))]
    fitting = (*groups["pass"], *groups["unknown"])
    if rows := tuple(_full(answer, trio, notes) for answer in fitting if answer.when.obtainable):
        blocks.append(PaperTable(_header("programme verdict reason money as_of source", language), rows, _WIDE))
    blocks += _without_call([answer for answer in fitting if not answer.when.obtainable], notes)
    near = [answer for answer in groups["fail"] if not _far(answer)]
    far = [answer.programme.name.text(language) for answer in groups["fail"] if _far(answer)]
    if near:
        blocks.append(Heading(t("dossier.h_failing", language)))
        blocks.append(
            PaperTable(
                _header("programme reason as_of source", language), tuple(_short(answer, trio, notes) for answer in near), _NARROW
            )
        )
    if far:
        note = notes.add(t("dossier.funding_note", language))
        blocks.append(Paragraph((CitedText(t("dossier.funding_far", language, names="; ".join(far)), note),)))
    return blocks


def _without_call(answers: Sequence[Answer], notes: Notes) -> list[Block]:
    """Programmes whose rules fit or may fit, with no call to be expected: named, with the last that is known."""
    language = notes.language
    named = [f"{each.programme.name.text(language)} ({when_label(each.when, language)})" for each in answers]
    if not named:
        return []
    note = notes.add(t("dossier.funding_note", language))
    return [Paragraph((CitedText(t("dossier.funding_without_call", language, names="; ".join(named)), note),))]


def _far(answer: Answer) -> bool:
    """Whether a condition is met by none of the three, as with a fund for another country."""
    return not answer.legs and any(r.verdict == "fail" and r.key in _COUNTED and r.count == 0 for r in answer.reasons)


def _header(columns: str, language: Language) -> tuple[str, ...]:
    return tuple(t(f"dossier.c_{column}", language) for column in columns.split())


def _full(answer: Answer, trio: Trio, notes: Notes) -> tuple[CitedText, ...]:
    language = notes.language
    verdict = "; ".join((t(f"dossier.verdict_{answer.verdict}", language), when_label(answer.when, language)))
    telling = _TELLING if answer.verdict == "pass" else {reason.key for reason in answer.reasons if reason.verdict != "pass"}
    reasons = [_shorter(reason.text.text(language), trio) for reason in answer.reasons if reason.key in telling]
    if answer.when.unchecked:
        reasons.insert(0, t("funding.unchecked", language, date=said_date(answer.programme.calendar.checked, language)))
    named = ["–".join(trio.names[place].named(language) for place in leg) for leg in answer.legs]
    reasons += [t("dossier.legs", language, legs=", ".join(named))] if named else []
    if answer.to_be_met:
        reasons.append(
            t("dossier.to_be_met", language, what="; ".join(words.text(language).rstrip(".") for words in answer.to_be_met) + ".")
        )
    if answer.programme.changed:
        reasons.append(answer.programme.changed.text.text(language))
    money = answer.programme.money.text(language)
    return (*_named(answer, notes, verdict), *map(CitedText, (" ".join(reasons), money)), *_dated(answer, language))


def _shorter(reason: str, trio: Trio) -> str:
    """A reason without the list of names where it is all three."""
    return reason.replace(f" ({', '.join(sorted(card.name for card in trio.cards))})", "")


def _short(answer: Answer, trio: Trio, notes: Notes) -> tuple[CitedText, ...]:
    failing = [reason.text.text(notes.language) for reason in answer.reasons if reason.verdict == "fail" and reason.key != "leg"]
    return (*_named(answer, notes), CitedText(_shorter(" ".join(failing[:1]), trio)), *_dated(answer, notes.language))


def _named(answer: Answer, notes: Notes, *more: str) -> tuple[CitedText, ...]:
    date = said_date(answer.as_of, notes.language)
    note = notes.add(t("dossier.rule_note", notes.language, date=date), answer.source)
    return (CitedText(answer.programme.name.text(notes.language), note), *map(CitedText, more))


def _dated(answer: Answer, language: Language) -> tuple[CitedText, ...]:
    host = web_address(answer.source).split("/")[2].removeprefix("www.")
    stale = t("dossier.stale", language) if answer.stale else ""
    return (CitedText(said_date(answer.as_of, language) + stale), CitedText(host))


def _resolution(trio: Trio, notes: Notes) -> list[Block]:
    """A text to be edited; the only names in it are those of the places and of programmes that fit."""
    language = notes.language
    names = dict(zip("abc", (trio.projection.places[place].named(language) for place in _roles(trio)), strict=True))
    candidate = trio.opportunity.candidate
    kind = candidate.type if trio.known_type else "none"
    if kind == "close_triad" and candidate.b == trio.cards[0].id:
        kind = "bridge"
    names |= {
        name: trio.projection.places[place].named(language) for name, place in (("joiner", candidate.a), ("target", candidate.c))
    }
    obtainable = [a for a in verdict_groups(trio.evidence.funding)["pass"] if a.when.obtainable]
    fitting = [a.programme.name.text(language) for a in sorted(obtainable, key=lambda a: a.for_all)]
    texts = [t("dossier.resolve_note", language, **names), t(f"dossier.resolve_{kind}", language, **names)]
    texts += [t("dossier.resolve_funding", language, names="; ".join(fitting[:_NAMED_PROGRAMMES]))] if fitting else []
    texts.append(t("dossier.resolve_report", language))
    return [Bullets(tuple(map(CitedText, texts)), numbered=True, draft=True)]


def _roles(trio: Trio) -> tuple[str, str, str]:
    """The place whose council decides first; then the bridge, if there is one."""
    first = trio.cards[0].id
    rest = [place for place in (trio.opportunity.candidate.b, *trio.opportunity.places) if place != first]
    second, third = dict.fromkeys(rest)
    return first, second, third


def _sources(graph: Graph, notes: Notes) -> list[Block]:
    language = notes.language
    return [Bullets((*notes.sources(graph), CitedText(t("dossier.rules_source", language))), draft=True)]
