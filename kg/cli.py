"""The commands: they read arguments, call one function and print; results to stdout, everything else to stderr."""

import datetime as dt
import json
import os
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from ingest import descriptor, protocol, runner
from kg.app import launch
from kg.cli_db import FormatOption, db
from kg.cli_measures import measures
from kg.errors import KgError, UsageError
from kg.model.dates import parse_date
from kg.network.evidence import evidence, fundable
from kg.network.opportunities import Search, find_opportunities, types_of
from kg.network.projection import project
from kg.network.score import DEFAULT_WEIGHTS, weights_of
from kg.present import dossier_file, paths
from kg.present import export as exporting
from kg.present import opportunities as presenting
from kg.present import place as placing
from kg.present.connection import connect
from kg.present.dossier import dossier as write_dossier
from kg.present.texts import Language
from kg.settings import settings
from kg.store import check as checking
from kg.store import console
from kg.store.driver import Graph, LibraryText, open_graph
from kg.store.forget import forget_person
from kg.store.places import find_place
from kg.store.queries import arguments_of, library, library_query
from kg.store.reading import places_by_id
from kg.terminal import print_report, progress_of, say, show
from kg.vocabulary import KINDS, STATUSES

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
query = typer.Typer(no_args_is_help=True, help="The library of Cypher queries in queries/.")
app.command()(measures)
app.add_typer(db, name="db")
app.add_typer(query, name="query")

AsOfOption = Annotated[str, typer.Option("--as-of", help="A date (2021-04-01): the graph as it was known to be then.")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=console.MAX_ROWS, help="Rows at the most.")]


@app.callback()
def about() -> None:
    """City relationships as a graph: who is partner of whom, by which source, and which three should meet."""


# --- start ------------------------------------------------------------------------------------------------------------


@app.command()
def demo() -> None:
    """Start everything: local Neo4j, bundled facts if the graph is empty, the app.

    Example: kg demo
    """
    launch.demo(settings(), say)


@app.command("app")
def run_app() -> None:
    """Open the app on the graph as it is.

    Example: KG_NO_BROWSER=1 kg app
    """
    launch.serve(settings(), say)


# --- ingest -----------------------------------------------------------------------------------------------------------


@app.command()
def ingest(
    source: Annotated[str, typer.Argument(help="Name of the source; --list shows them.")] = "",
    files: Annotated[list[Path] | None, typer.Argument(help="Files, where the source reads files.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the sources.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Read, resolve and report; load nothing.")] = False,
    strict: Annotated[bool, typer.Option(help="Load nothing at all if any row is rejected.")] = False,
    allow_shrink: Annotated[bool, typer.Option(help="Let more than a fifth of the source's claims go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Take a proposed mapping without asking.")] = False,
    option: Annotated[list[str] | None, typer.Option("--option", help="NAME=VALUE for the source; may be repeated.")] = None,
    format_: FormatOption = "table",
) -> None:
    """Load a source: every row is loaded, ignored or rejected with a reason.

    Example: kg ingest bundled
    """
    if list_ or not source:
        rows = [descriptor.descriptor(name).model_dump() for name in descriptor.names()]
        show(rows, ("name", "title", "publisher", "licence", "url", "freshness"), format_)
        return
    given = {**_pairs(option or []), **({"yes": "true"} if yes else {})}
    request = protocol.Request(descriptor.descriptor(source), settings(), tuple(files or ()), given, tell=say)
    options = runner.Options(dry_run, strict, allow_shrink)
    with progress_of(source) as progress:
        if dry_run:
            report = runner.ingest(None, source, request, options, progress)
        else:
            with opened() as graph:
                report = runner.ingest(graph, source, request, options, progress)
    print_report(report, format_)


# --- queries ----------------------------------------------------------------------------------------------------------


@query.command("list")
def list_queries(format_: FormatOption = "table") -> None:
    """List the queries.

    Example: kg query list --format json
    """
    rows = [{"name": q.name, "title": q.title, "params": [p.name for p in q.params]} for q in library().values()]
    show(rows, ("name", "title", "params"), format_)


@query.command("show")
def show_query(name: str) -> None:
    """Print a query with its documentation, as it runs in Neo4j Browser too.

    Example: kg query show open-triads
    """
    print(library_query(name).text, end="")


@query.command("run")
def run_query(
    name: str,
    set_: Annotated[list[str] | None, typer.Option("--set", help="PARAMETER=VALUE; may be repeated.")] = None,
    format_: FormatOption = "table",
) -> None:
    """Run a query of the library.

    Example: kg query run partners-of-place --set place=Ludwigsburg --format csv
    """
    found = library_query(name)
    with opened() as graph:
        params = arguments_of(graph, found, _pairs(set_ or []))
        show(graph.read(LibraryText(found.text), params), found.columns, format_)


