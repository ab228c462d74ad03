"""Large public files that lie beside the project where it is developed; without them a test says that it was not run."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


def shared_file(*parts: str) -> Path:
    """A file or folder below ``../shared``; not run where it is missing, a failure with ``KG_SHARED=required``."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        missing = f"not run: needs {Path('..', 'shared', *parts).as_posix()}"
        (pytest.fail if os.environ.get("KG_SHARED") == "required" else pytest.skip)(missing)
    return path
