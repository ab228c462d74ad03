"""Put another database in the place of a data folder's own, so that a cut at any point leaves one that is whole."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from kg.settings import Settings
from kg.store.local.folder import DataFolder
from kg.store.local.locks import held
from kg.store.local.process import stop, stop_locked


def set_aside(settings: Settings) -> Path | None:
    """Stop the server and rename the folder of its files; the next start makes a new database. ``None`` if there was none."""
    folder = DataFolder(settings.home)
    stop(settings)
    if not folder.database.exists():
        return None
    aside = folder.home / f"neo4j.{datetime.now(UTC):%Y%m%dT%H%M%S}"
    with held(folder.start_lock):
        # Without its file the former database gets a new password, too; the other way round a new one would get none.
        folder.password_file.unlink(missing_ok=True)
        folder.database.rename(aside)
    return aside


def take_over(settings: Settings, other: Settings) -> None:
    """Replace the database by that of ``other``, a data folder at `DataFolder.successor`; both servers are stopped."""
    folder, successor = DataFolder(settings.home), DataFolder(other.home)
    stop(other)
    with held(folder.start_lock):
        stop_locked(folder)
        successor.home.joinpath(DataFolder.COMPLETE).touch()
        folder.finish_replacing()


def discard_successor(settings: Settings) -> Settings:
    """Settings of an empty successor, whatever a cut left there."""
    home = DataFolder(settings.home).successor
    other = settings.model_copy(update={"home": home, "port": 0})
    stop(other)
    if home.exists():
        shutil.rmtree(home)
    home.mkdir(mode=0o700)
    return other
