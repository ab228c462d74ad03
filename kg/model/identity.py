"""Keys: one way to name each thing, whoever names it and in whatever order.

Ids stand in graphs, addresses and scripts: what ``slug`` and ``place_id`` make of a name stays as it is (a test holds examples).
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Letters that Unicode does not decompose into a base letter and a mark.
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ħ": "h", "ŧ": "t"})
_MORE_LETTERS = str.maketrans({"ə": "e", "ŋ": "n"})
APOSTROPHES = "'’‘ʻʼʾʿ`´′ʹ＇"
_APOSTROPHES = dict.fromkeys(map(ord, APOSTROPHES))
_ONE_SPELLING = {"saint": "st", "sankt": "st", "sint": "st", "sainte": "ste", "mount": "mt", "fort": "ft", "und": "and"}
_NOT_WORD = re.compile(r"[\W_]+")

PLACE_ID = re.compile(r"gn:[1-9]\d*|wd:Q[1-9]\d*|x:[a-z]{2}-[\w.-]+|iso:[A-Z]{2}", re.ASCII)
"""What an id of a place looks like; ``fullmatch`` it."""


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """What names are compared by: no case, accents, punctuation, one spelling of Saint: ``St.-Dié`` and ``Saint Dié`` are one."""
    if text.isascii():
        plain = text.lower().translate(_APOSTROPHES)
    else:
        plain = _without_marks(text.casefold().translate(_APOSTROPHES)).translate(_MORE_LETTERS)
    return " ".join(_ONE_SPELLING.get(word, word) for word in _NOT_WORD.sub(" ", plain).split())


def slug(text: str) -> str:
    """The part of an id that a name makes: letters, digits and hyphens, or a short hash where the name has none."""
    return _NOT_WORD.sub("-", _without_marks(text)).strip("-") or hashlib.sha256(text.encode()).hexdigest()[:12]


def place_id(country: str, name: str, *more: str) -> str:
    """The id of a place known by its name only, in ASCII: ``x:it-bergamo-province``; ``country`` is its ISO code."""
    plain = "".join(c for c in fold(name) if c.isascii()).split()
    words = plain or [f"{ord(c):x}" for c in name if not c.isspace()]  # a name without a Latin letter: its code points
    return f"x:{country.lower()}-{'-'.join([*words, *more])}"


def _without_marks(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in split if not unicodedata.combining(c)).translate(_LETTERS)


def digest(*parts: str) -> str:
    """SHA-256 of the parts, kept apart by a separator that no text contains."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def partnership_id(family: str, members: Iterable[str], name: str = "") -> str:
    """``<family>|<member ids, sorted>[|<slug of name>]``: the same for every order of the members.

    Raises:
        ValueError: when fewer than two different members are given.
    """
    ordered = sorted(set(members))
    if len(ordered) < 2:
        raise ValueError("a partnership needs two different members")
    return "|".join([family, ",".join(ordered), *([slug(name)] if name else [])])


def partnership_members(identifier: str) -> tuple[str, ...]:
    """The member ids inside a partnership's id, sorted."""
    return tuple(identifier.split("|")[1].split(","))


def partnership_family(identifier: str) -> str:
    """The family inside a partnership's id."""
    return identifier.split("|", 1)[0]


def pair_key(partnership: str, a: str, b: str) -> str:
    """The key of a derived tie: its partnership and the two places, from the smaller id to the larger."""
    return "|".join([partnership, *sorted((a, b))]) if len(partnership_members(partnership)) > 2 else partnership
