"""Holders of public roles: who is mayor, councillor or head of an office, and where. Nobody else is noted."""

import re
from collections.abc import Iterator, Sequence

from ingest.documents.document import Document, Sentence
from ingest.documents.facts import Fact
from ingest.documents.focus import Focus
from ingest.documents.language import HOME, Lexicon
from ingest.documents.meanings import Place
from ingest.documents.places import PlaceMention

_WORD = r"[A-ZÄÖÜÀ-Þ][\w'’-]+"
_NEAR = 16


def roles(document: Document, sentences: Sequence[tuple[Sentence, Sequence[PlaceMention]]], focus: Focus) -> Iterator[Fact]:
    """A fact for each person whose public role a sentence tells, with the place that the role is of."""
    known = document.lexicon
    role = rf"(?P<role>{known.data['people']['roles']})"
    shapes = (
        re.compile(rf"\b{role} (?i:{_titles(known)}){_person()}"),
        re.compile(rf"\b{_person()}, (?:der|die|le|la|il|the)?\s?(?:[a-zäöüß]+ )?{role}\b"),
        re.compile(rf"\b{role}(?:in)? (?:von|de|di|of) (?P<place>{_WORD}), {_person()}"),
        re.compile(rf"\b{_person()} {known.data['people']['offices']}"),
    )
    for sentence, mentions in sentences:
        text = document.text[sentence.begin : sentence.end]
        for shape in shapes:
            for match in shape.finditer(text):
                place = _place(match, sentence, mentions, focus, document)
                if place is not None:
                    yield Fact("role", match["name"], match["role"], (place,), sentence.begin, sentence.end, "role")
        yield from _also(text, sentence, mentions, shapes[2])


def _titles(known: Lexicon) -> str:
    return rf"(?:(?:{'|'.join(sorted(known.words('people.titles')))})\.? )*"


def _person() -> str:
    return rf"(?P<name>{_WORD} (?:(?:de|von|van|di|du|della) )?{_WORD})"


def _also(text: str, sentence: Sentence, mentions: Sequence[PlaceMention], shape: re.Pattern[str]) -> Iterator[Fact]:
    """``die Bürgermeister von A, Anna Muster, und B, Bernd Muster``: the second place and person share the role."""
    first = shape.search(text)
    if not first:
        return
    for mention in mentions:
        begin = mention.end - sentence.begin
        if begin > first.end() and (match := re.match(rf",\s{_person()}", text[begin:])):
            yield Fact("role", match["name"], first["role"], (mention.place,), sentence.begin, sentence.end, "role")


def _place(
    match: re.Match[str], sentence: Sentence, mentions: Sequence[PlaceMention], focus: Focus, document: Document
) -> Place | None:
    """The place of a role: in its words, right before or after it, else where the document is at home."""
    begin, end = sentence.begin + match.start(), sentence.begin + match.end()
    for level, label in (("of_the_county", "district"), ("of_the_state", "region")):
        if document.lexicon.pattern(f"people.{level}").match(match["role"].lower()):
            home = HOME[document.language]
            return next((m.place for m in focus.mentions if m.place.label == label and m.place.country == home), None)
    inside = [m for m in mentions if begin <= m.begin < end]
    if inside:
        return inside[0].place
    near = [m for m in mentions if 0 <= m.from_ - end <= _NEAR or (m.genitive and 0 <= begin - m.end <= _NEAR)]
    if near:
        return near[0].place
    leads = not any(c.isalpha() for c in document.text[sentence.begin : begin])
    before = [m for m in mentions if m.end <= begin and m.place.label == "city"]
    if before and not leads and not before[-1].demonym:
        return before[-1].place
    return focus.home
