"""Settling open names: a decision becomes a correction of the user's own, and the rows that waited for it load at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from contextlib import closing
from dataclasses import dataclass, field

from ingest.places.corrections import OWN, Correction, decide, joins, own_corrections, retract
from ingest.places.described import CLDR, GEONAMES
from ingest.places.prepared import ask
from ingest.places.resolver import Mention, Resolver
from ingest.run.descriptor import descriptor
from ingest.run.open_names import KeptLoad, KeptRow, kept_loads, key_of, write_kept
from ingest.run.protocol import Request
from ingest.run.runner import Answer, rows_again
from kg.errors import KgError, UsageError
from kg.settings import Settings
from kg.store.driver import Graph
from kg.store.join import join_places, part_places
from kg.store.load import Changes, Loader, stated_ids
from kg.store.runs import amend_run, load_lock

_REASON = "settled by hand"


@dataclass(slots=True)
class Settled:
    """What a decision brought."""

    name: str
    country: str
    place: str
    """The id that was chosen; empty when a decision was taken back."""
    loaded: int = 0
    waiting: int = 0
    """Rows that wait for another name now, or again."""
    rejected: int = 0
    """Rows that cannot be taken for a reason that nobody can settle here."""
    changes: Changes = field(default_factory=Changes)
    problems: list[str] = field(default_factory=list[str])
    """Loads whose rows could not be read again, each with the reason."""


def settle(graph: Graph, settings: Settings, name: str, country: str, place: str, kind: str = "") -> Settled:
    """Let ``name`` in ``country`` (a code, or empty for any) mean ``place``, and load every row that waited for that.

    The ``kind`` is that of a place which no gazetteer has.

    Raises:
        DataError: ``place`` is no id, or the user's corrections have a line that cannot hold; nothing was changed then.
    """
    with closing(Resolver.open(settings).gazetteer) as gazetteer:
        decide(settings.home / OWN, Correction(name, country, place, kind, _REASON), lambda id_: gazetteer.get(id_) is not None)
    settled = Settled(name, country, place)
    return _load_again(graph, settings, settled, lambda kept: kept.key == key_of(name, country))


def take_back(graph: Graph, settings: Settings, name: str, country: str) -> Settled:
    """Take a decision back: the correction goes, with what its rows brought, and these wait again.

    Raises:
        UsageError: no such decision stands among the user's corrections.
    """
    if not retract(settings.home / OWN, name, country):
        raise UsageError(f"{name!r} ({country or 'any country'}) is not among your corrections, so there is nothing to take back")
    key = key_of(name, country)
    return _load_again(graph, settings, Settled(name, country, ""), lambda kept: key in kept.decided)


def new_place(settings: Settings, name: str, country: str) -> tuple[str, str]:
    """The id and the kind of a place that no gazetteer has.

    Raises:
        UsageError: its country is not known.
    """
    if not country:
        raise UsageError(f"a new place needs a country; write the one of {name!r} into the list and load it again")
    resolver = Resolver.open(settings)
    with closing(resolver.gazetteer):
        found = resolver.unlisted.place(ask(Mention(name, country)))
    return found.id, found.kind


# --- Places that are one --------------------------------------------------------------------------------------------------


def merge_places(graph: Graph, settings: Settings, into: str, place: str) -> int:
    """Join ``place`` into ``into``: kept as a correction, so that later loads do so too; the number of claims that moved.

    Raises:
        UsageError: a source tells the two apart, or one of them was joined to a third.
    """
    if into == place:
        raise UsageError(f"{place} is one place already; name two")
    with closing(Resolver.open(settings).gazetteer) as gazetteer:
        held = joins(own_corrections(settings.home / OWN, lambda id_: gazetteer.get(id_) is not None))
        if into in held:
            raise UsageError(f"{into} was joined into {held[into]}; name that one")
        count = join_places(graph, place, into)
        decide(settings.home / OWN, Correction(place, "", into, "", "one place"), lambda id_: gazetteer.get(id_) is not None)
    return count


def split_places(graph: Graph, settings: Settings, into: str, place: str) -> int:
    """Take that back; the number of claims that are said of ``place`` again.

    Raises:
        UsageError: they were not joined.
    """
    if not retract(settings.home / OWN, place, ""):
        raise UsageError(f"{place} is not joined into another place by your corrections")
    return part_places(graph, place, into)


# --- The rows -------------------------------------------------------------------------------------------------------------


def _load_again(graph: Graph, settings: Settings, settled: Settled, concerns: Callable[[KeptRow], bool]) -> Settled:
    for load in kept_loads(graph, settings.home):
        rows = [kept for kept in load.rows if concerns(kept)]
        if rows:
            try:
                _one_load(graph, settings, load, rows, settled)
            except KgError as error:
                settled.problems.append(f"{load.dataset}: {error}")
    return settled


def _one_load(graph: Graph, settings: Settings, load: KeptLoad, rows: Sequence[KeptRow], settled: Settled) -> None:
    """Make claims of the rows anew and load them into the run that had rejected them, whose account then says so."""
    day = dt.datetime.strptime(load.run_id[:8], "%Y%m%d").date()
    request = Request(descriptor(load.source), settings, load.files, load.options, day)
    sources, answers = rows_again(request, [kept.row for kept in rows])
    with load_lock(graph, load.run_id) as lock:
        loader = Loader(graph, load.dataset, load.run_id, lock.fence)
        loader.sources([GEONAMES, CLDR, *sources])
        before = _taken(rows)
        changes = _withdraw(loader, load, rows)
        stated = stated_ids(graph, load.dataset, [c.id for a in answers for c in a.claims])
        for kept, answer in zip(rows, answers, strict=True):
            _note(kept, answer, load.dataset, stated, settled)
        changes += loader.load(claim for answer in answers for claim in answer.claims)
        write_kept(load)
        amend_run(graph, load.run_id, _taken(rows) - before, changes.total)
    settled.loaded += _taken(rows)
    settled.waiting += sum(kept.key is not None for kept in rows)
    settled.rejected += sum(kept.claims is None and kept.question is None for kept in rows)
    settled.changes += changes


def _withdraw(loader: Loader, load: KeptLoad, rows: Sequence[KeptRow]) -> Changes:
    """Remove what the rows brought when they were loaded, but for what others that were settled brought too."""
    again = set(map(id, rows))
    others = {key for kept in load.rows if id(kept) not in again for ids in (kept.claims or {}).values() for key in ids}
    gone: dict[str, set[str]] = defaultdict(set)
    for kept in rows:
        for subject, ids in (kept.claims or {}).items():
            gone[subject] |= set(ids) - others
    return loader.withdraw({subject: ids for subject, ids in gone.items() if ids})


def _note(kept: KeptRow, answer: Answer, dataset: str, stated: Set[str], settled: Settled) -> None:
    """Keep in the row what became of it."""
    key = key_of(settled.name, settled.country)
    kept.decided = [each for each in kept.decided if each != key] + ([key] if settled.place else [])
    if answer.reason:
        kept.reason, kept.question, kept.claims = answer.reason, answer.question, None
        return
    brought: dict[str, list[str]] = defaultdict(list)
    for claim in answer.claims:
        if claim.dataset == dataset and claim.id not in stated:
            brought[claim.subject].append(claim.id)
    kept.claims = dict(brought)


def _taken(rows: Sequence[KeptRow]) -> int:
    return sum(kept.claims is not None for kept in rows)
