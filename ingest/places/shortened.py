"""Names of which only the beginnings of words are written: ``Frankfurt/M.``, ``Ústí n. L.``, ``S. Giovanni in Persiceto``.

Every word that is written must begin a word of a known name, in its order; small words may be left out, others not.
"""

import re

from ingest.gazetteer.gazetteer import Entry, Gazetteer
from kg.model.identity import fold

_IS_SHORTENED = re.compile(r"\w\.|\b\w{1,2}/|/\s*\w{1,4}\.?$|\s\w{1,2}\s")
_WORDS = re.compile(r"[\s./()\-–]+")
# fmt: off
_SMALL = frozenset({
    "am", "an", "der", "dem", "den", "im", "in", "a", "i", "o", "ob", "b", "bei", "v", "vor", "d", "u", "unter", "auf", "sur",
    "sous", "les", "la", "le", "lez", "en", "de", "del", "della", "di", "du", "des", "nad", "pod", "pri", "na", "aan", "on",
    "upon", "near", "sul", "sull",
})
# fmt: on
_OPENINGS: dict[str, tuple[str, ...]] = {
    "s": ("san", "santa", "sao", "st", "sant"),
    "sta": ("santa",),
    "sto": ("santo",),
    "ste": ("ste",),
    "b": ("bad",),
    "gr": ("gross",),
    "kl": ("klein",),
    "st": ("st",),
    "n": ("neu", "novy", "nowy", "nova"),
    "v": ("velke", "velky", "velka"),
}  # fmt: skip
"""First words that are usually shortened, with what they stand for, folded."""


def is_shortened(name: str) -> bool:
    """Whether a name may hold beginnings of words only."""
    return bool(_IS_SHORTENED.search(name))


def meant(gazetteer: Gazetteer, name: str, codes: tuple[str, ...]) -> list[Entry]:
    """The places of the countries whose name begins word for word as written, those with it as main name first."""
    words = [word for text in _WORDS.split(name.replace("’", "'")) if (word := fold(text).replace(" ", ""))]
    if len(words) < 2:
        return []
    found: list[tuple[bool, Entry]] = []
    for first in _OPENINGS.get(words[0], (words[0],)):
        start = f"{first} {words[1]}" if words[0] in _OPENINGS else f"{first} "
        begun = [entry for code in codes for entry in gazetteer.beginning(start, code, main=False)]
        named = ((e, text) for e in begun for text in (e.name, *e.aliases))
        found += [(text == e.name, e) for e, text in named if _fits([first, *words[1:]], fold(text).split())]
    best = any(main for main, _ in found)
    return list(dict.fromkeys(entry for main, entry in found if main == best))


def _fits(written: list[str], name: list[str]) -> bool:
    """Whether the written words begin the words of the name one after the other, the first one in full."""
    at = 0
    for number, word in enumerate(name):
        if at < len(written) and word.startswith(written[at]) and (at or word == written[0]):
            at += 1
        elif not number or word not in _SMALL:
            return False
    return at == len(written)
