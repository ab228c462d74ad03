"""Statements of one's own: each is a source with its author, its day and its reason; withdrawn ones are not loaded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.places.described import Places
from ingest.rows import Ignore, Reject, Row
from ingest.run.protocol import Opened, Request
from ingest.statements.ledger import Statement, dataset_of, read_ledger
from kg.errors import DataError, UsageError
from kg.model.claims import Claim, Source
from kg.model.identity import partnership_id
from kg.vocabulary import KINDS

_ROW = "statement"


@dataclass(frozen=True, slots=True)
class Stated:
    """An author's statements by id, and the source that each of them is."""

    file: str
    statements: dict[str, Statement]
    sources: dict[str, Source]


def open_source(request: Request) -> Opened[Stated]:
    """Read the ledger and choose the author."""
    path = request.the_file()
    if not path.is_file():
        raise DataError(f"{path}: there is no such file")
    statements = read_ledger(path)
    authors = sorted({s.author for s in statements})
    author = request.options.get("author", "") or (authors[0] if len(authors) == 1 else "")
    if author not in authors:
        raise UsageError(f"{path.name} holds statements of {', '.join(authors) or 'nobody'}; name one by --option author=…")
    own = {s.id: s for s in statements if s.author == author}
    sources = {key: _source(s, request.descriptor.trust) for key, s in own.items() if s.counts}
    return Opened(dataset_of(author), tuple(sources.values()), request, Stated(path.name, own, sources))


def _source(statement: Statement, trust: int) -> Source:
    return Source(
        f"src:own-{statement.id}", statement.source, f"stated by {statement.author}", statement.url,
        published=statement.stated, kind="document", trust=trust,
    )  # fmt: skip


def read(opened: Opened[Stated]) -> Iterator[Row]:
    """One row a statement."""
    for number, identifier in enumerate(opened.data.statements, 2):
        yield Row(opened.data.file, number, {_ROW: identifier})


def to_claims(row: Row, opened: Opened[Stated], places: Places) -> Sequence[Claim]:
    """The claims of a statement that still counts."""
    statement = opened.data.statements[row.values[_ROW]]
    if not statement.counts:
        raise Ignore("withdrawn")
    source = opened.data.sources[statement.id]
    members = [_place(identifier, places) for identifier in (statement.first, statement.second)]
    kind = KINDS[statement.kind]
    subject = partnership_id(kind.family, members)

    def claim(predicate: str, value: str, qualifier: str = "") -> Claim:
        return source.claim(subject, predicate, value, statement.id, qualifier, as_of=statement.as_of, note=statement.reason)

    made = [claim("kind", kind.id)]
    made += [claim("status", statement.status, statement.level)] if statement.status else []
    made += [claim(p, v, kind.id) for p, v in (("since", statement.since), ("until", statement.until)) if v]
    return made


def _place(identifier: str, places: Places) -> str:
    """The id, described where the gazetteer has it; another one must be in the graph already or in our own tables."""
    if identifier.startswith(("gn:", "iso:")):
        return places.add(identifier)
    if not identifier.startswith(("x:", "wd:")):
        raise Reject(f"{identifier!r} is no id of a place")
    return identifier
