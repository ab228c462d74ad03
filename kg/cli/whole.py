"""The commands about the graph as a whole: invariants, export, persons."""

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import FormatOption, opened
from kg.cli.terminal import say, show

_SHOWN = 20


def check(
    deep: Annotated[bool, typer.Option("--deep", help="Merge all claims again and compare the facts, too.")] = False,
    format_: FormatOption = "table",
) -> None:
    """Verify the invariants of the graph; fails with the offending ids when one is broken.

    Example: kg check
    """
    from kg.store import check as checking

    with opened(as_it_is=True) as graph:
        findings = checking.check(graph, deep=deep)
    rows = [
        {"invariant": f.invariant, "broken": len(f.offenders), "description": f.description, "ids": f.offenders[: checking.SHOWN]}
        for f in findings
    ]
    show(rows, ("invariant", "broken", "description", "ids"), format_)
    if any(finding.broken for finding in findings):
        raise typer.Exit(1)


def export(file: Path) -> None:
    """Write the graph to a file: .gexf, .graphml, .csv, .json or .ndjson.

    Example: kg export ties.csv
    """
    from kg.present.tables import export as exporting

    with opened() as graph:
        exporting.export(graph, file)
    say(f"written to {file}")


def forget(
    person: str,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    surname_too: Annotated[
        bool, typer.Option("--surname-too", help="Take the surname alone out of every text, be it of whom it may.")
    ] = False,
) -> None:
    """Remove a person, every claim about them and their name in every text for good; no later load brings them back.

    The local database, quarantine, logs and the backups made on this machine are written anew without the name.

    Example: kg forget "Erika Mustermann"
    """
    from kg.settings import settings
    from kg.store.forget.person import forget_person
    from kg.store.forget.redact import redactor_of
    from kg.store.forget.rewrite import rewrite_files, rewrite_store

    if not yes and not typer.confirm(f"Remove {person!r} and every claim about them for good?", err=True):
        raise typer.Exit(1)
    with opened() as graph:
        done = forget_person(graph, person, surname_too=surname_too)
        say(f"{done.removed} claims removed, {done.changed} texts without the name")
        if graph.endpoint.local:
            rewrite_store(graph, settings())
            say("the database's files were written anew")
        else:
            say(
                f"the files of the server at {graph.endpoint.uri}, its transaction logs and its own backups cannot be written"
                " anew from here: they may hold the name until whoever runs the server has the logs rotated and the store copied"
            )
        for problem in rewrite_files(redactor_of(graph), settings()):
            say(f"note: {problem}")
    _ask_about(done.asked, person)


def _ask_about(texts: list[str], person: str) -> None:
    for text in texts[:_SHOWN]:
        say(f"the surname alone stands in: {text:.200}")
    if texts:
        say(
            f"{len(texts)} texts have the surname alone and were left; if they are about {person!r}, run again with --surname-too"
        )
