"""Shows what a proposed mapping makes of the first rows, and asks."""

import sys
from collections.abc import Sequence

from ingest.tabular.header import Header
from kg.errors import UsageError

SHOWN = 5


def described(header: Header) -> str:
    """The mapping in one line: which column is taken for what."""
    mapping = header.mapping
    parts: list[str] = [f"both places = {mapping.both!r}"] if mapping.both else []
    for which, end in (("first", mapping.first), ("second", mapping.second)):
        parts += [f"{which} {role} = {column!r}" for role, column in end.model_dump().items() if column]
    parts += [f"{role} = {getattr(mapping, role)!r}" for role in ("kind", "since", "until", "status") if getattr(mapping, role)]
    return f"mapping {mapping.name!r} by the header in line {header.line}: " + ", ".join(parts)


def agree(file: str, header: Header, lines: Sequence[str]) -> None:
    """Ask at a terminal whether the proposal is right.

    Raises:
        UsageError: nobody is there to ask, or the answer was no.
    """
    way_out = "give a mapping of your own by --option mapping=FILE.toml"
    if not sys.stdin.isatty():
        proposal = f"what the columns mean is only proposed ({described(header)})"
        raise UsageError(f"{file}, line {header.line}: {proposal}; take it with --yes, or {way_out}")
    print(described(header), *lines, sep="\n  ", file=sys.stderr)
    print("Is this what the table says? [y/N] ", end="", file=sys.stderr, flush=True)
    if input().strip().casefold() not in {"y", "yes", "j", "ja"}:
        raise UsageError(f"{file}: the proposed mapping was refused and nothing was loaded; {way_out}")
