"""The commands that settle open names: rows that a load rejected because a name may be several places."""

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import FormatOption, opened
from kg.cli.terminal import say, show
from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.run.open_names import OpenName

_COLUMNS = ("name", "country", "rows", "reason", "candidates", "where")


def questions(format_: FormatOption = "table") -> None:
    """List the names that rows of the last loads wait for, the most frequent first.

    Example: kg questions --format json
    """
    from ingest.run.open_names import open_names
    from kg.settings import settings

    with opened() as graph:
        found = open_names(graph, settings().home)
    rows = [
        {
            "name": each.name, "country": each.country, "rows": len(each.rows), "reason": each.reason,
            "candidates": [f"{number}: {text}" for number, text in enumerate(each.places.values(), 1)],
            "where": each.rows[0][1].row.place,
        }
        for each in found
    ]  # fmt: skip
    show(rows, _COLUMNS, format_)


def settle(
    name: str,
    place: Annotated[str, typer.Argument(help="An id, the number of a candidate as kg questions tells it, or new.")] = "",
    country: Annotated[str, typer.Option(help="Where several countries have the name: a code such as DE.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take the decision back, with what its rows brought.")] = False,
) -> None:
    """Say which place a name means: a correction in KG_HOME/corrections.csv; the rows that waited for it load at once.

    Example: kg settle Neustadt gn:2864581 --country DE
    """
    from ingest.run import settle as settling
    from ingest.run.open_names import open_names
    from kg.settings import settings

    if bool(place) == undo:
        raise UsageError(f"say which place {name!r} means (an id, a number of kg questions, or new), or --undo")
    with opened() as graph:
        if undo:
            done = settling.take_back(graph, settings(), name, country)
        else:
            asked = _asked(open_names(graph, settings().home), name, country)
            new = settling.new_place(settings(), asked.name, asked.country) if place == "new" else None
            done = settling.settle(graph, settings(), asked.name, asked.country, *(new or (_chosen(asked, place), "")))
    say(f"{done.name} ({done.country or 'any country'}): {done.place or 'taken back'}; {done.loaded} rows loaded, "
        f"{done.waiting} wait, {done.rejected} rejected, {done.changes.total} claims changed")  # fmt: skip
    for problem in done.problems:
        say(f"note: the rows of {problem}")
    if done.problems:
        raise typer.Exit(1)


def merge_places(
    into: Annotated[str, typer.Argument(help="The place that stays, by id or name.")],
    place: Annotated[str, typer.Argument(help="The id of the one that is the same.")],
    undo: Annotated[bool, typer.Option("--undo", help="Part them again.")] = False,
) -> None:
    """Join two places that are one: everything said of the second is said of the first, now and in later loads.

    Example: kg merge-places gn:2872493 x:de-charlottenburg-wilmersdorf
    """
    from ingest.run import settle as settling
    from kg.settings import settings
    from kg.store.places import find_place

    with opened() as graph:
        stays = find_place(graph, into).id
        gone = place if undo else find_place(graph, place).id
        count = (settling.split_places if undo else settling.merge_places)(graph, settings(), stays, gone)
    say(f"{count} claims are said of {gone if undo else stays} now")


def _asked(found: "Sequence[OpenName]", name: str, country: str) -> "OpenName":
    from ingest.run.open_names import key_of

    key = key_of(name, "")[0]
    named = [each for each in found if each.key[0] == key and (not country or each.country == country.upper())]
    if len(named) != 1:
        which = f"several countries have it, say which by --country: {', '.join(each.country or '-' for each in named)}"
        raise UsageError(f"{name!r}: {which if named else 'no row waits for this name; kg questions lists those that do'}")
    return named[0]


def _chosen(asked: "OpenName", place: str) -> str:
    """The id that is meant by an id or by the number of a candidate."""
    if not place.isascii() or not place.isdigit():
        return place
    places = list(asked.places)
    if not 1 <= int(place) <= len(places):
        raise UsageError(f"{asked.name!r} has {len(places)} candidates, there is no number {place}")
    return places[int(place) - 1]
