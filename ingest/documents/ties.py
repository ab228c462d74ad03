"""What the rules find: ties between places, before they become candidates."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ingest.documents.meanings import Place
from ingest.documents.places import PlaceMention

_DISTRICTS = {"district", "region"}


@dataclass(frozen=True, slots=True)
class Tie:
    """A relationship that a sentence states; ``begin``–``end`` is the quote in the document's text."""

    kind: str
    members: tuple[PlaceMention, ...]
    status: str
    rule: str
    begin: int
    end: int
    level: str = ""
    since: str = ""
    until: str = ""
    name: str = ""
    stated: bool = False
    """Whether the text says the status, or only that the tie exists."""
    soft: bool = False
    subject: str = "named"
    """Where the first member came from: named, town (a word that refers), before (an earlier sentence), home."""
    role_of_last: str = ""

    @property
    def places(self) -> tuple[Place, ...]:
        """The members' places."""
        return tuple(m.place for m in self.members)

    @property
    def key(self) -> tuple[str, frozenset[str]]:
        """Kind and members; places that are open count by their name."""
        return self.kind, frozenset(p.id or p.name for p in self.places)


def fitting(tie: Tie) -> bool:
    """Whether bodies of these levels can have such a tie: a city has none with a country, and none with itself."""
    places = tie.places
    if len({p.id or p.name for p in places}) < len(places) or len(places) < 2:
        return False
    labels = {p.label for p in places}
    if tie.kind == "initiative":
        return True
    if "country" in labels:
        return labels == {"region", "country"}
    if labels == {"city", "region"}:
        return tie.kind in {"sponsorship", "solidarity"}
    return not (labels == {"region"} and len({p.country for p in places}) < 2)


def kind_of_level(kind: str, members: Iterable[PlaceMention]) -> str:
    """Between counties or provinces a twinning is a county's, between states it is a state's."""
    labels = {m.place.label for m in members}
    if kind not in {"twinning", "county", "state", "friendship"}:
        return kind
    if labels <= _DISTRICTS and "district" in labels:
        return "county"
    if labels <= {"region", "country"}:
        return "state"
    return "twinning" if kind in {"county", "state"} and labels == {"city"} else kind


def merged(ties: Iterable[Tie]) -> list[Tie]:
    """One tie for each kind and members: what says a status beats what only names it, later beats earlier.

    A soft tie gives way to any explicit one of its places.
    """
    found: dict[tuple[str, frozenset[str]], Tie] = {}
    for tie in ties:
        old = found.get(tie.key)
        found[tie.key] = tie if old is None else _better(old, tie)
    firm = {members for (_, members), tie in found.items() if not tie.soft}
    yields = {key for key, tie in found.items() if tie.soft and tie.kind != "project" and any(key[1] <= other for other in firm)}
    return [tie for key, tie in found.items() if key not in yields]


def _better(old: Tie, new: Tie) -> Tie:
    if old.soft != new.soft:
        return new if old.soft else old
    keeps = old.stated and not new.stated
    best, other = (old, new) if keeps or not (old.stated or new.stated) else (new, old)
    return replace(best, since=best.since or other.since, until=best.until or other.until)
