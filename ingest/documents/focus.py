"""Whose document it is: the town at its centre, and what "the town" or "both towns" means at a point of the text."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest.documents.document import Document
from ingest.documents.language import HOME
from ingest.documents.meanings import Place
from ingest.documents.places import PlaceMention
from kg.model.identity import fold

_NEEDED = 3.0
_TITLE = 400
_NEAR = 600


@dataclass(slots=True)
class Focus:
    """The places of a document as far as later words refer to them."""

    document: Document
    mentions: Sequence[PlaceMention]
    home: Place | None = None
    _starts: list[int] = field(default_factory=list[int])

    def __post_init__(self) -> None:
        self._starts = [m.begin for m in self.mentions]
        self.home = self.home or _home(self.document, self.mentions)

    def before(self, offset: int) -> Sequence[PlaceMention]:
        """The mentions before a point of the text."""
        return self.mentions[: bisect_left(self._starts, offset)]

    def meant(self, name: str, offset: int, words: str) -> list[PlaceMention]:
        """The places that "both towns", "the county", "the province", "the town" mean at a point; none where it is open."""
        before = self.before(offset)
        if name == "both":
            return self._both(before, offset)
        if name in {"the_county", "the_province"}:
            kinds = {"county"} if name == "the_county" else {"province"}
            found = next((m for m in reversed(before) if m.place.kind in kinds), None)
            return [_referring(found, offset)] if found else []
        return self._town(before, offset, words)

    def _both(self, before: Sequence[PlaceMention], offset: int) -> list[PlaceMention]:
        """The last two different towns."""
        found: list[PlaceMention] = []
        for mention in reversed(before):
            if mention.place.label == "city" and mention.place.id not in {f.place.id for f in found}:
                found.append(mention)
            if len(found) == 2:
                return [_referring(m, offset) for m in reversed(found)]
        return []

    def _town(self, before: Sequence[PlaceMention], offset: int, words: str) -> list[PlaceMention]:
        """The home town; without one the last town that a sentence began with."""
        if self.home:
            own = next((m for m in self.mentions if m.place.id == self.home.id), None)
            if own:
                return [_referring(own, offset)]
        initial = next((m for m in reversed(before) if m.place.label == "city" and self.leads(m)), None)
        return [_referring(initial, offset)] if initial and words not in {"wir", "man"} else []

    def leads(self, mention: PlaceMention) -> bool:
        """Whether its sentence begins with it."""
        sentence = self.document.sentence_at(mention.begin)
        return not any(c.isalpha() for c in self.document.text[sentence.begin : mention.from_])

    def subject_before(self, offset: int) -> PlaceMention | None:
        """What a sentence without a subject is about: a town that a sentence near before began with, else the home town."""
        for mention in reversed(self.before(offset)):
            if offset - mention.begin > _NEAR:
                break
            if mention.place.label == "city" and self.leads(mention):
                return _referring(mention, offset)
        if self.home and (own := next((m for m in self.mentions if m.place.id == self.home.id), None)):
            return _referring(own, offset)
        return None


def _referring(mention: PlaceMention, offset: int) -> PlaceMention:
    return replace(mention, begin=offset, end=offset, from_=offset, to=offset, genitive=False, demonym=False, note="")


def _home(document: Document, mentions: Sequence[PlaceMention]) -> Place | None:
    """The town that the document has most signs of; none where two have as many."""
    signs: Counter[str] = Counter()
    places: dict[str, Place] = {}
    publisher = fold(f"{document.about.publisher} {document.about.title}")
    for number, mention in enumerate(mentions):
        place = mention.place
        if place.label != "city" or not place.id:
            continue
        places[place.id] = place
        weight = 1 + 3 * mention.demonym + (mention.genitive and 0.5) + (number == 0) + (mention.begin < _TITLE and 0.5)
        signs[place.id] += weight  # pyright: ignore[reportArgumentType]
    for key, place in places.items():
        signs[key] += 2 * (place.country == HOME[document.language])
        signs[key] += 4 * (fold(place.name) in publisher and len(place.name) > 3)
    ranked = signs.most_common(2)
    if not ranked or ranked[0][1] < _NEEDED or (len(ranked) > 1 and ranked[0][1] <= ranked[1][1]):
        return None
    return places[ranked[0][0]]
