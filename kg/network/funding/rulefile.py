"""A rule file of funding programmes: read, checked, and made into plain values.

``funding.toml`` beside this module is data that people edit, and so is a user's own. A file with a mistake is refused as a
whole, with the line and the key, because a rule that is silently half understood would tell a council something wrong.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from kg.errors import DataError
from kg.model.dates import parse_date
from kg.network.funding.calls import Calendar, Call, Rhythm, Seen
from kg.network.funding.rules import NUTS_COUNTRY, Area, Condition, Count, Note, Phrase, Programme, Rules
from kg.vocabulary import KINDS, PLACE_LABELS

Location = tuple[int | str, ...]
EMPTY = Rules({}, (), {})
_LARGEST = 2 * 2**20


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _date(text: str) -> str:
    return str(parse_date(text))


def _day(text: str) -> str:
    if parse_date(text).precision != "day":
        raise ValueError(f"{text!r} is no day: write 2026-11-25")
    return _date(text)


def _day_of_year(text: str) -> str:
    return _date(f"2023-{text}").removeprefix("2023-")  # a common year: what is due every year is not due on 29 February


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]
Code = Annotated[str, StringConstraints(pattern=r"^(@[a-z][a-z0-9_]*|[A-Z]{2}[A-Z0-9]{0,3})$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+\.[^\s]+$")]
DateText = Annotated[str, AfterValidator(_date)]
DayText = Annotated[str, AfterValidator(_day)]
DayOfYear = Annotated[str, StringConstraints(pattern=r"^\d{2}-\d{2}$"), AfterValidator(_day_of_year)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]+-\*-[A-Z0-9-]+$")]


class _Phrase(_Strict):
    de: Text
    en: Text

    def plain(self) -> Phrase:
        return Phrase(self.de, self.en)


class _Area(_Strict):
    label: _Phrase
    members: _Phrase | None = None
    inside: tuple[Code, ...] = Field(min_length=1)
    partly: tuple[Code, ...] = ()


class _Condition(_Strict):
    count: Count
    area: Name | None = None
    with_: Name | None = Field(default=None, alias="with")
    min: int = Field(default=0, ge=0)
    max: int | None = Field(default=None, ge=0)
    allowed: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    programme: str = ""
    otherwise: Literal["fail", "unknown"] = "fail"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        wanted = {
            "places": ("min or max", self.min or self.max is not None),
            "countries": ("min or max", self.min or self.max is not None),
            "outside": ("area", self.area),
            "kinds": ("allowed", self.allowed),
            "ties": ("area, with and kinds", self.area and self.with_ and self.kinds),
        }[self.count]
        if not wanted[1]:
            raise ValueError(f"a condition on {self.count} needs {wanted[0]}")
        if self.max is not None and self.max < self.min:
            raise ValueError(f"max {self.max} is less than min {self.min}")
        if foreign := sorted((self.allowed | self.open) - set(PLACE_LABELS)) + sorted(self.kinds - set(KINDS)):
            raise ValueError(f"{foreign[0]!r} is not in the vocabulary")
        return self


class _Note(_Phrase):
    seen: Url

    def noted(self) -> Note:
        return Note(self.plain(), self.seen)


class _Call(_Strict):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    opens: DateText = ""
    closes: DateText = ""
    seen: Url
    on: DayText = ""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.opens and not self.closes:
            raise ValueError("a call needs opens or closes")
        if self.opens and self.closes and parse_date(self.closes).last_day < parse_date(self.opens).first_day:
            raise ValueError(f"it closes ({self.closes}) before it opens ({self.opens})")
        return self

    def plain(self, checked: str) -> Call:
        return Call(self.name, self.opens, self.closes, Seen(self.seen, self.on or checked))


class _Days(_Strict):
    each: tuple[DayOfYear, ...] = Field(min_length=1)
    seen: Url


class _Ends(_Strict):
    date: DateText
    seen: Url


class _Programme(_Strict):
    id: Name
    name: _Phrase
    what: _Phrase
    scope: Literal["whole", "leg"] = "whole"
    conditions: tuple[_Condition, ...] = Field(min_length=1)
    to_be_met: tuple[_Phrase, ...] = ()
    size_class: int | None = Field(default=None, gt=0)
    money: _Phrase
    rhythm: Rhythm
    rhythm_seen: Url | None = None
    checked: DayText
    calls: tuple[_Call, ...] = ()
    days: _Days | None = None
    ends: _Ends | None = None
    portal: Identifier = ""
    changed: _Note | None = None
    outlook: Name = ""
    source: Url
    also: tuple[Url, ...] = ()
    as_of: DateText

    def calendar(self) -> Calendar:
        days, ends, seen = self.days, self.ends, self.rhythm_seen or self.source
        return Calendar(
            self.rhythm, Seen(seen, self.checked), self.checked, tuple(call.plain(self.checked) for call in self.calls),
            days.each if days else (), Seen(days.seen, self.checked) if days else None,
            ends.date if ends else "", Seen(ends.seen, self.checked) if ends else None, self.portal,
        )  # fmt: skip


class _File(_Strict):
    nuts: dict[Code, tuple[Code, ...]] = {}
    area: dict[Name, _Area] = {}
    outlook: dict[Name, _Note] = {}
    programme: tuple[_Programme, ...] = Field(min_length=1)


def line_of(text: str, location: Location) -> int:
    """The line (from 1) of the value at ``location`` (keys and positions); the nearest one above when the value is missing."""
    lines, parts = text.splitlines(), list(location)
    header, nth = f"[{parts.pop(0)}]", 0
    if parts and isinstance(parts[0], int):
        header, nth = f"[{header}]", int(parts.pop(0))
    elif parts and any(line.startswith(f"{header[:-1]}.{parts[0]}]") for line in lines):
        header = f"{header[:-1]}.{parts.pop(0)}]"
    start = next(iter([at for at, line in enumerate(lines) if line.startswith(header)][nth:]), 0)
    end = next((at for at in range(start + 1, len(lines)) if lines[at].startswith("[")), len(lines))
    key = re.compile(rf"{re.escape(str(parts[0]))}\s*=") if parts else re.compile(re.escape(header))
    at = next((at for at in range(start, end) if key.match(lines[at])), start)
    if len(parts) > 1 and isinstance(parts[1], int):
        return next(iter([row for row in range(at, end) if "{" in lines[row]][parts[1] :]), at) + 1
    return at + 1


def _refuse(path: Path, text: str, location: Sequence[int | str], why: str) -> DataError:
    place = ".".join(str(part) for part in location)
    return DataError(f"{path.name}:{line_of(text, tuple(location))}: {place}: {why}. Correct the rule file.")


def _parse(path: Path, text: str) -> _File:
    try:
        return _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        line = match.group(1) if (match := re.search(r"line (\d+)", str(error))) else str(text.count("\n") + 1)
        raise DataError(f"{path.name}:{line}: not readable as TOML: {error}. Correct the rule file.") from error
    except ValidationError as error:
        # A misspelt key is also a missing one; the line to mend is that of the misspelling.
        first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
        known = "this key is not known here" if first["type"] == "extra_forbidden" else first["msg"].removeprefix("Value error, ")
        raise _refuse(path, text, first["loc"], known) from error


def _close(codes: set[str], children: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Add every coarser code all of whose parts are in, so that a place known less finely is still decided."""
    while added := {code for code, parts in children.items() if code not in codes and codes.issuperset(parts)}:
        codes |= added
    return frozenset(codes)


