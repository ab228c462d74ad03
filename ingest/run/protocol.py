"""What the runner asks of a source module, and what it hands over."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from ingest.places.described import Places
from ingest.rows import Row
from ingest.run.descriptor import Descriptor, descriptor
from kg.model.claims import Claim, Source
from kg.settings import Settings


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


@dataclass(frozen=True, slots=True)
class Opened:
    """A source whose structure was found sound."""

    dataset: str
    """What the run replaces: claims of the same dataset that are stated no longer are removed."""
    sources: tuple[Source, ...]
    request: Request
    data: Any = None
    """Whatever the module needs between its functions."""
    unknown_columns: tuple[str, ...] = ()
    """Columns that are neither used nor ignored by name: reported, since they may hold what is wanted."""
    notes: tuple[str, ...] = ()
    """What the user should know before rows are read, such as the encoding that was found."""


class SourceModule(Protocol):
    """The functions of a source module."""

    def open_source(self, request: Request) -> Opened:
        """Check the structure of what is to be read."""
        ...

    def read(self, opened: Opened) -> Iterator[Row]:
        """Give the rows with their line numbers, streaming."""
        ...

    def to_claims(self, row: Row, opened: Opened, places: Places) -> Sequence[Claim]:
        """Make claims of one row."""
        ...


def source_module(name: str) -> SourceModule:
    """The module of a source; a `UsageError` when there is none."""
    descriptor(name)
    return cast(SourceModule, import_module(f"ingest.sources.{name}"))
