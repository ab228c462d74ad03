"""What our own facts leave open: ``python -m scripts.check_facts``; prints one line for each and fails when there is one.

Status: called active, but the statement is older than five years and no list of since then names it.
Date: a claim of which nobody knows when it was so. Twice: one pair has two partnerships of one family.
"""

import datetime as dt
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing

from ingest.places.described import Places
from ingest.places.resolver import Resolver
from ingest.rows import Ignore, Reject
from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request
from ingest.sources import bundled
from kg.model.claims import Claim
from kg.model.clocks import is_dated, time_of
from kg.model.identity import partnership_family, partnership_members
from kg.model.merge import merge
from kg.settings import settings
from kg.vocabulary import LISTED

_OLD_YEARS = 5


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


def open_questions(today: dt.date) -> Iterator[str]:
    """One line for each: what is wrong, and of which partnership."""
    by_subject, trust = bundled_claims()
    for subject, claims in sorted(by_subject.items()):
        facts = merge(subject, claims, trust, today=today)
        if facts and facts.properties["status"] == "active" and _is_old(claims, str(facts.properties["status_as_of"]), today):
            yield f"status: active as of {facts.properties['status_as_of']} and not listed since: {subject}"
        yield from (f"date: {c.predicate} {c.value} of {c.source} has none: {subject}" for c in claims if not time_of(c))
    pairs = Counter(
        (partnership_family(s), members) for s in by_subject if len(members := partnership_members(s)) == 2
    )  # fmt: skip
    yield from (f"twice: {family} of {' and '.join(members)}" for (family, members), count in sorted(pairs.items()) if count > 1)


def _is_old(claims: list[Claim], as_of: str, today: dt.date) -> bool:
    oldest = str(today.year - _OLD_YEARS)
    listed = any(c.qualifier == LISTED and time_of(c) >= oldest for c in claims if c.predicate == "kind" and is_dated(c))
    return as_of < oldest and not listed


def main() -> int:
    """Print every open question."""
    found = list(open_questions(dt.date.today()))
    print("\n".join(found))
    print(f"{len(found)} open questions", file=sys.stderr)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
