"""Dates as people write them in a cell: a year, a limit, a decade, a renewal, a status with its date, in the languages of Europe.

What is not understood is never made a date: it stays as a note.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import zip_longest

from babel import Locale

from ingest.tabular.words import date_words, key_of, status_meant
from kg.model.dates import parse_date

_LANGUAGES = (
    "en", "de", "fr", "it", "es", "pt", "nl", "pl", "cs", "sk", "hu", "ro", "hr", "sr", "sr_Latn", "sl", "da", "sv", "nb", "fi",
    "et", "lv", "lt", "el", "tr", "uk", "ru", "bg",
)  # fmt: skip
_ISO = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d{2}))?(?:[T ]\d{2}:\d{2}.*)?")
_DAY_FIRST = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?!\d)")
_SLASHED = re.compile(r"(?<!\d)(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([./])\s?(\d{1,2})\2\s?(\d{1,2})\.?(?!\d)")
_MONTH_FIRST = re.compile(r"(?<![\d./-])(\d{1,2})[./](\d{4})(?!\d)")
_TWO_YEARS = re.compile(r"(?<!\d)(\d{4})\s?([/–—-])\s?['’]?(\d{2})(?![\d-])")
_WORD = r"[^\W\d_]{3,}\.?"
_DAY = r"\d{1,2}(?:\.|er|ère|st|nd|rd|th|º|°|ª)?"
_NAMED = (
    re.compile(rf"(?<![\d.])(?:(?P<d>{_DAY})\s*(?:de\s+)?)?(?P<m>{_WORD})\s*(?:de\s+|,\s*)?(?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"(?P<m>{_WORD})\s+(?P<d>{_DAY}),?\s+(?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"(?<!\d)(?P<y>\d{{4}})\.?\s*(?P<m>{_WORD})(?:\s+(?P<d>\d{{1,2}})\.?(?!\d))?"),
)
_DATE = re.compile(
    r"(?<!\d)(\d{4}(?:-\d{2}(?!\d)(?:-\d{2}(?!\d))?)?)(?!\d)"
    r"(['’]?(?:e?r(?:ne|jahre)?|s|-?as|-?es|-?tal\w*|-?luv\w*|-х|-те|ndad\w*)\b)?"
)
_CUT = re.compile(r"[(),;/|\[\]]|\s[–—-]\s")
_DASH = re.compile(r"\s*[–—-]\s*")
_ONLY_DIGITS = re.compile(r"\d+(?:[.,]0+)?")
_PIVOT = 100
_SERIALS = range(10_000, 60_000)
_ZERO = dt.date(1899, 12, 30)
_YEARS_AS_SERIALS = range(1800, 2101)


@dataclass(frozen=True, slots=True)
class When:
    """What a cell says about time; dates are partial dates as text, ``note`` is what no date holds."""

    since: str = ""
    until: str = ""
    status: str = ""
    status_as_of: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Dated:
    """One date of the text with the words before it, behind it, and behind it after a comma or bracket."""

    date: str
    decade: bool
    before: str
    behind: str
    aside: str
    from_dash: bool
    """Whether nothing but a dash stands before it."""


@lru_cache(maxsize=20_000)
def understood(text: str, earliest: int, today: dt.date) -> When:
    """What ``text`` says; a year before ``earliest`` or to come is none."""
    text = " ".join(text.split())
    if not text or key_of(text) in date_words()["nothing"] or not key_of(text):
        return When()
    found = _plain(text, today)
    read = When(since=found) if found else _worded(_with_dates(text, today), text)
    return _checked(read, text, earliest, today)


def serial_of_a_year(day: dt.date) -> int | None:
    """The year that somebody typed into a cell formatted as a date: 1959 is shown as the 12th of May 1905."""
    number = (day - _ZERO).days
    return number if number in _YEARS_AS_SERIALS else None


def _checked(read: When, text: str, earliest: int, today: dt.date) -> When:
    for date in (read.since, read.until, read.status_as_of):
        try:
            year = parse_date(date).year if date else today.year
        except ValueError as error:
            return When(note=f"{text} ({error})")
        if year < earliest:
            return When(note=f"{text} (before {earliest}; --option earliest={year} lets it pass)")
        if year > today.year + 1:
            return When(note=f"{text} (lies in the future)")
    return read


# --- Plain dates ----------------------------------------------------------------------------------------------------------


def _plain(text: str, today: dt.date) -> str:
    if iso := _ISO.fullmatch(text):
        year = _typed_year("-".join(part for part in iso.groups() if part))
        return year or "-".join(part for part in iso.groups() if part)
    if _ONLY_DIGITS.fullmatch(text):
        return _number(int(re.split("[.,]", text)[0]), len(re.split("[.,]", text)[0]), today)
    if re.fullmatch(r"['’]\d{2}", text):
        return _long_year(text[1:], today)
    dated = _with_dates(text, today)
    return dated if _ISO.fullmatch(dated) else ""


def _number(value: int, digits: int, today: dt.date) -> str:
    """A year of four or two digits, or the day that a spreadsheet counts so."""
    if digits == 4:
        return f"{value:04d}"
    if digits == 2:
        return _long_year(f"{value:02d}", today)
    if digits == 5 and value in _SERIALS and not _is_slip(str(value), today):
        return (_ZERO + dt.timedelta(value)).isoformat()
    return ""


def _is_slip(number: str, today: dt.date) -> bool:
    """Whether one digit too many was typed: 20222 is 2022 rather than a day counted from 1900."""
    shorter = {number[:i] + number[i + 1 :] for i in range(len(number))}
    return any(1900 <= int(each) <= today.year for each in shorter)


def _typed_year(date: str) -> str:
    try:
        year = serial_of_a_year(dt.date.fromisoformat(date))
    except ValueError:
        return ""
    return str(year) if year else ""


def _long_year(text: str, today: dt.date) -> str:
    if len(text) == 4:
        return text
    century = today.year - today.year % _PIVOT
    return str(century + int(text) - (_PIVOT if int(text) > today.year % _PIVOT else 0))


# --- Other spellings, made ISO dates inside of the text -----------------------------------------------------------------------


def _with_dates(text: str, today: dt.date) -> str:
    text = _DAY_FIRST.sub(lambda m: _iso(_long_year(m[3], today), m[2], m[1]), text)
    text = _YEAR_FIRST.sub(lambda m: _iso(m[1], m[3], m[4]), text)
    text = _SLASHED.sub(lambda m: _slashed(m, today), text)
    text = _TWO_YEARS.sub(_two_years, text)
    text = _MONTH_FIRST.sub(lambda m: _iso(m[2], m[1]) if int(m[1]) <= 12 else m[0], text)
    for pattern in _NAMED:
        text = pattern.sub(_named, text)
    return text


def _iso(year: str, month: str, day: str = "") -> str:
    date = f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if day else "")
    return (_typed_year(date) if day else "") or date


def _slashed(match: re.Match[str], today: dt.date) -> str:
    """Day and month in the order of Europe where both orders are no dates; else only the year is sure."""
    first, second, year = int(match[1]), int(match[3]), _long_year(match[4], today)
    if first > 12 or first == second:
        return _iso(year, match[3], match[1])
    return _iso(year, match[1], match[3]) if second > 12 else f"{year} (?)"


def _two_years(match: re.Match[str]) -> str:
    """``1987/88`` is two years, ``1989-90`` a span; ``1989/05`` is a month."""
    year, end = match[1], match[1][:2] + match[3]
    if match[2] != "/":
        return f"{year}–{end}" if int(end) > int(year) else match[0]
    if int(end) == int(year) + 1 or int(year) % 100 == 99:
        return f"{year} (?)"
    return _iso(year, match[3]) if 1 <= int(match[3]) <= 12 else match[0]


def _named(match: re.Match[str]) -> str:
    months = _months().get(key_of(match["m"]), frozenset[int]())
    if len(months) != 1:
        return match[0]
    day = re.sub(r"\D", "", match["d"] or "")
    return _iso(match["y"], str(min(months)), day)


@cache
def _months() -> dict[str, frozenset[int]]:
    """Names of months in every language; ``listopad`` is two of them."""
    found: dict[str, frozenset[int]] = {}
    for language in _LANGUAGES:
        months = Locale.parse(language).months
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[form][width].items():
                    key = key_of(name)
                    if len(key) > 2:
                        found[key] = found.get(key, frozenset()) | {number}
    return found


# --- Dates with words -----------------------------------------------------------------------------------------------------

_NO_DATE, _SINCE, _ABOUT, _UNTIL, _RENEWED = "", "since", "about", "until", "renewed"


def _worded(dated: str, text: str) -> When:
    found = list(_dates_in(dated))
    if not found:
        status = status_meant(text, {})
        return When(status=status or _status_in(key_of(text)), note="" if status else text)
    if _two_bare_years(found) and not _adjacent(found):
        return When(note=text)
    read = When()
    for each in found:
        read = _with(read, each)
    return replace(read, note=text if _more_than_dates(found, dated) else "")


def _with(read: When, each: _Dated) -> When:
    status = _status_at(each)
    if status == "ended":
        return replace(read, until=each.date)
    if status:
        return replace(read, status=status, status_as_of="" if status in _PLANS else each.date)
    sense = _sense(each)
    if sense == _UNTIL:
        return replace(read, until=each.date)
    if sense in {_SINCE, _ABOUT} and not read.since:
        return replace(read, since=each.date, status=_status_in(each.aside) or read.status)
    return read


_PLANS = frozenset({"planned", "proposed"})
_SAY_NOTHING = frozenset({"active", "unknown"})


def _dates_in(text: str) -> Iterator[_Dated]:
    """Every date with its words: those up to a comma, bracket or slash behind it are its own, the others the next one's."""
    matches = list(_DATE.finditer(text))
    left = text[: matches[0].start()] if matches else ""
    for match, following in zip_longest(matches, matches[1:]):
        rest = text[match.end() : following.start() if following else len(text)]
        cut = _CUT.search(rest)
        behind = rest[: cut.start()] if cut else "" if following else rest
        beyond = rest[cut.end() :] if cut else rest if following else ""
        aside = "" if following else key_of(beyond)
        dash = bool(_DASH.fullmatch(left))
        yield _Dated(match[1], bool(match[2]), key_of(left), key_of(behind), aside, dash)
        left = rest if _DASH.fullmatch(rest) else beyond


