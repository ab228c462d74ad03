"""A name as a cell holds it → the name alone: without markup, marks of footnotes, bullets, and look-alikes of other widths.

What is taken away is told in notes, unless it is no more than a spelling of the same text.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from ingest.names.keys import clean

_WIKI_LINK = re.compile(r"\[\[(?:[^\]|]*\|)?([^\]|]+)\]\]")
_LINK = re.compile(r"\[([^\]]+)\]\((?:https?://|www\.|/)[^)\s]*\)")
_BREAK = re.compile(r"<\s*br\s*/?\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ADDRESS = re.compile(r"\(?\b(?:https?://|www\.)[^\s)]+\)?", re.IGNORECASE)
_BULLET = re.compile(r"^(?:[-–—•·▪►*+>]+\s+|[•·▪►]|\d{1,3}[.)]\s+(?=\D)|[a-z]\)\s+)")
_FOOTNOTE = re.compile(
    r"(?:\s*\[(?:\d{1,3}|[a-z]|Anm\.? ?\d*|note ?\d*)\]|\s*(?<![(\d])\d{1,2}\)|\s*[*†‡§#°^]+\s?\d{0,2}\)?)+$", re.IGNORECASE
)
_END = " ,;:|"
_QUOTES = str.maketrans("", "", '"„“”«»‹›')
_SPACED_APOSTROPHE = re.compile(r"\b([LlDd]|[Dd]ell|[Nn]ell|[Ss]ull)(['’‘ʼ`´])\s+(?=\w)")
_WIDE = frozenset({"<wide>", "<narrow>", "<compat>", "<font>", "<noBreak>"})
_RAISED = frozenset({"<super>", "<sub>"})


@dataclass(frozen=True, slots=True)
class Written:
    """The name alone, and what stood beside it that is no part of it."""

    name: str
    notes: tuple[str, ...] = ()


@lru_cache(maxsize=20_000)
def written(text: str) -> Written:
    """The name in ``text``: ``<b>Nancy</b>¹`` → Nancy, with a note about the mark."""
    if text.isalpha() and text.isascii():
        return Written(text)
    plain = _ADDRESS.sub(" ", _without_markup(html.unescape(text) if "&" in text else text))
    notes = ["an address was left out"] if _ADDRESS.search(_without_markup(text)) else []
    notes += ["a raised figure was left out"] if any(map(_is_raised_figure, plain)) else []
    name = clean(_SPACED_APOSTROPHE.sub(r"\1\2", _same_width(plain).translate(_QUOTES)))
    bare = _FOOTNOTE.sub("", _BULLET.sub("", name)).strip(_END)
    if bare and any(c.isalpha() for c in bare):
        left = name.replace(bare, "", 1).strip(_END)
        notes += [f"the mark {left!r} was left out"] if left else []
        name = bare
    return Written(name, tuple(notes))


def _without_markup(text: str) -> str:
    text = _LINK.sub(r"\1", _WIKI_LINK.sub(r"\1", text))
    return _TAG.sub("", _BREAK.sub("; ", text))


def _same_width(text: str) -> str:
    """Full-width letters, ligatures and hard spaces as plain ones; raised figures are marks of footnotes."""
    return text if text.isascii() else "".join(map(_plain, text))


@lru_cache(maxsize=4_000)
def _plain(letter: str) -> str:
    tag = unicodedata.decomposition(letter).partition(" ")[0]
    if _is_raised_figure(letter):
        return ""
    return unicodedata.normalize("NFKC", letter) if tag in _WIDE or tag in _RAISED else letter


def _is_raised_figure(letter: str) -> bool:
    return ord(letter) > 127 and letter.isdigit() and unicodedata.decomposition(letter).partition(" ")[0] in _RAISED
