"""Whether a query text uses the vocabulary's names: labels, types, properties, kinds, statuses, and whole lists of them.

The server's own warnings name only what the graph at hand does not know; this knows what no graph of ours can have.
"""

import re
from collections.abc import Iterator

from kg.vocabulary import FAMILIES, KINDS, NODE_TYPES, PLACE_LABELS, RELATION_TYPES, STATUSES, TIE_TYPES

_NAMES = frozenset({*NODE_TYPES, *PLACE_LABELS, *RELATION_TYPES})
_PROPERTIES = frozenset(
    {
        *(p.name for node in NODE_TYPES.values() for p in node.properties),
        *(p.name for relation in RELATION_TYPES.values() for p in relation.properties),
        *("x", "y", "longitude", "latitude"),  # of a point
    }
)
_VALUES: dict[str, frozenset[str]] = {
    "status": frozenset(STATUSES), "kind": frozenset(KINDS), "family": frozenset(FAMILIES),
}  # fmt: skip
BRIDGE = frozenset(name for name, status in STATUSES.items() if status.bridge)
IN_FORCE = frozenset(name for name, status in STATUSES.items() if status.in_force)

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
_STRING = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", re.S)
_NAMED = re.compile(r":\s*(!?[A-Z]\w*(?:\s*[|&:]\s*!?[A-Z]\w*)*)")
_PROPERTY = re.compile(r"(?<![\w.$])[A-Za-z_]\w*\.([A-Za-z_]\w*)(?!\s*[.(]|\w)")
_KEYS = re.compile(r":[A-Z]\w*\s*\{([^}]*)\}")
_COMPARED = re.compile(r"\.(status|kind|family)\s*(?:=|<>|IN)\s*('[^']*'|\[[^\]]*\])")
_QUOTED = re.compile(r"'([^']*)'")


def lint(name: str, text: str) -> list[str]:
    """What is wrong in a query text, each with file and line; empty when nothing is."""
    body = _COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    bare = _STRING.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), body)
    found = [*_names(bare), *_properties(bare), *_compared(body)]
    return [f"queries/{name}.cypher:{text.count(chr(10), 0, at) + 1}: {what}" for at, what in sorted(found)]


def _names(bare: str) -> Iterator[tuple[int, str]]:
    for match in _NAMED.finditer(bare):
        names = re.findall(r"\w+", match[1])
        yield from ((match.start(), f"no label or relationship type is called {name}") for name in names if name not in _NAMES)
        ties = {name for name in names if name in TIE_TYPES}
        if len(ties) > 2 and ties != set(TIE_TYPES):
            yield match.start(), f"the types of ties are incomplete: {', '.join(sorted(set(TIE_TYPES) - ties))} is missing"


def _properties(bare: str) -> Iterator[tuple[int, str]]:
    used = [(match.start(1), match[1]) for match in _PROPERTY.finditer(bare)]
    for pattern in _KEYS.finditer(bare):
        used += [(pattern.start(1), key) for key in re.findall(r"(\w+)\s*:", pattern[1])]
    yield from ((at, f"no property is called {name}") for at, name in used if name not in _PROPERTIES)


def _compared(body: str) -> Iterator[tuple[int, str]]:
    for match in _COMPARED.finditer(body):
        values = set(_QUOTED.findall(match[2]))
        unknown = values - _VALUES[match[1]]
        if unknown:
            yield match.start(), f"no {match[1]} is called {', '.join(sorted(unknown))}"
        elif match[1] == "status" and "active" in values and len(values) > 1 and frozenset(values) not in {BRIDGE, IN_FORCE}:
            yield match.start(), "the statuses are neither those of a bridge nor those in force"
