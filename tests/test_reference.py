"""The pages made from the program are those of today, and nothing that can be called or set is left out."""

from pathlib import Path
from typing import cast

import pytest
import typer
from typer.core import TyperGroup

from kg.cli.main import app
from kg.settings import Settings
from kg.store.driver import Graph
from kg.vocabulary import KINDS, STATUSES
from scripts.make_docs import DOCS
from scripts.reference import commands_of

ROOT = Path(__file__).parents[1]
COMMANDS = dict(commands_of(cast(TyperGroup, typer.main.get_command(app))))


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_everything_in_the_graph_is_in_the_reference(bundled_graph: Graph):
    words = bundled_graph.read(
        "CALL db.labels() YIELD label RETURN label AS word UNION CALL db.relationshipTypes() YIELD relationshipType "
        "RETURN relationshipType AS word UNION CALL db.propertyKeys() YIELD propertyKey RETURN propertyKey AS word"
    )
    reference = page("reference.md")
    assert [row["word"] for row in words if f"`{row['word']}`" not in reference and f"### {row['word']}\n" not in reference] == []


@pytest.mark.parametrize("path", sorted(COMMANDS))
def test_every_command_is_documented_with_an_example(path: str):
    text = COMMANDS[path].help or ""
    assert f"\n## {path}\n" in page("commands.md")
    example = text.partition("Example:")[2].strip()
    assert path in example
    assert len(text.partition("Example:")[0].strip()) > 10


@pytest.mark.parametrize("path", sorted(COMMANDS))
def test_every_option_says_what_it_is_for(path: str):
    assert [
        option.opts for option in COMMANDS[path].params if option.param_type_name == "option" and not getattr(option, "help", "")
    ] == []


def test_every_setting_is_documented():
    for field in Settings.model_fields.values():
        assert f"| `{field.alias}` | {field.description}" in page("settings.md")


def test_the_reference_has_every_word():
    assert all(f"| `{word}` |" in page("reference.md") for word in [*KINDS, *STATUSES])


def test_links_between_pages_lead_somewhere():
    for file in [ROOT / "README.md", *DOCS.rglob("*.md")]:
        text = file.read_text(encoding="utf-8")
        for target in (part.split(")")[0] for part in text.split("](")[1:]):
            if not target.startswith(("http", "#", "mailto:")) and not target.endswith(".png"):
                assert (file.parent / target.split("#")[0]).exists(), f"{file.name}: {target}"
