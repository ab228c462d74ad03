"""Cleans a text without losing where each character stood: tags, broken words, wrapped lines, boiler-plate."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ingest.documents.language import Lexicon
from ingest.documents.traced import Traced

BlockKind = Literal["heading", "item", "row", "text"]
WRAPPED = 50
"""A line of this length that ends without a stop was wrapped; a shorter one was meant to end there."""
HEADING = 110

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_BROKEN_BY_MARK = re.compile("[\ufffe\uffff]\\s*")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\u0085\v\f]")
_OTHER_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,15}(?:\s[^<>\n]{0,300})?/?>")
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,10}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\((?:[^()\s]{1,500})(?: \"[^\"\n]*\")?\)")
_EMPHASIS = re.compile(r"(?<![\w*\\])(\*{1,3}|_{1,3})(?=\S)([^*_\n]{1,300}?)(?<=\S)\1(?![\w*])")
_ESCAPED = re.compile(r"\\([*_#\[\]()~`>.!-])")
_HYPHENATED = re.compile(r"(?<=\w)([-\u2010])[ \t]*\n\s{0,20}(?=\w)")
_HYPHENATED_WORD = re.compile(r"(?<=\w)([-\u2010])[ \t]*\n\s{0,20}(\w+)")
_BLANKS = re.compile(r"(?<=\S)[ ]{2,}")
_PARAGRAPH_INSIDE = re.compile(r"(?<=[a-zà-öø-ÿß,])[ ]*\n[ \t]*\n\s*(?=[a-zà-öø-ÿß])")
_ARTICLES = re.compile(r"\n[ \t]*(?:[=_~*]{5,}|-{5,}|\*(?: \*){2,})[ \t]*(?=\n)")
_ITEM = re.compile(r"^\s{0,12}(?:[-•*–—▪◦‣·]|\(?\d{1,3}[.)]|[a-z]\))\s+(?=\S)")
_MARK = re.compile(r"^\s{0,3}(#{1,6})\s*|^\s{0,3}>\s?")
_STOP = re.compile(r"[.!?:;…][\"”“»’)\]]*\s*$")


Span = tuple[int, int, BlockKind, int]
"""Begin, end, kind and level of a block."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or table row: its span in the cleaned text."""

    begin: int
    end: int
    kind: BlockKind
    level: int = 0


def tidy(raw: Traced, lexicon: Lexicon) -> Traced:
    """The text without what is no text: marks, tags, broken words, with plain spaces and line ends."""
    text = raw.sub(_LINE_ENDS, "\n").sub(_BROKEN_BY_MARK, "").sub(_INVISIBLE, "").sub(_OTHER_CONTROLS, "").sub(_SPACES, " ")
    text = text.sub(_TAG, "").sub(_ENTITY, lambda m: html.unescape(m[0]).replace("\u00a0", " "))
    text = text.sub(_LINK, lambda m: m[1]).sub(_EMPHASIS, lambda m: m[2]).sub(_ESCAPED, lambda m: m[1])
    text = text.sub(_HYPHENATED_WORD, lambda m: _mended(m, lexicon))
    return text.sub(_PARAGRAPH_INSIDE, " ").sub(_BLANKS, lambda m: m[0][:1])


def _mended(match: re.Match[str], lexicon: Lexicon) -> str:
    """Join a word that a line end broke; ``Infektions- und`` and ``Baden-Württemberg`` keep their hyphen."""
    word = match[2]
    if word in lexicon.joining:
        return f"- {word}"
    return word if word[0].islower() else f"-{word}"


def articles(text: Traced) -> list[Traced]:
    """The articles of a text that holds several, apart by lines of marks."""
    cuts = [match.span() for match in _ARTICLES.finditer(text.text)]
    if not cuts:
        return [text]
    edges = [0, *(edge for span in cuts for edge in span), len(text.text)]
    parts = [text.part(begin, end) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
    return [part for part in parts if len(part.text.strip()) > 1] or [text]


def blocks_of(text: Traced, lexicon: Lexicon) -> tuple[Traced, list[Block]]:
    """The text with its wrapped lines joined and its boiler-plate left out, and its blocks in order."""
    found = Traced("", text.starts[:0])
    pieces: list[str] = []
    blocks: list[Block] = []
    length = 0
    for begin, end, kind, level in _paragraphs(text.text, lexicon):
        piece = text.part(begin, end).sub(re.compile(r"[ \t]*\n[ \t]*"), " " if kind != "row" else "\t")
        if pieces:
            pieces.append("\n")
            found.starts.append(text.starts[begin])
            length += 1
        pieces.append(piece.text)
        found.starts.extend(piece.starts)
        blocks.append(Block(length, length + len(piece.text), kind, level))
        length += len(piece.text)
    return Traced("".join(pieces), found.starts), blocks


def _paragraphs(text: str, lexicon: Lexicon) -> Iterator[Span]:
    """Spans of blocks: lines that belong together, without bullets and marks of headings."""
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    current: Span = (0, 0, "row", 0)
    last_begin = last_end = 0
    for begin, end in lines:
        line = text[begin:end]
        if not line.strip() or lexicon.is_boilerplate(line.strip()):
            continue
        apart = "\n" in text[last_end:begin].replace("\n", "", 1)
        kind, skip, level = _kind(line)
        before = text[last_begin:last_end].rstrip()
        if not apart and kind == "text" and current[2] in {"text", "item"} and _goes_on(before, line):
            current = (current[0], end, current[2], 0)
        else:
            if current[1]:
                yield _as_heading(text, current)
            current = (begin + skip, end, kind, level)
        last_begin, last_end = begin, end
    if current[1]:
        yield _as_heading(text, current)


def _kind(line: str) -> tuple[BlockKind, int, int]:
    lead = len(line) - len(line.lstrip())
    if mark := _MARK.match(line):
        return ("heading" if mark[1] else "text", mark.end(), len(mark[1] or ""))
    if item := _ITEM.match(line):
        return "item", item.end(), 0
    if "\t" in line.strip() or line.count("|") > 1:
        return "row", lead, 0
    return "text", lead, 0


def _goes_on(before: str, line: str) -> bool:
    """Whether a line goes on with the one before it: that was wrapped, or this begins in small letters."""
    return line.lstrip()[:1].islower() or (len(before) >= WRAPPED and not before.endswith(":"))


def _as_heading(text: str, block: Span) -> Span:
    begin, end, kind, level = block
    piece = text[begin:end].rstrip()
    short = kind == "text" and len(piece) <= HEADING and "\n" not in piece and not _STOP.search(piece)
    return (begin, begin + len(piece), "heading" if short else kind, level)
