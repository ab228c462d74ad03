"""What a backup and its restoring cost, and whether memory stays flat: ``python -m benchmarks.backup [CLAIMS …]``.

Files of so many made-up claims (250,000 and 1,000,000) are written, restored into an empty local graph, and backed up from it.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from benchmarks.ingest import fresh, timed, watched
from kg.model.claims import Claim
from kg.model.identity import partnership_id
from kg.store.backup.make import make_backup
from kg.store.backup.restore import check_backup, restore
from kg.store.backup.stream import new_file
from kg.store.editions import properties
from kg.store.load import rank

CLAIMS = (250_000, 1_000_000)
_SOURCE = {"id": "src:bench", "title": "Made up", "published": "2026", "trust": 50}
_NEIGHBOURS = 20


def main(sizes: list[int]) -> None:
    """Measure and print, a line for each step."""
    print(f"{'claims':>9}  {'step':<8} {'s':>6} {'claims/s':>9} {'client MB':>10} {'server MB':>10}")
    for size in sizes:
        _measure(size)


def _measure(size: int) -> None:
    with tempfile.TemporaryDirectory() as folder, fresh() as (settings, graph):
        file, again = Path(folder) / "made.backup", Path(folder) / "again.backup"
        made_up(file, size)
        steps: dict[str, Callable[[], object]] = {
            "check": lambda: check_backup(file),
            "restore": lambda: restore(graph, file),
            "backup": lambda: make_backup(graph, again),
        }
        for step, work in steps.items():
            with watched(settings) as memory:
                took = timed(work)
            row = f"{size:>9,}  {step:<8} {took:6.0f} {size / took:9,.0f} {memory.client:10.0f} {memory.server:10.0f}"
            print(row, flush=True)
        print(f"{size:>9,}  a file of {again.stat().st_size / 1e6:.0f} MB")


def made_up(path: Path, size: int) -> None:
    """A backup of ``size`` claims: places, and partnerships of neighbours with three claims each."""
    with new_file(path) as writer:
        writer.begin("5", "2026-01-01T00:00:00+00:00")
        writer.add("source", _SOURCE)
        for claim in islice(_claims(size), size):
            stored = {name: value for name, value in properties((claim,)).items() if value is not None}
            writer.add("claim", {"source": claim.source, **stored})
        writer.end()


def _claims(size: int) -> Iterator[Claim]:
    places = [f"x:p{i:07d}" for i in range(size // 10)]
    for place in places:
        yield Claim("src:bench", place, "entry", f'{{"kind": "city", "name": "{place}"}}', dataset="bench")
    pairs = ((a, b) for i, a in enumerate(places) for b in places[i + 1 : i + _NEIGHBOURS])
    for subject in sorted((partnership_id("partnership", pair) for pair in pairs), key=rank):
        for locator, predicate, value in (("row", "kind", "twinning"), ("row", "since", "1990"), ("page", "kind", "twinning")):
            yield Claim("src:bench", subject, predicate, value, locator, as_of="2026", stated="2026", dataset="bench")


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or list(CLAIMS))
