"""Spelling-tolerant keys of place names: exact and skeleton; ``kg.model.identity.fold`` stands between them.

Every function is pure and total: any text gives a key, a text without letters gives "".
"""

import re
import unicodedata

from kg.model.identity import APOSTROPHES

_LIKE = {ord(a): "'" for a in APOSTROPHES} | {ord(d): "-" for d in "‐‑–—"} | {ord("ş"): "ș", ord("ţ"): "ț"}
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

# Ordered: what a romanisation of Cyrillic, Greek, Hebrew, Arabic or an umlaut may be written as → one letter.
_SKELETON: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"schtsch|shch|scz|szcz", "c"), (r"dzh|dsch|dj|dz", "z"), (r"tsch|tch|sch|sh|ch|cz|sz|ts|tz|zh|kh", "c"),
        (r"ph", "f"), (r"th|dh", "t"), (r"gh|g|h", "h"), (r"w", "v"), (r"ck|k|q|c(?=[aou])", "k"), (r"x", "ks"),
        (r"ae", "a"), (r"oe", "o"), (r"ue|ou|oo", "u"), (r"ee", "i"), (r"[ijy]+", "i"), (r"[szc]", "s"),
        (r"i([aeou])", r"\1"), (r"(.)\1+", r"\1"), (r"i\b", ""),
    )
)  # fmt: skip


def clean(text: str) -> str:
    """``text`` in NFC, without invisible and control characters, with single plain spaces."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Zs") else c for c in text).split())


def exact(text: str) -> str:
    """Key that only forgives case, kinds of apostrophe and dash, cedilla for comma (ş, ț), and white space."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).casefold().translate(_LIKE).strip()


def skeleton(folded: str) -> str:
    """Key of a folded name that also forgives ways of romanising it: ``jewpatorija`` and ``yevpatoriya`` are one."""
    for pattern, to in _SKELETON:
        folded = pattern.sub(to, folded)
    return folded.replace(" ", "")
