"""What the runner asks of a source module, and what it hands over."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, cast

from ingest.places.described import Places
from ingest.rows import Row
from ingest.run.descriptor import Descriptor, descriptor
from kg.errors import UsageError
from kg.model.claims import Claim, Source
from kg.model.dates import parse_date
from kg.settings import Settings

Data = TypeVar("Data")
"""What a source module needs between its functions."""
_WHOLE = re.compile(r"\d{1,6}", re.ASCII)
_FOR_ALL = frozenset({"yes"})
_NUMBERS = frozenset({"trust", "earliest"})
_DATES = ("published", "as_of")


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked to ingest."""

    descriptor: Descriptor
    settings: Settings
    files: tuple[Path, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    today: dt.date = field(default_factory=dt.date.today)
    tell: Callable[[str], None] = field(default=lambda _: None, compare=False)
    """Called with a line for people while something long goes on before rows are read, such as fetching."""

    def the_file(self) -> Path:
        """The one file to read; a `UsageError` for none or several."""
        if len(self.files) != 1:
            name = self.descriptor.name
            raise UsageError(f"the source {name!r} reads one file at a time, {len(self.files)} were given: kg ingest {name} FILE")
        return self.files[0]

    def kept(self) -> dict[str, Any]:
        """What it takes to ask the same again."""
        return {
            "source": self.descriptor.name,
            "files": [str(file.absolute()) for file in self.files],
            "options": dict(self.options),
        }

    def check_options(self) -> None:
        """Refuse options that the descriptor does not have, and values that cannot be."""
        known = self.descriptor.options.keys() | _FOR_ALL
        for name, value in self.options.items():
            if name not in known:
                has = f"it has {', '.join(sorted(known))}" if known - _FOR_ALL else "it has none"
                raise UsageError(f"the source {self.descriptor.name!r} has no option {name!r}; {has}")
            if name in _NUMBERS and not _WHOLE.fullmatch(value):
                raise UsageError(f"--option {name}={value[:40]}: that is no whole number of at most six digits")
        if int(self.options.get("trust", "0")) > 100:
            raise UsageError(f"--option trust={self.options['trust']}: trust is a number from 0 to 100")
        for name in _DATES:
            try:
                _ = self.options.get(name) and parse_date(self.options[name])
            except ValueError as error:
                raise UsageError(f"--option {name}: {error}") from error


@dataclass(frozen=True, slots=True)
class Opened(Generic[Data]):
    """A source whose structure was found sound."""

    dataset: str
    """What the run replaces: claims of the same dataset that are stated no longer are removed."""
    sources: tuple[Source, ...]
    request: Request
    data: Data
    unknown_columns: tuple[str, ...] = ()
    """Columns that are neither used nor ignored by name: reported, since they may hold what is wanted."""
    notes: tuple[str, ...] = ()
    """What the user should know before rows are read, such as the encoding that was found."""
    remarks: Callable[[], Iterable[str]] = tuple
    """What the user should know once all rows were read, such as cells whose words were kept as notes."""


class SourceModule(Protocol):
    """The functions of a source module."""

    def open_source(self, request: Request) -> Opened[Any]:
        """Check the structure of what is to be read."""
        ...

    def read(self, opened: Opened[Any]) -> Iterator[Row]:
        """Give the rows with their line numbers, streaming."""
        ...

    def to_claims(self, row: Row, opened: Opened[Any], places: Places) -> Sequence[Claim]:
        """Make claims of one row."""
        ...


def source_module(name: str) -> SourceModule:
    """The module of a source; a `UsageError` when there is none."""
    descriptor(name)
    return cast(SourceModule, import_module(f"ingest.sources.{name}"))
