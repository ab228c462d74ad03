"""Which script a name is written in, and which scripts a country writes its names in."""

import unicodedata
from functools import cache

from babel.core import get_global

_LATIN = "LATIN"
# CLDR's codes (ISO 15924) → first words of Unicode's names of letters.
_WORDS: dict[str, frozenset[str]] = {
    "Hans": frozenset({"CJK"}), "Hant": frozenset({"CJK"}), "Kore": frozenset({"HANGUL", "CJK"}),
    "Jpan": frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}), "Cyrl": frozenset({"CYRILLIC"}),
    "Grek": frozenset({"GREEK"}), "Hebr": frozenset({"HEBREW"}), "Arab": frozenset({"ARABIC"}), "Geor": frozenset({"GEORGIAN"}),
    "Armn": frozenset({"ARMENIAN"}), "Thai": frozenset({"THAI"}), "Deva": frozenset({"DEVANAGARI"}),
}  # fmt: skip
_BESIDE: dict[str, str] = {"BA": "Cyrl", "ME": "Cyrl", "MA": "Arab", "DZ": "Arab", "TN": "Arab"}
"""Countries with a second script of their own that CLDR's likeliest one does not tell."""


def scripts(name: str) -> frozenset[str]:
    """The scripts of a name's letters, by the first word of their Unicode names: ``LATIN``, ``CJK``, ``CYRILLIC`` …"""
    return frozenset(unicodedata.name(letter, "?").split()[0] for letter in name if letter.isalpha())


@cache
def scripts_of(country: str) -> frozenset[str]:
    """Latin and the script in which the country (ISO 3166-1 alpha-2) most likely writes, after Unicode's CLDR."""
    likely = get_global("likely_subtags").get(f"und_{country}", "")
    code = next((part for part in likely.split("_") if len(part) == 4), "")
    return frozenset({_LATIN}) | _WORDS.get(code, frozenset()) | _WORDS.get(_BESIDE.get(country, ""), frozenset())
