"""The command ``kg``: every command stands in the module of its group and is put together here."""

import io
import os
import sys

import typer

from kg.cli import ask, database, ingest, measures, names, resolve, start, state, three, whole
from kg.cli.terminal import say
from kg.errors import KgError, UsageError

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
app.command()(measures.measures)
app.add_typer(database.db, name="db")
app.add_typer(ask.query, name="query")
app.command()(start.demo)
app.command("app")(start.run_app)
app.command()(ingest.ingest)
app.command()(names.questions)
app.command()(names.settle)
app.command()(resolve.resolve)
app.command()(state.state)
app.command()(names.merge_places)
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
    if "--help" not in sys.argv:
        from kg.settings import settings

        settings()  # a wrong one is said before anything is done, whether or not the command needs it


def main() -> None:
    """The command ``kg``: exit code 0 done, 1 failed, 2 wrong use, 3 cut by a limit, 70 a fault of the program."""
    try:
        _speak_utf8()
        _check_arguments(sys.argv[1:])
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
    except OSError as error:
        # A disk that is full, a name that is too long: the system says it better than we could.
        say(f"kg: {f'{error.filename}: ' if error.filename else ''}{error.strerror or error}")
        sys.exit(1)
    except SystemExit:
        raise
    except BaseException as error:
        # What nobody foresaw ends here and nowhere else: a fault of ours, or the panic of a native part, which is no Exception.
        from kg.cli import fault

        say(fault.explain(error, next(iter(_known(sys.argv[1:2])), "")))
        raise SystemExit(fault.EXIT_CODE) from error


def _speak_utf8() -> None:
    """Results have names of every language: to files and pipes they go as UTF-8, on a terminal what it lacks is replaced."""
    stream = sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        encoding = stream.encoding if stream.isatty() else "utf-8"
        stream.reconfigure(encoding=encoding, errors="replace")  # pyright: ignore[reportUnknownMemberType]


def _check_arguments(arguments: list[str]) -> None:
    for number, text in enumerate(arguments, 1):
        if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text):
            shown = text[:60].encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
            raise UsageError(f"argument {number} ({shown}) has bytes that are no UTF-8; type it again, or rename the file")


def _known(words: list[str]) -> list[str]:
    """Those that are commands: nothing else of a command line belongs into a file that is sent to others."""
    return [word for word in words if word in getattr(typer.main.get_command(app), "commands", ())]
