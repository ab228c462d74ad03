"""The rules of docs/claims.md written a second time, in another way: by elimination over plain records, without the model.

Slow and literal on purpose. Where this and ``kg.model`` differ, one of them does not follow the page.
"""

import datetime as dt
from functools import cmp_to_key

IN_FORCE = {"planned", "active", "weak", "dormant", "suspended", "unknown"}


def span(date):
    """The first and the last day that a date can mean."""
    numbers = [int(part) for part in date.split("-")]
    if len(numbers) == 3:
        day = dt.date(*numbers)
        return day, day
    if len(numbers) == 2:
        year, month = numbers
        return dt.date(year, month, 1), dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
    return dt.date(numbers[0], 1, 1), dt.date(numbers[0], 12, 31)


def overlap(one, other):
    return max(span(one)[0], span(other)[0]) <= min(span(one)[1], span(other)[1])


class Told:
    """One claim with its three times."""

    def __init__(self, claim, trust):
        self.claim, self.trust = claim, trust.get(claim.source, 0)
        self.predicate, self.value, self.qualifier = claim.predicate, claim.value, claim.qualifier
        self.so = claim.as_of or claim.stated or claim.seen
        self.undated = not (claim.as_of or claim.stated)
        self.known = claim.stated or claim.seen
        self.spoke = claim.stated or claim.as_of or claim.seen

    def held(self, day):
        if self.predicate == "since":
            return span(self.value)[0] <= day
        if self.predicate == "until":
            return span(self.value)[1] <= day
        if self.predicate == "name":
            return True
        return bool(self.so) and span(self.so)[0] <= day


def _newer(one, other):
    """Rule 2, step by step."""
    if one.undated != other.undated:
        return -1 if one.undated else 1
    for a, b in ((one.so, other.so), (one.trust, other.trust), (one.known, other.known), (one.claim.id, other.claim.id)):
        if a != b:
            return 1 if a > b else -1
    return 0


def _weightier(one, other):
    for a, b in ((one.trust, other.trust), (one.known, other.known), (one.claim.id, other.claim.id)):
        if a != b:
            return 1 if a > b else -1
    return 0


def latest(told):
    return sorted(told, key=cmp_to_key(_newer))[-1] if told else None


def weightiest(told):
    return sorted(told, key=cmp_to_key(_weightier))[-1] if told else None


def earliest(told):
    ranked = sorted(told, key=lambda t: t.claim.id)
    ranked.sort(key=lambda t: t.claim.stated)
    ranked.sort(key=lambda t: t.trust, reverse=True)
    ranked.sort(key=lambda t: t.so)
    ranked.sort(key=lambda t: t.undated)
    return ranked[0] if ranked else None


def date_of(told, predicate, qualifiers):
    """Rule 4: the most trusted; a finer date that agrees refines it."""
    stated = [t for t in told if t.predicate == predicate and t.qualifier in qualifiers]
    best = weightiest(stated)
    if best is None:
        return ""
    fits = [t for t in stated if overlap(t.value, best.value)]
    for length in (10, 7, 4):
        if any(len(t.value) == length for t in fits):
            return weightiest([t for t in fits if len(t.value) == length]).value
    raise AssertionError(best.value)


def kinds_left(told, day, asked):
    """Rule 3: strike out what is to come and what has given way; of the rest what holds, else the first."""
    left = [t for t in told if t.predicate == "kind"]
    begins = {t.value: date_of(told, "since", {t.value}) for t in left}
    to_come = {kind for kind, date in begins.items() if date and span(date)[0] > day}
    if any(t.value not in to_come for t in left):
        left = [t for t in left if t.value not in to_come]
    present = {t.value for t in left}
    for kind in list(present):
        for other in present:
            if begins[kind] and begins[other] and span(begins[kind])[1] < span(begins[other])[0]:
                left = [t for t in left if t.value != kind]
    held = [t for t in left if not asked or t.held(day)]
    return held or [t for t in [earliest(left)] if t]


def at_odds(told, leveled):
    for one in told:
        for other in told:
            same_time = (one.undated and other.undated) or (one.undated == other.undated and one.so == other.so)
            same_level = not leveled or one.qualifier == other.qualifier
            if same_time and same_level and one.value != other.value:
                return True
    return False


def partnership(claims, trust, day, known=None, *, asked=True, default_kind="twinning"):
    """Kind, since, until, status, basis, evidence and what is contested; None where nothing is known (rule 9)."""
    unique = {claim.id: claim for claim in claims}
    told = [Told(claim, trust) for claim in unique.values()]
    if known is not None:
        told = [t for t in told if t.known and span(t.known)[0] <= known]
    kinds = kinds_left(told, day, asked)
    kind = latest(kinds).value if kinds else default_kind
    since, until = date_of(told, "since", {kind, ""}), date_of(told, "until", {kind, ""})
    if since and until and span(until)[1] < span(since)[0]:
        until = ""
    on_day = [t for t in told if not asked or t.held(day)]
    come_to_end = bool(until) and span(until)[1] <= day
    status = _status(told, on_day, kind, since, until if come_to_end else "", day)
    if status[1] == "" and (asked or known is not None):
        return None
    contested = set()
    if at_odds(kinds, leveled=False):
        contested.add("kind")
    if at_odds([t for t in on_day if t.predicate == "status"], leveled=True):
        contested.add("status")
    for predicate in ("since", "until"):
        dates = [t.value for t in on_day if t.predicate == predicate and t.qualifier in {kind, ""}]
        if any(not overlap(a, b) for a in dates for b in dates):
            contested.add(predicate)
    if come_to_end and status[0] in IN_FORCE:
        contested.add("until")
    spoken = [t.spoke for t in on_day if t.spoke and (not asked or span(t.spoke)[0] <= day)]
    return {
        "kind": kind,
        "status": status[0],
        "status_basis": status[1],
        "status_as_of": status[2],
        "since": since if since and (not asked or span(since)[0] <= day) else "",
        "until": until if until and (not asked or come_to_end) else "",
        "last_evidence": sorted(spoken)[-1] if spoken else "",
        "contested": contested,
    }


def _status(told, on_day, kind, since, ended, day):
    """Rule 5, in its order: an end, a statement, a list, a beginning, a kind."""
    begun = since if since and span(since)[0] <= day else ""
    if not begun:
        others = {t.qualifier for t in told if t.predicate == "since" and t.qualifier != kind}
        dates = [date for other in others if (date := date_of(told, "since", {other})) and span(date)[0] <= day]
        begun = sorted(dates)[-1] if dates else ""
    statement = latest([t for t in on_day if t.predicate == "status"])
    lists = latest([t for t in on_day if t.predicate == "kind" and t.qualifier == "listed"])
    if ended:
        says_otherwise = statement and not statement.undated and span(statement.so)[0] > span(ended)[1]
        if not says_otherwise:
            if statement and statement.value == "ended":
                return "ended", "stated", statement.so
            return "ended", "ended", ended
    if statement:
        said = span(statement.so)[1] if statement.so and not statement.undated else None
        began_later = said is not None and begun and span(begun)[0] > said
        listed_later = said is not None and lists and not lists.undated and span(lists.so)[0] > said
        history = (statement.value in {"proposed", "planned"} and (began_later or listed_later)) or (
            statement.value in {"rejected", "ended"} and began_later
        )
        if not history:
            return statement.value, "stated", statement.so
    if lists:
        return "unknown", "listed", lists.so
    if begun:
        return "unknown", "begun", begun
    named = latest([t for t in on_day if t.predicate == "kind"])
    return ("unknown", "listed", named.so) if named else ("unknown", "", "")
