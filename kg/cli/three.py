"""The commands about three places: opportunities, funding, the council paper."""

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
    date_of,
    one_of,
    opened,
    prefixed,
    words_of,
)
from kg.cli.terminal import say, show
from kg.network.weights import DEFAULT_WEIGHTS, weights_of
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
    from kg.network.evidence import evidence
    from kg.network.opportunities import Search, find_opportunities, types_of
    from kg.network.projection import project
    from kg.present.tables.tabular import to_json
    from kg.present.views import opportunities as presenting
    from kg.store.places import find_place

    with opened() as graph:
        projection = project(graph, date_of(as_of), date_of(known, "--known"))
        places = tuple(find_place(graph, name).id for name in names or ())
        search = Search(
            places, types_of(type_), one_of("--role", role, ("", "end", "bridge")), frozenset(country or ()),
            words_of("--kind", kind, KINDS), words_of("--status", status_, STATUSES), max_km, min_population, max_population,
            prefixed("topic", topic), prefixed("net", network), programme, weights_of(weights), limit,
        )  # fmt: skip
        found = find_opportunities(projection, search)
        if format_ == "json":
            documents = (
                presenting.as_document(projection, each, evidence(graph, projection, each), rank, lang)
                for rank, each in enumerate(found, 1)
            )
            print(to_json(list(documents)))
        else:
            show(presenting.summary_rows(projection, found, lang), presenting.COLUMNS, format_)


def funding(
    names: Annotated[list[str], typer.Argument(help="Two places or more, by any of their names.")],
    as_of: AsOfOption = "",
    known: KnownOption = "",
    lang: LangOption = "en",
    format_: FormatOption = "table",
) -> None:
    """Every funding programme for these places: pass, fail or unknown, and why.

    Example: kg funding Ludwigsburg Bergamo Mülhausen
    """
    from kg.network.evidence import fundable
    from kg.present.views import opportunities as presenting
    from kg.store.places import find_place

    with opened() as graph:
        places = [find_place(graph, name).id for name in names]
        answers = fundable(graph, places, at=date_of(as_of), known=date_of(known, "--known"))
        rows = [presenting.answer_row(a, lang) for group in presenting.verdict_groups(answers).values() for a in group]
        more = ("to_be_met", "legs", "call_closed") if format_ == "json" else ()
        show(rows, (*presenting.FUNDING_COLUMNS, *more), format_)


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
    from kg.present.paper.dossier import dossier as write_dossier
    from kg.settings import settings
    from kg.store.places import find_place

    dossier_file.writer_of(output)
    with opened() as graph:
        places = [find_place(graph, name).id for name in names]
        document = write_dossier(
            graph, places, lang or settings().language or "de", date_of(as_of), known=date_of(known, "--known")
        )
    dossier_file.write(document, output)
    say(f"written to {output}")
