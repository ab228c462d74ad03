"""Dates in running text: the document's own, and those that its sentences give, some relative to the former."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ingest.documents.language import Lexicon, lexicon
from kg.model.dates import EARLIEST_YEAR, PartialDate, parse_date

_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[./](\d{1,2})[./](\d{4})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_YEAR = re.compile(r"(?<![\d.,:/-])(1[89]\d{2}|20\d{2})(?![\d%]|[.,]\d)")
_HEAD, _TAIL, _SHORT = 600, 300, 90
LAST_YEAR = 2100
_DAY_FOLLOWS = re.compile(r"[,\s]{1,3}(?:den |dem |le |the )?\d{1,2}[.\s]")
"""A weekday with its date is not the last one before today."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a text; ``relative`` ones hang on the document's date."""

    begin: int
    end: int
    date: PartialDate
    relative: bool = False


@cache
def _written(language: str) -> re.Pattern[str]:
    months = "|".join(f"(?P<m{n}>{names})" for n, names in enumerate(lexicon(language).months(), 1))
    day = r"(?:(?P<day>\d{1,2})(?:\.|er|st|nd|rd|th|º)?\s+(?:de |of )?)?"
    after = r"(?:(?P<after>\d{1,2})(?:st|nd|rd|th)?,\s+)" if language == "en" else r"(?P<after>a^)"
    return re.compile(rf"\b{day}(?:{months})\b\.?\s+{after}?(?:de )?(?P<year>\d{{4}})\b", re.IGNORECASE)


def _date(year: int, month: int = 0, day: int = 0) -> PartialDate | None:
    text = f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")
    try:
        return parse_date(text) if EARLIEST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def absolute(text: str, known: Lexicon) -> Iterator[Dated]:
    """Dates that need nothing besides themselves, the finer first; their spans can lie in each other."""
    for m in _ISO.finditer(text):
        if found := _date(int(m[1]), int(m[2]), int(m[3])):
            yield Dated(*m.span(), found)
    for m in _NUMERIC.finditer(text):
        if found := _date(int(m[3]), int(m[2]), int(m[1])):
            yield Dated(*m.span(), found)
    for m in _written(known.language).finditer(text):
        month = next(n for n in range(1, 13) if m[f"m{n}"])
        day = int(m["day"] or m["after"] or 0)
        if found := _date(int(m["year"]), month, day):
            yield Dated(*m.span(), found)
    for m in _YEAR.finditer(text):
        if found := _date(int(m[1])):
            yield Dated(*m.span(), found)


def relative(text: str, known: Lexicon, published: str) -> Iterator[Dated]:
    """Dates told from the document's own; none where that is not known."""
    if not published:
        return
    own = parse_date(published)
    for name, years in (("last_year", -1), ("next_year", 1), ("this_year", 0)):
        for m in known.pattern(name).finditer(text):
            yield Dated(*m.span(), PartialDate(own.year + years), relative=True)
    if not own.day:
        return
    for number, names in enumerate(known.data["weekdays"]):
        for m in re.finditer(rf"\b(?:{names})\b", text):
            back = (own.first_day.weekday() - number) % 7 or 7
            day = own.first_day - dt.timedelta(days=back)
            if not _DAY_FOLLOWS.match(text, m.end()):
                yield Dated(*m.span(), PartialDate(day.year, day.month, day.day), relative=True)


def dates_in(text: str, known: Lexicon, published: str) -> list[Dated]:
    """All dates of a text in small letters, in order; of two that overlap the first found (the finer) counts."""
    found: list[Dated] = []
    for each in (*absolute(text, known), *relative(text, known, published)):
        if all(each.end <= other.begin or each.begin >= other.end for other in found):
            found.append(each)
    return sorted(found, key=lambda d: d.begin)


def published_of(text: str, known: Lexicon) -> str:
    """The document's own date: a full one in a short line near the top or the end, or after a word that says so; else empty."""
    said = re.compile(rf"\b(?:{known.data['dateline']})\s*:?\s*$", re.IGNORECASE)
    head = text[:_HEAD]
    for begin, part in ((0, head), (max(0, len(text) - _TAIL), text[-_TAIL:] if len(text) > _HEAD else "")):
        for each in sorted(absolute(part, known), key=lambda d: d.begin):
            if each.date.day and _stands_alone(text, begin + each.begin, begin + each.end, said):
                return str(each.date)
    return ""


def _stands_alone(text: str, begin: int, end: int, said: re.Pattern[str]) -> bool:
    line_begin = text.rfind("\n", 0, begin) + 1
    line_end = text.find("\n", end)
    line = text[line_begin : line_end if line_end >= 0 else len(text)]
    before = text[line_begin:begin]
    own_line = len(line) <= _SHORT and not re.search(r"[a-zäöüéèà]{3,}\s+[a-zäöüéèà]{3,}\s+[a-zäöüéèà]{3,}", line)
    return own_line or (bool(said.search(before)) and len(before) <= _SHORT and begin - line_begin < 60)
