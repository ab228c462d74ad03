"""The commands about the graph as a whole: invariants, export, persons."""

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import FormatOption, opened
from kg.cli.terminal import say, show


def check(
    deep: Annotated[bool, typer.Option("--deep", help="Merge all claims again and compare the facts, too.")] = False,
    format_: FormatOption = "table",
) -> None:
    """Verify the invariants of the graph; fails with the offending ids when one is broken.

    Example: kg check
    """
    from kg.store import check as checking

    with opened() as graph:
        findings = checking.check(graph, deep=deep)
    rows = [
        {"invariant": f.invariant, "broken": len(f.offenders), "description": f.description, "ids": f.offenders[: checking.SHOWN]}
        for f in findings
    ]
    show(rows, ("invariant", "broken", "description", "ids"), format_)
    if any(finding.broken for finding in findings):
        raise typer.Exit(1)


def export(file: Path) -> None:
    """Write the graph to a file: .gexf, .graphml, .csv or .ndjson.

    Example: kg export ties.csv
    """
    from kg.present.tables import export as exporting

    with opened() as graph:
        exporting.export(graph, file)
    say(f"written to {file}")


def forget(person: str, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Remove a person and every claim about them for good; no later load brings them back.

    Example: kg forget "Erika Mustermann"
    """
    from kg.store.forget import forget_person

    if not yes and not typer.confirm(f"Remove {person!r} and every claim about them for good?", err=True):
        raise typer.Exit(1)
    with opened() as graph:
        say(f"{forget_person(graph, person)} claims removed")