@app.command()
def cypher(text: str, format_: FormatOption = "table", limit: LimitOption = 100) -> None:
    """Run a reading Cypher query of your own, guarded and limited.

    Example: kg cypher "MATCH (p:City) RETURN p.name, p.country LIMIT 5"
    """
    with opened() as graph:
        result = console.run_guarded(graph, text, settings(), max_rows=limit)
        show(result.rows, result.columns, format_)
        if result.truncated:
            say(f"only the first {limit} rows are shown; --limit takes up to {console.MAX_ROWS}")


@app.command()
def place(name: str, as_of: AsOfOption = "", format_: FormatOption = "table") -> None:
    """Show one place with its ties and what is claimed of them.

    Example: kg place Mömpelgard --as-of 2020-01-01
    """
    with opened() as graph:
        view = placing.view_place(graph, find_place(graph, name).id, date_of(as_of))
        if format_ == "json":
            print(json.dumps(placing.as_document(view), ensure_ascii=False, indent=2))
        elif format_ == "csv":
            show(placing.tie_rows(view), placing.TIE_COLUMNS, format_)
        else:
            card = view.card
            print(f"{card.name} ({card.kind}, {card.country}) {card.id}, {card.population or '?'} inhabitants\n")
            show(placing.tie_rows(view), placing.TIE_COLUMNS[:-1], format_)
            for tie in view.partnerships:
                print(f"\n{tie.id}")
                show(placing.claim_rows(view.claims.get(tie.id, ())), placing.CLAIM_COLUMNS[:9], format_)


# --- three places -------------------------------------------------------------------------------------------------------

LangOption = Annotated[Language, typer.Option("--lang", help="Language of names and sentences.")]


@app.command()
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
    max_km: Annotated[float, typer.Option(min=0, help="Longest way between two of the three.")] = 0,
    min_population: Annotated[int, typer.Option(min=0, help="Inhabitants of the other places, at least.")] = 0,
    max_population: Annotated[int, typer.Option(min=0, help="Inhabitants of the other places, at most.")] = 0,
    topic: Annotated[str, typer.Option(help="Topic on which one of the others works, such as climate.")] = "",
    network: Annotated[str, typer.Option(help="Network to which one of the others belongs.")] = "",
    programme: Annotated[str, typer.Option(help="Funding programme that passes.")] = "",
    weights: Annotated[str, typer.Option(help="part=weight,… from 0 to 10: " + ", ".join(DEFAULT_WEIGHTS))] = "",
    as_of: AsOfOption = "",
    limit: LimitOption = 20,
    lang: LangOption = "en",
    format_: FormatOption = "table",
) -> None:
    """Find constellations of three places: what exists, what is missing, what was tried, what could pay for it.

    Example: kg opportunities Ludwigsburg --type close_triad --weights distance=2 --format json
    """
    with opened() as graph:
        projection = project(graph, date_of(as_of))
        places = tuple(find_place(graph, name).id for name in names or ())
        search = Search(
            places, types_of(type_), one_of("--role", role, ("", "end", "bridge")), frozenset(country or ()),
            words_of("--kind", kind, KINDS), words_of("--status", status_, STATUSES), max_km, min_population, max_population,
            prefixed("topic", topic), prefixed("net", network), programme, weights_of(weights), limit,
        )  # fmt: skip
        found = find_opportunities(projection, search)
        if format_ == "json":
            told = (
                presenting.as_document(projection, each, evidence(graph, projection, each), rank, lang)
                for rank, each in enumerate(found, 1)
            )
            print(json.dumps(list(told), ensure_ascii=False, indent=2))
        else:
            show(presenting.summary_rows(projection, found, lang), presenting.COLUMNS, format_)


@app.command()
def funding(
    names: Annotated[list[str], typer.Argument(help="Two places or more, by any of their names.")],
    lang: LangOption = "en",
    format_: FormatOption = "table",
) -> None:
    """Every funding programme for these places: pass, fail or unknown, and why.

    Example: kg funding Ludwigsburg Bergamo Mülhausen
    """
    with opened() as graph:
        places = [find_place(graph, name).id for name in names]
        answers = fundable(graph, places)
        rows = [presenting.answer_row(a, lang) for group in presenting.verdict_groups(answers).values() for a in group]
        more = ("to_be_met", "legs", "call_closed") if format_ == "json" else ()
        show(rows, (*presenting.FUNDING_COLUMNS, *more), format_)


