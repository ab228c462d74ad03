"""Mappings: which column of a table holds what. Shipped ones stand in ``ingest/mappings``, users write their own."""

import tomllib
from collections.abc import Set
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.files import is_file
from ingest.tabular.words import key_of
from kg.errors import DataError, UsageError
from kg.model.dates import parse_date
from kg.vocabulary import KINDS, STATUSES

_OF_THE_ROW = (
    "kind", "since", "until", "status", "as_of", "partnership", "status_as_of", "status_basis", "status_undated", "level",
    "title_of_tie",
)  # fmt: skip
_STRICT = ConfigDict(extra="forbid", frozen=True)


class End(BaseModel):
    """The columns that describe one of the two places; ``in_country`` holds for every row."""

    model_config = _STRICT
    id: str = ""
    """Our own id of the place: ``gn:2875392``, ``wd:Q622``, ``x:…``, ``iso:DE``."""
    place: str = ""
    country: str = ""
    in_country: str = ""
    state: str = ""
    kind: str = ""
    lat: str = ""
    lon: str = ""
    population: str = ""
    qid: str = ""
    geonames: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column named."""
        return tuple(v for n, v in self.model_dump().items() if v and n != "in_country")


class Tie(BaseModel):
    """The columns of a further partner in the same row: ``Partnerstadt 2``, ``Land 2``, ``seit 2``."""

    model_config = _STRICT
    second: End
    kind: str = ""
    since: str = ""
    until: str = ""
    status: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column named."""
        return tuple(c for c in (self.kind, self.since, self.until, self.status, *self.second.columns) if c)


class TableMapping(BaseModel):
    """How to read one layout, and who publishes it."""

    model_config = _STRICT
    name: str = ""
    title: str = ""
    publisher: str = ""
    url: str = ""
    licence: str = ""
    published: str = ""
    retrieved: str = ""
    source_kind: Literal["web", "list", "document", "register", "press"] = "list"
    trust: Annotated[int, Field(ge=0, le=100)] = 50
    description: str = ""
    freshness: str = ""
    header: tuple[str, ...] = ()
    """Columns that a file must have for the mapping to be taken by itself."""
    first: End = End()
    second: End = End()
    more: tuple[Tie, ...] = ()
    """Further partners of the first place in the same row."""
    both: str = ""
    """The column that holds both ends, instead of one column for each."""
    both_separators: tuple[str, ...] = ("↔", "<->", "–", "—", " - ", " / ", " | ")
    several: tuple[str, ...] = ()
    """What separates several places in a cell, where the gazetteer shall not decide."""
    kind: str = ""
    default_kind: str = "twinning"
    kinds: dict[str, str] = {}
    since: str = ""
    until: str = ""
    status: str = ""
    default_status: str = ""
    statuses: dict[str, str] = {}
    as_of: str = ""
    """The column with the date at which a row was so; else the date of publication."""
    partnership: str = ""
    """The column with our own id of the partnership, in files that we wrote; the next ones stand there, too."""
    status_as_of: str = ""
    status_basis: str = ""
    status_undated: str = ""
    level: str = ""
    title_of_tie: str = ""
    by: Literal["", "first", "second"] = ""
    """On whose side the list is kept, where it is one-sided."""
    empty: tuple[str, ...] = ("", "-", "–", "n/a", "k. A.")
    """What stands in a cell that says nothing."""
    earliest: int = 1800
    """A year before is taken for a slip."""
    ignored: dict[str, str] = {}
    """Columns that are not used, each with the reason."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column used."""
        own = (self.both, *(getattr(self, name) for name in _OF_THE_ROW))
        more = (column for tie in self.more for column in tie.columns)
        return tuple(dict.fromkeys(c for c in (*own, *self.first.columns, *self.second.columns, *more) if c))

    def with_columns(self, present: Set[str]) -> "TableMapping":
        """The mapping without the columns that a file lacks, but for those that it is recognised by; ``present`` are keys."""
        lost = {c for c in self.columns if key_of(c) not in present and c not in self.header}
        ends = {
            side: end.model_copy(update={name: "" for name, column in end.model_dump().items() if column in lost})
            for side, end in (("first", self.first), ("second", self.second))
        }
        row = {name: "" for name in _OF_THE_ROW if getattr(self, name) in lost}
        return self.model_copy(update={**ends, **row})

    @property
    def ties(self) -> tuple["TableMapping", ...]:
        """One mapping for each partner that a row can name; a column that a further one lacks is the row's."""
        rest = [self.model_copy(update={"second": tie.second, "more": (), **_own(tie)}) for tie in self.more]
        return (self.model_copy(update={"more": ()}), *rest)


