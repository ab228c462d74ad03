"""Undertakings of three: a joint engagement in a third place, a named trilateral initiative; and what is a Land's alone."""

import re
from collections.abc import Iterator, Sequence

from ingest.documents.document import Document
from ingest.documents.focus import Focus
from ingest.documents.language import PLACE
from ingest.documents.masking import Masked
from ingest.documents.places import PlaceFinder, PlaceMention
from ingest.documents.status import standing_of
from ingest.documents.ties import Tie


def initiative_ties(document: Document, sentences: Sequence[Masked], focus: Focus, finder: PlaceFinder) -> Iterator[Tie]:
    """Initiatives of three and more places, and states' partnerships of which a town's document speaks."""
    for number, masked in enumerate(sentences):
        if tie := _engagement(document, masked, focus):
            yield tie
        if tie := _trilateral(document, sentences, number):
            yield tie
        if tie := _of_the_land(document, masked, focus, finder):
            yield tie


def _engagement(document: Document, masked: Masked, focus: Focus) -> Tie | None:
    """Gemeinsam mit A engagiert sich B für C."""
    known = document.lexicon
    joint = known.pattern("joint").search(masked.text)
    if not joint or not known.pattern("engaged").search(masked.text):
        return None
    partner = joint[0][-1]
    target = re.search(rf"\b(?:{'|'.join(map(re.escape, sorted(known.words('for'))))})\s+(?:\w+\s+)?({PLACE})", masked.text)
    if not target or target[1] == partner:
        return None
    subject = next((m for m in masked.marks(0, len(masked.text)) if m not in {partner, target[1]}), "")
    one = masked.place(subject) if subject else focus.subject_before(masked.sentence.begin)
    if one is None:
        return None
    members = (one, masked.place(partner), masked.place(target[1]))
    if any(m.place.label == "country" for m in members):
        return None
    standing = standing_of(masked.text, [], known, "")
    status = standing.status if standing.status in {"planned", "proposed", "ended"} and standing.stated else "active"
    name = f"{members[0].place.name} – {members[1].place.name} – {members[2].place.name}"
    return Tie("initiative", members, status, "joint engagement", masked.sentence.begin, masked.sentence.end, name=name,
               role_of_last="target")  # fmt: skip


def _trilateral(document: Document, sentences: Sequence[Masked], number: int) -> Tie | None:
    """A word such as trilateral with three places in its sentence, or in the one after or before."""
    known, masked = document.lexicon, sentences[number]
    if not known.pattern("trilateral").search(masked.text):
        return None
    around = [masked, *sentences[number + 1 : number + 2], *sentences[max(0, number - 1) : number]]
    members: dict[str, PlaceMention] = {}
    for each in (around[:1], around[:2], around):
        members = {m.place.id: m for s in each for m in s.places if m.place.label == "city" and m.place.id}
        if len(members) >= 3:
            break
    if len(members) != 3:
        return None
    begin = min(s.sentence.begin for s in around[: 2 if len(around) > 1 else 1])
    end = max(s.sentence.end for s in around[: 2 if len(around) > 1 else 1])
    text = document.text[begin:end]
    named = re.search(known.data["initiative_name"], document.text[max(0, begin - 600) : end + 600])
    nearby = " ".join(s.text for s in sentences[max(0, number - 2) : number + 3])
    standing = standing_of(nearby, [], known, "")
    opened = standing.status in {"proposed", "planned"} and standing.stated
    status = "proposed" if opened else standing.status
    name = named[0] if named else text.strip()[:60]
    return Tie("initiative", tuple(members.values()), status, "trilateral", begin, end, name=name, stated=True)


def _of_the_land(document: Document, masked: Masked, focus: Focus, finder: PlaceFinder) -> Tie | None:
    """Landespartnerschaft mit C, said in a town: it is the Land's in which the town lies, and never the town's."""
    known = document.lexicon
    kind = next((k for k in known.kinds if k.kind == "state"), None)
    cue = kind.pattern.search(masked.text) if kind else None
    if not cue or any(m.place.label == "region" for m in masked.places):
        return None
    partner = re.match(rf"\s+(?:mit|avec|con|with)\s+(?:\w+\s+)?({PLACE})", masked.text[cue.end() :])
    if not partner or masked.place(partner[1]).place.label not in {"country", "region"}:
        return None
    town = next((m for m in masked.places if m.place.label == "city"), None) or focus.subject_before(masked.sentence.begin)
    land = finder.meanings.land_of(town.place) if town else None
    if town is None or land is None:
        return None
    member = PlaceMention(town.begin, town.end, town.from_, town.to, land, town.surface, town.score)
    return Tie(
        "state", (member, masked.place(partner[1])), "active", "land", masked.sentence.begin, masked.sentence.end, subject="home"
    )
