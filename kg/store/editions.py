"""One claim that several datasets state: one node, with what each of them says of it where they differ.

A claim is keyed by what it says and where, so two datasets that carry the same statement of the same source carry the same
claim. It lives as long as one of them states it, and withdrawing one leaves it as the others have it.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from itertools import chain
from typing import Any

from kg.model.claims import Claim
from kg.model.dates import parse_date

Editions = tuple[Claim, ...]
"""The same claim as each dataset states it, in the order of the datasets' names."""

SEPARATOR = ";"
"""Between the names of datasets, which are slugs."""
_SAID = tuple(each.name for each in fields(Claim) if each.init and each.name != "dataset")
_PARTICULARS = ("as_of", "stated", "seen", "by", "quote", "note")


def stated_by(editions: Editions, claim: Claim) -> Editions:
    """The editions with one dataset's replaced; of a source without a date, the day on which it was first looked up stays."""
    former = next((each for each in editions if each.dataset == claim.dataset), None)
    if former is not None and _looked_up_again(former, claim):
        claim = former
    others = (each for each in editions if each.dataset != claim.dataset)
    return tuple(sorted((*others, claim), key=lambda each: each.dataset))


def without(editions: Editions, dataset: str) -> Editions:
    """The editions that are left when a dataset no longer states the claim."""
    return tuple(each for each in editions if each.dataset != dataset)


def united(*several: Editions) -> Editions:
    """What was several claims and has become one: of each dataset the later statement."""
    latest = {each.dataset: each for each in sorted(chain.from_iterable(several), key=lambda each: each.particulars)}
    return tuple(latest[dataset] for dataset in sorted(latest))


def differ(one: Editions, other: Editions) -> bool:
    """Whether anything differs that is no part of the claim's identity; the hash of it would take ten times as long."""
    return one is not other and [(c.dataset, c.particulars) for c in one] != [(c.dataset, c.particulars) for c in other]


def properties(editions: Editions) -> dict[str, Any]:
    """The properties of the claim's node; null removes one."""
    shown = max(editions, key=lambda each: each.particulars)
    differing = len({each.particulars for each in editions}) > 1
    # Spelled out: dataclasses.asdict copies deeply and takes a third of the client's time.
    found = {
        "id": shown.id, "subject": shown.subject, "predicate": shown.predicate, "value": shown.value, "locator": shown.locator,
        "qualifier": shown.qualifier, "as_of": shown.as_of, "as_of_precision": _precision(shown.as_of), "stated": shown.stated,
        "seen": shown.seen, "by": shown.by, "quote": shown.quote, "note": shown.note, "revision": shown.revision,
        "dataset": SEPARATOR.join(each.dataset for each in editions),
        "editions": json.dumps([[e.dataset, *e.particulars] for e in editions], ensure_ascii=False) if differing else "",
    }  # fmt: skip
    return {name: value if value != "" else None for name, value in found.items()}


def recorded(editions: Editions, former: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a claim's node that was there before, with the runs that brought it and stated it last."""
    runs = {name: former[name] for name in ("first_run", "last_run") if name in former}
    return {name: value for name, value in properties(editions).items() if value is not None} | runs


def editions_of(record: Mapping[str, Any]) -> Editions:
    """The editions of a claim by the properties of its node and the id of its ``source``."""
    said = {name: record[name] for name in _SAID if name in record}
    return read(said, record.get("dataset", ""), record.get("editions", ""))


def read(said: Mapping[str, str], datasets: str, written: str) -> Editions:
    """The editions of a claim's node."""
    found = {dataset: Claim(**said, dataset=dataset) for dataset in datasets.split(SEPARATOR)}
    for dataset, *particulars in json.loads(written or "[]"):
        found[dataset] = Claim(**{**said, **dict(zip(_PARTICULARS, particulars, strict=True))}, dataset=dataset)
    return tuple(found[dataset] for dataset in sorted(found))


def _looked_up_again(former: Claim, claim: Claim) -> bool:
    same = (former.as_of, former.stated, former.by, former.quote, former.note) == (
        claim.as_of, claim.stated, claim.by, claim.quote, claim.note,
    )  # fmt: skip
    return same and bool(former.seen) and former.seen < claim.seen


@cache
def _precision(date: str) -> str:
    return parse_date(date).precision if date else ""
