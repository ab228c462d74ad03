"""The ledger of own statements: a CSV file to which rows are added; what was changed or withdrawn stays in it."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from kg.errors import DataError, UsageError
from kg.model.dates import parse_date
from kg.model.identity import PLACE_ID, digest, slug
from kg.model.text import plain_text
from kg.store.local.locks import held
from kg.store.private import private_folder, write_private
from kg.vocabulary import KINDS, LEVELS, STATUSES

FILE = "statements.csv"
_FORMULA = ("=", "+", "-", "@", "\t")
_LONGEST = 500


class Statement(BaseModel):
    """One statement about two places; ``stated`` is the day it was made, dates are partial dates.

    ``replaces`` is the id of the statement that it corrects; ``withdrawn`` the day on which it was taken back, for ``reason``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = ""
    first: str
    first_name: str = ""
    second: str
    second_name: str = ""
    kind: str
    status: str = ""
    level: str = ""
    since: str = ""
    until: str = ""
    as_of: str = ""
    source: str
    url: str = ""
    reason: str = ""
    author: str
    stated: str
    replaces: str = ""
    withdrawn: str = ""
    why_withdrawn: str = ""

    @field_validator("*")
    @classmethod
    def _plain(cls, value: str) -> str:
        text = plain_text(value).strip()
        if text.startswith(_FORMULA):
            raise ValueError(f"{text[:20]!r} would be a formula in a spreadsheet; begin with a letter")
        if len(text) > _LONGEST:
            raise ValueError(f"{text[:20]!r}… has more than {_LONGEST} characters")
        return text

    @model_validator(mode="after")
    def _sound(self) -> "Statement":
        for name, allowed in (("kind", KINDS), ("status", STATUSES), ("level", LEVELS)):
            value = getattr(self, name)
            if value and value not in allowed:
                raise ValueError(f"{name} {value!r} is none of {', '.join(allowed)}")
        for name in ("since", "until", "as_of", "stated", "withdrawn"):
            if value := getattr(self, name):
                parse_date(value)
        if not (PLACE_ID.fullmatch(self.first) and PLACE_ID.fullmatch(self.second)) or self.first == self.second:
            raise ValueError(f"{self.first!r} and {self.second!r} are not two places")
        if not (self.kind and self.source and self.author and self.stated):
            raise ValueError("kind, source, author and stated must be filled")
        return self

    @property
    def counts(self) -> bool:
        """Whether it is still stated."""
        return not self.withdrawn

    def keyed(self) -> "Statement":
        """The statement with its id, which what it says and who says it make."""
        said = (self.first, self.second, self.kind, self.status, self.level, self.since, self.until, self.as_of)
        return self.model_copy(update={"id": digest(*said, self.source, self.url, self.author, self.stated)[:12]})


def dataset_of(author: str) -> str:
    """What a load of an author's statements replaces."""
    return f"own-{slug(author)}"


def ledger_path(home: Path) -> Path:
    """Where the ledger stands."""
    return home / FILE


def read_ledger(path: Path) -> list[Statement]:
    """All statements of a ledger, the withdrawn ones too; none where there is no file.

    Raises:
        DataError: a line is none; names file and line.
    """
    if not path.exists():
        return []
    found: list[Statement] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if missing := {"first", "second", "kind", "source", "author", "stated"} - set(reader.fieldnames or ()):
                raise DataError(f"{path.name}, line 1: the columns {', '.join(sorted(missing))} are missing")
            found += (_statement(row, f"{path.name}, line {reader.line_num}") for row in reader)
    except (csv.Error, UnicodeDecodeError) as error:
        raise DataError(f"{path.name} is no table of statements as kg state export writes it: {error}") from error
    return found


def _statement(row: Mapping[str | None, object], where: str) -> Statement:
    if None in row:
        raise DataError(f"{where}: there are more cells than the header has")
    try:
        made = Statement.model_validate({name: value or "" for name, value in row.items()})
    except ValidationError as error:
        raise DataError(f"{where}: {explained(error)}") from error
    return made if made.id else made.keyed()


def explained(error: ValidationError) -> str:
    """The first thing that is wrong, as a sentence."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where + ': ' if where else ''}{first['msg'].removeprefix('Value error, ')}"


def write_ledger(path: Path, statements: Iterable[Statement]) -> None:
    """Write the whole ledger at once, readable by its owner alone."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(Statement.model_fields), lineterminator="\n")
    writer.writeheader()
    writer.writerows(statement.model_dump() for statement in statements)
    private_folder(path.parent, new_only=True)
    write_private(path, out.getvalue())


def add(home: Path, new: Iterable[Statement]) -> list[Statement]:
    """Add statements; one that is there already stays, unless the new one says that it was withdrawn. Returns all."""
    private_folder(home, new_only=True)
    with held(home / f"{FILE}.lock"):
        known = {statement.id: statement for statement in read_ledger(ledger_path(home))}
        for statement in new:
            keyed = statement if statement.id else statement.keyed()
            if keyed.id not in known or (keyed.withdrawn and not known[keyed.id].withdrawn):
                known[keyed.id] = keyed
        write_ledger(ledger_path(home), known.values())
    return list(known.values())


def withdraw(home: Path, identifier: str, day: str, reason: str) -> Statement:
    """Take a statement back; it stays in the ledger.

    Raises:
        UsageError: there is none of this id, or it was withdrawn before.
    """
    found = next((s for s in read_ledger(ledger_path(home)) if s.id == identifier), None)
    if found is None or found.withdrawn:
        was = f"was withdrawn on {found.withdrawn}" if found else "is none of yours; kg state list shows them"
        raise UsageError(f"the statement {identifier!r} {was}")
    gone = found.model_copy(update={"withdrawn": day, "why_withdrawn": reason})
    add(home, [gone])
    return gone
