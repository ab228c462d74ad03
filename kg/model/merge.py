"""From claims to facts: a pure function of the claims about one subject, whatever order they came in.

What changes over time (kind, status, programme) takes the latest ``as_of``, then the source's trust, then the later
``stated``. What does not (since, until, name) takes trust, then the later ``stated``. Statements that cannot both be true
make the property contested; none of them is lost, since facts are only ever read from claims and never replace them.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from kg.model.claims import Claim
from kg.model.dates import parse_date
from kg.model.identity import partnership_family, partnership_members
from kg.vocabulary import KINDS, NODE_TYPES, PREDICATES, label_of

Value = str | int | float | list[str] | tuple[float, float]
Trust = Mapping[str, int]


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


def merge(subject: str, claims: Iterable[Claim], trust: Trust, at: dt.date | None = None) -> Facts | None:
    """The facts about ``subject``; with ``at``, from the claims that hold at that date only.

    ``trust`` maps a source's id to 0…100; an unknown source counts as 0. Returns None when nothing was known of the
    subject at the date, or no claim is about it. Linear in the claims but for sorting.
    """
    label = label_of(subject)
    about = sorted({claim.id: claim for claim in claims}.values(), key=lambda c: c.id)
    held = [claim for claim in about if at is None or _holds(claim, at)]
    partnership = label == "Partnership"
    properties = _partnership(subject, about, held, trust, at) if partnership else _entries(held, trust, label)
    if not properties:
        return None
    return Facts(subject, label, {"id": subject, **properties}, _relations(held, trust))


def _holds(claim: Claim, at: dt.date) -> bool:
    if PREDICATES[claim.predicate].nature in {"fixed", "entry"}:
        return True  # a beginning stated today was the beginning then, too
    known = claim.as_of or claim.stated
    return not known or parse_date(known).first_day <= at


def _of(claims: Iterable[Claim], predicate: str) -> list[Claim]:
    return [claim for claim in claims if claim.predicate == predicate]


# --- Partnerships ---------------------------------------------------------------------------------------------------


def _partnership(
    subject: str, about: Sequence[Claim], held: Sequence[Claim], trust: Trust, at: dt.date | None
) -> dict[str, Value]:
    since, since_contested = _date(_of(held, "since"), trust)
    until, until_contested = _date(_of(held, "until"), trust)
    status = _status(_of(held, "status"), since, until, trust, at)
    kinds = _of(held, "kind")
    if at is not None and status is None and not kinds:
        return {}
    family = partnership_family(subject)
    kind = _latest(kinds, trust) or _earliest(_of(about, "kind"), trust)
    programme, name = _latest(_of(held, "programme"), trust), _most_trusted(_of(held, "name"), trust)
    members = partnership_members(subject)
    disputes = {
        "kind": _at_odds(kinds), "status": _at_odds(_of(held, "status")),
        "since": since_contested, "until": until_contested,
    }  # fmt: skip
    found: dict[str, Value] = {
        "family": family,
        "kind": kind.value if kind else next(k.id for k in KINDS.values() if k.family == family),
        "name": name.value if name else "",
        "status": status.value if status else "unknown",
        "status_as_of": status.as_of if status else "",
        "level": status.qualifier if status else "",
        "since": since,
        "since_precision": parse_date(since).precision if since else "",
        "until": until,
        "programme": programme.value if programme else "",
        "contested": [name for name, is_so in disputes.items() if is_so],
        "n_members": len(members),
        "n_claims": len(held),
        "stated_by": sorted({claim.by for claim in held if claim.by in members}),
    }
    return _without_empty(found)


def _status(claims: Sequence[Claim], since: str, until: str, trust: Trust, at: dt.date | None) -> Claim | None:
    """The latest status; a beginning is itself a statement that it was in force then, an end that it was not."""
    implied = [
        Claim("", "", "status", value, as_of=date)
        for value, date in (("active", since), ("ended", until))
        if date and (at is None or parse_date(date).first_day <= at)
    ]
    return _latest([*claims, *implied], trust)


def _date(claims: Sequence[Claim], trust: Trust) -> tuple[str, bool]:
    """The date held to be true, and whether another one contradicts it.

    A more precise date that agrees with the most trusted one refines it: 1950 and 1950-05-31 are no contradiction.
    """
    best = _most_trusted(claims, trust)
    if best is None:
        return "", False
    chosen = parse_date(best.value)
    agreeing = [claim for claim in claims if parse_date(claim.value).allows(chosen)]
    finest = max(agreeing, key=lambda c: (len(c.value), *_weight(c, trust)))
    return finest.value, len(agreeing) < len(claims)


def _weight(claim: Claim, trust: Trust) -> tuple[int, str, str]:
    return (trust.get(claim.source, 0), claim.stated, claim.id)


def _most_trusted(claims: Iterable[Claim], trust: Trust) -> Claim | None:
    return max(claims, key=lambda c: _weight(c, trust), default=None)


def _latest(claims: Iterable[Claim], trust: Trust) -> Claim | None:
    # A claim without a source is implied by a date; at the same date what a source states in words goes before it.
    return max(claims, key=lambda c: (c.as_of, bool(c.source), *_weight(c, trust)), default=None)


def _earliest(claims: Iterable[Claim], trust: Trust) -> Claim | None:
    """What it was before the first statement about it is taken from the first statement."""
    return min(claims, key=lambda c: (c.as_of, *(-trust.get(c.source, 0), c.stated, c.id)), default=None)


def _at_odds(claims: Sequence[Claim]) -> bool:
    """Whether two of them say different things of one time; of two times it is history."""
    said: dict[tuple[str, str], set[str]] = {}
    for claim in claims:
        said.setdefault((claim.as_of, claim.qualifier), set()).add(claim.value)
    return any(len(values) > 1 for values in said.values())


# --- Everything that registers describe in one record -----------------------------------------------------------------


def _entries(claims: Sequence[Claim], trust: Trust, label: str) -> dict[str, Value]:
    """Properties from the entries of all sources, each from the most trusted one that has it."""
    ranked = sorted(_of(claims, "entry"), key=lambda c: _weight(c, trust))
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


def _relations(claims: Sequence[Claim], trust: Trust) -> tuple[Relation, ...]:
    """One relationship for each type, target and (for roles) qualifier; the latest, most trusted claim fills it."""
    stated: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in claims:
        predicate = PREDICATES[claim.predicate]
        if predicate.nature == "relation":
            told_apart = claim.qualifier if claim.predicate == "holds" else ""
            stated.setdefault((predicate.relation, claim.value, told_apart), []).append(claim)
    return tuple(_relation(type_, target, _latest(group, trust)) for (type_, target, _), group in sorted(stated.items()))


def _relation(type_: str, target: str, claim: Claim | None) -> Relation:
    assert claim is not None  # a group holds at least one claim
    qualifier = PREDICATES[claim.predicate].qualifier
    properties = {qualifier: claim.qualifier} if qualifier and claim.qualifier else {}
    if type_ == "HOLDS" and claim.as_of:
        properties["as_of"] = claim.as_of
    return Relation(type_, target, tuple(sorted(properties.items())))
