"""The commands of the local database."""

from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli.options import FormatOption, opened
from kg.cli.terminal import say, show
from kg.errors import UsageError

db = typer.Typer(no_args_is_help=True, help="The local Neo4j of the data folder (KG_HOME); backups of any graph.")


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
    """Tell whether the local Neo4j runs, where, how other tools log in, what it holds, and when it was backed up.

    Example: kg db status --show-password
    """
    from kg.settings import settings
    from kg.store import local
    from kg.store.status import figures

    state = local.status(settings())
    row: dict[str, Any] = {"running": state is not None, "home": str(settings().home)}
    if state:
        row |= {"uri": state.uri, "version": state.version, "pid": state.pid, "username": "neo4j"}
        row |= {"password": local.ensure_running(settings()).password} if show_password else {}
    row |= figures(settings(), running=state is not None)
    if format_ == "table":
        show([{"figure": name, "value": value} for name, value in row.items()], ("figure", "value"), format_)
    else:
        show([row], tuple(row), format_)
    if state is None:
        raise typer.Exit(1)


@db.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; one that is there is replaced.")],
    format_: FormatOption = "table",
) -> None:
    """Write claims, sources and runs to a file, while programs run; kg db restore makes the same graph of it.

    Example: kg db backup cityties.backup
    """
    from kg.settings import settings
    from kg.store.backup.make import make_backup
    from kg.store.local import kept

    with opened() as graph:
        made = make_backup(graph, file)
    kept.remember(settings().home, kept.Backup(made.made, str(made.path)))
    row = {"file": str(made.path), "made": made.made, "claims": made.claims, "bytes": made.size, "sha256": made.checksum}
    show([row], tuple(row), format_)


@db.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that kg db backup wrote.")],
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Put the files of the local database aside first, be they damaged.")
    ] = False,
    format_: FormatOption = "table",
) -> None:
    """Fill an empty graph from a backup, the local one or that of NEO4J_URI; cut off, it goes on when run again.

    Example: kg db restore cityties.backup
    """
    from kg.settings import settings
    from kg.store import local
    from kg.store.backup.restore import check_backup
    from kg.store.backup.restore import restore as restore_backup
    from kg.store.driver import open_graph

    if fresh:
        _need_local()
        check_backup(file)
        aside = local.set_aside(settings())
        say(
            f"the former files are in {aside}; remove them when they are no longer needed" if aside else "there were no files yet"
        )
    with open_graph(settings(), any_version=True) as graph:
        done = restore_backup(graph, file)
    row = {"sources": done.sources, "claims": done.claims, "marks": done.marks}
    show([row], tuple(row), format_)


def _need_local() -> None:
    from kg.settings import settings

    if settings().neo4j_uri:
        raise UsageError("NEO4J_URI names another server, so there is no local one to start; unset it to use the local one")
