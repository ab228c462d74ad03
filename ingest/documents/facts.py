"""What is no tie: who holds which public role where, who carries a tie, how many there are, what took place when."""

from dataclasses import dataclass
from typing import Literal

from ingest.documents.meanings import Place


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact besides ties; ``name`` is the person's, organisation's or event's, ``kind`` the role, figure or kind of event."""

    what: Literal["role", "support", "figure", "event"]
    name: str
    kind: str
    places: tuple[Place, ...]
    begin: int
    end: int
    rule: str
    value: str = ""
    date: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What is the same when a document says it twice, in whatever case: sechs Partnerstädte, sechs Partnerstädten."""
        return (self.what, self.name, self.kind.rstrip("n"), self.value.rstrip("n"), self.places, self.date)

    @property
    def says(self) -> str:
        """The fact as a sentence for whoever decides."""
        where = ", ".join(place.name for place in self.places)
        parts = {"role": f"{self.name} is {self.kind}", "figure": f"{self.kind}: {self.value}"}
        return f"{parts.get(self.what, f'{self.name} ({self.kind})')}" + (f" – {where}" if where else "")
