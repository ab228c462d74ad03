"""Loading: claims in, facts out, one atomic unit per batch of subjects.

A batch's unit reads every claim about its subjects, applies what the run states, merges, and writes claims and facts
together. A cut therefore leaves each subject either as it was or as it shall be, and the next run finishes the rest;
units are idempotent, so one whose commit was not acknowledged is simply played again.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain, islice
from typing import Any, LiteralString, TypeVar

from kg.errors import LoadError
from kg.model.claims import Claim, Source
from kg.model.merge import Facts, merge
from kg.store import statements
from kg.store.driver import Graph, Run
from kg.store.editions import Editions, differ, properties, stated_by, united, without
from kg.store.editions import read as read_editions
from kg.store.facts import DerivedTie, node_group, node_properties, possible_ties, relation_rows, ties
from kg.store.forget.redact import Redactor, redactor_of
from kg.vocabulary import PLACE_LABELS, PREDICATES, RELATION_TYPES, label_of

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")

BATCH = 2000
"""Subjects in one unit: large enough to be fast, small enough for a heap of 512 MB and a quick replay."""
SHRINK_LIMIT = 0.2
GAZETTEER = "gazetteer"
"""The dataset of the gazetteer's entries; they stay as long as anything else speaks of the place."""

# What others refer to comes first. Countries before the places that are part of them.
_ORDER = ("Topic", "Network", "Place", "Partnership", "Organisation", "Event", "Person")
_GROUPS: tuple[str, ...] = ("Country", *(label for label in PLACE_LABELS if label != "Country"), *_ORDER)


@dataclass(frozen=True, slots=True)
class Changes:
    """How many claims a load brought, altered, removed, and found as they were."""

    new: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Changes") -> "Changes":
        """Add up two accounts."""
        return Changes(*(a + b for a, b in zip(self.counts, other.counts, strict=True)))

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """(new, changed, removed, unchanged)."""
        return (self.new, self.changed, self.removed, self.unchanged)

    @property
    def total(self) -> int:
        """How many claims differ from before."""
        return self.new + self.changed + self.removed


Claims = dict[str, Editions]
"""The claims about one subject by their ids."""


@dataclass(slots=True)
class _Plan:
    """What shall become of one subject."""

    subject: str
    before: Claims
    after: Claims
    again: tuple[str, ...] = ()
    forced: bool = False
    new: list[Editions] = field(init=False)
    changed: list[Editions] = field(init=False)
    removed: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """Compare once; the unit asks several times."""
        before, after = self.before, self.after
        self.new = [editions for key, editions in after.items() if key not in before]
        self.changed = [found for key, found in after.items() if key in before and differ(before[key], found)]
        self.removed = [key for key in before if key not in after]

    @property
    def differs(self) -> bool:
        return self.forced or bool(self.new or self.changed or self.removed)

    @property
    def claims(self) -> Iterator[Claim]:
        """Every claim that stays, as every dataset states it."""
        return chain.from_iterable(self.after.values())


