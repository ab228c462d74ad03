"""The graph for scripts and notebooks: what the commands show, as plain rows and typed values.

::

    import kg

    with kg.open() as graph:
        graph.place("Bergamo")
        graph.opportunities("Ludwigsburg", limit=5)
        graph.query("rings").to_pandas()
"""

import datetime as dt
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kg.network.evidence import Evidence, evidence, fundable
from kg.network.funding.evaluate import Answer
from kg.network.opportunities import Opportunity, Search, find_opportunities
from kg.network.projection import Projection, project
from kg.present.tables.tabular import to_csv, to_table
from kg.present.views.place import PlaceView, view_place
from kg.settings import Settings
from kg.settings import settings as current_settings
from kg.store.console import run_guarded
from kg.store.driver import Graph, LibraryText, open_graph
from kg.store.places import PlaceHit, find_place, search_places
from kg.store.queries import arguments_of, library, library_query

if TYPE_CHECKING:
    import pandas  # pyright: ignore[reportMissingTypeStubs]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a query; iterating gives one mapping of column to value a row."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        return to_table(self.rows, self.columns)

    def to_csv(self) -> str:
        """The rows as CSV in which no cell can begin a formula."""
        return to_csv(self.rows, self.columns)

    def to_pandas(self) -> "pandas.DataFrame":
        """The rows as a data frame; needs pandas, which is no dependency of this package."""
        from pandas import DataFrame  # pyright: ignore[reportMissingTypeStubs]

        return DataFrame(list(self.rows), columns=list(self.columns))


@dataclass(frozen=True, slots=True)
class Found:
    """One opportunity with everything that is known about it."""

    opportunity: Opportunity
    evidence: Evidence


class CityGraph:
    """An open graph; every place may be named in any language, with its country (``"Bergamo, IT"``) or by its id."""

    def __init__(self, database: Graph, settings: Settings) -> None:
        """Ask this database; ``settings`` bound what a query of one's own may take."""
        self.database = database
        self._settings = settings

    def find(self, text: str, limit: int = 10) -> list[PlaceHit]:
        """Places by any of their names or a part of one, best first."""
        return search_places(self.database, text, limit)

    def place(self, name: str, as_of: dt.date | None = None) -> PlaceView:
        """One place with its ties and all claims about them, now or as it was on a day.

        Raises:
            PlaceNotFound: with the candidates, when the name is no single place.
        """
        return view_place(self.database, find_place(self.database, name).id, as_of)

    def opportunities(
        self, *places: str, limit: int = 20, as_of: dt.date | None = None, search: Search | None = None
    ) -> list[Found]:
        """The best opportunities, of the whole graph or of one, two or more places; ``search`` filters and weighs."""
        projection = self.projection(as_of)
        ids = tuple(find_place(self.database, name).id for name in places)
        found = find_opportunities(projection, replace(search or Search(), places=ids, limit=limit))
        return [Found(each, evidence(self.database, projection, each)) for each in found]

    def funding(self, *places: str) -> Sequence[Answer]:
        """Every funding programme for two places or more: pass, fail or unknown, each with its reasons."""
        return fundable(self.database, [find_place(self.database, name).id for name in places])

    def query(self, name: str, **parameters: object) -> Table:
        """A query of the library with its parameters as people write them: ``graph.query("rings", place="Bergamo")``.

        Raises:
            UsageError: for a query or a parameter that does not exist.
        """
        found = library_query(name)
        values = arguments_of(self.database, found, {key: str(value) for key, value in parameters.items()})
        return Table(found.columns, tuple(self.database.read(LibraryText(found.text), values)))

    def queries(self) -> Mapping[str, str]:
        """The names of the library's queries with their titles."""
        return {name: query.title for name, query in library().items()}

    def cypher(self, text: str, limit: int = 10_000) -> Table:
        """A reading query of your own, guarded like the console's."""
        result = run_guarded(self.database, text, self._settings, max_rows=limit)
        return Table(tuple(result.columns), tuple(result.rows))

    def projection(self, as_of: dt.date | None = None) -> Projection:
        """The network as arrays, for measures of your own."""
        return project(self.database, as_of)


@contextmanager
def open_city_graph(settings: Settings | None = None) -> Generator[CityGraph]:
    """The graph of these settings, by default those of the environment."""
    with open_graph(settings) as database:
        yield CityGraph(database, settings or current_settings())
