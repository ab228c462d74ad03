"""The commands about three places: opportunities, funding, the council paper."""

import datetime as dt
from dataclasses import asdict, fields
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import (
    AsOfOption,
    FormatOption,
    KnownOption,
    LangOption,
    LimitOption,
    a_number,
    cities,
    date_of,
    one_of,
    prefixed,
    words_of,
)
from kg.cli.terminal import say, show
from kg.network.weights import DEFAULT_WEIGHTS, weights_of
from kg.present.tables.formats import Format
from kg.vocabulary import KINDS, STATUSES, Language


def opportunities(
    names: Annotated[list[str] | None, typer.Argument(help="No place: the whole graph. One or two: they take part.")] = None,
    type_: Annotated[
        list[str] | None,
        typer.Option("--type", help="close_triad, joint_engagement, ring_without_project, revive."),
    ] = None,
    role: Annotated[str, typer.Option(help="Where the one place stands: end or bridge.")] = "",
    country: Annotated[list[str] | None, typer.Option(help="Countries of the other places (ISO 3166-1 alpha-2).")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Kinds of the ties that exist.")] = None,
    status_: Annotated[list[str] | None, typer.Option("--status", help="At least one tie has one of these statuses.")] = None,
    max_km: Annotated[float, typer.Option(min=0, callback=a_number, help="Longest way between two of the three.")] = 0,
    min_population: Annotated[int, typer.Option(min=0, help="Inhabitants of the other places, at least.")] = 0,
    max_population: Annotated[int, typer.Option(min=0, help="Inhabitants of the other places, at most.")] = 0,
    topic: Annotated[str, typer.Option(help="Topic on which one of the others works, such as climate.")] = "",
    network: Annotated[str, typer.Option(help="Network to which one of the others belongs.")] = "",
    programme: Annotated[str, typer.Option(help="Funding programme that passes.")] = "",
    weights: Annotated[str, typer.Option(help="part=weight,… from 0 to 10: " + ", ".join(DEFAULT_WEIGHTS))] = "",
    as_of: AsOfOption = "",
    known: KnownOption = "",
    limit: LimitOption = 20,
    lang: LangOption = "en",
    format_: FormatOption = "table",
) -> None:
    """Find constellations of three places: what exists, what is missing, what was tried, what could pay for it.

    Example: kg opportunities Ludwigsburg --type close_triad --weights distance=2 --format json
    """
    from kg.network.opportunities import Search, types_of
    from kg.present.tables.tabular import to_json
    from kg.present.views import opportunities as presenting

    search = Search(
        (), types_of(type_), one_of("--role", role, ("", "end", "bridge")), frozenset(country or ()),
        words_of("--kind", kind, KINDS), words_of("--status", status_, STATUSES), max_km, min_population, max_population,
        prefixed("topic", topic), prefixed("net", network), programme, weights_of(weights), limit,
    )  # fmt: skip
    days = {"as_of": date_of(as_of), "known": date_of(known, "--known")}
    with cities() as graph:
        found = graph.opportunities(*names or (), limit=limit, search=search, **days)
        if format_ == "json":
            ranked = enumerate(found, 1)
            print(to_json([presenting.as_document(x.projection, x.opportunity, x.evidence, n, lang) for n, x in ranked]))
        else:
            projection = graph.projection(**days)
            show(presenting.summary_rows(projection, [x.opportunity for x in found], lang), presenting.COLUMNS, format_)


def funding(
    names: Annotated[list[str], typer.Argument(help="Two places or more, by any of their names.")],
    as_of: AsOfOption = "",
    known: KnownOption = "",
    lang: LangOption = "en",
    format_: FormatOption = "table",
) -> None:
    """Every funding programme for these places: pass, fail or unknown, and why; and whether a call is open or expected.

    kg funding refresh asks the EU's portal for the present calls of its programmes, keeps them and tells what changed.

    Example: kg funding Ludwigsburg Bergamo Mülhausen
    """
    if names == ["refresh"]:
        _refresh(format_)
        return
    from kg.present.views import funding as presenting

    with cities() as graph:
        answers = graph.funding(*names, as_of=date_of(as_of), known=date_of(known, "--known"))
        rows = [presenting.answer_row(a, lang) for group in presenting.verdict_groups(answers).values() for a in group]
        show(rows, (*presenting.COLUMNS, *(presenting.MORE_COLUMNS if format_ == "json" else ())), format_)


def _refresh(format_: Format) -> None:
    """Ask the EU's portal for the present calls, keep them, and show what they change."""
    from kg.network.funding import kept, portal
    from kg.network.funding.catalogue import own_folder, programmes
    from kg.settings import settings

    rules, day, address = programmes(), dt.date.today(), settings().funding_portal
    wanted = portal.identifiers(filter(None, (rule.calendar.portal for rule in rules)), day)
    reply = portal.ask(address, wanted)
    for problem in reply.problems:
        say(f"left out: {problem}")
    changed = kept.changes(rules, reply)
    if reply.topics:
        kept.keep(own_folder(), address, day, reply)
    say(f"{len(reply.topics)} of the {len(wanted)} calls asked for are known there; {len(changed)} are new or have other days")
    show([asdict(each) for each in changed], [field.name for field in fields(kept.Change)], format_)


def dossier(
    names: Annotated[list[str], typer.Argument(help="Three places; the council of the first is to decide.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write: .docx or .md.")],
    as_of: AsOfOption = "",
    known: KnownOption = "",
    lang: Annotated[Language | None, typer.Option("--lang", help="Its language; KG_LANGUAGE or German if not given.")] = None,
) -> None:
    """Write a council paper about three places, each statement with a footnote to its source.

    Example: kg dossier Ludwigsburg Bergamo Mulhouse -o vorlage.docx
    """
    from kg.present.paper import file as dossier_file
    from kg.settings import settings

    dossier_file.writer_of(output)
    days = {"as_of": date_of(as_of), "known": date_of(known, "--known")}
    with cities() as graph:
        document = graph.dossier(*names, language=lang or settings().language or "de", **days)
    dossier_file.write(document, output)
    say(f"written to {output}")
