"""Workbooks that mean harm, and readers that stop: always rows or a sentence with the file's name, never the program's end."""

import random
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.child import Limits
from ingest.tabular import archive, sheets
from ingest.tabular.grid import open_grid
from kg.errors import DataError, KgError, UsageError
from tests.spreadsheets import ods, xlsx

Make = Callable[[Path], Path]
ROWS = [["Stadt", "Partnerstadt"], ["Ulm", "Jena"]]
SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TAIL = "</sheetData></worksheet>"
CORNER = "<row r='1048576'><c s='1' r='XFD1048576'><v>1</v></c></row>"
POSIX_LIMITS = pytest.mark.skipif(sys.platform != "linux", reason="docs/decisions/loading.md: memory is limited on Linux only")


def repacked(path: Path, **parts: str | bytes | None) -> Path:
    """The workbook with other contents; "SHEET" is its sheet, None takes a part away."""
    with zipfile.ZipFile(path) as packed:
        there: dict[str, str | bytes | None] = {name: packed.read(name) for name in packed.namelist()}
    there |= {SHEET if name == "SHEET" else name: content for name, content in parts.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in there.items():
            if content is not None:
                packed.writestr(name, content)
    return path


def sheet(text: str, encoding: str = "utf-8") -> Make:
    """A workbook whose sheet has these rows of XML in this encoding."""
    return lambda folder: repacked(
        xlsx(folder / "list.xlsx", ROWS), SHEET=f'<?xml version="1.0" encoding="{encoding}"?>{HEAD}{text}{TAIL}'.encode(encoding)
    )


def bytes_changed(change: Callable[[bytes], bytes]) -> Make:
    """A sound workbook whose bytes were changed."""

    def make(folder: Path) -> Path:
        path = xlsx(folder / "list.xlsx", ROWS)
        path.write_bytes(change(path.read_bytes()))
        return path

    return make


def wrong_sum(content: bytes) -> bytes:
    """The check sum of the first part, in its header and in the directory, is another one."""
    return content.replace(content[14:18], bytes(b ^ 255 for b in content[14:18]))


def marked_as_encrypted(content: bytes) -> bytes:
    """Every part carries the flag of a password."""
    parts = content.replace(b"PK\x03\x04\x14\x00\x00\x00", b"PK\x03\x04\x14\x00\x01\x00").split(b"PK\x01\x02")
    return b"PK\x01\x02".join([parts[0], *(p[:4] + bytes([p[4] | 1]) + p[5:] for p in parts[1:])])


def far_corner_ods(folder: Path) -> Path:
    """Cells that are repeated far out, by attributes in an order that no guard looks for."""
    cell = (
        "<table:table-cell office:value-type='string' table:number-columns-repeated='16000'><text:p>x</text:p></table:table-cell>"
    )
    return ods(folder / "list.ods", ROWS, extra=f"<table:table-row table:number-rows-repeated='1000000'>{cell}</table:table-row>")


def names_no_text(content: bytes) -> bytes:
    """The directory says of a part's name that it is UTF-8, which it is not."""
    names = content.replace(b"xl/workbook.xml", b"xl/\xff\xfe\xfdkbook.xml")
    return names.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x00\x08")


def without_sheets(folder: Path) -> Path:
    """A workbook that lists none."""
    listing = HEAD.replace("worksheet", "workbook").replace("sheetData", "sheets") + "</sheets></workbook>"
    return repacked(xlsx(folder / "list.xlsx", ROWS), **{"xl/workbook.xml": listing})


def nested(folder: Path) -> Path:
    """An archive of archives, called a workbook."""
    inner = xlsx(folder / "inner.xlsx", ROWS).read_bytes()
    for level in range(5):
        with zipfile.ZipFile(folder / "list.xlsx", "w") as packed:
            packed.writestr(f"{level}.zip", inner)
        inner = (folder / "list.xlsx").read_bytes()
    return folder / "list.xlsx"


def shared_bomb(folder: Path) -> Path:
    """One long text that a hundred thousand cells point at: 3 GB once it is unfolded, a few KB as a file."""
    namespace, kind = HEAD.split('"')[1], "sharedStrings"
    document = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    path = xlsx(folder / "list.xlsx", ROWS)
    with zipfile.ZipFile(path) as packed:
        relations = packed.read("xl/_rels/workbook.xml.rels").decode()
    relation = f'<Relationship Id="r2" Type="{document}/{kind}" Target="{kind}.xml"/></Relationships>'
    cells = "<row>" + '<c t="s"><v>0</v></c>' * 100 + "</row>"
    return repacked(
        path,
        **{
            "xl/_rels/workbook.xml.rels": relations.replace("</Relationships>", relation),
            "xl/sharedStrings.xml": f'<sst xmlns="{namespace}" count="1" uniqueCount="1"><si><t>{"x" * 32_000}</t></si></sst>',
            "SHEET": HEAD + cells * 1000 + TAIL,
        },
    )


# (what it is, file, a part of the sentence)
REFUSED: list[tuple[str, Make, str]] = [
    ("far corner", sheet(CORNER), "reaches to row 1,048,576"),
    ("cells without a place", sheet("<row r='1048576'>" + "<c><v>1</v></c>" * 16_384 + "</row>"), "column 16,384"),
    ("bomb", lambda f: xlsx(f / "list.xlsx", ROWS, parts={"xl/media/a": b"\0" * (21 << 20)}), "unpacks to more than"),
    ("bomb of one text", shared_bomb, "list.xlsx: "),
    ("archives in archives", nested, "list.xlsx: the workbook cannot be read"),
    ("wrong check sum", bytes_changed(wrong_sum), "list.xlsx: the workbook is damaged"),
    ("password on the parts", bytes_changed(marked_as_encrypted), "protected by a password"),
    ("password on the whole", bytes_changed(lambda _: OLD + b"EncryptedPackage" * 99), "old or protected"),
    ("old Excel renamed", bytes_changed(lambda _: OLD + b"\0" * 900), "old or protected"),
    ("no sheet", without_sheets, "the workbook is empty"),
    ("sheet's part missing", lambda f: repacked(xlsx(f / "list.xlsx", ROWS), SHEET=None), "the workbook cannot be read"),
    ("no rows", sheet(""), "list.xlsx, line 1: the workbook is empty"),
    ("cut XML", lambda f: repacked(xlsx(f / "list.xlsx", ROWS), SHEET=HEAD + "<row><c r='A1'"), "list.xlsx"),
    ("entities", sheet("<!DOCTYPE a [<!ENTITY b 'c'>]>"), "declares entities"),
    ("directory that lies", bytes_changed(lambda b: b[:-16] + b"\xff" * 16), "list.xlsx: the workbook is damaged"),
    ("parts' names no text", bytes_changed(names_no_text), "list.xlsx: the workbook is damaged"),
]  # fmt: skip
# (what it is, file): the guards may not see through it; what comes of it is rows or a sentence
EITHER: list[tuple[str, Make]] = [
    ("place as entities", sheet(CORNER.replace("XFD", "&#88;&#70;&#68;"))),
    ("row as entities", sheet(CORNER.replace("1048576", "&#49;048576"))),
    ("far corner in UTF-16", sheet(CORNER, "utf-16")),
    ("repeated far out", far_corner_ods),
    *[(f"sound rows in {e}", sheet('<row r="1"><c r="A1"><v>1</v></c></row>', e)) for e in ("utf-16", "utf-16-le", "iso-8859-1")],
    ("negative places", sheet("<row r='-1'><c r='A-1'><v>1</v></c></row>")),
    ("places that are none", sheet("<row r='1'><c r='1A'><v>1</v></c><c r='AAAAAAAAAA99999999999'><v>1</v></c></row>")),
    ("numbers that are none", sheet("<row><c><v>1e999</v></c><c><v>NaN</v></c><c t='s'><v>99999</v></c></row>")),
]  # fmt: skip


@pytest.mark.parametrize(("make", "sentence"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_what_no_workbook_does_is_refused_by_a_sentence(tmp_path, make, sentence, monkeypatch):
    monkeypatch.setattr(sheets, "LIMITS", Limits(memory=512 << 20))
    monkeypatch.setattr(archive, "MAX_BYTES", 20 << 20)
    with pytest.raises(DataError) as refused:
        open_grid(make(tmp_path), {})
    assert sentence in str(refused.value)
    assert str(refused.value).startswith("list."), "the file is named"


def outcome(path: Path) -> tuple[int, str]:
    """How many rows there are, and the sentence; where there is none, the file's name."""
    try:
        return sum(1 for _ in open_grid(path, {}).rows()), path.name
    except KgError as refused:
        return 0, str(refused)


@pytest.mark.parametrize("make", [each[1] for each in EITHER], ids=[each[0] for each in EITHER])
def test_what_the_guards_cannot_see_ends_in_rows_or_a_sentence(tmp_path, make):
    path = make(tmp_path)
    rows, sentence = outcome(path)
    assert rows < 1000
    assert sentence.startswith(path.name)


@settings(max_examples=20)
@given(seed=st.integers(0, 1 << 30), many=st.integers(1, 40), inside=st.booleans())
def test_no_changed_byte_ends_the_program(tmp_path_factory, seed, many, inside):
    folder, chance = tmp_path_factory.mktemp("changed"), random.Random(seed)
    path = xlsx(folder / "list.xlsx", ROWS)
    if inside:
        content = bytearray(zipfile.ZipFile(path).read(SHEET))
        for _ in range(many):
            content[chance.randrange(len(content))] = chance.randrange(256)
        repacked(path, SHEET=bytes(content))
    else:
        content = bytearray(path.read_bytes())
        for _ in range(many):
            content[chance.randrange(4, len(content))] = chance.randrange(256)
        path.write_bytes(content)
    assert outcome(path)[1].startswith("list.xlsx")


READERS = {
    "kills itself": "import os; os.kill(os.getpid(), 9)",
    "aborts": "import os; os.abort()",
    "raises": "raise RuntimeError('panic')",
    "writes half a row and dies": 'import os; os.write(1, b\'{"sheet": "a"}\\n[1, ["a\'); os._exit(7)',
}
NEVER_ENDS = {
    "sleeps": "import time; time.sleep(999)",
    "spins": "while True: pass",
    "writes without end": "while True: print('[1, [\"a\"]]')",
}


def reader(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, limits: Limits) -> Path:
    """Put another program where the reader stands, with the reader's own limits; a sound workbook."""
    own = sheets.READER.read_text(encoding="utf-8").partition('if __name__ == "__main__"')[0]
    script = folder / "reader.py"
    script.write_text(own + f"limit_self(*map(int, sys.argv[4:7]))\n{text}\n", encoding="utf-8")
    monkeypatch.setattr(sheets, "READER", script)
    monkeypatch.setattr(sheets, "LIMITS", limits)
    return xlsx(folder / "list.xlsx", ROWS)


@pytest.mark.parametrize("text", READERS.values(), ids=READERS)
def test_a_reader_that_dies_is_a_sentence(tmp_path, monkeypatch, text):
    with pytest.raises(DataError, match=r"^list\.xlsx: the workbook cannot be read: its reader stopped .* as CSV$"):
        open_grid(reader(tmp_path, monkeypatch, text, Limits()), {})


@pytest.mark.parametrize("text", NEVER_ENDS.values(), ids=NEVER_ENDS)
def test_a_reader_that_never_ends_is_ended(tmp_path, monkeypatch, text):
    with pytest.raises(DataError, match=r"^list\.xlsx: .* as CSV$"):
        open_grid(reader(tmp_path, monkeypatch, text, Limits(output=1 << 20, seconds=2)), {})


@POSIX_LIMITS
def test_a_reader_that_eats_memory_is_ended(tmp_path, monkeypatch):
    with pytest.raises(DataError, match=r"more than 512 MB of memory"):
        open_grid(reader(tmp_path, monkeypatch, "a = []\nwhile True: a.append(bytearray(1 << 24))", Limits(memory=512 << 20)), {})


def test_more_text_than_may_be_written_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "LIMITS", Limits(output=1 << 20))
    with pytest.raises(DataError, match=r"^list\.xlsx: the workbook holds more than 1 MB of text"):
        open_grid(xlsx(tmp_path / "list.xlsx", [["Ulm" * 9000] * 8] * 9), {})


@pytest.mark.parametrize("name", ["Zwei", "\ud800", "a\0b", "--help", "x" * 300_000])
def test_a_sheet_that_is_not_there_is_a_sentence(tmp_path, name):
    with pytest.raises((UsageError, DataError), match=r"sheet"):
        open_grid(xlsx(tmp_path / "list.xlsx", ROWS), {"sheet": name})


def test_rows_come_as_often_as_they_are_asked_for_and_side_by_side(tmp_path):
    rows = [["Stadt", "Wert"], *([f"Ort {n} 東京 🏛", n + 0.5] for n in range(5000))]
    grid = open_grid(xlsx(tmp_path / "list.xlsx", rows), {})
    first, second = grid.rows(), grid.rows()
    assert next(first) == next(second) == (1, ["Stadt", "Wert"])
    assert list(first) == list(second) == [(n, [name, str(value)]) for n, (name, value) in enumerate(rows[1:], 2)]
