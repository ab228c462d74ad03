"""Sentences in which every place is one character, so that grammar shrinks to a few patterns."""

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.documents.document import Document, Sentence
from ingest.documents.focus import Focus
from ingest.documents.language import FIRST_MARK, PLACE
from ingest.documents.places import PlaceMention

IS_PLACE = re.compile(PLACE)


@dataclass(frozen=True)
class Masked:
    """A sentence in small letters; character ``FIRST_MARK + i`` stands for ``places[i]``."""

    sentence: Sentence
    text: str
    places: tuple[PlaceMention, ...]
    offsets: "array[int]" = field(repr=False)

    def place(self, mark: str) -> PlaceMention:
        """The place that a character stands for."""
        return self.places[ord(mark) - ord(FIRST_MARK)]

    def marks(self, begin: int, end: int) -> list[str]:
        """The places between two offsets of the masked text, as characters."""
        return IS_PLACE.findall(self.text, begin, end)


def small(text: str) -> str:
    """Small letters, one for each, so that offsets stay."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def masked(document: Document, sentence: Sentence, mentions: Sequence[PlaceMention], focus: Focus) -> Masked:
    """The sentence with its mentions masked, and with them what stands for places seen before: the town, both towns."""
    lowered = small(document.text[sentence.begin : sentence.end])
    pieces: list[str] = []
    offsets: array[int] = array("l")
    places: list[PlaceMention] = []

    def add(begin: int, end: int) -> None:
        pieces.append(lowered[begin - sentence.begin : end - sentence.begin])
        offsets.extend(range(begin, end))

    def put(mention: PlaceMention, begin: int) -> None:
        pieces.append(chr(ord(FIRST_MARK) + len(places)))
        offsets.append(begin)
        places.append(mention)

    at = sentence.begin
    for mention in mentions:
        begin = max(at, mention.from_)
        add(at, begin)
        put(mention, begin)
        at = max(at, mention.to)
    add(at, max(at, sentence.end))
    plain = Masked(sentence, "".join(pieces), tuple(places), offsets)
    return _with_anaphora(document, plain, focus)


def _with_anaphora(document: Document, plain: Masked, focus: Focus) -> Masked:
    """Put the places in that are only referred to: ``beide Städte``, ``die Stadt``, ``der Kreis``, ``die Provinz``."""
    known = document.lexicon
    for name in ("both", "the_county", "the_province", "the_place"):
        at = 0
        while match := known.pattern(name).search(plain.text, at):
            meant = focus.meant(name, plain.offsets[match.start()] if match.start() < len(plain.offsets) else 0, match[0])
            at = match.end()
            if meant:
                plain = _inserted(plain, match.start(), match.end(), meant)
                at = match.start() + 2 * len(meant)
    return plain


def _inserted(plain: Masked, begin: int, end: int, meant: Sequence[PlaceMention]) -> Masked:
    first = ord(FIRST_MARK) + len(plain.places)
    marks = "/".join(chr(first + n) for n in range(len(meant)))
    offsets = array("l", plain.offsets[:begin])
    offsets.extend([plain.offsets[begin]] * len(marks))
    offsets.extend(plain.offsets[end:])
    text = plain.text[:begin] + marks + plain.text[end:]
    return Masked(plain.sentence, text, (*plain.places, *meant), offsets)
