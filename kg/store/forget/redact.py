"""Claims and sources without the persons who were forgotten: the same for what is in a graph and for what is loaded later."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, cast

from kg.model.claims import Claim, Source
from kg.store.driver import Graph
from kg.store.editions import Editions, united
from kg.store.forget.marks import Marks, alias, marks_of
from kg.store.forget.names import Finder
from kg.vocabulary import PREDICATES, label_of

SURNAME, TIED, EVERYWHERE = "surname ", "tied ", "everywhere "
"""What stands before a marked surname, the id of a source that speaks of the person, and a surname theirs in every text."""
_FREE = ("locator", "quote", "note", "qualifier")


@dataclass(frozen=True, slots=True)
class Redactor:
    """Takes the forgotten out of what is about to be stored."""

    marks: Marks
    home: Path

    @property
    def idle(self) -> bool:
        """Nobody was forgotten."""
        return not self.marks.marks

    @property
    def finder(self) -> Finder:
        """What finds their names."""
        return Finder(
            lambda words: self.marks.has(words) or self.marks.has(EVERYWHERE + words),
            lambda word: self.marks.has(SURNAME + word),
        )

    def is_person(self, subject: str) -> bool:
        """Whether an id is of a person who was forgotten, or might be: without the key nobody can say."""
        return label_of(subject) == "Person" and (
            self.marks.locked or self.marks.has(subject) or self.finder.redact(subject) != subject
        )

    def text(self, text: str, *, tied: bool = False) -> str:
        """A text without their names."""
        return self.finder.redact(text, tied=tied)

    def identifier(self, text: str) -> str:
        """An id in which another name stands for theirs."""
        kept = self.finder.redact(text, instead="\0")
        return text if kept == text else kept.replace("\0", alias(self.home, text))

    def source(self, source: Source) -> Source:
        """The source without their names; the surname alone counts where the source speaks of the person."""
        if self.idle:
            return source
        tied = self.marks.has(TIED + source.id)
        texts = {name: self.text(getattr(source, name), tied=tied) for name in ("title", "publisher", "url", "licence")}
        return replace(source, id=self.identifier(source.id), **texts)

    def claim(self, claim: Claim) -> Claim | None:
        """The claim without their names; ``None`` for one about them."""
        if self.idle:
            return claim
        if self.is_person(claim.subject):
            return None
        tied = self.marks.has(TIED + claim.source)
        changed = {name: self.text(getattr(claim, name), tied=tied) for name in _FREE}
        changed |= {name: self.identifier(getattr(claim, name)) for name in ("source", "subject", "by", "dataset")}
        changed["value"] = self._value(claim, tied=tied)
        return claim if all(getattr(claim, name) == value for name, value in changed.items()) else replace(claim, **changed)

    def editions(self, editions: Editions) -> Editions:
        """A claim as each dataset states it, without their names; empty for one about them."""
        return editions if self.idle else united(tuple(filter(None, map(self.claim, editions))))

    def _value(self, claim: Claim, *, tied: bool) -> str:
        nature = PREDICATES[claim.predicate].nature
        if nature == "relation":
            return self.identifier(claim.value)
        # A place may be called as somebody is; only their whole name is taken out of what names a place.
        tied = tied and label_of(claim.subject) != "Place"
        if nature != "entry":
            return self.text(claim.value, tied=tied)
        record: Any = json.loads(claim.value)
        kept = self.inside(record, tied=tied)
        return claim.value if kept == record else json.dumps(kept, ensure_ascii=False, sort_keys=True, allow_nan=False)

    def inside(self, value: Any, *, tied: bool = False) -> Any:
        """A value of JSON with every text in it redacted."""
        if isinstance(value, str):
            return self.text(value, tied=tied)
        if isinstance(value, list):
            return [self.inside(item, tied=tied) for item in cast(list[Any], value)]
        if isinstance(value, dict):
            return {self.text(k): self.inside(v, tied=tied) for k, v in cast(dict[str, Any], value).items()}
        return value


def redactor_of(graph: Graph) -> Redactor:
    """What keeps the forgotten out of this graph."""
    return Redactor(marks_of(graph), graph.home)


_SOURCE = tuple(f.name for f in fields(Source))


def source_of(properties: Mapping[str, Any]) -> Source:
    """A source as it was stored."""
    said: dict[str, Any] = {"title": "", **{name: properties[name] for name in _SOURCE if name in properties}}
    return Source(**said)
