"""Five hundred cuts of one load, each loaded again and compared: ``python -m benchmarks.faults [CUTS]``.

Client killed, connection lost, server killed (one in fifty, because each costs a start), at every boundary of a batch and at
random bytes, before and after the server has carried the COMMIT out. Ends with 1 when anything was lost or differs.
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from kg.settings import Settings
from kg.store import local
from tests.cutting_proxy import Plan
from tests.faults import Bench, Outcome, bench

SEED = 20261123
_SERVER_KILLS = 50


def main() -> int:
    cuts = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "engine", neo4j_uri="")
        local.ensure_running(settings, tied=True)
        try:
            with bench(settings, Path(folder) / "load") as found:
                return _report(found, cuts)
        finally:
            local.stop(settings)


def _report(found: Bench, cuts: int) -> int:
    began = time.monotonic()
    outcomes: list[Outcome] = []
    for outcome in _outcomes(found, cuts):
        outcomes.append(outcome)
        for fault in outcome.faults:
            print(fault, flush=True)
    hit, faults = sum(o.hit for o in outcomes), sum(bool(o.faults) for o in outcomes)
    per_cut = (time.monotonic() - began) / max(1, len(outcomes))
    print(f"{found.commits} commits and {found.bytes} bytes a load, {found.seconds:.2f} s uninterrupted")
    print(f"{len(outcomes)} cuts, {hit} of them in the middle of a load: {faults} left another graph ({per_cut:.2f} s a cut)")
    print(f"a cut, the load after it and the comparison take {per_cut / found.seconds:.1f} times an uninterrupted load")
    return int(faults > 0)


def _outcomes(found: Bench, cuts: int) -> Iterator[Outcome]:
    draw = random.Random(SEED)
    for number in range(cuts):
        server = number % _SERVER_KILLS == _SERVER_KILLS - 1
        if number < 4 * found.commits:  # every boundary in each of four ways
            plan = Plan(commit=number % found.commits + 1, after=number // found.commits % 2 == 1)
            client = number < 2 * found.commits
        else:
            plan, client = Plan(byte=draw.randrange(1, found.bytes)), number % 2 == 0
        yield found.cut(plan, kill_client=client, kill_server=server)


if __name__ == "__main__":
    sys.exit(main())
