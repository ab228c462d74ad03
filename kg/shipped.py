"""Where what ships beside the packages stands: in a checkout at its root, in a wheel inside of ``kg``."""

from importlib import resources
from pathlib import Path

_IN_WHEEL = {"queries": ("queries",), "app.py": ("app", "entry", "app.py")}


def shipped(name: str) -> Path:
    """The query library (``queries``) or the app's entry (``app.py``)."""
    packed = packages().joinpath("kg", *_IN_WHEEL[name])
    return packed if packed.exists() else packages() / name


def packages() -> Path:
    """The folder that ``kg`` and ``ingest`` stand in."""
    return Path(str(resources.files("kg"))).parent
