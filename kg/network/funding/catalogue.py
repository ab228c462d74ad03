"""Every programme there is: those that ship with the project, and a user's own beside them.

``KG_HOME/funding/*.toml`` are rule files like ``funding.toml``: their programmes come after the shipped ones, and their areas
beside the shipped areas. The calls that ``kg funding refresh`` brought from the EU's portal take the place of older knowledge.
"""

from functools import lru_cache
from pathlib import Path

from kg.network.funding.kept import FILE, kept_calls, with_calls
from kg.network.funding.rulefile import load_rules
from kg.network.funding.rules import Area, Programme, Rules
from kg.settings import settings

SHIPPED_FILE = Path(__file__).with_name("funding.toml")
Stamp = tuple[tuple[str, int, int], ...]


def own_folder() -> Path:
    """The folder of a user's own rule files."""
    return settings().home / "funding"


@lru_cache(maxsize=1)
def shipped() -> Rules:
    """The rules that ship with the project."""
    return load_rules(SHIPPED_FILE)


def programmes() -> tuple[Programme, ...]:
    """The shipped programmes and the user's own, read again when a file has changed.

    Raises:
        DataError: with file, line and key, for the first thing that is wrong in a file.
    """
    folder = own_folder()
    return with_own(folder, stamp_of(folder)).programmes


def stamp_of(folder: Path) -> Stamp:
    """What changes when a file of the folder does."""
    files = [*sorted(folder.glob("*.toml")), *folder.glob(FILE)]
    found = ((path, path.stat()) for path in files)
    return tuple((path.name, told.st_mtime_ns, told.st_size) for path, told in found)


@lru_cache(maxsize=4)
def with_own(folder: Path, stamp: Stamp) -> Rules:
    """The shipped rules and those of a folder whose files stand as ``stamp`` says."""
    rules = shipped()
    for name, *_ in stamp:
        if name != FILE:
            rules = load_rules(folder / name, rules)
    return with_calls(rules, kept_calls(folder))


def area(name: str) -> Area:
    """An area of the shipped rule file by its name there, such as ``dac``."""
    return shipped().areas[name]
