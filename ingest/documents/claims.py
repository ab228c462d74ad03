"""From an accepted candidate to claims of its document."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.documents.candidates import Candidate
from ingest.places.described import entry_value
from ingest.rows import Reject
from kg.model.claims import Claim, Source
from kg.model.identity import partnership_id, slug
from kg.vocabulary import EVENT_KINDS, KINDS, STATUSES

NAMED_FAMILIES = frozenset({"project", "initiative"})
"""Families of which the same members can have several, told apart by name."""


@dataclass(frozen=True, slots=True)
class CandidateClaims:
    """What a document claims by one candidate; ``ids`` are the places, described already."""

    source: Source
    candidate: Candidate
    ids: Sequence[str]
    locator: str

    def claims(self) -> list[Claim]:
        """The claims; a `Reject` for what cannot be one."""
        makers = {
            "tie": self._tie, "role": self._role, "support": self._support, "figure": self._figure, "event": self._event,
        }  # fmt: skip
        return list(makers[self.candidate.what]())

    def _claim(self, subject: str, predicate: str, value: str, qualifier: str = "") -> Claim:
        return self.source.claim(subject, predicate, value, self.locator, qualifier, as_of=self.candidate.as_of)

    def _tie(self) -> Iterator[Claim]:
        candidate = self.candidate
        kind = KINDS.get(candidate.kind)
        if kind is None:
            raise Reject(f"kind {candidate.kind!r} is none of {', '.join(KINDS)}")
        if candidate.status and candidate.status not in STATUSES:
            raise Reject(f"status {candidate.status!r} is none of {', '.join(STATUSES)}")
        subject = self._subject(kind.family)
        listing = self.source.listing(candidate.status, candidate.until)
        yield self._claim(subject, "kind", kind.id, listing)
        if candidate.status and candidate.status != "unknown":
            yield self._claim(subject, "status", candidate.status, candidate.level)
        for predicate, value in (("since", candidate.since), ("until", candidate.until)):
            if value:
                yield self._claim(subject, predicate, value, kind.id)
        if candidate.name and kind.family in NAMED_FAMILIES:
            yield self._claim(subject, "name", candidate.name)
        if candidate.value and candidate.what == "tie" and self.ids:
            yield self._claim(subject, "role", self.ids[-1], candidate.value)

    def _subject(self, family: str) -> str:
        try:
            return partnership_id(family, self.ids, self.candidate.name if family in NAMED_FAMILIES else "")
        except ValueError as error:
            raise Reject(str(error)) from error

    def _role(self) -> Iterator[Claim]:
        if not self.candidate.name or not self.ids:
            raise Reject("a role needs a person and a place")
        subject = f"person:{slug(self.candidate.name)}"
        yield self._claim(subject, "entry", entry_value({"name": self.candidate.name}))
        yield self._claim(subject, "holds", self.ids[0], self.candidate.kind)

    def _support(self) -> Iterator[Claim]:
        """An organisation, where it has its seat, and the partnership that it carries if two places are named."""
        if not self.candidate.name:
            raise Reject("an organisation needs a name")
        subject = f"org:{slug(self.candidate.name)}"
        yield self._claim(subject, "entry", entry_value({"name": self.candidate.name}))
        if self.ids:
            yield self._claim(subject, "based_in", self.ids[0])
        if len(self.ids) > 1:
            kind = KINDS.get(self.candidate.kind or "twinning", KINDS["twinning"])
            yield self._claim(subject, "supports", partnership_id(kind.family, self.ids))

    def _figure(self) -> Iterator[Claim]:
        if not self.ids:
            raise Reject("a figure needs a place that it is of")
        yield self._claim(self.ids[0], "figure", self.candidate.value, self.candidate.kind)

    def _event(self) -> Iterator[Claim]:
        candidate = self.candidate
        if candidate.kind not in EVENT_KINDS:
            raise Reject(f"kind {candidate.kind!r} is none of {', '.join(sorted(EVENT_KINDS))}")
        key = hashlib.sha256(f"{candidate.kind}|{candidate.name}|{candidate.date}".encode()).hexdigest()[:20]
        subject = f"event:{key}"
        precision = {4: "year", 7: "month", 10: "day"}.get(len(candidate.date), "")
        told = {"kind": candidate.kind, "name": candidate.name, "date": candidate.date, "date_precision": precision}
        yield self._claim(subject, "entry", entry_value(told))
        for place in self.ids:
            yield self._claim(subject, "participant", place)
