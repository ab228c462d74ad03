"""City relationships as a graph; ``kg.open()`` is the way in for scripts and notebooks."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.interface import CityGraph
    from kg.settings import Settings

__all__ = ["open"]


def open(settings: "Settings | None" = None) -> AbstractContextManager["CityGraph"]:
    """The graph of these settings, by default those of the environment; the local Neo4j is started if need be.

    Raises:
        EngineError: on entering; a subclass says what to do about it.
    """
    from kg.interface import open_city_graph  # only who asks pays for the imports

    return open_city_graph(settings)
