"""Which funding programmes fit a constellation of places: pass, fail or unknown, each with its reason and source.

A condition that the facts cannot decide is ``unknown``, never guessed: a place known only by its country, a third partner
about whom the source says nothing, a tie that is not on record. More knowledge turns ``unknown`` into an answer and never an
answer into its opposite. The rules are data (``funding.toml``); their conditions are explained there.
"""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Literal

from kg.model.dates import parse_date
from kg.network.funding import words
from kg.network.funding.calls import When, when
from kg.network.funding.catalogue import area, programmes
from kg.network.funding.rules import NUTS_COUNTRY, Area, Condition, Count, Phrase, Programme
from kg.network.funding.words import Tally
from kg.vocabulary import KINDS, PLACE_KINDS, STATUSES

Verdict = Literal["pass", "fail", "unknown"]
LIVING = frozenset({"active", "weak"})
# Beyond this many places only pairs are tried as legs: the number of sub-constellations doubles with each place.
ALL_LEGS_UP_TO = 8
_RANK: Mapping[str, int] = {"fail": 0, "unknown": 1, "pass": 2}


@dataclass(frozen=True, slots=True)
class FundingPlace:
    """What the rules ask of a place; ``nuts`` as fine as known (``DE1``, ``DE11`` or nothing), ``country`` ISO alpha-2."""

    id: str
    name: str
    country: str
    kind: str = ""
    nuts: str | None = None
    population: int | None = None

    @property
    def code(self) -> str:
        """The finest code that locates the place: NUTS when it belongs to the country, else the country's."""
        country = NUTS_COUNTRY.get(self.country, self.country)
        return self.nuts if self.nuts and self.nuts.startswith(country) else country


@dataclass(frozen=True, slots=True)
class FundingTie:
    """A tie on record between two places (ids), with kind and status of the vocabulary."""

    a: str
    b: str
    kind: str
    status: str = "unknown"
    programme: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one condition holds, fails or stays open.

    ``key`` names the sort of condition, ``count`` is how many places, countries or ties were surely found for it.
    """

    verdict: Verdict
    key: str
    text: Phrase
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one programme says to a constellation."""

    programme: Programme
    verdict: Verdict
    reasons: tuple[Reason, ...]
    to_be_met: tuple[Phrase, ...]
    legs: tuple[tuple[str, ...], ...]
    """Parts of the constellation (ids, sorted) that pass where the whole does not or where the money goes to a pair."""
    source: str
    as_of: str
    stale: bool
    """The rule's text is more than a year old."""
    when: When
    """Whether there is, or will be, a call."""
    for_all: bool
    """It fits these, and any three cities of three countries of the EU as well, so that fitting says little."""

    @property
    def programme_id(self) -> str:
        """The id of the programme."""
        return self.programme.id


def _holds(area: Area | None, place: FundingPlace) -> bool | None:
    return True if area is None else area.holds(place.code)


def _names(places: Iterable[FundingPlace]) -> tuple[Phrase, ...]:
    return tuple(Phrase(name, name) for name in sorted(place.name for place in places))


def _tally(places: Sequence[FundingPlace], flags: Sequence[bool | None]) -> Tally:
    sure = [place for place, flag in zip(places, flags, strict=True) if flag]
    maybe = [place for place, flag in zip(places, flags, strict=True) if flag is None]
    return Tally(len(sure), len(sure) + len(maybe), _names(sure), _names(maybe))


def _count_places(rule: Condition, places: Sequence[FundingPlace], _: Sequence[FundingTie]) -> Tally:
    return _tally(places, [_holds(rule.area, place) for place in places])


def _count_countries(rule: Condition, places: Sequence[FundingPlace], _: Sequence[FundingTie]) -> Tally:
    located = [place for place in places if place.country]
    sure = {place.country for place in located if _holds(rule.area, place)}
    maybe = {place.country for place in located if _holds(rule.area, place) is None} - sure
    # A place of an unknown country may add one, or lie in one that is counted already.
    nowhere = [place for place in places if not place.country]
    named = [tuple(words.country(code) for code in sorted(codes)) for codes in (sure, maybe)]
    return Tally(len(sure), len(sure | maybe) + len(nowhere), named[0], (*named[1], *_names(nowhere)))


