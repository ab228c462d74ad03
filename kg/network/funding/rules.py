"""A funding programme as plain values: where partners may lie, what is asked of them, when it can be had."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from kg.network.funding.calls import Calendar

Count = Literal["places", "countries", "outside", "kinds", "ties"]
# NUTS keeps its own country codes for these two.
NUTS_COUNTRY: Mapping[str, str] = {"GR": "EL", "GB": "UK"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence in both languages."""

    de: str
    en: str

    def text(self, language: str) -> str:
        """The sentence in ``de``, in any other case the English one."""
        return self.de if language == "de" else self.en


@dataclass(frozen=True, slots=True)
class Area:
    """Where partners can lie: prefixes of NUTS codes that are surely in, ones of which a part is, and what both begin with."""

    name: str
    label: Phrase
    """Where the partners lie, to be put after "they lie"."""
    members: Phrase | None
    """The countries of it, to be put after a number of "countries"; the label where it has none."""
    inside: frozenset[str]
    partly: frozenset[str]
    stems: frozenset[str]

    @classmethod
    def of(cls, name: str, label: Phrase, members: Phrase | None, inside: frozenset[str], partly: frozenset[str]) -> Self:
        """An area with its stems, which are the codes too coarse to decide."""
        return cls(
            name, label, members, inside, partly, frozenset(code[:n] for code in inside | partly for n in range(2, len(code)))
        )

    def holds(self, code: str) -> bool | None:
        """Whether a NUTS code (or country code) lies inside; ``None`` when it is not known finely enough."""
        if not code:
            return None
        prefixes = [code[:n] for n in range(2, len(code) + 1)]
        if not self.inside.isdisjoint(prefixes):
            return True
        return None if code in self.stems or not self.partly.isdisjoint(prefixes) else False


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: what is counted, where, and within which bounds (``None``: no bound)."""

    count: Count
    area: Area | None = None
    other: Area | None = None
    least: int = 0
    most: int | None = None
    allowed: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    programme: str = ""
    lenient: bool = False
    """When it does not hold, the source leaves open whether that excludes."""


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence and the address where it was read."""

    text: Phrase
    seen: str


@dataclass(frozen=True, slots=True)
class Programme:
    """A funding programme with its conditions and where they are stated."""

    id: str
    name: Phrase
    what: Phrase
    scope: Literal["whole", "leg"]
    conditions: tuple[Condition, ...]
    to_be_met: tuple[Phrase, ...]
    size_class: int | None
    money: Phrase
    calendar: Calendar
    changed: Note | None
    """What the newest call asks otherwise than older pages say; the conditions are the newest ones."""
    outlook: Note | None
    """What is published of the time after the programme's period."""
    source: str
    also: tuple[str, ...]
    as_of: str


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules: areas by name, programmes in their order, and what coarser NUTS codes consist of."""

    areas: Mapping[str, Area]
    programmes: tuple[Programme, ...]
    nuts: Mapping[str, tuple[str, ...]]
