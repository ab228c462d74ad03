"""Measures the resolver: precision, coverage, confusion by rule, time to open and time for 50,000 mentions.

    python -m benchmarks.resolver              labelled sample, both parts, and times
    python -m benchmarks.resolver --dominance  how right the rule of the dominant namesake is, by hiding coordinates

Precision: share of right ids among the mentions that got one. Coverage: share of all mentions that got one. A label
``new:city`` (``new:district``, ``new:region``) is met by any new place of that class; several right answers stand
separated by ``|``.
"""

import csv
import dataclasses
import io
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks.draw_labels import mentions
from ingest.gazetteer.gazetteer import Entry
from ingest.gazetteer.own_places import kind_class
from ingest.places import resolver as rules
from ingest.places.mention import Mention, Resolution
from ingest.places.namesakes import Choice, by_fit
from ingest.places.resolver import Resolver
from kg.settings import settings

_DATA = Path(__file__).parent.parent / "tests" / "data"
LABELS = {
    "dev": ("resolver_labels.csv", "resolver_labels_test.csv", "resolver_labels_third.csv"),
    "test": ("resolver_labels_fourth.csv",),
}
"""The first parts were looked at while the rules were made; the last was drawn and labelled without them, to measure."""
MANY = 50_000


def labels(split: str) -> list[tuple[Mention, dict[str, str]]]:
    """Mentions of one part (``dev`` or ``test``) with their rows."""
    texts = [(_DATA / name).read_text(encoding="utf-8") for name in LABELS[split]]
    return [(_mention(row), row) for text in texts for row in csv.DictReader(io.StringIO(text, newline=""))]


def _mention(row: dict[str, str]) -> Mention:
    point = [float(row[c]) if row[c] else None for c in ("lat", "lon")]
    people = int(float(row["population"])) if row["population"] else None
    return Mention(row["name"], row["country"], lat=point[0], lon=point[1], qid=row["qid"], population=people)


def right(found: Resolution, expected: str) -> bool:
    """Whether an answer meets a label."""
    return any(
        found.is_new and kind_class(found.kind) == want.removeprefix("new:") if want.startswith("new:") else found.id == want
        for want in expected.split("|")
    )


def score(resolver: Resolver, half: Sequence[tuple[Mention, dict[str, str]]]) -> tuple[int, int, int]:
    """Numbers of mentions, of those resolved, of those resolved rightly."""
    found = [(resolver.resolve(mention), row["expected_id"]) for mention, row in half]
    resolved = [(answer, want) for answer, want in found if answer.resolved]
    return len(found), len(resolved), sum(right(answer, want) for answer, want in resolved)


def report(resolver: Resolver, split: str) -> None:
    """Print the figures of one part, its hard part, the confusion by rule and every wrong answer."""
    half = labels(split)
    for title, part in ((split, half), (f"{split}, hard only", [pair for pair in half if pair[1]["hard_class"]])):
        total, resolved, good = score(resolver, part)
        print(f"{title}: {total} mentions, precision {good / resolved:.4f}, coverage {resolved / total:.4f}")
    confusion: Counter[tuple[str, str]] = Counter()
    for mention, row in half:
        found = resolver.resolve(mention)
        verdict = "rejected" if not found.resolved else "right" if right(found, row["expected_id"]) else "WRONG"
        confusion[(found.rule, verdict)] += 1
        if verdict != "right":
            print(f"  {verdict}: {row['name']} | {row['country']} | {found.id} {found.rule} | expected {row['expected_id']}")
    for (rule, verdict), number in sorted(confusion.items()):
        print(f"  {rule:45} {verdict:9} {number}")


def hidden(resolver: Resolver) -> list[tuple[Mention, str]]:
    """Mentions whose coordinates decide, with the place they decide for; the coordinates are taken off."""
    answers: dict[tuple[str, str, str], Mention] = {}
    for _, name, country, lat, lon, _ in mentions():
        mention = Mention(name, country, lat=_number(lat), lon=_number(lon))
        found = resolver.resolve(mention) if mention.lat is not None else None
        if found and found.id.startswith("gn:") and "at_coordinates" in found.rule:
            answers[(name, country, found.id)] = mention
    return [(dataclasses.replace(mention, lat=None, lon=None), key[2]) for key, mention in answers.items()]


def _number(text: str) -> float | None:
    return float(text.replace(",", ".")) if text not in ("", "-") else None


def dominance(resolver: Resolver) -> None:
    """Print for several ratios how often a dominant namesake is the right one, and how many mentions stay without answer."""
    cases = hidden(resolver)
    print(f"{len(cases)} mentions with their coordinates hidden")
    for ratio in (5.0, 8.0, 10.0, 12.0, 20.0, 50.0):
        rules.by_fit = _with(ratio)
        found = [(resolver.resolve(mention), want) for mention, want in cases]
        dominant = [answer.id == want for answer, want in found if "dominant" in answer.rule]
        everything = [answer.id == want for answer, want in found if answer.id.startswith("gn:")]
        print(
            f"  ratio {ratio:4.0f}: dominant {len(dominant)}, right {sum(dominant) / len(dominant):.4f}; all {len(everything)}, "
            f"right {sum(everything) / len(everything):.4f}; without answer {sum(not a.resolved for a, _ in found)}"
        )
    rules.by_fit = by_fit


def _with(ratio: float) -> Callable[..., Choice]:
    def chosen(pool: Sequence[tuple[int, Entry]], _: float = 0.0) -> Choice:
        return by_fit(pool, ratio)

    return chosen


def times(resolver: Resolver) -> None:
    """Print the time to open the index and to resolve 50,000 mentions of all sources, none asked twice in a row."""
    start = time.perf_counter()
    fresh = Resolver.open(settings())
    fresh.gazetteer.get("gn:2875392")
    print(f"open index and tables: {1000 * (time.perf_counter() - start):.1f} ms")
    many = _many(MANY)
    start, processor = time.perf_counter(), time.process_time()
    answers = [fresh.resolve(mention).resolved for mention in many]
    took, busy = time.perf_counter() - start, time.process_time() - processor
    print(f"{len(many)} mentions: {took:.1f} s by the clock, {busy:.1f} s of one core, {sum(answers)} resolved")
    resolver.gazetteer.get("gn:2875392")


def _many(number: int) -> list[Mention]:
    rows = mentions()
    distinct = dict.fromkeys(Mention(name, text, lat=_number(lat), lon=_number(lon)) for _, name, text, lat, lon, _ in rows)
    found = list(distinct)
    return (found * (number // len(found) + 1))[:number]


def main(arguments: Iterable[str]) -> None:
    """Run what the arguments ask for."""
    resolver = Resolver.open(settings())
    if "--dominance" in arguments:
        dominance(resolver)
        return
    for split in ("dev", "test"):
        report(resolver, split)
    times(resolver)


if __name__ == "__main__":
    main(sys.argv[1:])