def _count_outside(rule: Condition, places: Sequence[FundingPlace], _: Sequence[FundingTie]) -> Tally:
    inside = [_holds(rule.area, place) for place in places]
    return _tally(places, [None if flag is None else not flag for flag in inside])


def _wrong_kind(rule: Condition, place: FundingPlace) -> bool | None:
    asked, sort = _holds(rule.area, place), PLACE_KINDS.get(place.kind)
    if asked is False or sort in rule.allowed:
        return False
    return None if asked is None or sort is None or sort in rule.open else True


def _count_kinds(rule: Condition, places: Sequence[FundingPlace], _: Sequence[FundingTie]) -> Tally:
    return _tally(places, [_wrong_kind(rule, place) for place in places])


def _serves(rule: Condition, tie: FundingTie, ends: Mapping[str, FundingPlace]) -> bool | None:
    """Whether a tie is one the rule asks for: kind, ends, life, programme; ``None`` when it may be."""
    a, b = ends[tie.a], ends[tie.b]
    ways = [{_holds(rule.area, one), _holds(rule.other, two)} for one, two in ((a, b), (b, a))]
    if tie.kind not in rule.allowed or all(False in way for way in ways):
        return False
    foreign = rule.programme and tie.programme and rule.programme.casefold() not in tie.programme.casefold()
    return True if {True} in ways and tie.status in LIVING and not foreign else None


def _count_ties(rule: Condition, places: Sequence[FundingPlace], ties: Sequence[FundingTie]) -> Tally:
    ends = {place.id: place for place in places}
    among = [tie for tie in ties if tie.a in ends and tie.b in ends and tie.a != tie.b]
    found = [[tie for tie in among if _serves(rule, tie, ends) is wanted] for wanted in (True, None)]
    named = [tuple(sorted({_tie_name(tie, ends) for tie in some}, key=lambda name: name.de)) for some in found]
    # What is not on record may exist all the same: an absent or ended tie leaves the question open.
    return Tally(len(found[0]), math.inf, *named)


def _tie_name(tie: FundingTie, ends: Mapping[str, FundingPlace]) -> Phrase:
    pair = "–".join(sorted((ends[tie.a].name, ends[tie.b].name)))
    kind, status = KINDS[tie.kind], STATUSES.get(tie.status, STATUSES["unknown"])
    return Phrase(f"{kind.de} {pair} ({status.de})", f"{kind.en} {pair} ({status.en})")


_COUNTERS: Mapping[Count, Callable[[Condition, Sequence[FundingPlace], Sequence[FundingTie]], Tally]] = {
    "places": _count_places, "countries": _count_countries, "outside": _count_outside, "kinds": _count_kinds, "ties": _count_ties,
}  # fmt: skip


def _decide(rule: Condition, tally: Tally) -> Verdict:
    most = math.inf if rule.most is None else rule.most
    if tally.low >= rule.least and tally.high <= most:
        return "pass"
    # Ties have no upper bound, so enough of them on record is enough.
    if rule.count == "ties":
        return "pass" if tally.low >= rule.least else "unknown"
    breached = tally.high < rule.least or tally.low > most
    return "fail" if breached and not rule.lenient else "unknown"


def _judge(programme: Programme, places: Sequence[FundingPlace], ties: Sequence[FundingTie]) -> Verdict:
    """The worst verdict of the conditions; stops at the first that fails, as most programmes fail at once."""
    worst: Verdict = "pass"
    for rule in programme.conditions:
        found = _decide(rule, _COUNTERS[rule.count](rule, places, ties))
        if found == "fail":
            return found
        worst = "unknown" if found == "unknown" else worst
    return worst


def _parts(places: Sequence[FundingPlace], sizes: Iterable[int]) -> Iterable[tuple[FundingPlace, ...]]:
    return (part for size in sizes for part in combinations(places, size))


def _passing_parts(programme: Programme, places: Sequence[FundingPlace], ties: Sequence[FundingTie]) -> list[tuple[str, ...]]:
    """The largest proper parts that pass, biggest first; no part of one that is named already."""
    pairs_only = programme.scope == "leg" or len(places) > ALL_LEGS_UP_TO
    found: list[tuple[str, ...]] = []
    for part in _parts(places, (2,) if pairs_only else range(len(places) - 1, 1, -1)):
        ids = tuple(place.id for place in part)
        if not any(set(ids) <= set(other) for other in found) and _judge(programme, part, ties) == "pass":
            found.append(ids)
    return found


