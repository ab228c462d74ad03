"""The command ``kg``: every command stands in the module of its group and is put together here."""

import os
import sys

import typer

from kg.cli import ask, database, ingest, measures, start, three, whole
from kg.cli.terminal import say
from kg.errors import KgError

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
app.command()(measures.measures)
app.add_typer(database.db, name="db")
app.add_typer(ask.query, name="query")
app.command()(start.demo)
app.command("app")(start.run_app)
app.command()(ingest.ingest)
app.command()(ask.cypher)
app.command()(ask.place)
app.command()(three.opportunities)
app.command()(three.funding)
app.command()(ask.path)
app.command()(three.dossier)
app.command()(whole.check)
app.command()(whole.export)
app.command()(whole.forget)


@app.callback()
def about() -> None:
    """City relationships as a graph: who is partner of whom, by which source, and which three should meet."""


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
