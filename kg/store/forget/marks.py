"""Marks of the forgotten: keyed hashes, of use only to whoever has the key that stands in the data folder.

A mark alone says nothing about whom it is of. A graph restored elsewhere, or shared by several data folders, can hold marks whose
key is not here: as long as that is so, nobody can say who must not come back, and so no person is loaded at all.
"""

import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg.model.identity import digest
from kg.store.driver import Graph
from kg.store.private import write_private

_MARKS = "MATCH (m:Forgotten) RETURN m.id AS id, coalesce(m.key, '') AS key"
_REKEY = "UNWIND $rows AS row MATCH (m:Forgotten {id: row[0]}) SET m.id = row[1], m.key = $key"


def key_file(home: Path) -> Path:
    """The file of the keys, one in a line; several where graphs of other data folders were restored."""
    return home / "forget.key"


def _keys(home: Path) -> list[bytes]:
    try:
        return [bytes.fromhex(line) for line in key_file(home).read_text(encoding="utf-8").split()]
    except (FileNotFoundError, ValueError):
        return []


def _fingerprint(key: bytes) -> str:
    return hmac.digest(key, b"fingerprint", "sha256").hex()[:16]


def _mark(key: bytes, hashed: str) -> str:
    return hmac.digest(key, hashed.encode(), "sha256").hex()


@dataclass(slots=True)
class Marks:
    """The marks of a graph, and the keys of this data folder."""

    marks: Mapping[str, str]
    """The fingerprint of its key by each mark; empty for one of before keys."""
    keys: list[bytes]
    _known: dict[str, bool] = field(default_factory=dict[str, bool])

    @property
    def locked(self) -> bool:
        """Whether there are marks whose key is not here."""
        return bool(set(self.marks.values()) - {"", *map(_fingerprint, self.keys)})

    def has(self, text: str) -> bool:
        """Whether the text is marked; remembered, since words come again and again."""
        known = self._known.get(text)
        if known is None:
            hashed = digest("forgotten", text)
            known = self._known[text] = hashed in self.marks or any(_mark(key, hashed) in self.marks for key in self.keys)
        return known


def marks_of(graph: Graph) -> Marks:
    """What the graph must not say again."""
    return Marks({row["id"]: row["key"] for row in graph.read(_MARKS)}, _keys(graph.home))


def new_marks(home: Path, texts: Iterable[str]) -> list[list[object]]:
    """Rows of [id, properties] for the marks of texts, by a key that is made when there is none."""
    key = _own_key(home)
    rows = ((_mark(key, digest("forgotten", text)), _fingerprint(key)) for text in sorted(set(texts)))
    return [[mark, {"id": mark, "key": fingerprint}] for mark, fingerprint in rows]


def alias(home: Path, text: str) -> str:
    """A short name for an id that held a person's: the same each time, and of no use without the key."""
    return "removed-" + _mark(_own_key(home), digest("alias", text))[:10]


def rekey(graph: Graph) -> None:
    """Give marks of before keys, plain hashes of an id, a key."""
    plain = [row["id"] for row in graph.read(_MARKS) if not row["key"]]
    if plain:
        key = _own_key(graph.home)
        graph.write(_REKEY, {"rows": [[mark, _mark(key, mark)] for mark in plain], "key": _fingerprint(key)})


def _own_key(home: Path) -> bytes:
    keys = _keys(home)
    if not keys:
        home.mkdir(parents=True, exist_ok=True)
        write_private(key_file(home), secrets.token_hex(32) + "\n")
        keys = _keys(home)
    return keys[0]