@app.command()
def path(a: str, b: str, as_of: AsOfOption = "", lang: LangOption = "en", format_: FormatOption = "table") -> None:
    """How two places are connected: the shortest ways, living ties before dormant ones.

    Example: kg path Ludwigsburg Bergamo --lang de
    """
    with opened() as graph:
        ends = [find_place(graph, name).id for name in (a, b)]
        if ends[0] == ends[1]:
            raise UsageError(f"{a} and {b} are the same place; name two")
        cards = places_by_id(graph, ends)
        told = connect(graph, cards[ends[0]], cards[ends[1]], lang, date_of(as_of))
    if format_ == "json":
        print(json.dumps(paths.path_document(told, lang), ensure_ascii=False, indent=2))
        return
    show(paths.path_rows(told, lang), paths.PATH_COLUMNS, format_)
    for sentence in told.gap:
        say(sentence)


@app.command()
def dossier(
    names: Annotated[list[str], typer.Argument(help="Three places; the council of the first is to decide.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write: .docx or .md.")],
    as_of: AsOfOption = "",
    lang: Annotated[Language | None, typer.Option("--lang", help="Its language; KG_LANGUAGE or German if not given.")] = None,
) -> None:
    """Write a council paper about three places, each statement with a footnote to its source.

    Example: kg dossier Ludwigsburg Bergamo Mulhouse -o vorlage.docx
    """
    dossier_file.writer_of(output)
    with opened() as graph:
        places = [find_place(graph, name).id for name in names]
        document = write_dossier(graph, places, lang or settings().language or "de", date_of(as_of))
    dossier_file.write(document, output)
    say(f"written to {output}")


# --- the graph as a whole -----------------------------------------------------------------------------------------------


@app.command()
def check(
    deep: Annotated[bool, typer.Option("--deep", help="Merge all claims again and compare the facts, too.")] = False,
    format_: FormatOption = "table",
) -> None:
    """Verify the invariants of the graph; fails with the offending ids when one is broken.

    Example: kg check
    """
    with opened() as graph:
        findings = checking.check(graph, deep=deep)
    rows = [
        {"invariant": f.invariant, "broken": len(f.offenders), "description": f.description, "ids": f.offenders[: checking.SHOWN]}
        for f in findings
    ]
    show(rows, ("invariant", "broken", "description", "ids"), format_)
    if any(finding.broken for finding in findings):
        raise typer.Exit(1)


@app.command()
def export(file: Path) -> None:
    """Write the graph to a file: .gexf, .graphml, .csv or .ndjson.

    Example: kg export ties.csv
    """
    with opened() as graph:
        exporting.export(graph, file)
    say(f"written to {file}")


@app.command()
def forget(person: str, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Remove a person and every claim about them for good; no later load brings them back.

    Example: kg forget "Erika Mustermann"
    """
    if not yes and not typer.confirm(f"Remove {person!r} and every claim about them for good?", err=True):
        raise typer.Exit(1)
    with opened() as graph:
        say(f"{forget_person(graph, person)} claims removed")


# --- shared -------------------------------------------------------------------------------------------------------------


@contextmanager
def opened() -> Generator[Graph]:
    """The graph of the settings."""
    with open_graph(settings()) as graph:
        yield graph


def date_of(text: str) -> dt.date | None:
    """The day an option means; the first day of a month or year."""
    try:
        return parse_date(text).first_day if text else None
    except ValueError as error:
        raise UsageError(f"--as-of: {error}") from error


def one_of(option: str, value: str, allowed: Iterable[str]) -> str:
    """The value if it is allowed, else a sentence with what is."""
    if value not in allowed:
        raise UsageError(f"{option} {value!r} is none of {', '.join(filter(None, allowed))}")
    return value


def words_of(option: str, values: list[str] | None, allowed: Iterable[str]) -> frozenset[str]:
    """Several values, each of them allowed."""
    return frozenset(one_of(option, value, tuple(allowed)) for value in values or ())


def prefixed(prefix: str, name: str) -> str:
    """``climate`` and ``topic:climate`` are the same topic."""
    return name if not name or name.startswith(f"{prefix}:") else f"{prefix}:{name}"


def _pairs(texts: list[str]) -> dict[str, str]:
    for text in texts:
        if "=" not in text:
            raise UsageError(f"{text!r} is no NAME=VALUE")
    return {name: value for name, _, value in (text.partition("=") for text in texts)}


def main() -> None:
    """The command ``kg``: exit code 0 done, 1 failed, 2 wrong use; never a stack trace for what can be explained."""
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except KgError as error:
        say(f"kg: {error}")
        sys.exit(error.exit_code)
    except typer.TyperException as error:
        text = error.format_message()
        say(text if text.startswith("Usage:") else f"kg: {text} (--help tells how it is called)")
        sys.exit(2)
    except (typer.Abort, KeyboardInterrupt):
        say("kg: interrupted")
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read the output has seen enough (kg … | head).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
