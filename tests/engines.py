"""Helpers of the tests that need servers of their own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from kg.settings import Settings
from kg.store import local

STARTER = "from kg.store import local; from kg.settings import Settings; print(local.ensure_running(Settings()).state.pid)"
ROOT = Path(__file__).parents[1]


@contextmanager
def own_engine(home: Path) -> Iterator[Settings]:
    """Settings of a data folder whose server, if one was started, is gone afterwards."""
    settings = Settings(home=home, neo4j_uri="", port=0)
    try:
        yield settings
    finally:
        local.stop(settings)


def python(code: str, home: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """Another process of the program with its own data folder; its output is piped."""
    environment = {**os.environ, "KG_HOME": str(home), "PYTHONPATH": str(ROOT), **variables}
    environment.pop("NEO4J_URI", None)
    command = [sys.executable, *arguments, "-c", code]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def output(process: subprocess.Popen[str]) -> str:
    """What a process printed, once it ended well."""
    out, err = process.communicate(timeout=200)
    assert process.returncode == 0, err
    return out.strip()


def servers_of(home: Path) -> list[int]:
    """The pids of all server processes of a data folder, whatever its files say."""
    return [process.pid for process in psutil.process_iter(["cmdline"]) if str(home) in (process.info["cmdline"] or [])]
