"""Running commands inside the tests' process: the same entry as ``kg``, without the seconds that a process takes to start."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from kg.cli.main import main
from kg.settings import Settings
from kg.settings import settings as read_settings


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


RunKg = Callable[..., Done]


def run_kg_in(settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> RunKg:
    """A function that runs ``kg`` with the given arguments against the server of these settings."""
    monkeypatch.setenv("KG_HOME", str(settings.home))
    monkeypatch.delenv("NEO4J_URI", raising=False)

    def run(*arguments: str) -> Done:
        read_settings.cache_clear()
        monkeypatch.setattr(sys, "argv", ["kg", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        return Done(int(end.value.code or 0), printed.out, printed.err)

    return run
