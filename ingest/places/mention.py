"""What is asked of the resolver and what it answers."""

from dataclasses import dataclass

_UNKNOWN = frozenset({"new_place", "new_item", "new_body", "own_item", "new_part"})


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
    notes: tuple[str, ...] = ()
    """What was written and not needed, so that nothing is dropped without a word."""
    doubt: str = ""
    """Why a new place may be a known one in another form; then a person decides, and ``candidates`` are the nearest."""

    @property
    def resolved(self) -> bool:
        """Whether there is an id at all, of the gazetteer or new."""
        return bool(self.id)

    @property
    def is_unknown(self) -> bool:
        """Whether neither the gazetteer nor a table of ours knew the place, so that the source alone speaks for it."""
        return self.rule in _UNKNOWN

    @property
    def is_new(self) -> bool:
        """Whether the place is one that the gazetteer lacks."""
        return bool(self.id) and not self.id.startswith("gn:")
