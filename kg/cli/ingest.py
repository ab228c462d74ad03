"""The command that loads sources."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import FormatOption, NewOption, opened, pairs
from kg.cli.terminal import ask_about_new, print_report, progress_of, say, show
from kg.errors import UsageError


def ingest(
    source: Annotated[str, typer.Argument(help="Name of the source; --list shows them.")] = "",
    files: Annotated[list[Path] | None, typer.Argument(help="Files, where the source reads files.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the sources.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Read, resolve and report; load nothing.")] = False,
    strict: Annotated[bool, typer.Option(help="Load nothing at all if any row is rejected.")] = False,
    allow_shrink: Annotated[bool, typer.Option(help="Let more than a fifth of the source's claims go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Take a proposed mapping without asking.")] = False,
    option: Annotated[list[str] | None, typer.Option("--option", help="NAME=VALUE for the source; may be repeated.")] = None,
    new: Annotated[
        NewOption,
        typer.Option(help="New places that may be known ones: ask at a terminal, accept them, or reject their rows."),
    ] = "ask",
    published: Annotated[str, typer.Option("--published", help="Its date: 2024, 2024-05 or 2024-05-12.")] = "",
    title: Annotated[str, typer.Option("--title", help="Title of the document or source.")] = "",
    publisher: Annotated[str, typer.Option("--publisher", help="Who publishes it.")] = "",
    url: Annotated[str, typer.Option("--url", help="Its address.")] = "",
    review: Annotated[Path | None, typer.Option("--review", help="Documents: write the candidates into this YAML file.")] = None,
    accept_above: Annotated[
        float | None, typer.Option("--accept-above", help="Documents: load candidates of this confidence that leave no question.")
    ] = None,
    format_: FormatOption = "table",
) -> None:
    """Load a source: every row is loaded, ignored or rejected with a reason.

    `kg ingest document FILE…` reads documents and shows what they seem to say; `--review DECISIONS.yaml` writes it down to be
    decided, and `kg ingest reviewed DECISIONS.yaml` loads what was accepted.

    Example: kg ingest bundled
    """
    from ingest.run import descriptor, protocol, runner
    from kg.cli import documents
    from kg.settings import settings

    if list_ or not source:
        rows = [descriptor.descriptor(name).model_dump() for name in descriptor.names()]
        show(rows, ("name", "title", "publisher", "licence", "url", "freshness"), format_)
        return
    said = {"published": published, "title": title, "publisher": publisher, "url": url, "yes": "true" if yes else ""}
    given = {**pairs(option or []), **{name: value for name, value in said.items() if value}}
    asked = None if yes or not sys.stdin.isatty() else ask_about_new
    options = runner.Options(dry_run, strict, allow_shrink, new, asked)
    if source == "document":
        documents.read_documents(files or [], given, documents.Wanted(review, accept_above, format_), options)
        return
    if review is not None or accept_above is not None:
        raise UsageError(f"--review and --accept-above are for documents: kg ingest document FILE…, not {source}")
    if source == "reviewed" and files and "document" not in given:
        for path in files:
            documents.load_all(path, options, format_)
        return
    request = protocol.Request(descriptor.descriptor(source), settings(), tuple(files or ()), given, tell=say)
    with progress_of(source) as progress:
        if dry_run:
            report = runner.ingest(None, source, request, options, progress)
        else:
            with opened() as graph:
                report = runner.ingest(graph, source, request, options, progress)
    print_report(report, format_, every=dry_run)
