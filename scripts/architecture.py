"""The picture in ``docs/architecture.md``: rooms of the code and which of them imports which, as the code is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "architecture.md"
_PICTURE = re.compile(r"(<!-- picture -->\n).*?(<!-- /picture -->)", re.S)
_LAYERS = ("kg.cli", "kg.app", "kg.present", "ingest", "kg.network", "kg.store", "kg.model")
"""From the top to the ground; ``kg.vocabulary``, ``kg.settings`` and ``kg.errors`` are open to all and left out."""


def architecture_page() -> str:
    """``docs/architecture.md`` with its picture as the code is now; the words around it are written by hand."""
    return _PICTURE.sub(lambda found: f"{found[1]}\n{_mermaid()}\n{found[2]}", PAGE.read_text(encoding="utf-8"))


def arrows() -> set[tuple[str, str]]:
    """Which room imports from which other; how often is left out, since it changes with every commit."""
    found: set[tuple[str, str]] = set()
    for folder in ("kg", "ingest"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            room = _room(".".join(path.relative_to(ROOT).with_suffix("").parts))
            for name in _imports(ast.parse(path.read_text(encoding="utf-8"))):
                other = _room(name)
                if room and other and room != other:
                    found.add((room, other))
    return found


def _mermaid() -> str:
    lines = ["```mermaid", "flowchart TD", *(f'  {room.replace(".", "_")}["{room}"]' for room in _LAYERS)]
    lines += [f"  {room.replace('.', '_')} --> {other.replace('.', '_')}" for room, other in sorted(arrows())]
    return "\n".join([*lines, "```"])


def _room(module: str) -> str:
    return next((room for room in _LAYERS if module == room or module.startswith(room + ".")), "")


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
