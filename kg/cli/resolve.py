"""The command that says which place a name means; it needs no database."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.options import FormatOption, NewOption, one_of
from kg.cli.terminal import say, show, show_stream
from kg.errors import UsageError

if TYPE_CHECKING:
    from ingest.places.mention import Mention
    from ingest.places.resolver import Resolver


def resolve(
    names: Annotated[list[str] | None, typer.Argument(help="Names as a source writes them.")] = None,
    country: Annotated[str, typer.Option(help="Their country: a name in any language of Europe, or a code.")] = "",
    kind: Annotated[str, typer.Option(help="What they are: city, county, province, borough …")] = "",
    file: Annotated[Path | None, typer.Option(help="A table with the columns name, country, state, kind, lat, lon.")] = None,
    new: Annotated[NewOption, typer.Option(help="accept: an id also for a new place that may be a known one.")] = "reject",
    serve: Annotated[bool, typer.Option(help="Answer OpenRefine (reconciliation service API 0.2) on this machine.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where --serve listens; 0 takes a free one.")] = 8093,
    format_: FormatOption = "table",
) -> None:
    """Say which place a name means, by which rule, or what it may mean: one row for each name, id empty for a question.

    Example: kg resolve "Frankfurt/M." Mulhouse --country DE --format json
    """
    from ingest.places.answers import COLUMNS, answer
    from ingest.places.resolver import Resolver
    from kg.settings import settings
    from kg.vocabulary import PLACE_KINDS

    given = bool(names) + (file is not None) + serve
    if given != 1:
        raise UsageError("say either names, or --file TABLE, or --serve")
    if kind:
        one_of("--kind", kind, PLACE_KINDS)
    resolver = Resolver.open(settings())
    with closing(resolver.gazetteer):
        if serve:
            _serve(resolver, port)
            return
        rows = (answer(resolver, mention, new).row() for mention in _mentions(names or [], file, country, kind))
        if format_ == "table":
            show([_short(row) for row in rows], COLUMNS, format_)
        else:
            show_stream(rows, COLUMNS, format_)


def _mentions(names: list[str], file: Path | None, country: str, kind: str) -> "Iterator[Mention]":
    """What is asked; a row of the table without a country or kind of its own has those of the options."""
    from dataclasses import replace

    from ingest.places.answers import mentions_of
    from ingest.places.mention import Mention

    asked = mentions_of(file) if file else (Mention(name) for name in names)
    for mention in asked:
        yield replace(mention, country=mention.country or country, kind=mention.kind or kind)


def _short(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "candidates": "; ".join(row["candidates"][:3]), "notes": "; ".join(row["notes"])}


def _serve(resolver: "Resolver", port: int) -> None:
    from ingest.places.reconcile import Service

    with closing(Service(resolver, port)) as service:
        say(f"http://127.0.0.1:{service.server_port}/ answers OpenRefine on this machine only; Ctrl+C ends it")
        try:
            service.serve_forever()
        except KeyboardInterrupt:
            say("ended")