def _sense(each: _Dated) -> str:
    """What a date without a status is, by the words around it."""
    words = date_words()
    around = f"{each.before} {each.behind}"
    if each.decade or any(_has(around, words[w]) for w in ("decade", "before", "after")):
        return _NO_DATE
    if _has(around, words["renewed"]):
        return _RENEWED
    if each.from_dash or _has(each.before, words["until"]):
        return _UNTIL
    if _left_over(each.before):
        return _NO_DATE
    return _ABOUT if _has(around, words["about"]) else _SINCE


def _status_at(each: _Dated) -> str:
    """The status that the words next to the date name: ``ruht seit 2014``, ``2005 beendet``."""
    status = _status_in(each.before) or _status_in(each.behind)
    return "" if status in _SAY_NOTHING else status


def _status_in(text: str) -> str:
    whole = status_meant(text, {}) if text else ""
    return whole or next((s for word in text.split() if len(word) > 3 and (s := status_meant(word, {}))), "")


def _has(text: str, words: frozenset[str]) -> bool:
    padded = f" {text} "
    return any(f" {word} " in padded for word in words)


def _left_over(text: str) -> str:
    """The text without the words that say nothing but that a date follows."""
    words = date_words()
    padded = f" {text} "
    for word in sorted((*words["since"], *words["harmless"], *words["about"], *_months()), key=len, reverse=True):
        padded = padded.replace(f" {word} ", " ")
    return " ".join(word for word in padded.split() if _status_in(word) not in _SAY_NOTHING or len(word) < 4)


def _two_bare_years(found: list[_Dated]) -> bool:
    bare = [each for each in found if not (each.before or each.behind or each.aside or each.from_dash)]
    return len(bare) == len(found) > 1


def _adjacent(found: list[_Dated]) -> bool:
    years = [int(each.date[:4]) for each in found]
    return len(years) == 2 and years[1] - years[0] in (0, 1)


def _more_than_dates(found: list[_Dated], text: str) -> bool:
    """Whether the text says more than "since" or "until" a date."""
    words = date_words()
    plain = {"", *words["since"], *words["until"], *words["present"]}
    parts = (part for each in found for part in (each.before, each.behind, each.aside))
    spoken = any(each.decade for each in found) or any(part not in plain for part in parts) or "?" in text or "~" in text
    alone = len(found) == 1 and found[0].from_dash
    several = len(found) - sum(_sense(each) == _UNTIL for each in found) > 1
    return spoken or alone or several or any(_sense(each) == _NO_DATE for each in found)
