"""How long commands take to start: ``python -m benchmarks.start``, with the server of ``KG_HOME`` running.

Prints the median of seven runs of each command as a person waits for it, the processor's part of it, and what it may be on a
quiet machine. On a busy one only the processor's part is comparable.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from statistics import median

from kg.settings import settings
from kg.store.driver import open_graph

RUNS = 7
# command → seconds that a person may wait for it on a quiet machine
COMMANDS = {("--help",): 0.4, ("query", "list"): 1.2, ("place", "Ludwigsburg"): 1.2, ("path", "Ludwigsburg", "Bergamo"): 3.0}


def main() -> None:
    """Measure every command."""
    with open_graph(settings()):
        pass  # starting the server is no part of what is measured
    print(f"{'command':30} {'waited':>8} {'processor':>10} {'may be':>8}")
    for command, bound in COMMANDS.items():
        waited, busy = zip(*(_run(command) for _ in range(RUNS)), strict=True)
        print(f"{'kg ' + ' '.join(command):30} {median(waited):7.2f}s {median(busy):9.2f}s {bound:7.1f}s", flush=True)


def _run(command: Sequence[str]) -> tuple[float, float]:
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", "from kg.cli.main import main; main()", *command], stdout=subprocess.DEVNULL, check=True
    )
    waited, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return waited, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