def _own(tie: Tie) -> dict[str, str]:
    return {name: column for name in ("kind", "since", "until", "status") if (column := getattr(tie, name))}


def shipped() -> list[str]:
    """Names of the mappings that come with the program."""
    folder = resources.files("ingest").joinpath("mappings")
    return sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))


@cache
def shipped_mapping(name: str) -> TableMapping:
    """One of them."""
    text = resources.files("ingest").joinpath("mappings", f"{name}.toml").read_text("utf-8")
    return _checked(text, f"mapping {name}", name)


def mapping_of(text: str) -> TableMapping:
    """The mapping that the user names: a shipped one, or a TOML file.

    Raises:
        UsageError: there is no such mapping.
        DataError: the file is no mapping; names the field.
    """
    if text in shipped():
        return shipped_mapping(text)
    path = Path(text)
    if not is_file(path):
        raise UsageError(f"mapping={text[:60]!r} is neither a file nor one of {', '.join(shipped())}")
    try:
        return _checked(path.read_text("utf-8-sig"), path.name, path.stem)
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name}: the mapping is no UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}); check who may") from error


def _checked(text: str, file: str, name: str) -> TableMapping:
    try:
        mapping = TableMapping.model_validate({"name": name, **tomllib.loads(text)})
    except RecursionError as error:
        raise DataError(f"{file}: the mapping is nested too deeply; docs/sources.md tells the fields") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise DataError(f"{file}, field {field}: {first['msg']}; docs/sources.md tells the fields") from error
    except ValueError as error:  # no TOML, or a number of thousands of digits
        raise DataError(f"{file}: the mapping is no TOML: {error}") from error
    _consistent(mapping, file)
    return mapping


def _consistent(mapping: TableMapping, file: str) -> None:
    if not mapping.both and not (mapping.first.place and mapping.second.place):
        raise DataError(f"{file}, field first.place: a mapping names the column of both places, or one column in 'both'")
    for field, words, known in (("kinds", mapping.kinds, KINDS), ("statuses", mapping.statuses, STATUSES)):
        for word, value in words.items():
            if value not in known:
                raise DataError(f"{file}, field {field}.{word}: {value!r} is none of {', '.join(known)}")
    if mapping.default_kind not in KINDS:
        raise DataError(f"{file}, field default_kind: {mapping.default_kind!r} is none of {', '.join(KINDS)}")
    if mapping.default_status and mapping.default_status not in STATUSES:
        raise DataError(f"{file}, field default_status: {mapping.default_status!r} is none of {', '.join(STATUSES)}")
    for field in ("published", "retrieved"):
        try:
            _ = getattr(mapping, field) and parse_date(getattr(mapping, field))
        except ValueError as error:
            raise DataError(f"{file}, field {field}: {error}") from error


def recognised(header: list[str]) -> TableMapping | None:
    """The shipped mapping whose header this is; the one with most columns if several fit."""
    present = {key_of(cell) for cell in header}
    fitting = [m for m in map(shipped_mapping, shipped()) if m.header and {key_of(c) for c in m.header} <= present]
    return max(fitting, key=lambda m: (len(m.header), m.name), default=None)
