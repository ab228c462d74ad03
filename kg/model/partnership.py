"""What is held of a partnership: kind, beginning, end, status and what the status rests on (``docs/claims.md``, 3-7)."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from kg.model.claims import Claim
from kg.model.clocks import first_day, has_begun, holds, is_before, is_dated, is_over, last_day, spoken, time_of
from kg.model.dates import parse_date
from kg.model.identity import partnership_family, partnership_members
from kg.model.weighing import Trust, earliest, latest, most_trusted
from kg.vocabulary import KINDS, LISTED, STATUSES

Value = str | int | float | bool | list[str] | tuple[float, float]


@dataclass(frozen=True, slots=True)
class Standing:
    """A status, since when it is known to be so, and what it rests on."""

    status: str = "unknown"
    as_of: str = ""
    basis: str = ""
    level: str = ""
    undated: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """The claims about one partnership as they look on a day.

    ``claims`` are all that were known; ``day`` is the day asked for, ``past`` whether it was asked for by the user: today
    everything known is shown, a beginning or an end to come among it.
    """

    claims: Sequence[Claim]
    trust: Trust
    day: dt.date
    past: bool

    @property
    def as_of(self) -> dt.date | None:
        """The day as ``holds`` takes it."""
        return self.day if self.past else None

    def of(self, predicate: str) -> list[Claim]:
        """The claims about a point that hold on the day."""
        return [c for c in self.claims if c.predicate == predicate and holds(c, self.as_of)]

    # --- Kind ---------------------------------------------------------------------------------------------------------

    def kinds(self) -> list[Claim]:
        """The kinds that neither are to come nor have given way to one that began later; what holds, else what is first."""
        claims = [c for c in self.claims if c.predicate == "kind"]
        begins = {kind: date.value for kind in {c.value for c in claims} if (date := self.date("since", kind, own=True))}
        come = [c for c in claims if c.value not in begins or has_begun(begins[c.value], self.day)] or claims
        started = [begins[c.value] for c in come if c.value in begins]
        left = [c for c in come if c.value not in begins or not any(is_before(begins[c.value], date) for date in started)]
        held = [c for c in left if holds(c, self.as_of)]
        first = earliest(left, self.trust)
        return held or ([first] if first else [])

    def date(self, predicate: str, kind: str, *, own: bool = False) -> Claim | None:
        """The beginning or end of a kind that is held to be true, a finer date that agrees before a coarser one.

        ``own`` leaves out the statements that are of no kind in particular.
        """
        claims = self.dates(predicate, kind, own=own)
        best = most_trusted(claims, self.trust)
        if best is None:
            return None
        agreeing = [c for c in claims if parse_date(c.value).allows(parse_date(best.value))]
        length = max(len(c.value) for c in agreeing)
        return most_trusted((c for c in agreeing if len(c.value) == length), self.trust)

    def dates(self, predicate: str, kind: str, *, own: bool = False) -> list[Claim]:
        """Every beginning or end that is stated of a kind."""
        allowed = {kind} if own else {kind, ""}
        return [c for c in self.claims if c.predicate == predicate and c.qualifier in allowed]

    def next_change(self) -> str:
        """The next day on which a beginning or an end that is known comes, so that the facts change by themselves; else ""."""
        firsts = (first_day(c.value) for c in self.claims if c.predicate == "since")
        lasts = (last_day(c.value) for c in self.claims if c.predicate == "until")
        return min((day.isoformat() for day in (*firsts, *lasts) if day > self.day), default="")

    # --- Status -------------------------------------------------------------------------------------------------------

    def standing(self, kind: str, since: Claim | None, until: Claim | None) -> Standing:
        """The status and what it rests on."""
        begun = since.value if since and has_begun(since.value, self.day) else self._other_beginning(kind)
        ended = until.value if until and is_over(until.value, self.day) else ""
        stated = latest(self.of("status"), self.trust)
        listed = latest((c for c in self.of("kind") if c.qualifier == LISTED), self.trust)
        if ended and not (stated and is_dated(stated) and is_before(ended, time_of(stated))):
            if stated and stated.value == "ended":
                return _stated(stated)
            return Standing("ended", ended, "ended")
        if stated and not _overtaken(stated, begun, listed):
            return _stated(stated)
        named = listed or (None if begun else latest(self.of("kind"), self.trust))
        if named:
            return Standing("unknown", time_of(named), "listed", undated=not is_dated(named))
        return Standing("unknown", begun, "begun" if begun else "")

    def _other_beginning(self, kind: str) -> str:
        """The latest beginning of another kind that has come, where none of the present kind is known."""
        others = {c.qualifier for c in self.claims if c.predicate == "since"} - {kind}
        dates = (self.date("since", other, own=True) for other in others)
        return max((c.value for c in dates if c and has_begun(c.value, self.day)), default="")


def partnership_facts(subject: str, history: History) -> dict[str, Value]:
    """The properties of a partnership; without a ``status_basis`` where nothing is known of it on the day."""
    kinds = history.kinds()
    family, members = partnership_family(subject), partnership_members(subject)
    chosen = latest(kinds, history.trust)
    kind = chosen.value if chosen else next(k.id for k in KINDS.values() if k.family == family)
    since, until = history.date("since", kind), history.date("until", kind)
    if since and until and is_before(until.value, since.value):
        until = None  # it began anew
    standing = history.standing(kind, since, until)
    in_force_after_end = until is not None and is_over(until.value, history.day) and STATUSES[standing.status].in_force
    shown_since = since.value if since and holds(since, history.as_of) else ""
    shown_until = until.value if until and holds(until, history.as_of) else ""
    name = most_trusted(history.of("name"), history.trust)
    held = [c for c in history.claims if holds(c, history.as_of)]
    return {
        "family": family,
        "kind": kind,
        "name": name.value if name else "",
        "status": standing.status,
        "in_force": STATUSES[standing.status].in_force,
        "bridge": STATUSES[standing.status].bridge,
        "status_as_of": standing.as_of,
        "status_undated": standing.undated or "",
        "status_basis": standing.basis,
        "last_evidence": _last_evidence(held, history),
        "level": standing.level,
        "since": shown_since,
        "since_precision": parse_date(shown_since).precision if shown_since else "",
        "until": shown_until,
        "programme": _programme(history),
        "contested": list(_contested(history, kind, kinds, in_force_after_end)),
        "due": "" if history.past else history.next_change(),
        "n_members": len(members),
        "n_claims": len(held),
        "stated_by": sorted({c.by for c in held if c.by in members}),
    }


def _last_evidence(held: Sequence[Claim], history: History) -> str:
    dates = (date for c in held if (date := spoken(c)) and (not history.past or has_begun(date, history.day)))
    return max(dates, default="")


def _stated(claim: Claim) -> Standing:
    return Standing(claim.value, time_of(claim), "stated", claim.qualifier, undated=not is_dated(claim))


def _overtaken(stated: Claim, begun: str, listed: Claim | None) -> bool:
    """Whether what was planned, turned down or ended has become history by a later beginning, or a plan by a later list."""
    opens = STATUSES[stated.value].opens
    if not opens or not is_dated(stated):
        return False
    named = time_of(listed) if listed and is_dated(listed) and opens == "later" else ""
    return any(date and is_before(time_of(stated), date) for date in (begun, named))


def _programme(history: History) -> str:
    """The latest programme, refined by a finer one that begins with it: a phase says more than its programme."""
    claims = history.of("programme")
    chosen = latest(claims, history.trust)
    while chosen is not None:
        finer = latest((c for c in claims if c.value.startswith(f"{chosen.value} ")), history.trust)
        if finer is None:
            return chosen.value
        chosen = finer
    return ""


def _contested(history: History, kind: str, kinds: Sequence[Claim], in_force_after_end: bool) -> Iterator[str]:
    if _at_odds(kinds):
        yield "kind"
    if _at_odds(history.of("status")):
        yield "status"
    for predicate in ("since", "until"):
        dates = {c.value for c in history.dates(predicate, kind) if holds(c, history.as_of)}
        apart = any(not parse_date(a).allows(parse_date(b)) for a, b in combinations(sorted(dates), 2))
        if apart or (predicate == "until" and in_force_after_end):
            yield predicate


def _at_odds(claims: Iterable[Claim]) -> bool:
    """Whether two of them say different things of one time; of two times it is history. What is undated has one time."""
    said: dict[tuple[str, str], set[str]] = {}
    for claim in claims:
        level = claim.qualifier if claim.predicate == "status" else ""
        said.setdefault((time_of(claim) if is_dated(claim) else "", level), set()).add(claim.value)
    return any(len(values) > 1 for values in said.values())
