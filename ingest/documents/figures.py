"""Figures, events and organisations: how many partners, what took place when, who carries a tie."""

import re
from collections.abc import Iterator, Sequence

from ingest.documents.dates import dates_in
from ingest.documents.document import Document, Sentence
from ingest.documents.facts import Fact
from ingest.documents.focus import Focus
from ingest.documents.masking import small
from ingest.documents.places import PlaceMention
from ingest.documents.ties import Tie

_NEAR = 3
Sentences = Sequence[tuple[Sentence, Sequence[PlaceMention]]]
_MORE = r"(?:(?:mehr als|über|rund|etwa|fast|knapp|insgesamt|plus de|environ|près de|più di|oltre|circa|more than|over|about) )?"
_NAME_END = re.compile(r"(?:[ /-]{0,2}(?:für |e\. ?V\.|[A-ZÄÖÜ][\w-]+|„[^“]{2,40}“|\((?:für |pour )?[A-ZÄÖÜ][\w-]+\))){1,5}")


def figures(document: Document, sentences: Sentences, focus: Focus) -> Iterator[Fact]:
    """Counts of partners and sums of money for them: figures of a place, never ties."""
    known = document.lexicon
    number = rf"(?P<value>{_MORE}(?:\d[\d.,]*|{known.data['countable'].replace('(?P<n>', '(?:')}))"
    counts = re.compile(rf"\b{number}\s+(?:\w+\s+){{0,1}}(?P<what>{known.data['figures']['partners']})")
    money = re.compile(rf"\b{number}\s+(?P<what>{known.data['figures']['money']})\b")
    tied = [k.pattern for k in known.kinds if not k.soft]
    for sentence, mentions in sentences:
        text = small(document.text[sentence.begin : sentence.end])
        about = any(pattern.search(text) for pattern in tied)
        place = next((m.place for m in mentions if m.place.label == "region"), None) or focus.home
        for pattern in (counts, money) if about else (counts,):
            for match in pattern.finditer(text):
                if place and _is_total(match, text, sentence, mentions):
                    shown = document.text[sentence.begin + match.start() : sentence.begin + match.end()]
                    yield Fact("figure", "", match["what"], (place,), sentence.begin, sentence.end, "figure", value=shown)


def _is_total(match: re.Match[str], text: str, sentence: Sentence, mentions: Sequence[PlaceMention]) -> bool:
    """Whether a number tells how many there are in all: a sum of money, more than so many, the six partner towns of A."""
    if re.fullmatch(r"(?:19|20)\d\d", match["value"]):
        return False
    whole = bool(re.match(r"\D+\d", match["value"])) or len(re.findall(r"\d", match["value"])) > 1
    owned = any(m.genitive and 0 <= m.begin - sentence.begin - match.end() <= _NEAR for m in mentions)
    return whole or owned or bool(re.search(r"\b(?:hat|unterhält|zählt|compte|conta|has)\s$", text[: match.start()]))


def events(document: Document, sentences: Sentences, focus: Focus) -> Iterator[Fact]:
    """What took place or is to on a day that the sentence gives."""
    known = document.lexicon
    for sentence, mentions in sentences:
        text = small(document.text[sentence.begin : sentence.end])
        days = [d for d in dates_in(text, known, document.about.published) if d.date.day]
        found = _event_word(text, known.data["events"]) if days else None
        if not found:
            continue
        kind, match = found
        cities = tuple(dict.fromkeys(m.place for m in mentions if m.place.label == "city"))
        places = (focus.home,) if focus.home and kind != "signing" else cities
        name = document.text[sentence.begin + match.start() : sentence.begin + match.end()]
        yield Fact("event", name, kind, places, sentence.begin, sentence.end, "event", date=str(days[0].date))


def _event_word(text: str, kinds: dict[str, str]) -> tuple[str, re.Match[str]] | None:
    for kind, pattern in kinds.items():
        if match := re.search(rf"\b(?:{pattern})", text):
            return kind, match
    return None


def organisations(document: Document, sentences: Sentences, ties: Sequence[Tie], focus: Focus) -> Iterator[Fact]:
    """Associations by name; those that carry a tie in it support that tie."""
    known = document.lexicon
    pattern = re.compile(rf"\b{known.data['associations']}")
    for sentence, _ in sentences:
        text = small(document.text[sentence.begin : sentence.end])
        for match in pattern.finditer(text):
            rest = _NAME_END.match(document.text, sentence.begin + match.end(), sentence.end)
            if not rest or not document.text[sentence.begin + match.start()].isupper():
                continue
            name = document.text[sentence.begin + match.start() : rest.end()].strip()
            carried = [t for t in ties if t.rule == "association" and t.begin == sentence.begin]
            places = carried[0].places if carried else ((focus.home,) if focus.home else ())
            plain = re.sub(r"(?<=kreis)es\b|(?<=verein)s\b|\s\((?:für|pour|per|for) [^()]*\)", "", name)
            yield Fact("support", plain, "twinning" if carried else "", places, sentence.begin, sentence.end, "organisation")
