"""What is known about a source before it is read: the TOML file beside its module."""

import tomllib
from functools import cache
from importlib import resources
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kg.errors import DataError, UsageError
from kg.model.claims import Source


class Rows(BaseModel):
    """How many rows a healthy file has; outside of it the run warns."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    minimum: int = 0
    maximum: int = 10_000_000


class CellCorrection(BaseModel):
    """Cells to put right in the rows of a source that have ``value`` in ``column``, with the reason."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    column: str
    value: str
    cells: dict[str, str]
    reason: str


class Descriptor(BaseModel):
    """Publisher, licence, address and expectations of one source."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    title: str
    publisher: str
    url: str = ""
    endpoint: str = ""
    """The address that is asked, for a source that is read live."""
    licence: str = ""
    published: str = ""
    retrieved: str = ""
    kind: Literal["web", "list", "document", "register", "press"] = "list"
    trust: Annotated[int, Field(ge=0, le=100)]
    freshness: str = ""
    description: str = ""
    rows: Rows = Rows()
    ignored_columns: dict[str, str] = {}
    """Columns that are not used, each with the reason."""
    corrections: tuple[CellCorrection, ...] = ()
    """Known mistakes of the publisher's, put right before a row is made into claims."""
    options: dict[str, str] = {}
    """Settings of the module, such as an address to ask."""

    def source(self, **changes: str | int) -> Source:
        """The source that the claims are stated in."""
        fields = {name: getattr(self, name) for name in Source.__slots__ if name not in {"id"}}
        return Source(**cast(dict[str, Any], {"id": f"src:{self.name}", **fields, **changes}))


def names() -> list[str]:
    """Every source that has a descriptor."""
    folder = resources.files("ingest.sources")
    return sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))


@cache
def descriptor(name: str) -> Descriptor:
    """The descriptor of a source.

    Raises:
        UsageError: when there is no such source.
        DataError: when the descriptor is not as it should be.
    """
    if name not in names():
        raise UsageError(f"there is no source {name!r}; there are {', '.join(names())}")
    text = resources.files("ingest.sources").joinpath(f"{name}.toml").read_text("utf-8")
    try:
        return Descriptor.model_validate({"name": name, **tomllib.loads(text)})
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise DataError(f"ingest/sources/{name}.toml: {error}") from error
