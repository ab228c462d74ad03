"""Options that several commands take, and what their texts mean."""

import datetime as dt
import math
from collections.abc import Generator, Iterable
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kg.cli.terminal import say
from kg.errors import UsageError
from kg.limits import MAX_ROWS
from kg.model.dates import parse_date
from kg.present.tables.formats import Format, StreamFormat
from kg.vocabulary import Language

if TYPE_CHECKING:
    from kg.interface import CityGraph
    from kg.store.driver import Graph

AsOfOption = Annotated[str, typer.Option("--as-of", help="A day (2021-04-01; a month or year means its last): what held then.")]
KnownOption = Annotated[str, typer.Option("--known", help="A day: only what had been published by then.")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=MAX_ROWS, help="Rows at the most.")]

NewOption = Literal["ask", "accept", "reject"]
FormatOption = Annotated[Format, typer.Option("--format", help="How results are printed.")]
StreamFormatOption = Annotated[
    StreamFormat, typer.Option("--format", help="How results are printed; all but the table give every row, as it comes.")
]
LangOption = Annotated[Language, typer.Option("--lang", help="Language of names and sentences.")]


def cities(*, as_it_is: bool = False) -> AbstractContextManager["CityGraph"]:
    """The graph of the settings, as scripts have it."""
    from kg.interface import open_city_graph

    return open_city_graph(as_it_is=as_it_is, tell=say)


@contextmanager
def opened(*, as_it_is: bool = False) -> Generator["Graph"]:
    """The database behind it, for what is no question about places; ``as_it_is`` merges nothing that is due."""
    with cities(as_it_is=as_it_is) as graph:
        yield graph.database


def date_of(text: str, option: str = "--as-of") -> dt.date | None:
    """The day an option means; the last day of a month or year, so that all of it counts."""
    try:
        return parse_date(text).last_day if text else None
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from error


def a_number(value: float) -> float:
    """The value of an option, which may be neither NaN nor infinite."""
    if not math.isfinite(value):
        raise typer.BadParameter(f"{value} is no number that can be")
    return value


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


def pairs(texts: list[str]) -> dict[str, str]:
    """Values by name of ``NAME=VALUE`` texts; a `UsageError` for what is none."""
    for text in texts:
        if "=" not in text:
            raise UsageError(f"{text!r} is no NAME=VALUE")
    return {name: value for name, _, value in (text.partition("=") for text in texts)}
