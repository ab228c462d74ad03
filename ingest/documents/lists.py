"""Lists and tables of partner towns: what their heading says holds for every line."""

from collections.abc import Iterator, Sequence

from ingest.documents.document import Document
from ingest.documents.focus import Focus
from ingest.documents.language import Kind
from ingest.documents.masking import Masked
from ingest.documents.places import PlaceMention
from ingest.documents.status import standing_of
from ingest.documents.ties import Tie, kind_of_level


def list_ties(document: Document, sentences: Sequence[Masked], focus: Focus) -> Iterator[Tie]:
    """A tie for the first place of each line of a list whose heading has a word for partners."""
    known = document.lexicon
    kind: Kind | None = None
    owner: PlaceMention | None = None
    block = -1
    for masked in sentences:
        number = masked.sentence.block
        shape = document.blocks[number].kind
        if shape in {"heading", "text"}:
            text = masked.text.rstrip()
            leads = shape == "heading" or text.endswith(":")
            kind = next((k for k in known.kinds if not k.soft and k.pattern.search(text)), None) if leads else None
            owner = _owner(masked, focus) if kind else None
        elif kind and number != block and masked.places:
            block = number
            partner = masked.places[0]
            rest = masked.text[masked.text.find(chr(0xE000)) + 1 :] + " " + partner.note.lower()
            if owner and partner.place.id != owner.place.id and len(masked.text) < 200:
                standing = standing_of(rest, [], known, document.about.published)
                members = (owner, partner)
                yield Tie(
                    kind_of_level(kind.kind, members), members, standing.status, "list:heading", masked.sentence.begin,
                    masked.sentence.end, level=standing.level, stated=standing.stated, since=standing.since,
                )  # fmt: skip


def _owner(masked: Masked, focus: Focus) -> PlaceMention | None:
    return masked.places[0] if masked.places else focus.subject_before(masked.sentence.begin)
