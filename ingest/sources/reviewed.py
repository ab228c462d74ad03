"""Reviewed documents: what a person accepted becomes claims, each with its quote; a quote that is not in the text is rejected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.documents.candidates import Candidate, PlaceRef
from ingest.documents.claims import CandidateClaims
from ingest.documents.document import normalised
from ingest.documents.review import ReviewedDocument, quoted, read_review
from ingest.places.described import Places, entry_value
from ingest.places.mention import Mention
from ingest.rows import Ignore, Reject, Row
from ingest.run.protocol import Opened, Request
from kg.errors import DataError, UsageError
from kg.model.claims import Claim, Source
from kg.model.identity import PLACE_ID, digest

_ROW = "candidate"


@dataclass(frozen=True, slots=True)
class Decided:
    """A document with its candidates by id, and which of them have their quote in its text."""

    file: str
    document: ReviewedDocument
    source: Source
    quoted: frozenset[str]
    candidates: dict[str, Candidate]


def open_source(request: Request) -> Opened[Decided]:
    """Read the file of decisions and choose the document."""
    path = request.the_file()
    document = _chosen(path, request.options.get("document", ""))
    source = Source(
        f"src:document-{document.id}", document.title or document.name, document.publisher, document.url,
        published=document.published, retrieved=document.read or request.today.isoformat(), kind="document",
        trust=request.descriptor.trust,
    )  # fmt: skip
    has = frozenset(quoted(request.settings.home, document))
    decided = Decided(path.name, document, source, has, {c.id: c for c in document.candidates})
    return Opened(dataset_of(document.id), (source,), request, decided)


def dataset_of(document: str) -> str:
    """What a load of a document replaces."""
    return f"document-{document}"


def _chosen(path: Path, wanted: str) -> ReviewedDocument:
    documents = read_review(path).documents
    if not documents:
        raise DataError(f"{path.name} holds no document; write it by kg ingest document FILE --review {path.name}")
    if not wanted and len(documents) == 1:
        return documents[0]
    found = next((d for d in documents if d.id == wanted), None)
    if found is None:
        there = ", ".join(f"{d.id} ({d.name})" for d in documents[:10])
        raise UsageError(f"{path.name} holds several documents; name one by --option document=…: {there}")
    return found


def read(opened: Opened[Decided]) -> Iterator[Row]:
    """One row a candidate."""
    for number, candidate in enumerate(opened.data.document.candidates, 1):
        yield Row(opened.data.file, number, {_ROW: candidate.id, "says": candidate.says, "quote": candidate.quote})


def to_claims(row: Row, opened: Opened[Decided], places: Places) -> Sequence[Claim]:
    """The claims of an accepted candidate."""
    candidate = opened.data.candidates[row.values[_ROW]]
    if candidate.decision != "accept":
        raise Ignore({"reject": "rejected in the review", "later": "not yet decided"}[candidate.decision])
    if candidate.id not in opened.data.quoted:
        raise Reject(f"the quote of {candidate.says or candidate.id!r} is not in the document's text")
    ids = [_place(ref, opened.data.source, places) for ref in candidate.places]
    locator = f"quote {digest(normalised(candidate.quote))[:16]}"
    made = CandidateClaims(opened.data.source, candidate, ids, locator).claims()
    return [replace(claim, quote=candidate.quote) for claim in made]


def _place(ref: PlaceRef, source: Source, places: Places) -> str:
    """The id of a place, described; one that is open makes the row a question."""
    if not ref.id:
        choices = f": {'; '.join(ref.candidates)}" if ref.candidates else ""
        raise Reject(f"which {ref.name} is meant is not decided; write its id (kg resolve {ref.name!r}){choices}")
    if not PLACE_ID.fullmatch(ref.id):
        raise Reject(f"{ref.id!r} is no id of a place; kg resolve {ref.name!r} shows those that are")
    if ref.id.startswith(("gn:", "iso:")):
        return places.add(ref.id)
    found = places.resolver.resolve(Mention(ref.name, ref.country, ref.kind))
    if found.id == ref.id:
        return places.find(Mention(ref.name, ref.country, ref.kind), source, "").id
    record = {"name": ref.name, "kind": ref.kind or "city", "country": ref.country}
    places.describe(source.claim(ref.id, "entry", entry_value(record)))
    return ref.id
