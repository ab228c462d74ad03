"""Cells as people write them: decimal commas, years in words, ids as addresses; every function names the column in `Reject`."""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from ingest.rows import Reject
from ingest.tabular.years import understood

_QID = re.compile(r"(?:^|/)(Q[1-9]\d{0,11})$")
_GEONAME = re.compile(r"(?:^|:|/)([1-9]\d{0,9})(?:/.*)?$")
_NUMBER = re.compile(r"^[+-]?\d{1,12}(?:[.,]\d+)?$")
_THOUSANDS = re.compile(r"^\d{1,3}(?:[.,'\s ]\d{3}){1,3}$")
_DIGITS = re.compile(r"\d+")
_FORMULA = re.compile(r"^\s*[=+@]")
_ITEM = re.compile(r"^Q\d+$")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")


def name(column: str, text: str) -> str:
    """A place's name; refuses what only looks like one."""
    if not text:
        raise Reject(f"column {column}: the name is empty")
    if text.isascii() and text.replace(" ", "").isalpha() and not _ITEM.match(text) and text.casefold() not in _NOTHING:
        return text
    if reason := _not_a_name(text):
        raise Reject(f"column {column}: {text[:60]!r} {reason}")
    return text


def shown(text: str) -> str:
    """The beginning of a text of others, in quotes, for a message."""
    return repr(text[:40])


_NOTHING = frozenset({"nan", "null", "none", "nil", "true", "false", "undefined"})


@lru_cache(maxsize=20_000)
def _not_a_name(text: str) -> str:
    if _FORMULA.match(text):
        return "is a formula and no name; save the file with the values"
    if text.startswith("#") or text.casefold() in _NOTHING:
        return "is what a program writes for a missing value and no name; leave the cell empty or fill it"
    if _ITEM.match(text):
        return "is an item number and no name; put it into a column for ids"
    if _TURNING.search(text):
        return "holds invisible characters that turn the direction of writing; type the name again"
    for word in text.split():
        alphabets = {a for c in word if c.isalpha() for a in _ALPHABETS if unicodedata.name(c, "").startswith(a)}
        if len(alphabets) > 1:
            return f"mixes {' and '.join(sorted(a.capitalize() for a in alphabets))} letters in one word; type the name again"
    return ""


def number(column: str, text: str, limit: float) -> float | None:
    """A number with point or comma, at most ``limit`` in size; None for an empty cell."""
    if not text:
        return None
    value = float(text.replace(",", ".")) if _NUMBER.match(text) or _plain_float(text) else math.nan
    if not math.isfinite(value) or abs(value) > limit:
        raise Reject(f"column {column}: {text[:40]!r} is no number from {-limit:g} to {limit:g}; correct it or leave it empty")
    return value


def _plain_float(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def count(column: str, text: str) -> int | None:
    """A whole number such as inhabitants, with or without separators of thousands; None for an empty cell."""
    if _THOUSANDS.match(text):
        return int("".join(_DIGITS.findall(text)))
    value = number(column, text, 1e11)
    return int(value) if value is not None and value >= 0 else None


def qid(column: str, text: str) -> str:
    """A Wikidata item's number, alone or at the end of its address."""
    found = _QID.search(text)
    if text and not found:
        raise Reject(f"column {column}: {text[:60]!r} is no item of Wikidata such as Q622")
    return found[1] if found else ""


def geonames(column: str, text: str) -> str:
    """A GeoNames number as a place's id."""
    found = _GEONAME.search(text)
    if text and not found:
        raise Reject(f"column {column}: {text[:60]!r} is no number of GeoNames such as 2875107")
    return f"gn:{found[1]}" if found else ""


def date(column: str, text: str, earliest: int, today: dt.date) -> str:
    """The partial date that a cell holds, which may say no more; "" for none."""
    when = understood(text, earliest, today)
    if when.note and not when.since:
        raise Reject(f"column {column}: {when.note[:80]!r} is no year or date; write 1975 or 1975-05-12")
    return when.since


def ends(column: str, text: str, separators: Sequence[str]) -> tuple[str, str]:
    """Both places of one cell, by the first separator that occurs."""
    for separator in separators:
        if separator in text:
            parts = [part.strip() for part in text.split(separator)]
            if len(parts) == 2 and all(parts):
                return parts[0], parts[1]
            raise Reject(f"column {column}: {text[:60]!r} is not two places separated by {separator.strip()!r}")
    raise Reject(f"column {column}: {text[:60]!r} has none of {' '.join(s.strip() for s in separators)} between two places")
