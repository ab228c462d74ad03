"""Fill an empty graph from a backup: checked whole before the first write, and cut-proof.

The graph carries a mark while it is being restored: other commands keep away, and a restore that was cut goes on when the same
file is restored again, or begins anew with another one, since all that is there came from the cut one.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import Any, BinaryIO, LiteralString, cast

from kg.errors import BackupError, DataError
from kg.model.claims import check_claim
from kg.model.merge import Facts, merge
from kg.store import statements
from kg.store.backup.stream import Kind, Properties, Record, checksum, opened, records
from kg.store.driver import Graph, Run
from kg.store.editions import SEPARATOR, Editions, editions_of, recorded
from kg.store.facts import node_group, node_properties, relation_rows, ties
from kg.store.load import batches, write_facts
from kg.store.progress import counted
from kg.store.runs import load_lock, new_run_id
from kg.store.schema import ensure_schema
from kg.store.version import GraphState, check_state, graph_state, set_upgraded
from kg.vocabulary import NODE_TYPES, label_of

UNIT = 5000
"""Claims in one unit."""
_LABELS: dict[Kind, LiteralString] = {"source": "Source", "run": "IngestRun", "mark": "Forgotten", "claim": "Claim"}
_ALLOWED = {kind: {p.name for p in NODE_TYPES[label].properties} for kind, label in _LABELS.items()}

_HELD = "MATCH (n) WHERE NOT n:LoadLock AND NOT n:GraphVersion RETURN count(n) AS n"
_BEGIN = "MERGE (v:GraphVersion {id: 'graph'}) SET v.version = $version, v.restoring = $checksum, v.restoring_from = $file"
_END = "MATCH (v:GraphVersion {id: 'graph'}) REMOVE v.restoring, v.restoring_from"
_WIPE = "MATCH (n) WHERE NOT n:LoadLock AND NOT n:GraphVersion WITH n LIMIT 5000 DETACH DELETE n RETURN count(*) AS n"
_THERE = "UNWIND $ids AS id MATCH (c:Claim {subject: id}) RETURN DISTINCT id"
# A place may lie in one that is written later; what no claim is about is taken away in the end.
_STUBS = "UNWIND $ids AS id MERGE (:Place {id: id})"
_BARE = "MATCH (p:Place) WHERE p.kind IS NULL AND NOT EXISTS { (p)<-[:ABOUT]-() } DETACH DELETE p"
_COUNT = "MATCH (c:Claim) RETURN count(*) AS n"


@dataclass(frozen=True, slots=True)
class Restored:
    """How many records came back."""

    sources: int
    claims: int
    marks: int


@dataclass(frozen=True, slots=True)
class _Checked:
    """A file that may be restored, with how many records it holds and the trust in each source."""

    checksum: str
    counts: Mapping[str, int]
    trust: Mapping[str, int]


def restore(graph: Graph, path: Path) -> Restored:
    """Restore a backup into an empty graph, opened with ``any_version``.

    Raises:
        BackupError: the file is none that can be restored, or the graph is not empty; nothing was touched.
        LoadError: a load is under way.
    """
    with opened(path) as file:
        _refuse_full(graph, graph_state(graph), path)
        checked = _check(file, path.name)
        ensure_schema(graph)
        with load_lock(graph, new_run_id()):
            state = graph_state(graph)
            _refuse_full(graph, state, path)
            if state.restoring != checked.checksum:
                _wipe(graph)
            graph.write(_BEGIN, {"version": state.version, "checksum": checked.checksum, "file": str(path.absolute())})
            _write(graph, file, path.name, checked)
            graph.write(_BARE)
            _confirm(graph, checked)
            set_upgraded(graph)
            graph.write(_END)
    return Restored(checked.counts["source"], checked.counts["claim"], checked.counts["mark"])


def check_backup(path: Path) -> None:
    """Read a backup from beginning to end; return if it can be restored.

    Raises:
        BackupError: it cannot.
    """
    with opened(path) as file:
        _check(file, path.name)


def _refuse_full(graph: Graph, state: GraphState, path: Path) -> None:
    if state.restoring:
        return
    check_state(state)
    if held := graph.read(_HELD)[0]["n"]:
        raise BackupError(
            f"the graph holds {held} nodes already, and {path.name} can be restored into an empty one only; nothing was touched."
            " Use another KG_HOME or database, or --fresh, which puts the files of the local one aside."
        )


# --- Before anything is touched ---------------------------------------------------------------------------------------


def _check(file: BinaryIO, name: str) -> _Checked:
    found = checksum(file, name)
    counts: Counter[str] = Counter(dict.fromkeys(_LABELS, 0))
    trust: dict[str, int] = {}
    with counted("Checking the backup, records", 0) as advance:
        for subject, group in groupby(_checked(records(file, name), name, counts, trust), key=lambda claim: claim["subject"]):
            claims = list(group)
            advance(len(claims))
            _explained(name, counts, lambda about=subject, said=claims: _rows(_facts(about, list(map(editions_of, said)), trust)))
    return _Checked(found, counts, trust)


def _checked(every: Iterable[Record], name: str, counts: Counter[str], trust: dict[str, int]) -> Iterator[Properties]:
    """The claims, each record checked and counted."""
    for kind, properties in every:
        counts[kind] += 1
        _explained(name, counts, lambda kind=kind, properties=properties: _check_record(kind, properties, trust))
        if kind == "claim":
            yield properties


def _explained(name: str, counts: Counter[str], step: Callable[[], object]) -> None:
    try:
        step()
    except (DataError, BackupError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError, StopIteration) as error:
        where = f"{name}, line {counts.total() + 1}"
        raise BackupError(f"{where}: cannot be restored ({error!s:.200}); nothing was touched") from error


def _rows(facts: Facts) -> list[object]:
    """Everything that would be written."""
    return [
        node_group(facts),
        node_properties(facts),
        *relation_rows(facts),
        *(ties(facts) if facts.label == "Partnership" else ()),
    ]


def _check_record(kind: Kind, properties: Properties, trust: dict[str, int]) -> None:
    if unknown := properties.keys() - _ALLOWED[kind] - {"source"}:
        raise DataError(f"a {kind} has no {', '.join(sorted(unknown))}")
    if not isinstance(properties.get("id"), str):
        raise DataError(f"a {kind} without an id")
    if kind == "source":
        trust[properties["id"]] = int(properties.get("trust", 0))
    if kind == "claim":
        editions = tuple(map(check_claim, editions_of(properties)))
        if editions[0].source not in trust:
            raise DataError(f"a claim of the source {editions[0].source!r}, which the backup does not hold")
        if editions[0].id != properties["id"]:
            raise DataError("a claim whose id is not that of what it says")
        if SEPARATOR.join(each.dataset for each in editions) != properties.get("dataset", ""):
            raise DataError("a claim whose datasets are not those that it is stated by")


# --- Writing ------------------------------------------------------------------------------------------------------------


def _wipe(graph: Graph) -> None:
    while graph.write(_WIPE, timeout=600)[0]["n"]:
        pass


def _write(graph: Graph, file: BinaryIO, name: str, checked: _Checked) -> None:
    with counted("Restoring, claims", checked.counts["claim"]) as advance:
        for kind, group in groupby(records(file, name), key=lambda record: record[0]):
            if kind == "claim":
                for unit in _units(properties for _, properties in group):
                    graph.write_unit(lambda run, unit=unit: _restore_unit(run, unit, checked.trust))
                    advance(sum(len(claims) for _, claims in unit))
            else:
                for some in batches((properties for _, properties in group), UNIT):
                    rows = [[properties["id"], properties] for properties in some]
                    graph.write(statements.NODES[_LABELS[cast(Kind, kind)]], {"rows": rows})


_Unit = list[tuple[str, list[Properties]]]


def _units(claims: Iterable[Properties]) -> Iterator[_Unit]:
    """Subjects with their claims, some thousand claims at a time; those about one subject stay together."""
    unit: _Unit = []
    size = 0
    for subject, group in groupby(claims, key=lambda c: c["subject"]):
        about = list(group)
        unit.append((subject, about))
        size += len(about)
        if size >= UNIT:
            yield unit
            unit, size = [], 0
    if unit:
        yield unit


def _restore_unit(run: Run, unit: _Unit, trust: Mapping[str, int]) -> None:
    """Inside one transaction: facts and claims of the subjects that are not there yet."""
    there = {row["id"] for row in run(_THERE, {"ids": [subject for subject, _ in unit]})}
    new = {subject: [(editions_of(claim), claim) for claim in claims] for subject, claims in unit if subject not in there}
    facts = [_facts(subject, [editions for editions, _ in claims], trust) for subject, claims in new.items()]
    if lies_in := [r.target for f in facts if f.label == "Place" for r in f.relations if r.type == "PART_OF"]:
        run(_STUBS, {"ids": lies_in})
    write_facts(run, facts, frozenset(new))
    for label, rows in _by_label(new).items():
        run(statements.RESTORED_CLAIMS[label], {"rows": rows})


def _facts(subject: str, claims: Sequence[Editions], trust: Mapping[str, int]) -> Facts:
    facts = merge(subject, chain.from_iterable(claims), trust)
    assert facts is not None  # a subject with claims
    return facts


def _by_label(new: Mapping[str, list[tuple[Editions, Properties]]]) -> dict[str, list[list[Any]]]:
    rows: dict[str, list[list[Any]]] = {}
    for subject, claims in new.items():
        for editions, claim in claims:
            rows.setdefault(label_of(subject), []).append([subject, claim["source"], recorded(editions, claim)])
    return rows


def _confirm(graph: Graph, checked: _Checked) -> None:
    found = graph.read(_COUNT, timeout=600)[0]["n"]
    if found != checked.counts["claim"]:
        raise BackupError(f"{found} of {checked.counts['claim']} claims came back; restore again, or report this")
