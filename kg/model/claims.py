"""Sources and claims: the only input of the graph. Facts are what `kg.model.merge` makes of them."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Self

from kg.errors import DataError
from kg.model.dates import parse_date
from kg.model.identity import digest
from kg.vocabulary import KINDS, LISTED, PREDICATES, STATUSES, label_of


@dataclass(frozen=True, slots=True)
class Source:
    """Where claims are stated; ``trust`` is 0…100, dates are partial dates as text."""

    id: str
    title: str
    publisher: str = ""
    url: str = ""
    licence: str = ""
    published: str = ""
    retrieved: str = ""
    kind: str = "web"
    trust: int = 50

    def read_on(self, day: dt.date) -> Self:
        """The source as it was read on a day, which counts where it has no date of its own."""
        return self if self.published or self.retrieved else replace(self, retrieved=day.isoformat())

    def listing(self, status: str = "", until: str = "") -> str:
        """The qualifier of a kind that it states: a list names existing ones, but for those that end or are not in being."""
        lists = self.kind in {"list", "register"} and not until and not (status and STATUSES[status].opens)
        return LISTED if lists else ""

    def claim(
        self, subject: str, predicate: str, value: str, locator: str = "", qualifier: str = "", *, as_of: str = "",
        by: str = "", note: str = "", dataset: str = "",
    ) -> "Claim":  # fmt: skip
        """What the source says, dated by its publication, else by the day on which it was looked up."""
        seen = "" if self.published else self.retrieved
        return Claim(
            self.id, subject, predicate, value, locator, qualifier, as_of or self.published, self.published, by, note=note,
            dataset=dataset, seen=seen,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of one source about one subject.

    ``value`` is text: a word of the vocabulary, a partial date, another node's id (relations) or a JSON object (entries).
    ``locator`` says where in the source and must not depend on the order of its rows. ``as_of`` is when it was so, ``stated``
    when the source said it, ``seen`` when a source without a date was looked up; docs/claims.md tells what follows.
    """

    source: str
    subject: str
    predicate: str
    value: str
    locator: str = ""
    qualifier: str = ""
    as_of: str = ""
    stated: str = ""
    by: str = ""
    quote: str = ""
    note: str = ""
    dataset: str = ""
    seen: str = ""
    id: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """Key the claim by what it says and where, so that the same statement is the same claim in every run."""
        said = self.value + ("\x1e" + self.qualifier if self.qualifier else "")
        object.__setattr__(self, "id", digest(self.source, self.subject, self.predicate, said, self.locator))

    @property
    def revision(self) -> str:
        """A hash of what may change without making it another claim."""
        return digest(*self.particulars)[:16]

    @property
    def particulars(self) -> tuple[str, ...]:
        """What may change without making it another claim; the dates first, so that of two editions the later one is larger."""
        return (self.as_of, self.stated, self.seen, self.by, self.quote, self.note)

    def of(self, dataset: str) -> Self:
        """The same claim, brought by another ingest source."""
        return self if dataset == self.dataset else replace(self, dataset=dataset)


def check_claim(claim: Claim) -> Claim:
    """Return the claim if the vocabulary allows it.

    Raises:
        DataError: naming the predicate and value that do not fit, and what would.
    """
    predicate = PREDICATES.get(claim.predicate)
    if predicate is None:
        raise DataError(f"unknown predicate {claim.predicate!r}; known are {', '.join(PREDICATES)}")
    if label_of(claim.subject) not in predicate.subjects:
        raise DataError(f"{claim.predicate!r} cannot be said of {claim.subject!r}, only of {', '.join(predicate.subjects)}")
    closed = {"kind": KINDS, "status": STATUSES}.get(claim.predicate)
    if closed is not None and claim.value not in closed:
        raise DataError(f"unknown {claim.predicate} {claim.value!r}; known are {', '.join(closed)}")
    narrowed = {"kind": (LISTED,), "since": KINDS, "until": KINDS}.get(claim.predicate)
    if narrowed is not None and claim.qualifier and claim.qualifier not in narrowed:
        raise DataError(f"unknown qualifier {claim.qualifier!r} of {claim.predicate}; known are {', '.join(narrowed)}")
    for text in _dates_of(claim):
        if text:
            _check_date(text)
    return claim


def _dates_of(claim: Claim) -> tuple[str, ...]:
    said = {"since": claim.value, "until": claim.value, "member_of": claim.qualifier}.get(claim.predicate, "")
    return (claim.as_of, claim.stated, claim.seen, said)


def _check_date(text: str) -> None:
    try:
        parse_date(text)
    except ValueError as error:
        raise DataError(str(error)) from error
