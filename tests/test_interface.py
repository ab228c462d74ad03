"""The Python interface: its documented examples run, and it answers what the commands answer."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest

import kg
from kg.errors import PlaceNotFound, QueryRefused, UsageError
from kg.settings import Settings
from kg.settings import settings as read_settings
from tests.commands import RunKg

EXAMPLES = re.findall(r"```python\n(.*?)```", (Path(__file__).parents[1] / "docs" / "python.md").read_text("utf-8"), re.S)


@pytest.mark.parametrize("code", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_documented_example_runs(
    code: str, bundled_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("KG_HOME", str(bundled_settings.home))
    monkeypatch.delenv("NEO4J_URI", raising=False)
    read_settings.cache_clear()
    exec(compile(code, "docs/python.md", "exec"), {})
    assert capsys.readouterr().out.strip()
    read_settings.cache_clear()


def test_it_answers_what_the_commands_answer(bundled_settings: Settings, run_bundled: RunKg):
    with kg.open(bundled_settings) as graph:
        place = graph.place("Bergame")
        found = graph.opportunities("Ludwigsburg", limit=3)
        rings = graph.query("rings")
        then = graph.place("Ludwigsburg", known=dt.date(2010, 1, 1))
        way = graph.path("Ludwigsburg", "Bergamo", language="de")
    early = json.loads(run_bundled("place", "Ludwigsburg", "--known", "2010-01-01", "--format", "json").out)
    assert {tie.id for tie in then.partnerships} == {tie["partnership"] for tie in early["ties"]}
    ways = json.loads(run_bundled("path", "Ludwigsburg", "Bergamo", "--lang", "de", "--format", "json").out)
    assert len(way.ways) == len(ways["ways"]) > 0
    shown = json.loads(run_bundled("place", "Bergamo", "--format", "json").out)
    assert {tie.id for tie in place.partnerships} == {tie["partnership"] for tie in shown["ties"]}
    listed = json.loads(run_bundled("opportunities", "Ludwigsburg", "--limit", "3", "--format", "json").out)
    assert [list(each.opportunity.places) for each in found] == [[p["id"] for p in row["places"]] for row in listed]
    assert len(rings) == len(json.loads(run_bundled("query", "run", "rings", "--format", "json").out)) == len(rings.to_pandas())
    assert list(rings.to_pandas().columns) == list(rings.columns)


def test_what_cannot_be_answered_is_an_error_of_ours(bundled_settings: Settings):
    with kg.open(bundled_settings) as graph:
        with pytest.raises(PlaceNotFound):
            graph.place("Nirgendheim an der Nirgends")
        with pytest.raises(UsageError, match="no parameter"):
            graph.query("rings", nonsense=1)
        with pytest.raises(QueryRefused):
            graph.cypher("MATCH (n) DETACH DELETE n")