def _reasons(programme: Programme, places: Sequence[FundingPlace], ties: Sequence[FundingTie]) -> list[Reason]:
    reasons: list[Reason] = []
    for rule in programme.conditions:
        tally = _COUNTERS[rule.count](rule, places, ties)
        verdict = _decide(rule, tally)
        reasons.append(Reason(verdict, rule.count, words.say(rule, tally, verdict), tally.low))
    if programme.size_class:
        sizes = [(place.name, place.population) for place in sorted(places, key=lambda place: place.name)]
        reasons.append(Reason("pass", "size_class", words.size_class(programme.size_class, sizes)))
    return reasons


def _stale(as_of: str, today: dt.date) -> bool:
    first = parse_date(as_of).first_day
    return (first.year + 1, first.month, first.day) < (today.year, today.month, today.day)


def _ordered(places: Iterable[FundingPlace]) -> list[FundingPlace]:
    return sorted({place.id: place for place in places}.values(), key=lambda place: place.id)


def _to_pairs(programme: Programme, places: Sequence[FundingPlace]) -> bool:
    return programme.scope == "leg" and len(places) > 2


def _best_pair(programme: Programme, places: Sequence[FundingPlace], ties: Sequence[FundingTie]) -> tuple[FundingPlace, ...]:
    """The pair with the best answer; among failing ones that for which most conditions hold."""

    def rank(pair: Sequence[FundingPlace]) -> tuple[int, int]:
        found = [_decide(rule, _COUNTERS[rule.count](rule, pair, ties)) for rule in programme.conditions]
        return min(_RANK[each] for each in found), found.count("pass")

    return max(combinations(places, 2), key=rank)


def verdict(programme: Programme, places: Sequence[FundingPlace], ties: Sequence[FundingTie] = ()) -> Verdict:
    """The bare verdict, without words: for ranking many constellations."""
    ordered = _ordered(places)
    if not _to_pairs(programme, ordered):
        return _judge(programme, ordered, ties)
    return max((_judge(programme, pair, ties) for pair in combinations(ordered, 2)), key=lambda each: _RANK[each])


def fits_all(programme: Programme) -> bool:
    """Whether a programme fits any three cities of three countries of the EU.

    Each country is tried in one trio with two others; conditions look at one place or count them, so one that minds a country
    minds it there.
    """
    return all(verdict(programme, trio) == "pass" for trio in _trios())


@cache
def _trios() -> tuple[tuple[FundingPlace, ...], ...]:
    cities = [FundingPlace(code, code, code, "city") for code in sorted(area("eu").inside)]
    return tuple(zip(cities, (*cities[1:], *cities[:1]), (*cities[2:], *cities[:2]), strict=True))


def evaluate(
    programme: Programme, places: Sequence[FundingPlace], ties: Sequence[FundingTie] = (), *, today: dt.date | None = None
) -> Answer:
    """What a programme says to a constellation; the order of places and ties does not matter.

    ``today`` decides whether the rule's text is old and what its calls say. ``to_be_met`` lists what the graph cannot know,
    whatever the verdict is.
    """
    day, ordered = today or dt.datetime.now(tz=dt.UTC).date(), _ordered(places)
    applicants = _best_pair(programme, ordered, ties) if _to_pairs(programme, ordered) else ordered
    result = _judge(programme, applicants, ties)
    reasons = _reasons(programme, applicants, ties)
    others = [place.name for place in ordered if place not in applicants]
    if others:
        reasons.insert(0, Reason(result, "leg", words.leg([place.name for place in applicants], others, result)))
    legs = _passing_parts(programme, ordered, ties) if others or result != "pass" else []
    return Answer(
        programme, result, tuple(reasons), programme.to_be_met, tuple(legs), programme.source, programme.as_of,
        _stale(programme.as_of, day), when(programme.calendar, day), result == "pass" and fits_all(programme),
    )  # fmt: skip


def evaluate_all(
    places: Sequence[FundingPlace],
    ties: Sequence[FundingTie] = (),
    *,
    today: dt.date | None = None,
    rules: Sequence[Programme] | None = None,
) -> tuple[Answer, ...]:
    """Every programme's answer, in the order of the rule file."""
    return tuple(evaluate(rule, places, ties, today=today) for rule in (programmes() if rules is None else rules))
