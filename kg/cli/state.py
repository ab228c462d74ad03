"""The command of own statements: what the office knows that no file says."""

import datetime as dt
import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import FormatOption, opened
from kg.cli.terminal import say, show
from kg.errors import NothingLoaded, PlaceNotFound, UsageError

if TYPE_CHECKING:
    from ingest.statements.ledger import Statement
    from kg.store.driver import Graph

COLUMNS = (
    "id",
    "first_name",
    "second_name",
    "kind",
    "status",
    "since",
    "until",
    "as_of",
    "source",
    "reason",
    "author",
    "stated",
    "replaces",
    "withdrawn",
    "why_withdrawn",
)
_HOW = 'kg state "A" "B" --kind twinning --source "Vertrag"; or kg state list | withdraw ID | export FILE.csv | load FILE.csv'


def state(
    words: Annotated[
        list[str], typer.Argument(metavar="A B", help="Two places; or list, withdraw ID, export FILE.csv, load FILE.csv.")
    ],
    kind: Annotated[str, typer.Option(help="Which kind of tie it is.")] = "",
    status: Annotated[str, typer.Option(help="How it stands.")] = "",
    level: Annotated[str, typer.Option(help="official or civil_society, where the status is of one level only.")] = "",
    since: Annotated[str, typer.Option(help="Its beginning: 2022, 2022-10 or 2022-10-21.")] = "",
    until: Annotated[str, typer.Option(help="Its end.")] = "",
    as_of: Annotated[str, typer.Option("--as-of", help="When that was so; today where nothing is said.")] = "",
    source: Annotated[str, typer.Option(help="What it rests on: a treaty, a letter, a talk.")] = "",
    url: Annotated[str, typer.Option(help="The address of what it rests on.")] = "",
    reason: Annotated[str, typer.Option(help="Why it is stated, corrected or withdrawn.")] = "",
    author: Annotated[str, typer.Option(help="Who states it; by default the account of this machine.")] = "",
    replaces: Annotated[str, typer.Option(help="The statement that this one corrects, by its id.")] = "",
    format_: FormatOption = "table",
) -> None:
    """State something about two places that no file says; it contradicts others openly and overwrites nothing.

    Example: kg state "Ludwigsburg" "Bergamo" --kind twinning --since 2022-10-21 --status active --source "Vertrag"
    """
    given = {
        "kind": kind, "status": status, "level": level, "since": since, "until": until, "as_of": as_of, "source": source,
        "url": url, "reason": reason, "replaces": replaces,
    }  # fmt: skip
    match words:
        case ["list"]:
            _list(format_)
        case ["withdraw", identifier]:
            _withdraw(identifier, reason)
        case ["export", file]:
            _export(Path(file))
        case ["load", file]:
            _take_in(Path(file))
        case [first, second]:
            _state(first, second, given, author or _account())
        case _:
            raise UsageError(_HOW)


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise UsageError("this machine tells no account; say who states it by --author") from error


def _state(first: str, second: str, given: dict[str, str], author: str) -> None:
    from pydantic import ValidationError

    from ingest.statements.ledger import Statement, add, explained, withdraw
    from kg.settings import settings

    if not (given["kind"] and given["source"]):
        raise UsageError("--kind and --source are needed: what is it, and what does it rest on?")
    today = dt.date.today().isoformat()
    with opened() as graph:
        (one, one_name), (two, two_name) = _place(graph, first), _place(graph, second)
        try:
            said = Statement(
                first=one, first_name=one_name, second=two, second_name=two_name, author=author, stated=today, **given
            ).keyed()  # fmt: skip
        except ValidationError as error:
            raise UsageError(explained(error)) from error
        if said.replaces:
            withdraw(settings().home, said.replaces, today, said.reason or "corrected")
        add(settings().home, [said])
        _load(graph, {author})
    say(f"stated as {said.id}: {one_name} – {two_name}, {said.kind} {said.status}".rstrip())


def _place(graph: "Graph", text: str) -> tuple[str, str]:
    """The place of the graph, else of the gazetteer, that a text means; its id and name."""
    from ingest.places.mention import Mention
    from ingest.places.resolver import Resolver
    from kg.settings import settings
    from kg.store.places import find_place

    namesakes: tuple[str, ...] = ()
    try:
        hit = find_place(graph, text)
        return hit.id, hit.name
    except PlaceNotFound as error:
        namesakes = error.candidates
    except NothingLoaded:
        pass  # the first thing that is said at all: the gazetteer knows the places
    found = Resolver.open(settings()).resolve(Mention(text))
    if namesakes or not found.id.startswith("gn:"):
        raise PlaceNotFound(text, namesakes or found.candidates)
    return found.id, found.name


def _load(graph: "Graph", authors: set[str]) -> None:
    """Bring the graph to what the ledger says of these authors; what they took back goes, however much it is."""
    from ingest.run import descriptor, protocol, runner
    from ingest.statements.ledger import ledger_path
    from kg.settings import settings

    path = ledger_path(settings().home)
    for author in sorted(authors):
        request = protocol.Request(descriptor.descriptor("own"), settings(), (path,), {"author": author}, tell=say)
        report = runner.ingest(graph, "own", request, runner.Options(strict=True, allow_shrink=True))
        say(f"{report.changes.new} claims are new, {report.changes.removed} went")


def _list(format_: "FormatOption") -> None:
    show([statement.model_dump() for statement in _ledger()], COLUMNS, format_)


def _ledger() -> "list[Statement]":
    from ingest.statements.ledger import ledger_path, read_ledger
    from kg.settings import settings

    return read_ledger(ledger_path(settings().home))


def _withdraw(identifier: str, reason: str) -> None:
    from ingest.statements.ledger import withdraw
    from kg.settings import settings

    gone = withdraw(settings().home, identifier, dt.date.today().isoformat(), reason)
    with opened() as graph:
        _load(graph, {gone.author})
    say(f"withdrawn: {gone.first_name} – {gone.second_name}, {gone.kind}; it stays in kg state list")


def _export(path: Path) -> None:
    from ingest.statements.ledger import write_ledger

    statements = _ledger()
    write_ledger(path, statements)
    say(f"{len(statements)} statements are in {path}")


def _take_in(path: Path) -> None:
    from ingest.statements.ledger import add, read_ledger
    from kg.settings import settings

    if not path.is_file():
        raise UsageError(f"{path}: there is no such file")
    new = read_ledger(path)
    add(settings().home, new)
    with opened() as graph:
        _load(graph, {statement.author for statement in new})
