"""Make the facts of an older graph anew from its claims, which say what they said.

Every unit is idempotent and the version is written last: a cut leaves an older graph, and the next start begins again.
"""

from collections.abc import Sequence

from kg.store.driver import Graph, Run
from kg.store.editions import editions_of, recorded
from kg.store.forget.marks import rekey
from kg.store.load import BATCH, Loader, batches
from kg.store.progress import counted
from kg.store.runs import load_lock, new_run_id
from kg.store.schema import ensure_schema
from kg.store.version import check_state, graph_state, set_upgraded

_SUBJECTS = "MATCH (c:Claim) RETURN DISTINCT c.subject AS id"
# The ties of a former vocabulary may be of other types and pairs than those that the claims come to now.
_UNTIE = (
    "UNWIND $rows AS id MATCH (p:Partnership {id: id})<-[:PARTNER_IN]-(:Place)-[t]->(:Place) WHERE t.partnership = id DELETE t"
)
_CLAIMS = """
UNWIND $rows AS id
MATCH (c:Claim {subject: id})-[:STATED_IN]->(s:Source)
RETURN s.id AS source, properties(c) AS claim
"""
_RECORD = "UNWIND $rows AS row MATCH (c:Claim {id: row[0]}) SET c = row[1]"


def upgrade(graph: Graph) -> None:
    """Merge every subject's claims again; the graph is of this program's version afterwards.

    Raises:
        LoadError: when a load is under way.
    """
    ensure_schema(graph)
    run_id = new_run_id()
    with load_lock(graph, run_id) as lock:
        if check_state(graph_state(graph)):
            return  # another program did it while this one waited
        rekey(graph)
        loader = Loader(graph, "", run_id, lock.fence)
        subjects = sorted(row["id"] for row in graph.read(_SUBJECTS, timeout=600))
        with counted("Upgrading the graph, subjects", len(subjects)) as advance:
            for some in batches(subjects, BATCH):
                graph.write_unit(lambda run, some=some: _anew(run, loader, some))
                advance(len(some))
        set_upgraded(graph)


def _anew(run: Run, loader: Loader, subjects: Sequence[str]) -> None:
    run(_UNTIE, {"rows": list(subjects)})
    # What a claim's node has beside what was said is made anew, too.
    claims = run(_CLAIMS, {"rows": list(subjects)})
    records = (row["claim"] | {"source": row["source"]} for row in claims)
    run(_RECORD, {"rows": [[record["id"], recorded(editions_of(record), record)] for record in records]})
    loader.again(run, subjects)