@dataclass(slots=True)
class Loader:
    """Loads the claims of one run of one dataset; the caller holds the load lock."""

    graph: Graph
    dataset: str
    run_id: str
    fence: Callable[[Run], None] = lambda _: None
    """Called first inside every unit; raises when the load lock is no longer this run's."""
    today: dt.date = field(default_factory=dt.date.today)
    """Decides which beginnings and ends have come."""
    _trust: dict[str, int] = field(default_factory=dict[str, int])
    _redactor: Redactor = field(init=False)

    def __post_init__(self) -> None:
        """Know the trust in every source, since facts are merged from the claims of all of them."""
        self._redactor = redactor_of(self.graph)
        self.dataset = self._redactor.identifier(self.dataset)
        rows = self.graph.read("MATCH (s:Source) RETURN s.id AS id, coalesce(s.trust, 0) AS trust")
        self._trust = {row["id"]: row["trust"] for row in rows}

    def sources(self, sources: Iterable[Source]) -> None:
        """Write the sources; where the trust in one changed, the facts that rest on it are merged again before.

        The new trust is written last, so that a load that was cut in between finds the old one and merges again.
        """
        known = {source.id: source for source in map(self._redactor.source, sources)}
        reweighed = [key for key, source in known.items() if self._trust.get(key, source.trust) != source.trust]
        self._trust |= {key: source.trust for key, source in known.items()}
        if reweighed:
            self._merge_again(self.graph.read(_RESTING_ON, {"sources": reweighed}))
        rows = [[source.id, _filled(asdict(source))] for source in known.values()]
        self.graph.write_unit(lambda run: self._fenced(run, statements.NODES["Source"], {"rows": rows}))

    def load(self, claims: Iterable[Claim]) -> Changes:
        """Write the claims and the facts of their subjects."""
        stated: dict[str, list[Claim]] = defaultdict(list)
        for claim in filter(None, map(self._redactor.claim, claims)):
            stated[claim.subject].append(claim)
        changes = Changes()
        for subjects in batches(sorted(stated, key=rank), BATCH):
            batch = {subject: stated[subject] for subject in subjects}
            changes += self.graph.write_unit(lambda run, batch=batch: self._state(run, batch))
        return changes

    def withdraw(self, claims: Mapping[str, set[str]]) -> Changes:
        """Remove what the dataset states, by subjects and ids of claims, and places of which nothing else speaks."""
        changes = Changes()
        # The other way round than loading: what refers goes before what it refers to.
        for subjects in batches(sorted(claims, key=rank, reverse=True), BATCH):
            gone = {subject: claims[subject] for subject in subjects}
            changes += self.graph.write_unit(lambda run, gone=gone: self._withdraw(run, gone))
        # Links first: a place that only a link of another one holds is no orphan.
        self._merge_again(self.graph.read(_UNLINKED, {"relations": _RELATIONS}))
        self._remove_orphans()
        return changes

    def finish(self, *, allow_shrink: bool = False) -> Changes:
        """Remove what the dataset stated before and states no longer, then what nothing speaks of any more.

        What could not be linked because its target came later is linked, and what a day that has come since changes is merged
        again.

        Raises:
            LoadError: when more than a fifth of the dataset's claims would go, unless ``allow_shrink``.
        """
        stale = self._stale(allow_shrink)
        by_subject: dict[str, set[str]] = defaultdict(set)
        for row in stale:
            by_subject[row["subject"]].add(row["id"])
        changes = self.withdraw(by_subject)
        self.catch_up()
        return changes

    def _fenced(self, run: Run, statement: LiteralString, params: Mapping[str, Any]) -> None:
        self.fence(run)
        run(statement, params)

    def change(self, claims: Mapping[str, Mapping[str, Editions]]) -> None:
        """Put other claims, or none, in the place of claims, by their subjects and ids, in one unit."""
        self.graph.write_unit(lambda run: self._change(run, claims))

    def catch_up(self) -> None:
        """Merge again what a day that has come since the last load changes."""
        self._merge_again(self.graph.read(statements.DUE, {"today": self.today.isoformat()}))

    # --- units: each runs inside one transaction ------------------------------------------------------------------

    def _state(self, run: Run, stated: Mapping[str, Sequence[Claim]]) -> Changes:
        known = claims_of(run, list(stated))
        return self._apply(run, [_state_plan(subject, known.get(subject, {}), said) for subject, said in stated.items()])

    def _withdraw(self, run: Run, gone: Mapping[str, set[str]]) -> Changes:
        known = claims_of(run, list(gone))
        return self._apply(run, [self._withdrawn(known[subject], subject, gone[subject]) for subject in gone if subject in known])

    def _withdrawn(self, before: Claims, subject: str, gone: set[str]) -> _Plan:
        left = {key: without(found, self.dataset) if key in gone else found for key, found in before.items()}
        return _Plan(subject, before, {key: found for key, found in left.items() if found})

    def _merge_again(self, rows: Sequence[Mapping[str, str]]) -> None:
        for subjects in batches(sorted({row["subject"] for row in rows}, key=rank), BATCH):
            self.graph.write_unit(lambda run, subjects=subjects: self.again(run, subjects))

    def _change(self, run: Run, claims: Mapping[str, Mapping[str, Editions]]) -> Changes:
        new = [found for changed in claims.values() for found in changed.values() if found]
        subjects = sorted({*claims, *(found[0].subject for found in new)}, key=rank)
        known = claims_of(run, subjects)
        after = {
            subject: {key: found for key, found in known.get(subject, {}).items() if key not in claims.get(subject, {})}
            for subject in subjects
        }
        for found in new:
            about = after[found[0].subject]
            about[found[0].id] = united(about.get(found[0].id, ()), found)
        return self._apply(run, [_Plan(subject, known.get(subject, {}), after[subject]) for subject in subjects])

    def again(self, run: Run, subjects: Sequence[str]) -> Changes:
        """Inside a unit: merge the claims of the subjects once more."""
        known = claims_of(run, subjects)
        return self._apply(run, [_Plan(subject, claims, claims, forced=True) for subject, claims in known.items()])

    def _apply(self, run: Run, plans: Sequence[_Plan]) -> Changes:
        self.fence(run)
        differing = [plan for plan in plans if plan.differs]
        facts = [self._facts(plan) for plan in differing if plan.after]
        if removed := [key for plan in differing for key in plan.removed]:
            run(statements.FORGET["Claim"], {"rows": removed})
        self._untie(run, differing, facts)
        for label, ids in _grouped((label_of(p.subject), p.subject) for p in differing if not p.after):
            run(statements.FORGET[label], {"rows": ids})
        write_facts(run, facts, frozenset(plan.subject for plan in differing if not plan.before))
        self._write_claims(run, differing)
        again = [key for plan in plans for key in plan.again]
        if again:
            run(statements.CONFIRM, {"rows": again, "run": self.run_id})
        counted = ((len(p.new), len(p.changed), len(p.removed), len(p.again)) for p in plans)
        return Changes(*map(sum, zip(*counted, strict=True))) if plans else Changes()

    def _facts(self, plan: _Plan) -> Facts:
        facts = merge(plan.subject, plan.claims, self._trust, today=self.today)
        assert facts is not None  # a plan with claims
        return facts

    def _write_claims(self, run: Run, plans: Sequence[_Plan]) -> None:
        new = ((label_of(p.subject), [p.subject, found[0].source, properties(found)]) for p in plans for found in p.new)
        for label, group in _grouped(new):
            run(statements.NEW_CLAIMS[label], {"rows": group, "run": self.run_id})
        if changed := [properties(found) for plan in plans for found in plan.changed]:
            run(statements.CHANGED_CLAIMS, {"rows": changed, "run": self.run_id})

    def _untie(self, run: Run, plans: Sequence[_Plan], facts: Sequence[Facts]) -> None:
        """Remove the ties that the partnerships had before and have no longer, whatever their facts were then."""
        kept = {(tie.type, tie.key): tie.start for fact in facts for tie in _ties(fact)}
        former = (p.subject for p in plans if p.before and label_of(p.subject) == "Partnership")
        possible = (each for subject in former for each in possible_ties(subject))
        for type_, rows in _grouped((type_, [key, kept.get((type_, key), "")]) for type_, key in possible):
            run(statements.UNTIE[type_], {"rows": rows})

    # --- cleaning up ------------------------------------------------------------------------------------------------

    def _stale(self, allow_shrink: bool) -> list[dict[str, Any]]:
        total = self.graph.read(_COUNT_OF, {"dataset": self.dataset})
        stale = self.graph.read(_STALE, {"dataset": self.dataset, "run": self.run_id})
        lost, had = sum(not row["restated"] for row in stale), total[0]["n"]
        if lost > SHRINK_LIMIT * had and not allow_shrink:
            raise LoadError(
                f"{lost} of {had} claims of {self.dataset!r} are no longer stated, more than a fifth; nothing was"
                " removed. If the source really shrank so much, run again with --allow-shrink."
            )
        return stale

    def _remove_orphans(self) -> None:
        """Places that only the gazetteer knows, countries without places, and sources without claims."""
        for _ in ("places", "the countries they were in"):
            self.graph.write_unit(lambda run: self._fenced(run, _DROP_ORPHANS, {"gazetteer": GAZETTEER}))
        self.graph.write_unit(lambda run: self._fenced(run, _DROP_SOURCES, {}))


