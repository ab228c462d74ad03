"""Keys: one way to name each thing, whoever names it and in whatever order."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

# Letters that Unicode does not decompose into a base letter and a mark.
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ħ": "h", "ŧ": "t"}
)
_NOT_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Lower case, no accents, single spaces: ``Nový  Jičín`` and ``novy jicin`` are the same."""
    lowered = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return _NOT_WORD.sub(" ", "".join(c for c in lowered if not unicodedata.combining(c))).strip()


def slug(text: str) -> str:
    """A readable key of letters, digits and hyphens; text without any gets a short hash instead of an empty key."""
    return fold(text).replace(" ", "-") or hashlib.sha256(text.encode()).hexdigest()[:12]


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
