"""Whatever is typed: every option and argument of every command, every setting, every file a user keeps; never a stack trace."""

import io
import json
import math
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import typer
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from typer.core import TyperArgument, TyperCommand, TyperOption

from ingest.places.corrections import Correction, own_corrections
from kg.cli import main as cli
from kg.errors import KgError, UsageError
from kg.present.tables.tabular import render, to_json
from kg.settings import Settings
from kg.settings import settings as read_settings
from kg.store.queries import Param
from scripts.reference import commands_of
from tests.commands import Done, RunKg, run_kg_in

FEW = hypothesis_settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
HOSTILE = (
    "", " ", "\0", "\ud800", "\udcff", "\ufffe", "\uffff", "\x1b[2J", "\u202e", "nan", "inf", "-inf", "-1", "1e999", "9" * 5000,
    "99999999999999999999", "-99999999999999999999", "0x10", "١٢", "²", "1_000", "true", "None", "[" * 3000, "{" * 3000,
    "(" * 3000, "a" * 300, "ü" * 300 + ".csv", "a" * 300 + ".docx", "x/" * 3000, "../../..", "/dev/null", "/dev/zero", "~", "-",
    "--", "--help", "'", '"', "`", "\\", "%s%n", "{0}", "${HOME}", "$(id)", "a=b", "=", "a=", "=b", "\r\n", "\t", "*", "?", "~1",
    "gn:" + "9" * 400, "gn:0", "wd:Q0", "x:", "9999-99-99", "0000", "2021-02-30", "src:", "topic:", "Ludwigsburg, XX", "ﬀ", "😀",
    *(f"{name}={value}" for name in ("year", "limit", "trust", "earliest", "encoding", "delimiter", "distance", "mapping")
      for value in ("nan", "9" * 5000, "99999999999999999999", "undefined", "rot13", "a" * 300)),
)  # fmt: skip
VALUES = st.sampled_from(HOSTILE) | st.text(max_size=60)
# They start or stop servers and take no text.
COMMANDS = {
    path: command
    for path, command in commands_of(typer.main.get_command(cli.app))
    if path not in {"kg demo", "kg app", "kg db start", "kg db stop"}
}
PLACES = [
    (path, at)
    for path, command in COMMANDS.items()
    for at, parameter in enumerate(command.params)
    if not (isinstance(parameter, TyperOption) and parameter.is_flag)
]
HARMLESS = {"source": "table", "text": "RETURN 1", "file": "none.csv", "output": "none.md", "name": "most-connected"}


def typed(command: TyperCommand, value: str, at: int) -> list[str]:
    """The words after a command's name: ``value`` for the parameter at ``at``, something harmless where others are needed."""
    words = ["table", "list.csv", "--dry-run", "--yes"] if command.name == "ingest" and at > 1 else []
    for position, parameter in enumerate(command.params):
        harmless = HARMLESS.get(str(parameter.name), "Ludwigsburg")
        if isinstance(parameter, TyperArgument):
            words += [value if position == at else harmless] if position <= at or parameter.required else []
        elif position == at or parameter.required:
            words += [parameter.opts[0], value if position == at else harmless]
    return words


def is_answered(done: Done) -> None:
    assert done.code in {0, 1, 2, 3, 130}, (done.code, done.err)  # 130: a question that nobody was there to answer
    assert "Traceback" not in done.out + done.err
    assert done.code == 0 or done.err.strip()


@pytest.mark.parametrize(("path", "at"), PLACES, ids=[f"{path} {COMMANDS[path].params[at].name}" for path, at in PLACES])
def test_every_option_and_argument_takes_any_text_or_says_why_not(run_kg: RunKg, tmp_path, monkeypatch, path, at):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.csv").write_text("city1,country1,city2,country2\nUlm,Germany,Jena,Germany\n", encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    @FEW
    @given(VALUES)
    def check(value: str) -> None:
        is_answered(run_kg(*path.split()[1:], *typed(COMMANDS[path], value, at)))

    check()


WRONG_SETTINGS = [
    ("KG_PORT", "abc"), ("KG_PORT", "-1"), ("KG_PORT", "65536"), ("KG_PORT", "1" * 5000), ("KG_APP_PORT", "80.5"),
    ("KG_QUERY_TIMEOUT", "nan"), ("KG_QUERY_TIMEOUT", "inf"), ("KG_QUERY_TIMEOUT", "0"), ("KG_QUERY_TIMEOUT", "1e999"),
    ("KG_LANGUAGE", "fr"), ("KG_CONSOLE", "maybe"), ("KG_NO_BROWSER", "2"), ("KG_READ_ONLY", "ja"), ("KG_HEAP", "much"),
    ("KG_HEAP", "0m"), ("KG_HEAP", "٣m"), ("NEO4J_URI", "http://host"), ("NEO4J_URI", "localhost:7687"), ("NEO4J_URI", "bolt://"),
    ("NEO4J_URI", "bolt://host:abc"), ("NEO4J_URI", "bolt://host:99999"), ("NEO4J_URI", "bolt://[::1"),
    ("KG_REPOSITORY", "ftp://host"), ("KG_HOME", "\udcff"), ("NEO4J_PASSWORD", "\udcff"), ("NEO4J_USERNAME", "a\x1bb"),
]  # fmt: skip


