"""A neutral document: sections of statements, each with the number of its footnote; what Word and Markdown are written from.

Nothing here knows a file format. Texts are plain: a writer cleans and escapes them in the one place where it takes text in.
"""

import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from kg.present.texts import Language


@dataclass(frozen=True, slots=True)
class CitedText:
    """A text and the footnotes (from 1) that say where it is from; only what is to be filled in or edited has none."""

    text: str
    notes: tuple[int, ...] = ()
    address: str = ""
    """An address of the web that stands behind the text, checked by ``web_address``."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Statements one after the other; a ``draft`` is meant to be edited."""

    statements: tuple[CitedText, ...]
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; ``numbered`` with 1., 2., 3."""

    items: tuple[CitedText, ...]
    numbered: bool = False
    draft: bool = False


@dataclass(frozen=True, slots=True)
class PaperTable:
    """Rows of statements below a header; ``widths`` in centimetres."""

    header: tuple[str, ...]
    rows: tuple[tuple[CitedText, ...], ...]
    widths: tuple[float, ...]
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with what it shows in words."""

    png: bytes
    caption: str
    description: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    text: str


Block = Paragraph | Bullets | PaperTable | Picture | Heading


@dataclass(frozen=True, slots=True)
class Section:
    """A section with its heading."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The whole: a kicker above the title, fields to fill in (label, value), sections, and the notes in order from 1."""

    kind: str
    title: str
    language: Language
    as_of: str
    """The day the facts are of, ISO 8601."""
    fields: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    notes: tuple[CitedText, ...]
    footer: str = ""


def clean(text: str) -> str:
    """The text on one line, without control, format and private characters, which hide or turn round what is read."""
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join(kept.split())


def web_address(url: str) -> str:
    """The address if it is a plain one of the web, else nothing."""
    url = clean(url).replace(" ", "%20")
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.hostname and not parts.username else ""


def statements(document: Document) -> list[CitedText]:
    """Every statement of the document, drafts left out."""
    found: list[CitedText] = []
    for block in (block for section in document.sections for block in section.blocks):
        if isinstance(block, Paragraph) and not block.draft:
            found += block.statements
        elif isinstance(block, Bullets) and not block.draft:
            found += block.items
        elif isinstance(block, PaperTable) and not block.draft:
            found += [row[0] for row in block.rows]
    return found
