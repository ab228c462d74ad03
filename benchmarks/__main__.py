"""``make bench``: every measurement in turn, each printing its ratios side by side; ``python -m benchmarks NAME …`` runs some."""

import runpy
import sys
import time
from importlib.util import find_spec

# name → module and its arguments; the long ones can be run alone with other arguments, as each module's text says.
BENCHMARKS: dict[str, tuple[str, ...]] = {
    "triads": ("benchmarks.triads",),
    "ranking": ("benchmarks.ranking",),
    "resolver": ("benchmarks.resolver",),
    "documents": ("benchmarks.documents",),
    "merging": ("benchmarks.merging",),
    "start": ("benchmarks.start",),
    "ingest": ("benchmarks.ingest",),
    "backup": ("benchmarks.backup", "250000"),
    "pages": ("benchmarks.pages",),
    "load": ("benchmarks.load",),
    "faults": ("benchmarks.faults",),
}


def main(names: list[str]) -> None:
    """Run the named benchmarks, all when none is named."""
    for name in names or list(BENCHMARKS):
        if name not in BENCHMARKS:
            sys.exit(f"there is no benchmark {name!r}; there are {', '.join(BENCHMARKS)}")
        module, *arguments = BENCHMARKS[name]
        if find_spec(module) is None:
            sys.exit(f"{module} is missing")
        print(f"\n=== {name}", flush=True)
        started = time.monotonic()
        sys.argv = [module, *arguments]
        runpy.run_module(module, run_name="__main__")
        print(f"--- {name}: {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
