"""Facts follow the days: what was known to begin or end has begun or ended once its day has come, without another load."""

import datetime as dt

from kg.errors import LoadError, ServerReadOnly
from kg.store import statements
from kg.store.driver import Graph
from kg.store.load import Loader
from kg.store.runs import load_lock, new_run_id


def catch_up(graph: Graph, today: dt.date | None = None) -> str:
    """Merge again what a day that has come since the last load changes; why that could not be done, else an empty text.

    Most days it is nothing and costs one look-up.
    """
    day = today or dt.date.today()
    due = graph.read(statements.DUE, {"today": day.isoformat()})
    if not due:
        return ""
    run_id = new_run_id()
    try:
        with load_lock(graph, run_id) as lock:
            Loader(graph, "", run_id, lock.fence, day).catch_up()
    except (LoadError, ServerReadOnly) as error:
        return f"{len(due)} partnerships began or ended since the last load, which does not show yet: {error}"
    return ""