_RESTING_ON = "MATCH (c:Claim)-[:STATED_IN]->(s:Source) WHERE s.id IN $sources RETURN DISTINCT c.subject AS subject"
_COUNT_OF = "MATCH (c:Claim) WHERE $dataset IN split(c.dataset, ';') RETURN count(*) AS n"
_IDS_OF = "MATCH (c:Claim) WHERE $dataset IN split(c.dataset, ';') RETURN c.id AS id"
# A claim that says the same in other words (of another kind, at another place) is no loss.
_STALE = """
MATCH (c:Claim) WHERE $dataset IN split(c.dataset, ';') AND c.last_run <> $run
RETURN c.id AS id, c.subject AS subject, EXISTS {
  MATCH (d:Claim {subject: c.subject})
  WHERE d.last_run = $run AND $dataset IN split(d.dataset, ';') AND d.predicate = c.predicate AND d.value = c.value
} AS restated
"""
_RELATIONS = {predicate.name: predicate.relation for predicate in PREDICATES.values() if predicate.relation}
_UNLINKED: LiteralString = """
MATCH (p:Partnership) WHERE COUNT { (p)<-[:PARTNER_IN]-() } < p.n_members RETURN p.id AS subject
UNION
MATCH (p:Place) WHERE coalesce(p.kind, '') <> 'country' AND p.country IS NOT NULL
  AND NOT EXISTS { (p)-[:PART_OF]->(c:Country) WHERE c.country = p.country }
RETURN p.id AS subject
UNION
MATCH (c:Claim)-[:ABOUT]->(s) WHERE c.predicate IN keys($relations)
  AND NOT EXISTS { MATCH (s)-[r:TYPES]-(o) WHERE type(r) = $relations[c.predicate] AND o.id = c.value }
RETURN c.subject AS subject
""".replace("TYPES", "|".join(relation.type for relation in RELATION_TYPES.values() if not relation.derived))
_DROP_SOURCES = "MATCH (s:Source) WHERE NOT EXISTS {(s)<-[:STATED_IN]-()} DELETE s"
_DROP_ORPHANS = """
MATCH (p:Place)
WHERE NOT EXISTS {(p)-[:PARTNER_IN|MEMBER_OF|TOOK_PART_IN]->()} AND NOT EXISTS {(p)<-[:PART_OF|BASED_IN|HOLDS]-()}
  AND NOT EXISTS {MATCH (p)<-[:ABOUT]-(c:Claim) WHERE c.dataset <> $gazetteer}
OPTIONAL MATCH (p)<-[:ABOUT]-(c:Claim)
DETACH DELETE c, p
"""


