"""What ``kg ingest document`` and ``kg ingest reviewed`` do."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.cli.options import opened
from kg.cli.terminal import print_report, progress_of, say, show
from kg.errors import UsageError
from kg.present.tables.formats import Format

if TYPE_CHECKING:
    from ingest.documents.review import Review
    from ingest.run.runner import Options

OPTIONS = ("published", "title", "publisher", "url", "language")
COLUMNS = ("id", "decision", "says", "confidence", "question", "quote")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to do with the candidates: write them for review, load the sure ones, or only show them."""

    review: Path | None
    accept_above: float | None
    format_: Format


def read_documents(files: list[Path], given: Mapping[str, str], wanted: Wanted, options: "Options") -> None:
    """Read documents, then write, load or show their candidates."""
    from ingest.documents.review import Review, read_review, write_review

    if not files:
        raise UsageError("which document? kg ingest document FILE… --published DATE")
    if wanted.accept_above is not None and not 0.5 <= wanted.accept_above <= 1:
        raise UsageError(f"--accept-above {wanted.accept_above} is no share from 0.5 to 1")
    review = Review(documents=tuple(_read(files, given)))
    if wanted.review is not None and wanted.review.exists():
        before = read_review(wanted.review)
        known = {c.id for d in before.documents for c in d.candidates}
        fresh = sum(c.id not in known for d in review.documents for c in d.candidates)
        review = review.after(before)
        say(f"{wanted.review.name} is there already: its decisions stay, {fresh} candidates are new")
    if wanted.accept_above is not None:
        review = review.accepting(wanted.accept_above)
    if wanted.review is not None:
        write_review(review, wanted.review)
    if wanted.accept_above is not None:
        _load_accepted(review, wanted, options)
    else:
        _tell(review, wanted)


def _read(files: list[Path], given: Mapping[str, str]) -> list[Any]:
    """The documents with their candidates; their texts are kept for later checks of quotes."""
    from ingest.documents.candidates import candidates_of
    from ingest.documents.document import About, open_documents
    from ingest.documents.extract import extract
    from ingest.documents.places import PlaceFinder
    from ingest.documents.review import keep_text, reviewed
    from ingest.places.resolver import Resolver
    from kg.settings import settings

    unknown = given.keys() - {"published", "title", "publisher", "url", "language", "yes"}
    if unknown:
        raise UsageError(
            f"a document has no option {', '.join(sorted(unknown))}; it has published, title, publisher, url, language"
        )
    about = About(**{name: given.get(name, "") for name in ("title", "publisher", "url", "published")})
    finder = PlaceFinder(Resolver.open(settings()))
    found: list[Any] = []
    for path in files:
        for document in open_documents(path, about, given.get("language", "")):
            for note in document.notes:
                say(f"note: {note}")
            if not document.about.published:
                say(f"note: {document.name} has no date of its own; its statements stay undated (--published DATE tells it)")
            keep_text(settings().home, document)
            found.append(reviewed(document, candidates_of(extract(document, finder)), dt.date.today().isoformat()))
    return found


def _tell(review: "Review", wanted: Wanted) -> None:
    rows = [{**c.model_dump(), "document": d.name} for d in review.documents for c in d.candidates]
    show(rows, COLUMNS, wanted.format_)
    where = wanted.review.name if wanted.review else "DECISIONS.yaml"
    counts = ", ".join(f"{count} {decision}" for decision, count in review.counts().items())
    say(f"{len(rows)} candidates in {len(review.documents)} documents ({counts}); nothing was loaded")
    way = f"decide in {where}, then kg ingest reviewed {where}" if wanted.review else f"write them for review: --review {where}"
    say(way)


def _load_accepted(review: "Review", wanted: Wanted, options: "Options") -> None:
    """Load through a file of decisions, which is kept beside the texts where the user named none."""
    from ingest.documents.review import Review, write_review
    from kg.settings import settings

    for document in review.documents:
        path = wanted.review or settings().home / "documents" / f"{document.id}.yaml"
        if wanted.review is None:
            write_review(Review(documents=(document,)), path)
        load_reviewed(path, document.id, options, wanted.format_)


def load_all(path: Path, options: "Options", format_: Format) -> None:
    """Load every document of a file of decisions."""
    from ingest.documents.review import read_review

    documents = read_review(path).documents
    if not documents:
        raise UsageError(f"{path.name} holds no document")
    for document in documents:
        load_reviewed(path, document.id, options, format_)


def load_reviewed(path: Path, document: str, options: "Options", format_: Format) -> None:
    """Load what was accepted of one document."""
    from ingest.run import descriptor, protocol, runner
    from kg.settings import settings

    request = protocol.Request(descriptor.descriptor("reviewed"), settings(), (path,), {"document": document}, tell=say)
    with progress_of("reviewed") as progress:
        if options.dry_run:
            report = runner.ingest(None, "reviewed", request, options, progress)
        else:
            with opened() as graph:
                report = runner.ingest(graph, "reviewed", request, options, progress)
    print_report(report, format_)
