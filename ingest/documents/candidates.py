"""Candidates: what a document seems to say, each with its exact quote, so that a person can decide about it."""

import csv
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ingest.documents.document import Document, normalised
from ingest.documents.extract import Read
from ingest.documents.facts import Fact
from ingest.documents.meanings import Place
from ingest.documents.ties import Tie
from kg.model.identity import digest

MEASURED = Path(__file__).with_name("confidence.csv")
What = Literal["tie", "role", "support", "figure", "event"]
Decision = Literal["accept", "reject", "later"]
_OPEN = 0.5
"""What a candidate with an open place is worth at the most."""
_MIXED = 0.6
"""The same for a tie between a city and a county or state."""
_SOFT = 0.6
_UNSEEN = 0.96
"""The shares are of texts that were seen; of the sure candidates in texts that were not, so many were right."""


class PlaceRef(BaseModel):
    """A place of a candidate; without an id a person has to say which one, ``candidates`` are those of the name."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    id: str = ""
    kind: str = ""
    country: str = ""
    candidates: tuple[str, ...] = ()


class Candidate(BaseModel):
    """One thing that a document seems to say, with the decision about it.

    A tie has two and more ``places``; a role, a support and an event have a ``name`` (of the person, organisation or event)
    besides; a figure has a ``value``. Dates are partial dates; ``as_of`` is empty where the document has no date.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    decision: Decision = "later"
    says: str = ""
    """The candidate as a sentence, for reading; changing it changes nothing."""
    what: What = "tie"
    kind: str = ""
    places: tuple[PlaceRef, ...] = ()
    name: str = ""
    value: str = ""
    status: str = ""
    level: str = ""
    since: str = ""
    until: str = ""
    as_of: str = ""
    date: str = ""
    quote: str
    begin: int = 0
    end: int = 0
    rule: str = ""
    confidence: float = Field(default=0.0, ge=0, le=1)
    question: str = ""
    """What has to be answered first; a candidate with a question is never accepted automatically."""


def candidates_of(read: Read) -> list[Candidate]:
    """Everything that was found in a document, in the order of the text, each once."""
    found = [*_ties(read.document, read.ties), *_facts(read.document, read.facts)]
    unique = {candidate.id: candidate for candidate in found}
    return sorted(unique.values(), key=lambda c: (c.begin, c.id))


def _ties(document: Document, ties: Iterable[Tie]) -> Iterator[Candidate]:
    for tie in ties:
        places = tuple(_ref(place) for place in tie.places)
        question = _question(tie)
        quote = document.text[tie.begin : tie.end]
        begin, end = document.traced.origin(tie.begin, tie.end)
        yield Candidate(
            id=identity(document.id, "tie", tie.kind, [p.id or p.name for p in places], tie.status, quote), kind=tie.kind,
            places=places, name=tie.name, status=tie.status, level=tie.level, since=tie.since, until=tie.until,
            as_of=document.about.published, quote=quote, begin=begin, end=end, rule=tie.rule,
            confidence=confidence(tie, bool(question)), question=question, says=_says(tie),
            value=tie.role_of_last,
        )  # fmt: skip


def _facts(document: Document, facts: Iterable[Fact]) -> Iterator[Candidate]:
    for fact in facts:
        places = tuple(_ref(place) for place in fact.places)
        quote = document.text[fact.begin : fact.end]
        begin, end = document.traced.origin(fact.begin, fact.end)
        open_ones = "; ".join(_which(place) for place in fact.places if not place.id)
        yield Candidate(
            id=identity(document.id, fact.what, fact.kind, [fact.name, *(p.id or p.name for p in places)], fact.value, quote),
            what=fact.what, kind=fact.kind, places=places, name=fact.name, value=fact.value, as_of=document.about.published,
            date=fact.date, quote=quote, begin=begin, end=end, rule=fact.rule,
            confidence=round(_OPEN if open_ones else _measured(fact.rule, "named"), 2), question=open_ones, says=fact.says,
        )  # fmt: skip


def identity(document: str, what: str, kind: str, of: Iterable[str], value: str, quote: str) -> str:
    """A candidate's id: the document's content, what is said of whom, and the quote's words, wherever they stand."""
    return digest(document, what, kind, *sorted(of), value, normalised(quote))[:16]


def _ref(place: Place) -> PlaceRef:
    return PlaceRef(name=place.name, id=place.id, kind=place.kind, country=place.country, candidates=place.candidates[:6])


def _says(tie: Tie) -> str:
    names = " – ".join(place.name + (f" ({place.kind})" if place.label != "city" else "") for place in tie.places)
    parts = [tie.kind, tie.status + (f" ({tie.level})" if tie.level else ""), f"since {tie.since}" if tie.since else ""]
    return f"{names}: {', '.join(filter(None, parts))}"


def _question(tie: Tie) -> str:
    asked = [_which(place) for place in tie.places if not place.id or place.candidates]
    labels = {place.label for place in tie.places}
    if "city" in labels and len(labels) > 1 and tie.kind != "initiative":
        asked.append("a city and a county, province or state as partners: is it the city's own?")
    return "; ".join(asked)


def _which(place: Place) -> str:
    meant = f", {place.id} was taken" if place.id else ""
    return f"which {place.name} is meant{meant}: {', '.join(place.candidates[:4]) or 'no gazetteer has it'}?"


def confidence(tie: Tie, asked: bool) -> float:
    """How often such candidates were right: by rule and by where the subject came from, less where a place is unsure."""
    sure = min(1.0, min(p.confidence or _OPEN for p in tie.places) + 0.02)
    share = _UNSEEN * _measured(tie.rule.partition(":")[0], tie.subject) * sure
    if any(not p.id for p in tie.places):
        share = min(share, _OPEN)
    if len({p.label for p in tie.places} & {"city", "district", "region"}) > 1:
        share = min(share, _MIXED)
    if tie.soft:
        share = min(share, _SOFT)
    return round(min(share, 0.85) if asked else share, 2)


@cache
def _shares() -> dict[tuple[str, str], tuple[int, int]]:
    with MEASURED.open(encoding="utf-8", newline="") as file:
        return {(r["rule"], r["subject"]): (int(r["right"]), int(r["wrong"])) for r in csv.DictReader(file)}


def _measured(rule: str, subject: str) -> float:
    """The share right of such candidates, smoothed; half where none was ever seen."""
    right, wrong = _shares().get((rule, subject), (0, 0))
    return (right + 1) / (right + wrong + 2)
