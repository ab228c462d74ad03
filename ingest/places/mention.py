"""What is asked of the resolver and what it answers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mention:
    """A place as a source writes it; only ``name`` is needed. ``lat``/``lon`` in degrees, ``state`` a part of the country."""

    name: str
    country: str = ""
    kind: str = ""
    lat: float | None = None
    lon: float | None = None
    qid: str = ""
    population: int | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The place a mention means, or why none: ``id`` is empty when rejected.

    ``confidence`` (0…1) is what the rule reached on labelled samples; ``candidates`` are readable, best first.
    """

    id: str
    name: str
    kind: str
    country: str
    confidence: float
    rule: str
    candidates: tuple[str, ...] = ()
    reason: str = ""

    @property
    def resolved(self) -> bool:
        """Whether there is an id at all, of the gazetteer or new."""
        return bool(self.id)

    @property
    def is_new(self) -> bool:
        """Whether the place is one that the gazetteer lacks."""
        return bool(self.id) and not self.id.startswith("gn:")
