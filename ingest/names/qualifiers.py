"""Splits a name from what is added to tell it from namesakes: ``Halle (Westf.)``, ``Moscow, Idaho``, ``Biel/Bienne``."""

import re
from dataclasses import dataclass

from ingest.names.keys import clean
from kg.model.identity import fold

_ADDED = re.compile(r"\s*[(\[](?P<inner>[^()\[\]]+)[)\]]?\s*|\s*[,;|]\s*|\s*/\s*")
_CODE_AT_END = re.compile(r"(?<=\w)\s+([A-Z]{2})$")
_INVERTED = frozenset(
    {"bad", "la", "le", "les", "l", "el", "los", "las", "the", "die", "de", "den", "il", "lo", "st", "sankt", "san", "santa"}
)
"""Words that lists by alphabet put behind the name: ``Homburg, Bad``, ``Spezia, La``."""
_RIVER = re.compile(
    r"^(?P<base>.+?)\s+(?:am|an der|an dem|im|in der|in|ob der|ob|bei|vor der|v\.?\s?d\.?|a\.?\s?d\.?|i\.|a\.|sur|upon|on"
    r"|nad|pod|při|pri|u|sul|aan de|aan den)\s+"
    r"(?P<hint>\S.*)$",
    re.IGNORECASE,
)
_PART = re.compile(r"^(?P<hint>[^–—()]+?)(?:\s+\d+)?\s+[–—]\s+(?P<base>[^–—()]+)$")
_SLASH = re.compile(r"\s*/\s*|\s+-\s+|\s*\|\s*")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to read a name: ``hint`` tells the place from namesakes ("" when there is none).

    ``firm`` hints (in brackets or after a comma) must be satisfied; a river in the name is part of the name itself.
    """

    base: str
    hint: str = ""
    firm: bool = False


def parts(name: str) -> tuple[str, tuple[str, ...]]:
    """The head of a name and everything that brackets, commas and slashes add to it: ``Halle (Saale), D`` → Halle; Saale, D."""
    found = _ADDED.split(name)
    if (code := _CODE_AT_END.search(found[-1] or "")) and not name.isupper():
        found[-1:] = [(found[-1] or "")[: code.start()], code[1]]
    pieces = [stripped for piece in found if (stripped := (piece or "").strip())]
    return (pieces[0], tuple(pieces[1:])) if pieces else (name, ())


def forms(name: str) -> list[Form]:
    """All ways to read a name, the most literal one first; ``Berlin – Mitte`` is Mitte in Berlin."""
    found = [Form(name)]
    head, added = parts(name)
    if added:
        found += [Form(f"{hint.rstrip('.') if len(hint) > 3 else hint} {head}") for hint in added if fold(hint) in _INVERTED]
        return found + [Form(clean(head), clean(hint), firm=True) for hint in added]
    for pattern, firm in ((_PART, True), (_RIVER, False)):
        if match := pattern.match(name):
            return [*found, Form(clean(match["base"]), clean(match["hint"]), firm)]
    return found


_NOISE = re.compile(
    r"\s+20[2-5]\d$|\s+AC$|\s*\((?:doublet|double|duplicated?)\)$|^administration communale d[e'’]\s*",
    re.IGNORECASE,
)


def without_noise(name: str) -> str:
    """The name without what registers append to it, ``Koksijde 2030``, or "" where there is nothing."""
    plain = _NOISE.sub("", name)
    return clean(plain) if plain != name and len(fold(plain)) > 2 else ""


def halves(name: str) -> list[str]:
    """Both names of a bilingual one: ``Prags - Braies`` → Prags, Braies; empty for a plain name."""
    parts = [p for p in _SLASH.split(name) if p]
    return parts if len(parts) == 2 and all(len(fold(p)) > 2 for p in parts) else []


def hint_in_names(hint: str, base: str, names: tuple[str, ...]) -> bool:
    """Whether one of ``names`` has base and hint: ``Westf.`` is in ``Halle (Westfalen)``."""
    wanted = [w for w in fold(hint).split() if len(w) > 1]
    start = fold(base)
    for name in names:
        key = fold(name)
        if key.startswith(start) and wanted:
            words = key[len(start) :].split()
            if all(any(w.startswith(want) for w in words) for want in wanted):
                return True
    return False
