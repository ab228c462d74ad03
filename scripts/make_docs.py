"""Write the pages of ``docs/`` that are made from the program; for after changes of vocabulary, queries, commands, settings."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import typer
from typer.core import TyperGroup

from ingest.run.source_docs import sources_page
from kg.cli import main as cli
from scripts.architecture import architecture_page
from scripts.reference import commands_page, reference_page, settings_page

DOCS = Path(__file__).parents[1] / "docs"


def pages() -> Mapping[str, str]:
    """Every page by its file name."""
    return {
        "architecture.md": architecture_page(),
        "reference.md": reference_page(),
        "commands.md": commands_page(cast(TyperGroup, typer.main.get_command(cli.app))),
        "settings.md": settings_page(),
        "sources.md": sources_page(),
    }


def main(*arguments: str) -> int:
    """Write the pages, or with ``--check`` only tell which are not as the program would make them; 0 when all is well."""
    made = {DOCS / name: text for name, text in pages().items()}
    stale = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            print(f"docs/{path.name} is not as the program makes it; run: python -m scripts.make_docs", file=sys.stderr)
        return bool(stale)
    for path in stale:
        path.write_text(made[path], encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
