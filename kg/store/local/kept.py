"""Which backups this program made: a list in the data folder, to know the last one and to take forgotten names out of each."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from kg.store.private import write_private

_FILE = "backups.json"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup on record; ``made`` is an ISO 8601 time in UTC, ``file`` an absolute path."""

    made: str
    file: str


def backups(home: Path) -> list[Backup]:
    """Every backup on record, the last one last; a damaged list counts as empty."""
    try:
        return [Backup(row["made"], row["file"]) for row in json.loads(home.joinpath(_FILE).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def remember(home: Path, backup: Backup) -> None:
    """Put a backup on record in the place of what the file held before."""
    kept = [known for known in backups(home) if known.file != backup.file and Path(known.file).exists()]
    home.mkdir(parents=True, exist_ok=True)
    write_private(home / _FILE, json.dumps([asdict(each) for each in [*kept, backup]], ensure_ascii=False, indent=1))


def last_backup(home: Path) -> Backup | None:
    """The last one whose file is still there."""
    return next((each for each in reversed(backups(home)) if Path(each.file).exists()), None)
