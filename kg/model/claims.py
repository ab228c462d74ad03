"""Sources and claims: the only input of the graph. Facts are what `kg.model.merge` makes of them."""

from dataclasses import dataclass, field, replace
from typing import Self

from kg.errors import DataError
from kg.model.dates import parse_date
from kg.model.identity import digest
from kg.vocabulary import KINDS, PREDICATES, STATUSES, label_of


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

    @property
    def stated(self) -> str:
        """When the source said what it says: its date of publication, else the day it was read."""
        return self.published or self.retrieved


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of one source about one subject.

    ``value`` is text: a word of the vocabulary, a partial date, another node's id (relations) or a JSON object (entries).
    ``locator`` says where in the source and must not depend on the order of its rows.
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
    id: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """Key the claim by what it says and where, so that the same statement is the same claim in every run."""
        said = self.value + ("\x1e" + self.qualifier if self.qualifier else "")
        object.__setattr__(self, "id", digest(self.source, self.subject, self.predicate, said, self.locator))

    @property
    def revision(self) -> str:
        """A hash of what may change without making it another claim."""
        return digest(self.as_of, self.stated, self.by, self.quote, self.note, self.dataset)[:16]

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
    for text in (claim.as_of, claim.stated, claim.value if claim.predicate in {"since", "until"} else ""):
        if text:
            _check_date(text)
    return claim


def _check_date(text: str) -> None:
    try:
        parse_date(text)
    except ValueError as error:
        raise DataError(str(error)) from error
