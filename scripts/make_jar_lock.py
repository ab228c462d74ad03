"""Write ``kg/store/local/jars.lock``: every jar that the local Neo4j needs, with its SHA-256 and size.

Run by hand when a newer Neo4j is wanted: ``python scripts/make_jar_lock.py 5.26.30``. The tree is resolved by ``jgo``
from the one artifact ``org.neo4j:neo4j``; each jar is downloaded once to be hashed, so this takes a minute or two and
what is written is what was seen on that day. Users never resolve anything: they download what the lock says.
"""

import hashlib
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jgo
from jgo.maven import Artifact

LOCK = Path(__file__).parents[1] / "kg" / "store" / "local" / "jars.lock"
HEADER = """\
# The runtime tree of org.neo4j:neo4j:{version}, made by scripts/make_jar_lock.py. Columns: SHA-256, bytes, coordinates
# (group:artifact:version[:classifier]). The jars are downloaded from their publishers at run time, none is shipped.
"""


def lock_line(artifact: Artifact) -> str:
    """Hash one jar, downloading it first when it is not at hand."""
    if artifact.packaging != "jar":
        raise SystemExit(f"{artifact} is no jar; the lock has no way to say so.")
    content = artifact.resolve().read_bytes()
    names = [artifact.groupId, artifact.artifactId, artifact.version, artifact.classifier]
    return f"{hashlib.sha256(content).hexdigest()} {len(content)} {':'.join(name for name in names if name)}"


def main(version: str) -> None:
    """Resolve the tree of one version and write the lock, sorted by coordinates so that a change is a readable diff."""
    artifacts = jgo.resolve(f"org.neo4j:neo4j:{version}")
    with ThreadPoolExecutor(max_workers=8) as pool:
        lines = sorted(pool.map(lock_line, artifacts), key=lambda line: line.split()[2])
    LOCK.write_text(HEADER.format(version=version) + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} jars in {LOCK.name}")


if __name__ == "__main__":
    main(*sys.argv[1:])
