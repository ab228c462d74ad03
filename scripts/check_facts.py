"""What our own facts leave open: ``python -m scripts.check_facts``; prints one line for each and fails when there is one.

Status: called active, but the statement is older than five years, no list of since then names it, and
``docs/decisions/active-long-ago.csv`` does not say why. Closed: that file names one that is no longer open.
Date: a claim of which nobody knows when it was so. Twice: one pair has two partnerships of one family, and not each its own name.
"""

import csv
import datetime as dt
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from ingest.places.described import Places
from ingest.places.resolver import Resolver
from ingest.rows import Ignore, Reject
from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request
from ingest.sources import bundled
from kg.model.claims import Claim
from kg.model.clocks import is_dated, is_old, time_of
from kg.model.identity import partnership_family, partnership_members
from kg.model.merge import merge
from kg.settings import settings
from kg.vocabulary import LISTED

LEFT_OPEN = Path(__file__).parents[1] / "docs" / "decisions" / "active-long-ago.csv"
"""Partnerships called active long ago of which nothing newer was found, each with what was."""
Told = Mapping[str, Sequence[Claim]]


def bundled_claims() -> tuple[dict[str, list[Claim]], dict[str, int]]:
    """The claims about every partnership of our own facts by its id, and the trust in each source."""
    opened = bundled.open_source(Request(descriptor("bundled"), settings()))
    found: dict[str, list[Claim]] = defaultdict(list)
    resolver = Resolver.open(settings())
    with closing(resolver.gazetteer):
        places = Places(resolver)
        for row in bundled.read(opened):
            try:
                claims = bundled.to_claims(row, opened, places)
            except (Ignore, Reject):
                continue  # the load tells of it
            for claim in claims:
                if "|" in claim.subject:
                    found[claim.subject].append(claim)
    return found, {source.id: source.trust for source in opened.sources}


def left_open() -> frozenset[str]:
    """The ids of the partnerships that the file names."""
    with LEFT_OPEN.open(encoding="utf-8", newline="") as file:
        return frozenset(row["partnership"] for row in csv.DictReader(file))


def open_questions(told: Told, trust: Mapping[str, int], day: dt.date, known: frozenset[str]) -> Iterator[str]:
    """One line for each that is open on the day: what is wrong, and of which partnership."""
    old = {subject: as_of for subject, claims in told.items() if (as_of := _long_ago(subject, claims, trust, day))}
    yield from (f"status: active as of {old[each]} and not listed since: {each}" for each in sorted(old.keys() - known))
    yield from (f"closed: no longer called active long ago: {each}" for each in sorted(known - old.keys()))
    for subject, claims in sorted(told.items()):
        yield from (f"date: {c.predicate} {c.value} of {c.source} has none: {subject}" for c in claims if not time_of(c))
    yield from _twice(told)


def _long_ago(subject: str, claims: Sequence[Claim], trust: Mapping[str, int], day: dt.date) -> str:
    """When it was last called active, if that is long ago and no dated list has named it since; else ""."""
    facts = merge(subject, claims, trust, today=day)
    as_of = str(facts.properties.get("status_as_of", "")) if facts and facts.properties["status"] == "active" else ""
    lists = (c for c in claims if c.predicate == "kind" and c.qualifier == LISTED and is_dated(c))
    return as_of if is_old(as_of, day) and all(is_old(time_of(c), day) for c in lists) else ""


def _twice(subjects: Told) -> Iterator[str]:
    pairs: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for subject in subjects:
        members = partnership_members(subject)
        if len(members) == 2:
            pairs[partnership_family(subject), members].append(subject)
    for (family, members), found in sorted(pairs.items()):
        # Two projects of one pair, each with its own name, are two.
        if len(found) > 1 and any(subject.count("|") < 2 for subject in found):
            yield f"twice: {family} of {' and '.join(members)}"


def main() -> int:
    """Print every open question of today."""
    found = list(open_questions(*bundled_claims(), dt.date.today(), left_open()))
    print("\n".join(found))
    print(f"{len(found)} open questions", file=sys.stderr)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
