"""From claims to facts: a pure function of the claims about one subject, whatever order they came in.

``docs/claims.md`` tells the rules. Statements that cannot both be true make a property contested; none of them is lost, since
facts are only ever read from claims and never replace them.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from kg.model.claims import Claim
from kg.model.clocks import holds, was_known
from kg.model.joining import was_joined
from kg.model.partnership import History, Value, partnership_facts
from kg.model.weighing import Trust, by_trust, earliest, latest
from kg.vocabulary import NODE_TYPES, PREDICATES, label_of


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship from or to the subject that a claim states; ``properties`` are those of the relationship."""

    type: str
    target: str
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is held to be true of one subject: properties as the vocabulary names them, without empty ones."""

    subject: str
    label: str
    properties: Mapping[str, Value]
    relations: tuple[Relation, ...] = ()

    @property
    def contested(self) -> tuple[str, ...]:
        """Properties on which sources contradict each other."""
        return tuple(cast(Sequence[str], self.properties.get("contested", ())))


def merge(
    subject: str, claims: Iterable[Claim], trust: Trust, at: dt.date | None = None, *,
    known: dt.date | None = None, today: dt.date | None = None,
) -> Facts | None:  # fmt: skip
    """The facts about ``subject``: as they were on the day ``at``, from what had been published by the day ``known``.

    ``trust`` maps a source's id to 0…100; an unknown source counts as 0. ``today`` decides which ends have come where no day
    is asked for. Returns None when no claim is about the subject, or nothing was known of it on the day. Linear in the
    claims but for sorting.
    """
    about = [claim for claim in _editions(claims) if was_known(claim, known)]
    if not about:
        return None
    label = label_of(subject)
    if label == "Partnership":
        found = partnership_facts(subject, History(about, trust, at or today or dt.date.today(), at is not None))
        if (at is not None or known is not None) and not found["status_basis"]:
            return None
    else:
        found = _entries([claim for claim in about if holds(claim, at)], trust, label)
        if not found and at is not None:
            return None
    return Facts(subject, label, {"id": subject, **_without_empty(found)}, _relations(about, trust, at))


def _editions(claims: Iterable[Claim]) -> list[Claim]:
    """Each claim once, in the order of the ids: of what several datasets say of it, the later edition."""
    found: dict[str, Claim] = {}
    for claim in claims:
        before = found.get(claim.id)
        if before is None or claim.particulars > before.particulars:
            found[claim.id] = claim
    return [found[key] for key in sorted(found)]


def _of(claims: Iterable[Claim], predicate: str) -> list[Claim]:
    return [claim for claim in claims if claim.predicate == predicate]


# --- Everything that registers describe in one record -----------------------------------------------------------------


def _entries(claims: Sequence[Claim], trust: Trust, label: str) -> dict[str, Value]:
    """Properties from the entries of all sources, each from the most trusted one that has it."""
    ranked = sorted(by_trust(_of(claims, "entry"), trust), key=lambda claim: not was_joined(claim))
    records = [cast(dict[str, Any], json.loads(claim.value)) for claim in ranked]
    found: dict[str, Value] = {}
    for record in records:
        found |= _without_empty(record)
    found |= _population(records) | _names(records, found)
    countries = {record["country"] for record in records if record.get("country")}
    if "lat" in found and "lon" in found:
        found["location"] = (float(cast(float, found["lon"])), float(cast(float, found["lat"])))
    found["contested"] = ["country"] if len(countries) > 1 else []
    known = {p.name for p in NODE_TYPES[label].properties}
    return {name: value for name, value in _without_empty(found).items() if name in known}


def _population(records: Sequence[Mapping[str, Any]]) -> dict[str, Value]:
    """A population changes: the latest count goes before the more trusted register (records are in rising trust)."""
    counted = [r for r in records if r.get("population")]
    if not counted:
        return {}
    latest = max(enumerate(counted), key=lambda pair: (str(pair[1].get("population_as_of", "")), pair[0]))[1]
    return {"population": int(latest["population"]), "population_as_of": str(latest.get("population_as_of", ""))}


def _names(records: Sequence[Mapping[str, Any]], found: Mapping[str, Value]) -> dict[str, Value]:
    """Every name that any register gives, so that search finds it; the chosen one is not repeated."""
    every: set[str] = {alias for record in records for alias in [*record.get("aliases", []), record.get("name", "")]}
    return {"aliases": sorted(every - {"", str(found.get("name", ""))})} if records else {}


def _without_empty(found: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in found.items() if value not in ("", None, [])}


# --- Relationships ------------------------------------------------------------------------------------------------------


def _relations(claims: Sequence[Claim], trust: Trust, at: dt.date | None) -> tuple[Relation, ...]:
    """One relationship for each type, target and (for roles of persons) qualifier; the latest, most trusted claim fills it."""
    stated: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in claims:
        predicate = PREDICATES[claim.predicate]
        if predicate.nature == "relation":
            qualifier = claim.qualifier if claim.predicate == "holds" else ""
            stated.setdefault((predicate.relation, claim.value, qualifier), []).append(claim)
    chosen = ((key, _chosen(group, trust, at)) for key, group in sorted(stated.items()))
    return tuple(_relation(type_, target, claim) for (type_, target, _), claim in chosen if claim is not None)


def _chosen(claims: Sequence[Claim], trust: Trust, at: dt.date | None) -> Claim | None:
    found = latest((claim for claim in claims if holds(claim, at)), trust)
    # A member's role is part of what the partnership is: who sponsors whom was so before anybody wrote it down.
    return earliest(claims, trust) if found is None and claims[0].predicate == "role" else found


def _relation(type_: str, target: str, claim: Claim) -> Relation:
    qualifier = PREDICATES[claim.predicate].qualifier
    properties = {qualifier: claim.qualifier} if qualifier and claim.qualifier else {}
    if type_ == "HOLDS" and claim.as_of:
        properties["as_of"] = claim.as_of
    return Relation(type_, target, tuple(sorted(properties.items())))
