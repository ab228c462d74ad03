"""Write the pages of ``docs/`` that are made from the program; for after changes of vocabulary, queries, commands, settings."""

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


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8", newline="\n")
