"""The app's one connection: made, and made again, in the background, so that a page waits a moment for it and not a minute."""

import datetime as dt
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillBusy

import streamlit as st

from kg.errors import EngineStarting
from kg.settings import Settings, settings
from kg.store.cypher import ANSWERS
from kg.store.driver import Graph
from kg.store.today import catch_up

_PATIENCE = 1.2
"""Seconds that a page waits for an answer before it says that there is none yet."""
_ANSWER_SECONDS = 5


class Connection:
    """Looks before every page whether the database answers; a local one that died is started again meanwhile."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is opened before the first page asks."""
        self._settings, self._lock = settings, threading.Lock()
        self._background = ThreadPoolExecutor(1, thread_name_prefix="database")
        self._graph: Graph | None = None
        self._looking: Future[Graph] | None = None

    def graph(self, patience: float = _PATIENCE) -> Graph:
        """The database, once it answers.

        Raises:
            EngineStarting: it does not answer yet; the look goes on.
            EngineError: it cannot be started or reached.
        """
        with self._lock:
            if self._looking is None:
                self._looking = self._background.submit(self._look)
            looking = self._looking
        try:
            return looking.result(patience)
        except StillBusy:
            raise EngineStarting("the database does not answer yet; it is being started or restarted") from None
        finally:
            with self._lock:
                if looking.done() and self._looking is looking:
                    self._looking = None

    def _look(self) -> Graph:
        self._graph = self._graph or Graph(self._settings)
        self._graph.read(ANSWERS, timeout=_ANSWER_SECONDS)
        return self._graph


@st.cache_resource(show_spinner=False)
def _connection() -> Connection:
    return Connection(settings())


def database() -> Graph:
    """The one database of this server.

    Raises:
        EngineStarting: it does not answer yet; the page says so and goes on by itself.
        EngineError: it cannot be started or reached.
    """
    return _connection().graph()


@st.cache_data(ttl="10m", max_entries=1, show_spinner=False)
def missed(_graph: Graph, day: dt.date) -> str:
    """Now and then: what ended or began today is merged; why not, if that could not be done."""
    return catch_up(_graph, day)