def _areas(file: _File, base: Rules, path: Path, text: str) -> dict[str, Area]:
    nuts = {**base.nuts, **file.nuts}

    def expand(codes: Sequence[str], at: Location, seen: frozenset[str]) -> tuple[set[str], set[str]]:
        inside, partly = {NUTS_COUNTRY.get(code, code) for code in codes if not code.startswith("@")}, set[str]()
        for name in (code[1:] for code in codes if code.startswith("@")):
            if name in base.areas:
                inside, partly = inside | base.areas[name].inside, partly | base.areas[name].partly
                continue
            if name not in file.area or name in seen:
                raise _refuse(path, text, at, f"@{name} is no other area of the file")
            surely, perhaps = expand(file.area[name].inside, at, seen | {name})
            inside |= surely
            partly = partly.union(perhaps, *expand(file.area[name].partly, at, seen | {name}))
        return inside, partly

    def build(name: str, rule: _Area) -> Area:
        inside, open_ = expand(rule.inside, ("area", name, "inside"), frozenset({name}))
        partly = set[str]().union(open_, *expand(rule.partly, ("area", name, "partly"), frozenset({name})))
        members = rule.members.plain() if rule.members else None
        return Area.of(name, rule.label.plain(), members, _close(inside, nuts), frozenset(partly))

    for name in file.area:
        if name in base.areas:
            raise _refuse(path, text, ("area", name), f"{name!r} is an area of the shipped rules; choose another name")
    return {name: build(name, rule) for name, rule in file.area.items()}


