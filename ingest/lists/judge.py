"""Judges a proposed mapping by what it makes of the first rows, before anybody is asked whether it is right."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.lists.pairs import ListContext, ends_of
from ingest.lists.spread import BELOW
from ingest.places.described import Places
from ingest.rows import Ignore, Reject, Row
from ingest.tabular import cells, confirm
from ingest.tabular.header import Header
from kg.errors import UsageError

ROWS = 50
ENOUGH = 0.6
"""Share of the ends that are known places; what is below is no table of partnerships, or its columns are taken for others."""
_FEW = 10
"""Ends of a list so short that one known place among them is enough."""
_SHOWN = 4


@dataclass(slots=True)
class Verdict:
    """How many ends of the first rows are known places, and some that are none."""

    ends: int = 0
    known: int = 0
    unknown: list[str] = field(default_factory=list[str])

    @property
    def holds(self) -> bool:
        """Whether enough of them are known; a file without rows proves nothing."""
        return not self.ends or self.known >= (ENOUGH * self.ends if self.ends > _FEW else 1)


def judge(rows: Iterable[Row], context: ListContext, places: Places) -> Verdict:
    """Look up both ends of ``rows``; a name that several places have is a known one."""
    verdict = Verdict()
    for row in rows:
        if row.problem or BELOW in row.values:
            continue
        try:
            mentions = ends_of(row.values, context, places)
        except (Reject, Ignore):  # not taken, and with a reason of its own
            continue
        for mention in mentions:
            found = places.resolver.resolve(mention)
            verdict.ends += 1
            if (found.id and not found.id.startswith("x:")) or len(found.candidates) > 1:
                verdict.known += 1
            else:
                verdict.unknown.append(cells.shown(mention.name))
    return verdict


def refuse(file: str, header: Header, verdict: Verdict) -> None:
    """Refuse a proposal that does not hold.

    Raises:
        UsageError: with what was understood, and the way out.
    """
    if verdict.holds:
        return
    raise UsageError(
        f"{file}, line {header.line}: of {verdict.ends} names in the first rows only {verdict.known} are known places"
        f" ({', '.join(dict.fromkeys(verdict.unknown[:_SHOWN])) or 'none can be read'} are not), so the columns are not"
        f" what they were taken for ({confirm.described(header)}); say which they are by --option mapping=FILE.toml"
    )
