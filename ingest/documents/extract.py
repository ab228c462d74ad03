"""From a document to what it says: the protocol that every extractor follows, and the one by rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from ingest.documents.associations import association_ties
from ingest.documents.document import Document
from ingest.documents.facts import Fact
from ingest.documents.figures import events, figures, organisations
from ingest.documents.focus import Focus
from ingest.documents.initiatives import initiative_ties
from ingest.documents.lists import list_ties
from ingest.documents.masking import Masked, masked
from ingest.documents.people import roles
from ingest.documents.places import PlaceFinder, PlaceMention
from ingest.documents.rules import RuleReader
from ingest.documents.ties import Tie, fitting, merged


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a document."""

    document: Document
    mentions: Sequence[PlaceMention]
    focus: Focus
    sentences: Sequence[Masked]
    ties: Sequence[Tie] = field(default_factory=list[Tie])
    facts: Sequence[Fact] = field(default_factory=list[Fact])


class Extractor(Protocol):
    """Finds ties in a document whose places are known."""

    def ties(self, read: Read) -> list[Tie]:
        """The ties, unmerged, in the order of the text."""
        ...


class Rules:
    """The extractor without a model."""

    def __init__(self, finder: PlaceFinder) -> None:
        """Use the finder's resolver for what a document does not name itself, such as a town's Land."""
        self._finder = finder

    def ties(self, read: Read) -> list[Tie]:
        """All ties that the rules see."""
        reader = RuleReader(read.document, read.focus)
        found = [tie for each in read.sentences for tie in reader.ties(each)]
        found += [t for t in list_ties(read.document, read.sentences, read.focus) if fitting(t)]
        found += [t for t in association_ties(read.document, read.sentences, read.focus, bool(found)) if fitting(t)]
        found += [t for t in initiative_ties(read.document, read.sentences, read.focus, self._finder) if fitting(t)]
        return sorted(found, key=lambda t: t.begin)


def read_document(document: Document, finder: PlaceFinder) -> Read:
    """The document with its places found and masked, not yet its ties."""
    mentions = finder.mentions(document)
    focus = Focus(document, mentions)
    return Read(document, mentions, focus, list(_sentences(document, mentions, focus)))


def _sentences(document: Document, mentions: Sequence[PlaceMention], focus: Focus) -> Iterator[Masked]:
    at = 0
    for sentence in document.sentences:
        while at < len(mentions) and mentions[at].begin < sentence.begin:
            at += 1
        last = at
        while last < len(mentions) and mentions[last].begin < sentence.end:
            last += 1
        yield masked(document, sentence, mentions[at:last], focus)
        at = last


def extract(document: Document, finder: PlaceFinder, extractors: Sequence[Extractor] = ()) -> Read:
    """Everything that the extractors find in a document, by rules where none are given."""
    read = read_document(document, finder)
    ties = merged(tie for each in extractors or (Rules(finder),) for tie in each.ties(read))
    facts: dict[tuple[object, ...], Fact] = {}
    for fact in _facts(read, ties):
        facts.setdefault(fact.key, fact)
    return replace(read, ties=ties, facts=list(facts.values()))


def _facts(read: Read, ties: Sequence[Tie]) -> Iterator[Fact]:
    """What is no tie: roles, figures, events and organisations."""
    document, focus = read.document, read.focus
    sentences = [(each.sentence, each.places) for each in read.sentences]
    yield from roles(document, sentences, focus)
    yield from figures(document, sentences, focus)
    yield from events(document, sentences, focus)
    yield from organisations(document, sentences, ties, focus)