@pytest.fixture
def run_here(tmp_path, monkeypatch, capsys) -> Iterator[RunKg]:
    """Run a command that needs no server."""
    yield run_kg_in(Settings(home=tmp_path), monkeypatch, capsys)
    read_settings.cache_clear()


@pytest.mark.parametrize(("name", "value"), WRONG_SETTINGS, ids=[f"{n}={v[:20]!r}" for n, v in WRONG_SETTINGS])
def test_a_wrong_setting_is_answered_by_its_name(run_here: RunKg, tmp_path, monkeypatch, name, value):
    def kg(*words: str) -> Done:
        monkeypatch.setenv("KG_HOME", str(tmp_path))
        monkeypatch.setenv(name, value)
        return run_here(*words)

    for words in (("query", "list"), ("place", "Ulm")):
        done = kg(*words)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(f"kg: {name}")
        assert "must be" in done.err or "holds bytes" in done.err
        assert len(done.err) < 300
    assert kg("place", "--help").code == 0


@pytest.mark.parametrize("scheme", ["bolt", "http"])
def test_a_password_in_an_address_is_not_printed(monkeypatch, scheme):
    monkeypatch.setenv("NEO4J_URI", f"{scheme}://neo4j:geh@eim/nis@host")
    read_settings.cache_clear()
    with pytest.raises(UsageError, match="NEO4J_URI") as wrong:
        read_settings()
    assert not {word for word in ("geh", "nis") if word in str(wrong.value)}


def test_what_nobody_foresaw_ends_in_a_sentence_and_a_file_without_secrets(run_here: RunKg, monkeypatch):
    monkeypatch.setenv("NEO4J_PASSWORD", "geheimnis")

    def broken() -> None:
        raise ZeroDivisionError("geheimnis at bolt://neo4j:anderes@host \ud800")

    monkeypatch.setattr("kg.store.queries.library", broken)
    done = run_here("query", "list")
    assert (done.code, done.out) == (70, "")
    assert "fault of the program" in done.err
    assert "Traceback" not in done.err
    (file,) = (read_settings().home / "logs").glob("fault-*")
    assert str(file) in done.err
    text = file.read_text(encoding="utf-8")
    assert "Traceback" in text
    assert "ZeroDivisionError" in text
    assert not {word for word in ("geheimnis", "anderes") if word in text + done.err}
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.unlink()


OWN = "name;country;id;reason\nMünster;DE;gn:2867543;der bei uns, gemeint\n;;;\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("before", ["", "sep={}\r\n", "\r\n"])
def test_corrections_are_read_as_spreadsheets_save_them(tmp_path, encoding, delimiter, before):
    quoted = OWN.replace("der bei uns, gemeint", '"der bei uns, gemeint"').replace(";", delimiter).replace("\n", "\r\n")
    path = tmp_path / "corrections.csv"
    path.write_bytes((before.format(delimiter) + quoted).encode(encoding))
    expected = Correction("Münster", "DE", "gn:2867543", "", "der bei uns, gemeint")
    assert list(own_corrections(path, lambda _: True)) == [expected]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b";;;\r\n", b"\xff\xfe\r\0\n\0"])
def test_empty_corrections_are_none(tmp_path, content):
    path = tmp_path / "corrections.csv"
    path.write_bytes(content)
    assert list(own_corrections(path, lambda _: True)) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name,country\nUlm,DE\n", "line 1: there is no column 'id'"),
        (b"name,country,id,reason\nUlm,DE,gn:1,a,b\n", "line 2: more cells"),
        (b"name,country,id,reason\nUlm,Nowhere,gn:1,a\n", "line 2, column country"),
        (b"name,country,id,reason\nUlm,DE,Ulm,a\n", "line 2, column id"),
        (b"PK\x03\x04 no workbook", "corrections.csv"),
        (bytes(range(256)) * 9, "corrections.csv, line 1"),
        (b'name,country,id,reason\n"Ulm,DE,gn:1,a\n', "line 2"),
    ],
)
def test_corrections_that_cannot_hold_are_said_with_file_and_line(tmp_path, content, said):
    path = tmp_path / "corrections.csv"
    path.write_bytes(content)
    with pytest.raises(KgError) as wrong:
        list(own_corrections(path, lambda _: True))
    assert said in str(wrong.value)
    assert "\n" not in str(wrong.value)


@given(st.recursive(st.none() | st.floats() | st.text(st.characters(codec="utf-8")), lambda inner: st.lists(inner, max_size=3)))
def test_json_has_no_number_that_is_none(value):
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    json.loads(render([{"a": value}], ("a",), "json"), parse_constant=refuse)
    json.loads(to_json({"a": [value]}), parse_constant=refuse)


@given(VALUES)
def test_a_parameter_is_what_the_database_can_hold_or_is_refused(text):
    for type_ in ("integer", "float", "boolean", "date"):
        with suppress(UsageError):
            value = Param("year", type_, None, "a year").read(text)
            assert not isinstance(value, int | float) or (math.isfinite(value) and abs(value) <= 2**63)


def test_a_folder_of_300_bytes_is_answered(tmp_path, monkeypatch, capsys):
    for words in (("db", "status"), ("place", "Ulm")):
        is_answered(run_kg_in(Settings(home=tmp_path / ("ü" * 200)), monkeypatch, capsys)(*words))
    assert Settings(home=Path("~/x")).home == Path("~/x").expanduser()
