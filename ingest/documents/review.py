"""Decisions about candidates: a plain model that a page, the command line and a file of YAML share."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.documents.candidates import Candidate
from ingest.documents.document import Document, normalised
from kg.errors import DataError
from kg.store.private import private_folder, write_private

MAX_BYTES = 30 << 20
_HEAD = """# What documents seem to say. Set `decision` of each candidate to accept or reject (later leaves it open), correct
# kind, places (ids are those of `kg resolve`), status or dates where they are wrong, and load the file: kg ingest reviewed FILE
"""


class ReviewedDocument(BaseModel):
    """A document and the candidates found in it; ``read`` is the day on which it was read, dates are partial dates."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    name: str = ""
    title: str = ""
    publisher: str = ""
    url: str = ""
    published: str = ""
    read: str = ""
    language: str = ""
    candidates: tuple[Candidate, ...] = ()

    def decided(self, decisions: dict[str, Candidate]) -> "ReviewedDocument":
        """The document with those candidates in the place of the ones with their ids."""
        return self.model_copy(update={"candidates": tuple(decisions.get(c.id, c) for c in self.candidates)})


class Review(BaseModel):
    """Documents under review."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    documents: tuple[ReviewedDocument, ...] = ()

    def after(self, old: "Review") -> "Review":
        """This review with what was decided in an older one; what only the older one has stays."""
        known = {document.id: document for document in old.documents}
        new = tuple(_joined(document, known.get(document.id)) for document in self.documents)
        ids = {document.id for document in new}
        return Review(documents=(*(d for d in old.documents if d.id not in ids), *new))

    def accepting(self, at_least: float) -> "Review":
        """Accept what is open, sure enough and without a question."""
        return Review(documents=tuple(_accepting(document, at_least) for document in self.documents))

    def counts(self) -> dict[str, int]:
        """How many candidates there are of each decision."""
        all_ = [c.decision for d in self.documents for c in d.candidates]
        return {decision: all_.count(decision) for decision in ("accept", "reject", "later")}


def _joined(new: ReviewedDocument, old: ReviewedDocument | None) -> ReviewedDocument:
    if old is None:
        return new
    known = {c.id: c for c in old.candidates}
    fresh = {c.id for c in new.candidates}
    kept = (c for c in old.candidates if c.id not in fresh and c.decision != "later")
    candidates = (*(known.get(c.id, c) for c in new.candidates), *kept)
    return new.model_copy(update={"candidates": tuple(candidates), "read": old.read or new.read})


def _accepting(document: ReviewedDocument, at_least: float) -> ReviewedDocument:
    sure = {
        c.id: c.model_copy(update={"decision": "accept"})
        for c in document.candidates
        if c.decision == "later" and c.confidence >= at_least and not c.question
    }
    return document.decided(sure)


def reviewed(document: Document, candidates: Iterable[Candidate], read: str) -> ReviewedDocument:
    """A document's candidates, undecided; ``read`` is the day."""
    about = document.about
    return ReviewedDocument(
        id=document.id, name=document.name, title=about.title, publisher=about.publisher, url=about.url,
        published=about.published, read=read, language=document.language, candidates=tuple(candidates),
    )  # fmt: skip


# --- Files ----------------------------------------------------------------------------------------------------------------


class _PlainTexts(yaml.BaseLoader):
    """Reads every value as text, so that 1968 and 2022-10-21 stay what they are; without anchors, which can fill the memory."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse what refers to something else."""
        if self.check_event(yaml.events.AliasEvent):  # pyright: ignore[reportUnknownMemberType]
            raise yaml.YAMLError("anchors and aliases are not read here")
        return super().compose_node(parent, index)


def write_review(review: Review, path: Path) -> None:
    """Write the file, readable by its owner only: quotes can name people."""
    data = {"documents": [_plain(document) for document in review.documents]}
    # one line a quote, however long: kg forget looks for names line by line
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1_000_000)
    write_private(path, _HEAD + text)


def _plain(document: ReviewedDocument) -> dict[str, Any]:
    told = document.model_dump(exclude={"candidates"})
    return {**told, "candidates": [_filled(candidate) for candidate in document.candidates]}


def _filled(candidate: Candidate) -> dict[str, Any]:
    always = {"id", "decision", "says", "what", "kind", "status", "as_of", "quote"}
    dumped = candidate.model_dump(mode="json")
    dumped["places"] = [{k: v for k, v in place.items() if v} for place in dumped["places"]]
    return {name: value for name, value in dumped.items() if value not in ("", [], 0) or name in always}


def read_review(path: Path) -> Review:
    """The file of decisions.

    Raises:
        DataError: it is no such file; names file and place.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DataError(f"{path.name}: the file has more than {MAX_BYTES >> 20} MB; review fewer documents at a time")
        loaded = cast(object, yaml.load(path.read_text("utf-8"), _PlainTexts))
        return Review.model_validate(loaded or {})
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise DataError(f"{path.name} is no YAML as `kg ingest document --review` writes it: {_first_line(error)}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DataError(f"{path.name}, {where}: {first['msg']}") from error


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


# --- The texts that quotes are checked against -------------------------------------------------------------------------------


def text_path(home: Path, document: str) -> Path:
    """Where the text of a document is kept that was read on this machine."""
    return home / "documents" / f"{document}.txt"


def keep_text(home: Path, document: Document) -> None:
    """Keep a document's text, so that what is loaded later can be checked against it."""
    path = text_path(home, document.id)
    private_folder(path.parent)
    write_private(path, document.text)


def quoted(home: Path, document: ReviewedDocument) -> set[str]:
    """The ids of the candidates whose quotes are in the document's text.

    Raises:
        DataError: the document was not read on this machine, or its text is another one now.
    """
    path = text_path(home, document.id)
    if not document.id.isalnum() or not path.is_file():
        raise DataError(
            f"the text of {document.name or document.id} is not in {path.parent}, so no quote of it can be checked;"
            " read it here first: kg ingest document FILE"
        )
    text = f" {normalised(path.read_text('utf-8'))} "
    return {c.id for c in document.candidates if (words := normalised(c.quote)) and f" {words} " in text}
