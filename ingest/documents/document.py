"""A document: its cleaned text with the way back, its blocks and sentences, its date, language and identity."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ingest.documents.clean import Block, articles, blocks_of, tidy
from ingest.documents.dates import published_of
from ingest.documents.files import FileText, read_file
from ingest.documents.language import LANGUAGES, Lexicon, language_of, lexicon
from ingest.documents.traced import Traced
from kg.errors import DataError, UsageError
from kg.model.dates import parse_date
from kg.model.identity import digest

_END = re.compile(r"[.!?…](?:[\"”“»’)\]]{0,3})(?=\s+[\"„“«»‘(\[–-]{0,3}\s?[A-ZÄÖÜÀ-ÖØ-Þ0-9]|\s*$)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Dr|Prof|St|Ste|Nr|Art|Abs|Str|bzw|ca|vgl|evtl|ggf|inkl|Hl|Mr|Mrs|Ms|M|Mme|Cllr|Sig|Dott|No|Vol|etc|u|a|z|d|h|i|B"
    r"|e|V|v|Chr|Mio|Mrd|Tel|Bd|geb|gest|usw|Jan|Feb|Aug|Sept|Okt|Nov|Dez)\.|\b[A-Z]\.|\b\d{1,2}\.)$"
)


LONGEST = 2000
"""Characters of a sentence."""


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a document besides its text; whoever brings it in says so."""

    title: str = ""
    publisher: str = ""
    url: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its span in the document's text and the block that holds it."""

    begin: int
    end: int
    block: int


@dataclass(frozen=True)
class Document:
    """One article; ``raw`` is the original that `origin` points into."""

    name: str
    about: About
    language: str
    traced: Traced = field(repr=False)
    raw: str = field(repr=False)
    blocks: tuple[Block, ...] = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The cleaned text; every quote is a slice of it."""
        return self.traced.text

    @property
    def lexicon(self) -> Lexicon:
        """The words of its language."""
        return lexicon(self.language)

    @cached_property
    def id(self) -> str:
        """From what it says, whatever file it stands in: 16 characters of the hash of its words."""
        return digest(normalised(self.text))[:16]

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences in order."""
        return tuple(s for number, block in enumerate(self.blocks) for s in _sentences(self.text, block, number))

    @cached_property
    def _starts(self) -> list[int]:
        return [s.begin for s in self.sentences]

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence that holds a character."""
        return self.sentences[max(0, bisect_right(self._starts, offset) - 1)]


def normalised(text: str) -> str:
    """Words only, so that another line break or mark makes no other text."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _sentences(text: str, block: Block, number: int) -> Iterator[Sentence]:
    """The sentences of a block; what is longer than any sentence is cut at a space, so that it costs no more than others."""
    for sentence in _ended(text, block, number):
        begin = sentence.begin
        while sentence.end - begin > LONGEST:
            cut = text.rfind(" ", begin + 1, begin + LONGEST)
            cut = cut if cut > begin else begin + LONGEST
            yield Sentence(begin, cut, number)
            begin = cut
        yield Sentence(begin, sentence.end, number)


def _ended(text: str, block: Block, number: int) -> Iterator[Sentence]:
    begin = block.begin
    for match in _END.finditer(text, block.begin, block.end):
        if text[match.start()] == "." and _ABBREVIATION.search(text[max(begin, match.start() - 12) : match.start() + 1]):
            continue
        yield Sentence(begin, match.end(), number)
        begin = match.end()
        while begin < block.end and text[begin].isspace():
            begin += 1
    if text[begin : block.end].strip():
        yield Sentence(begin, block.end, number)


def open_documents(path: Path, about: About = About(), language: str = "") -> list[Document]:
    """The documents of one file: its articles, and those of what is attached to it.

    Raises:
        DataError: it cannot be read or holds no text.
        UsageError: it is of a kind that is not read, or the date or language is none.
    """
    if language and language not in LANGUAGES:
        raise UsageError(f"the language {language!r} is none of {', '.join(LANGUAGES)}")
    try:
        _ = about.published and parse_date(about.published)
    except ValueError as error:
        raise UsageError(f"--published: {error}") from error
    found = [document for each in read_file(path) for document in documents_of(each, about, language)]
    if not found:
        raise DataError(f"{path.name}: there is no text in it")
    return found


def documents_of(file: FileText, about: About, language: str = "") -> Iterator[Document]:
    """The articles of one text."""
    own = language or language_of(file.text.text)
    text = tidy(file.text, lexicon(own))
    parts = articles(text)
    for number, part in enumerate(parts, 1):
        cleaned, blocks = blocks_of(part, lexicon(own))
        if cleaned.text.strip():
            code = language or language_of(cleaned.text)
            name = file.name if len(parts) == 1 else f"{file.name}, article {number}"
            heading = next((cleaned.text[b.begin : b.end] for b in blocks), "")
            told = About(
                about.title or file.title or heading[:120], about.publisher, about.url,
                about.published or published_of(cleaned.text, lexicon(code)) or file.published,
            )  # fmt: skip
            yield Document(name, told, code, cleaned, file.text.text, tuple(blocks), file.notes)


def document_of(text: str, about: About = About(), language: str = "", name: str = "text") -> Document:
    """The document of a pasted text (its first article)."""
    return next(documents_of(FileText(name, Traced.of(text)), about, language))
