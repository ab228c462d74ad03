"""Associations that carry a tie in their name: Freundeskreis A-B, Deutsch-Französische Gesellschaft A (für B)."""

import re
from collections.abc import Iterator, Sequence

from ingest.documents.document import Document
from ingest.documents.focus import Focus
from ingest.documents.language import PLACE
from ingest.documents.masking import Masked
from ingest.documents.places import PlaceMention
from ingest.documents.ties import Tie

_NAME = r"[\s„“\"]*(?:e\.\s?v\.\s*)?"


def association_ties(document: Document, sentences: Sequence[Masked], focus: Focus, partnered: bool) -> Iterator[Tie]:
    """The ties in names of associations; those of one place only where the document is about partnerships."""
    known = document.lexicon
    about = partnered or any(k.pattern.search(m.text) for m in sentences for k in known.kinds if not k.soft)
    for masked in sentences:
        pattern = re.compile(
            rf"{known.data['associations']}(?:\s+(?:de|di|of|von|für|per|pour|for))?{_NAME}(?P<first>{PLACE})"
            rf"(?:['’]?s?\s?[-–/]\s?(?P<second>{PLACE}))?(?P<rest>.{{0,30}}?\((?:für|pour|per|for) (?P<target>{PLACE})\))?"
        )
        for match in pattern.finditer(masked.text):
            members = _members(match, masked, focus) if about or match["second"] else None
            if members:
                yield Tie(
                    "twinning", members, "active", "association", masked.sentence.begin, masked.sentence.end, subject="named"
                )


def _members(match: re.Match[str], masked: Masked, focus: Focus) -> tuple[PlaceMention, ...] | None:
    first = masked.place(match["first"])
    second = masked.place(match["second"]) if match["second"] else None
    target = masked.place(match["target"]) if match["target"] else None
    home = focus.subject_before(masked.sentence.begin)
    if second and (second.place.country != first.place.country or not second.place.id) and second.place.label == "city":
        return (first, second)
    if target and target.place.label == "city":
        return (first, target)
    abroad = home and first.place.label == "city" and first.place.id and first.place.country != home.place.country
    return (home, first) if home and abroad and not second else None