def ids_of(graph: Graph, dataset: str) -> Iterator[str]:
    """The ids of a dataset's claims, one by one; those that it shares with others, too."""
    return (row["id"] for row in graph.stream(_IDS_OF, {"dataset": dataset}))


def stated_ids(graph: Graph, dataset: str, ids: Sequence[str]) -> set[str]:
    """Those of the ids that are claims of a dataset."""
    query = "MATCH (c:Claim) WHERE c.id IN $ids AND $dataset IN split(c.dataset, ';') RETURN c.id AS id"
    return {row["id"] for row in graph.read(query, {"dataset": dataset, "ids": list(ids)})}


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most ``size``."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def claims_of(run: Run, subjects: Sequence[str]) -> dict[str, Claims]:
    """Every claim about the subjects, by subject and claim id, read as columns (a fifth of the time of nodes)."""
    columns = run(statements.CLAIMS_OF, {"rows": list(subjects)})[0]
    names = [name for name in columns if name not in {"id", "datasets", "editions"}]
    found: dict[str, Claims] = defaultdict(dict)
    plain = zip(*(columns[name] for name in names), strict=True)
    for values, datasets, written in zip(plain, columns["datasets"], columns["editions"], strict=True):
        editions = read_editions(dict(zip(names, values, strict=True)), datasets, written)
        found[editions[0].subject][editions[0].id] = editions
    return found


def _state_plan(subject: str, before: Claims, said: Sequence[Claim]) -> _Plan:
    # Of two statements with the same key in one load the later one counts, whatever their order in the file.
    after = dict(before)
    for claim in sorted(said, key=lambda c: c.particulars):
        after[claim.id] = stated_by(after.get(claim.id, ()), claim)
    again = tuple({c.id for c in said if c.id in before and not differ(before[c.id], after[c.id])})
    return _Plan(subject, before, after, again)


def write_facts(run: Run, facts: Sequence[Facts], new: frozenset[str]) -> None:
    """Write the nodes, relationships and ties of facts; those of ``new`` subjects are not there yet."""
    nodes = _grouped((node_group(fact), [fact.subject, node_properties(fact)]) for fact in facts)
    for group in sorted(nodes, key=lambda pair: _GROUPS.index(pair[0])):
        run(statements.NODES[group[0]], {"rows": group[1]})
    known = [fact for fact in facts if fact.subject not in new]
    for label, ids in _grouped((fact.label, fact.subject) for fact in known):
        for statement in statements.UNRELATE.get(label, ()):
            run(statement, {"rows": ids})
    first = [fact for fact in facts if fact.subject in new]
    for group_of, relate, tie in (
        (known, statements.RELATE, statements.TIES),
        (first, statements.NEW_RELATE, statements.NEW_TIES),
    ):
        for key, rows in _grouped(pair for fact in group_of for pair in relation_rows(fact)):
            run(relate[key], {"rows": _distinct(key[0], rows)})
        for type_, rows in _grouped((t.type, [t.key, t.start, t.end, t.properties]) for fact in group_of for t in _ties(fact)):
            run(tie[type_], {"rows": rows})


def _distinct(type_: str, rows: Sequence[list[Any]]) -> list[list[Any]]:
    """One row for each relationship: a place whose claim says that it lies in its own country has two that mean one."""
    return list({(row[0], row[1], row[2].get("role", "") if type_ == "HOLDS" else ""): row for row in rows}.values())


def _ties(facts: Facts) -> tuple[DerivedTie, ...]:
    return ties(facts) if facts.label == "Partnership" else ()


def _grouped(pairs: Iterable[tuple[K, V]]) -> list[tuple[K, list[V]]]:
    groups: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return list(groups.items())


def rank(subject: str) -> tuple[int, bool, str]:
    """By which subjects are loaded: what others refer to first."""
    return (_ORDER.index(label_of(subject)), not subject.startswith("iso:"), subject)


def _filled(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Null removes a property in ``SET +=``, so an emptied one does not linger."""
    return {name: value if value != "" else None for name, value in properties.items()}
