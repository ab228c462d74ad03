"""The command of figures."""

from typing import Annotated

import typer

from kg.cli.options import AsOfOption, FormatOption, KnownOption, date_of, opened
from kg.cli.terminal import show


def measures(
    name: Annotated[str, typer.Argument(help="A place; none for the whole network.")] = "",
    communities: Annotated[bool, typer.Option("--communities", help="Groups with many ties inside and few outside.")] = False,
    as_of: AsOfOption = "",
    known: KnownOption = "",
    format_: FormatOption = "table",
) -> None:
    """Figures of a place or of the whole network: partners, countries, triangles, bridging; or its communities.

    Example: kg measures Ludwigsburg
    """
    from kg.network.projection import project
    from kg.present.views import measures as measuring
    from kg.store.places import find_place

    with opened() as graph:
        place = find_place(graph, name).id if name else ""
        projection = project(graph, date_of(as_of), date_of(known, "--known"))
    if communities:
        show(measuring.community_rows(projection), measuring.COMMUNITY_COLUMNS, format_)
        return
    rows = measuring.place_rows(projection, place) if place else measuring.graph_rows(projection)
    show(rows, measuring.COLUMNS, format_)