def _condition(rule: _Condition, areas: Mapping[str, Area]) -> Condition:
    return Condition(
        rule.count, areas[rule.area] if rule.area else None, areas[rule.with_] if rule.with_ else None,
        rule.min or int(rule.count == "ties"), 0 if rule.count in ("outside", "kinds") else rule.max,
        rule.allowed | rule.kinds, rule.open, rule.programme, rule.otherwise == "unknown",
    )  # fmt: skip


def _programme(rule: _Programme, areas: Mapping[str, Area], outlooks: Mapping[str, _Note]) -> Programme:
    return Programme(
        rule.id, rule.name.plain(), rule.what.plain(), rule.scope, tuple(_condition(each, areas) for each in rule.conditions),
        tuple(each.plain() for each in rule.to_be_met), rule.size_class, rule.money.plain(), rule.calendar(),
        rule.changed.noted() if rule.changed else None, outlooks[rule.outlook].noted() if rule.outlook else None,
        rule.source, rule.also, rule.as_of,
    )  # fmt: skip


def load_rules(path: Path, base: Rules = EMPTY) -> Rules:
    """Read a rule file; its programmes come after those of ``base``, whose areas it may name.

    Raises:
        DataError: with file, line and key, for the first thing that is wrong.
    """
    text = _text_of(path)
    file = _parse(path, text)
    areas = {**base.areas, **_areas(file, base, path, text)}
    seen = {rule.id for rule in base.programmes}
    for at, rule in enumerate(file.programme):
        if rule.id in seen:
            raise _refuse(path, text, ("programme", at, "id"), f"{rule.id!r} is defined twice")
        seen.add(rule.id)
        if rule.outlook and rule.outlook not in file.outlook:
            raise _refuse(path, text, ("programme", at, "outlook"), f"there is no outlook {rule.outlook!r}")
        for number, each in enumerate(rule.conditions):
            for key, named in (("area", each.area), ("with", each.with_)):
                if named and named not in areas:
                    raise _refuse(path, text, ("programme", at, "conditions", number, key), f"there is no area {named!r}")
    programmes = (*base.programmes, *(_programme(rule, areas, file.outlook) for rule in file.programme))
    return Rules(areas, programmes, {**base.nuts, **file.nuts})


def _text_of(path: Path) -> str:
    data = path.read_bytes()
    if len(data) > _LARGEST:
        raise DataError(f"{path.name}: {len(data):,} bytes are no rule file; the largest that is read has {_LARGEST:,}.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(f"{path.name}:{line}: not written in UTF-8. Save the rule file as UTF-8.") from error
