"""The rule file of the funding programmes: read, checked, and made into plain values.

``funding.toml`` beside this module is data that people edit. A file with a mistake is refused as a whole, with the line and
the key, because a rule that is silently half understood would tell a council something wrong.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from kg.errors import DataError
from kg.model.dates import parse_date
from kg.vocabulary import KINDS, PLACE_LABELS

DEFAULT_RULES = Path(__file__).with_name("funding.toml")
Count = Literal["places", "countries", "outside", "kinds", "ties"]
Location = tuple[int | str, ...]
# NUTS keeps its own country codes for these two.
NUTS_COUNTRY: Mapping[str, str] = {"GR": "EL", "GB": "UK"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence in both languages."""

    de: str
    en: str

    def text(self, language: str) -> str:
        """The sentence in ``de``, in any other case the English one."""
        return self.de if language == "de" else self.en


@dataclass(frozen=True, slots=True)
class Area:
    """Where partners can lie: prefixes of NUTS codes that are surely in, ones of which a part is, and what both begin with."""

    name: str
    label: Phrase
    inside: frozenset[str]
    partly: frozenset[str]
    stems: frozenset[str]

    @classmethod
    def of(cls, name: str, label: Phrase, inside: frozenset[str], partly: frozenset[str]) -> Self:
        """An area with its stems, which are the codes too coarse to decide."""
        return cls(name, label, inside, partly, frozenset(code[:n] for code in inside | partly for n in range(2, len(code))))

    def holds(self, code: str) -> bool | None:
        """Whether a NUTS code (or country code) lies inside; ``None`` when it is not known finely enough."""
        if not code:
            return None
        prefixes = [code[:n] for n in range(2, len(code) + 1)]
        if not self.inside.isdisjoint(prefixes):
            return True
        return None if code in self.stems or not self.partly.isdisjoint(prefixes) else False


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: what is counted, where, and within which bounds (``None``: no bound)."""

    count: Count
    area: Area | None = None
    other: Area | None = None
    least: int = 0
    most: int | None = None
    allowed: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    programme: str = ""
    lenient: bool = False
    """When it does not hold, the source leaves open whether that excludes."""


@dataclass(frozen=True, slots=True)
class Programme:
    """A funding programme with its conditions and where they are stated."""

    id: str
    name: Phrase
    what: Phrase
    scope: Literal["whole", "leg"]
    conditions: tuple[Condition, ...]
    to_be_met: tuple[Phrase, ...]
    size_class: int | None
    money: Phrase
    deadline: Phrase
    closes: str
    source: str
    also: tuple[str, ...]
    as_of: str


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _date(text: str) -> str:
    return str(parse_date(text))


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]
Code = Annotated[str, StringConstraints(pattern=r"^(@[a-z][a-z0-9_]*|[A-Z]{2}[A-Z0-9]{0,3})$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+\.[^\s]+$")]
DateText = Annotated[str, AfterValidator(_date)]


class _Phrase(_Strict):
    de: Text
    en: Text

    def plain(self) -> Phrase:
        return Phrase(self.de, self.en)


class _Area(_Strict):
    label: _Phrase
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


class _Programme(_Strict):
    id: Name
    name: _Phrase
    what: _Phrase
    scope: Literal["whole", "leg"] = "whole"
    conditions: tuple[_Condition, ...] = Field(min_length=1)
    to_be_met: tuple[_Phrase, ...] = ()
    size_class: int | None = Field(default=None, gt=0)
    money: _Phrase
    deadline: _Phrase
    closes: DateText = ""
    source: Url
    also: tuple[Url, ...] = ()
    as_of: DateText


class _File(_Strict):
    nuts: dict[Code, tuple[Code, ...]] = {}
    area: dict[Name, _Area]
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


def _areas(file: _File, path: Path, text: str) -> dict[str, Area]:
    def expand(codes: Sequence[str], at: Location, seen: frozenset[str]) -> tuple[set[str], set[str]]:
        inside, partly = {NUTS_COUNTRY.get(code, code) for code in codes if not code.startswith("@")}, set[str]()
        for name in (code[1:] for code in codes if code.startswith("@")):
            if name not in file.area or name in seen:
                raise _refuse(path, text, at, f"@{name} is no other area of the file")
            surely, perhaps = expand(file.area[name].inside, at, seen | {name})
            inside |= surely
            partly = partly.union(perhaps, *expand(file.area[name].partly, at, seen | {name}))
        return inside, partly

    def build(name: str, rule: _Area) -> Area:
        inside, open_ = expand(rule.inside, ("area", name, "inside"), frozenset({name}))
        partly = set[str]().union(open_, *expand(rule.partly, ("area", name, "partly"), frozenset({name})))
        return Area.of(name, rule.label.plain(), _close(inside, file.nuts), frozenset(partly))

    return {name: build(name, rule) for name, rule in file.area.items()}


def _condition(rule: _Condition, areas: Mapping[str, Area]) -> Condition:
    return Condition(
        rule.count, areas[rule.area] if rule.area else None, areas[rule.with_] if rule.with_ else None,
        rule.min or int(rule.count == "ties"), 0 if rule.count in ("outside", "kinds") else rule.max,
        rule.allowed | rule.kinds, rule.open, rule.programme, rule.otherwise == "unknown",
    )  # fmt: skip


def _programme(rule: _Programme, areas: Mapping[str, Area]) -> Programme:
    return Programme(
        rule.id, rule.name.plain(), rule.what.plain(), rule.scope, tuple(_condition(each, areas) for each in rule.conditions),
        tuple(each.plain() for each in rule.to_be_met), rule.size_class, rule.money.plain(), rule.deadline.plain(), rule.closes,
        rule.source, rule.also, rule.as_of,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rules:
    """A rule file: its areas by name, its programmes in their order."""

    areas: Mapping[str, Area]
    programmes: tuple[Programme, ...]


def load_rules(path: Path = DEFAULT_RULES) -> Rules:
    """Read a rule file.

    Raises:
        DataError: with file, line and key, for the first thing that is wrong.
    """
    text = path.read_text(encoding="utf-8")
    file = _parse(path, text)
    areas = _areas(file, path, text)
    seen: set[str] = set()
    for at, rule in enumerate(file.programme):
        if rule.id in seen:
            raise _refuse(path, text, ("programme", at, "id"), f"{rule.id!r} is defined twice")
        seen.add(rule.id)
        for number, each in enumerate(rule.conditions):
            for key, named in (("area", each.area), ("with", each.with_)):
                if named and named not in areas:
                    raise _refuse(path, text, ("programme", at, "conditions", number, key), f"there is no area {named!r}")
    return Rules(areas, tuple(_programme(rule, areas) for rule in file.programme))


@lru_cache(maxsize=1)
def _shipped() -> Rules:
    return load_rules()


def programmes() -> tuple[Programme, ...]:
    """The programmes that ship with the project."""
    return _shipped().programmes


def area(name: str) -> Area:
    """An area of the shipped rule file by its name there, such as ``dac``."""
    return _shipped().areas[name]
