"""The commands of the local database."""

from typing import Annotated, Any

import typer

from kg.cli.options import FormatOption
from kg.cli.terminal import say, show
from kg.errors import UsageError

db = typer.Typer(no_args_is_help=True, help="The local Neo4j of the data folder (KG_HOME).")


@db.command()
def start() -> None:
    """Start the local Neo4j, or find it running.

    Example: kg db start
    """
    from kg.settings import settings
    from kg.store import local

    _need_local()
    state = local.ensure_running(settings()).state
    say(f"Neo4j {state.version} runs at {state.uri} (process {state.pid})")


@db.command()
def stop() -> None:
    """Stop the local Neo4j.

    Example: kg db stop
    """
    from kg.settings import settings
    from kg.store import local

    say("stopped" if local.stop(settings()) else "no local Neo4j runs for this data folder")


@db.command()
def status(
    show_password: Annotated[bool, typer.Option("--show-password", help="Print the password, for other tools.")] = False,
    format_: FormatOption = "table",
) -> None:
    """Tell whether the local Neo4j runs, where, and how other tools log in.

    Example: kg db status --show-password
    """
    from kg.settings import settings
    from kg.store import local

    state = local.status(settings())
    row: dict[str, Any] = {"running": state is not None, "home": str(settings().home)}
    if state:
        row |= {"uri": state.uri, "version": state.version, "pid": state.pid, "username": "neo4j"}
        row |= {"password": local.ensure_running(settings()).password} if show_password else {}
    show([row], tuple(row), format_)
    if state is None:
        raise typer.Exit(1)


def _need_local() -> None:
    from kg.settings import settings

    if settings().neo4j_uri:
        raise UsageError("NEO4J_URI names another server, so there is no local one to start; unset it to use the local one")
