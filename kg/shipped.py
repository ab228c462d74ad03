"""Where what ships beside the packages stands: in a checkout at its root, in a wheel inside of ``kg``."""

from importlib import resources
from pathlib import Path

_IN_WHEEL = {"queries": ("queries",), "app.py": ("app", "entry", "app.py")}


def shipped(name: str) -> Path:
    """The query library (``queries``) or the app's entry (``app.py``)."""
    package = Path(str(resources.files("kg")))
    packed = package.joinpath(*_IN_WHEEL[name])
    return packed if packed.exists() else package.parent / name
