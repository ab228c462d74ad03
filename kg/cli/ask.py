"""The commands that ask the graph: the library, Cypher of one's own, a place, a path."""

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import AsOfOption, FormatOption, KnownOption, LangOption, StreamFormatOption, cities, date_of, opened, pairs
from kg.cli.terminal import CUT, say, show, show_stream
from kg.limits import MAX_ROWS

if TYPE_CHECKING:
    from kg.settings import Settings
    from kg.store.driver import Graph

_TABLE_ROWS = 100
query = typer.Typer(no_args_is_help=True, help="The library of Cypher queries in queries/.")


@query.command("list")
def list_queries(format_: FormatOption = "table") -> None:
    """List the queries.

    Example: kg query list --format json
    """
    from kg.store.queries import library

    rows = [{"name": q.name, "title": q.title, "params": [p.name for p in q.params]} for q in library().values()]
    show(rows, ("name", "title", "params"), format_)


@query.command("show")
def show_query(name: str) -> None:
    """Print a query with its documentation, as it runs in Neo4j Browser too.

    Example: kg query show open-triads
    """
    from kg.store.queries import library_query

    print(library_query(name).text, end="")


@query.command("run")
def run_query(
    name: str,
    set_: Annotated[list[str] | None, typer.Option("--set", help="PARAMETER=VALUE; may be repeated.")] = None,
    format_: StreamFormatOption = "table",
) -> None:
    """Run a query of the library.

    Example: kg query run partners-of-place --set place=Ludwigsburg --format csv
    """
    given = pairs(set_ or [])
    with cities() as graph:
        if format_ == "table":
            found = graph.query(name, **given)
            show(found.rows, [column for column in found.columns if not column.endswith("_id")], format_)
        else:
            columns, rows = graph.stream(name, **given)
            show_stream(rows, columns, format_)


def cypher(
    text: str,
    format_: StreamFormatOption = "table",
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Rows at the most; a table has 100 else.")] = None,
) -> None:
    """Run a reading Cypher query of your own, guarded; exit code 3 when a limit of yours left rows out.

    Example: kg cypher "MATCH (p:City) RETURN p.name, p.country" --format ndjson
    """
    from kg.settings import settings
    from kg.store import console

    try:
        with opened() as graph:
            if format_ == "table":
                cut = _cypher_table(graph, text, settings(), limit)
            else:
                found = console.stream_guarded(graph, text, settings())
                cut = show_stream(found.rows, found.columns, format_, limit)
                found.rows.close()
    finally:
        console.settle()
    if cut:
        say(cut)
        raise typer.Exit(CUT)


def _cypher_table(graph: "Graph", text: str, settings: "Settings", limit: int | None) -> str:
    from kg.store import console

    result = console.run_guarded(graph, text, settings, max_rows=limit or _TABLE_ROWS)
    show(result.rows, result.columns, "table")
    if not result.truncated:
        return ""
    note = f"only the first {len(result.rows)} rows are shown; --limit takes up to {MAX_ROWS}, --format csv gives all"
    if limit:
        return note
    say(note)
    return ""


def place(name: str, as_of: AsOfOption = "", known: KnownOption = "", format_: FormatOption = "table") -> None:
    """Show one place with its ties and what is claimed of them.

    Example: kg place Mömpelgard --as-of 2020-01-01
    """
    from kg.present.tables.tabular import to_json
    from kg.present.views import place as placing

    with cities() as graph:
        view = graph.place(name, date_of(as_of), date_of(known, "--known"))
        if format_ == "json":
            print(to_json(placing.as_document(view)))
        elif format_ == "csv":
            show(placing.tie_rows(view), placing.TIE_COLUMNS, format_)
        else:
            card = view.card
            print(f"{card.name} ({card.kind}, {card.country}) {card.id}, {card.population or '?'} inhabitants\n")
            show(placing.tie_rows(view), placing.TIE_COLUMNS[:-1], format_)
            for tie in view.partnerships:
                print(f"\n{tie.id}")
                show(placing.claim_rows(view.claims.get(tie.id, ())), placing.CLAIM_COLUMNS[:10], format_)


def path(
    a: str, b: str, as_of: AsOfOption = "", known: KnownOption = "", lang: LangOption = "en", format_: FormatOption = "table"
) -> None:
    """How two places are connected: the shortest ways, living ties before dormant ones.

    Example: kg path Ludwigsburg Bergamo --lang de
    """
    from kg.present.tables.tabular import to_json
    from kg.present.views import paths

    with cities() as graph:
        view = graph.path(a, b, date_of(as_of), date_of(known, "--known"), lang)
    if format_ == "json":
        print(to_json(paths.path_document(view, lang)))
        return
    show(paths.path_rows(view, lang), paths.PATH_COLUMNS, format_)
    for sentence in view.gap:
        say(sentence)
