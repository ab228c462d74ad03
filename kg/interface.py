"""The graph for scripts and notebooks: what the commands show, as plain rows and typed values.

::

    import kg

    with kg.open() as graph:
        graph.place("Bergamo")
        graph.opportunities("Ludwigsburg", limit=5)
        graph.query("rings").to_pandas()
"""

import datetime as dt
import warnings
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.settings import Settings
from kg.settings import settings as current_settings
from kg.store.driver import Graph, LibraryText, open_graph
from kg.store.today import catch_up

# The commands are built on this: a method imports what it needs, so that nobody waits for what he does not ask.
if TYPE_CHECKING:
    import pandas  # pyright: ignore[reportMissingTypeStubs]

    from kg.network.evidence import Evidence
    from kg.network.funding.evaluate import Answer
    from kg.network.opportunities import Opportunity, Search
    from kg.network.projection import Projection
    from kg.present.paper.document import Document
    from kg.present.views.connection import ConnectionView
    from kg.present.views.place import PlaceView
    from kg.store.places import PlaceHit
    from kg.vocabulary import Language


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
        from kg.present.tables.tabular import to_table

        return to_table(self.rows, self.columns)

    def to_csv(self) -> str:
        """The rows as CSV in which no cell can begin a formula."""
        from kg.present.tables.tabular import to_csv

        return to_csv(self.rows, self.columns)

    def to_pandas(self) -> "pandas.DataFrame":
        """The rows as a data frame; needs pandas, which is no dependency of this package."""
        from pandas import DataFrame  # pyright: ignore[reportMissingTypeStubs]

        return DataFrame(list(self.rows), columns=list(self.columns))


@dataclass(frozen=True, slots=True)
class Found:
    """One opportunity, and the graph as it was when it was found."""

    opportunity: "Opportunity"
    projection: "Projection"
    database: Graph

    @property
    def evidence(self) -> "Evidence":
        """What speaks for it, against it and about it; read when asked for."""
        from kg.network.evidence import evidence

        return evidence(self.database, self.projection, self.opportunity)


class CityGraph:
    """An open graph; every place may be named in any language, with its country (``"Bergamo, IT"``) or by its id.

    ``as_of`` is a day: what held then; ``known`` a day: only what had been published by then. A name that is no single place
    raises `PlaceNotFound` with the candidates.
    """

    def __init__(self, database: Graph, settings: Settings) -> None:
        """Ask this database; ``settings`` bound what a query of one's own may take."""
        self.database = database
        self._settings = settings

    def find(self, text: str, limit: int = 10) -> "list[PlaceHit]":
        """Places by any of their names or a part of one, best first."""
        from kg.store.places import search_places

        return search_places(self.database, text, limit)

    def place(self, name: str, as_of: dt.date | None = None, known: dt.date | None = None) -> "PlaceView":
        """One place with its ties and all claims about them."""
        from kg.present.views.place import view_place

        return view_place(self.database, self._id(name), as_of, known)

    def path(
        self, a: str, b: str, as_of: dt.date | None = None, known: dt.date | None = None, language: "Language" = "en"
    ) -> "ConnectionView":
        """How two places are connected: the shortest ways, living ties before dormant ones.

        Raises:
            UsageError: when both are the same place.
        """
        from kg.present.views.connection import connect
        from kg.store.reading import places_by_id

        ends = [self._id(a), self._id(b)]
        if ends[0] == ends[1]:
            raise UsageError(f"{a} and {b} are the same place; name two")
        cards = places_by_id(self.database, ends)
        return connect(self.database, cards[ends[0]], cards[ends[1]], language, as_of, known)

    def opportunities(
        self,
        *places: str,
        limit: int = 20,
        as_of: dt.date | None = None,
        known: dt.date | None = None,
        search: "Search | None" = None,
    ) -> list[Found]:
        """The best opportunities, of the whole graph or of one, two or more places; ``search`` filters and weighs."""
        from kg.network.opportunities import Search, find_opportunities

        projection = self.projection(as_of, known)
        wanted = replace(search or Search(), places=tuple(map(self._id, places)), limit=limit)
        return [Found(each, projection, self.database) for each in find_opportunities(projection, wanted)]

    def funding(self, *places: str, as_of: dt.date | None = None, known: dt.date | None = None) -> "Sequence[Answer]":
        """Every funding programme for two places or more: pass, fail or unknown, each with its reasons."""
        from kg.network.evidence import fundable

        return fundable(self.database, [self._id(name) for name in places], at=as_of, known=known)

    def dossier(
        self, *places: str, language: "Language" = "de", as_of: dt.date | None = None, known: dt.date | None = None
    ) -> "Document":
        """The council paper about three places, the first of them the one whose council is to decide.

        Raises:
            UsageError: unless it is three different places.
        """
        from kg.present.paper.dossier import dossier

        return dossier(self.database, [self._id(name) for name in places], language, as_of, known=known)

    def query(self, name: str, /, **parameters: object) -> Table:
        """A query of the library with its parameters as people write them: ``graph.query("rings", place="Bergamo")``.

        Raises:
            UsageError: for a query or a parameter that does not exist.
        """
        columns, text, values = self._library(name, parameters)
        return Table(columns, tuple(self.database.read(text, values)))

    def stream(self, name: str, /, **parameters: object) -> tuple[tuple[str, ...], Iterator[Mapping[str, Any]]]:
        """The same row by row, for results that do not fit into memory: the columns, and the rows as they come."""
        columns, text, values = self._library(name, parameters)
        return columns, self.database.stream(text, values)

    def queries(self) -> Mapping[str, str]:
        """The names of the library's queries with their titles."""
        from kg.store.queries import library

        return {name: query.title for name, query in library().items()}

    def cypher(self, text: str, limit: int = 10_000) -> Table:
        """A reading query of your own, guarded like the console's."""
        from kg.store.console import run_guarded

        result = run_guarded(self.database, text, self._settings, max_rows=limit)
        return Table(tuple(result.columns), tuple(result.rows))

    def projection(self, as_of: dt.date | None = None, known: dt.date | None = None) -> "Projection":
        """The network as arrays, for measures of your own."""
        from kg.network.projection import project

        return project(self.database, as_of, known)

    def _id(self, name: str) -> str:
        from kg.store.places import find_place

        return find_place(self.database, name).id

    def _library(self, name: str, parameters: Mapping[str, object]) -> tuple[tuple[str, ...], LibraryText, dict[str, Any]]:
        from kg.store.queries import arguments_of, library_query

        found = library_query(name)
        values = arguments_of(self.database, found, {key: str(value) for key, value in parameters.items()})
        return found.columns, LibraryText(found.text), dict(values)


@contextmanager
def open_city_graph(
    settings: Settings | None = None, *, as_it_is: bool = False, tell: Callable[[str], None] = warnings.warn
) -> Generator[CityGraph]:
    """The graph of these settings, by default those of the environment, with the facts of today unless ``as_it_is``."""
    with open_graph(settings) as database:
        if not as_it_is and (missed := catch_up(database)):
            tell(missed)
        yield CityGraph(database, settings or current_settings())
