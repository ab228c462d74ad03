"""The council paper: what it says and from where, as Word and Markdown, as a printed page, and with hostile names."""

import datetime as dt
import os
import re
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kg.errors import UsageError
from kg.present.paper.document import (
    Bullets,
    CitedText,
    Document,
    Heading,
    PaperTable,
    Paragraph,
    Picture,
    Section,
    clean,
    statements,
    web_address,
)  # fmt: skip
from kg.present.paper.docx import as_docx
from kg.present.paper.dossier import dossier
from kg.present.paper.file import write, writer_of
from kg.present.paper.markdown import as_markdown, plain
from kg.present.paper.picture import Side, draw
from kg.present.views.connection import connect
from kg.present.views.paths import path_document, path_rows
from kg.store.driver import Graph
from kg.store.places import find_place
from kg.store.reading import places_by_id

DAY = dt.date(2026, 11, 23)
TRIO = ("Ludwigsburg", "Bergamo", "Mulhouse")
GERMAN = [
    "Betreff", "Sachverhalt", "Was besteht", "Was fehlt", "Bisherige Versuche", "Unterstützung", "Fördermöglichkeiten",
    "Aufwand und offene Fragen", "Beschlussvorschlag (zu bearbeiten)", "Finanzielle Auswirkungen", "Quellen",
    "Anlage: Vermerke aus den Quellen",
]  # fmt: skip


def paper(graph: Graph, *names: str, language="de", at: dt.date | None = None) -> Document:
    return dossier(graph, [find_place(graph, name).id for name in names], language, at, DAY)


def section(document: Document, title: str) -> str:
    found = next(s for s in document.sections if s.title == title)
    return "\n".join(
        statement.text
        for block in found.blocks
        for statement in (block.items if isinstance(block, Bullets) else block.statements if isinstance(block, Paragraph) else ())
    )


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(content)) as package:
        return package.read(name).decode()


@pytest.fixture(scope="module")
def german(bundled_graph: Graph) -> Document:
    return paper(bundled_graph, *TRIO)


@pytest.fixture(scope="module")
def english(bundled_graph: Graph) -> Document:
    return paper(bundled_graph, *TRIO, language="en")


def test_the_german_paper_has_the_sections_of_a_council_paper_and_blanks_to_fill_in(german):
    assert [s.title for s in german.sections] == GERMAN
    assert [label for label, value in german.fields if not value] == ["Vorlage Nr.", "Gremium", "Sitzung am", "Federführung"]
    assert ("Stand der Angaben", "23.11.2026") in german.fields


def test_it_says_what_exists_what_is_missing_and_what_was_tried(german):
    assert "Ludwigsburg – Bergamo: Städtepartnerschaft, seit 21.10.2022, aktiv" in section(german, "Was besteht")
    assert "Zwischen Ludwigsburg und Mulhouse ist keine Verbindung in Kraft." in section(german, "Was fehlt")
    assert "„Trilateraler Bürgerrat“" in section(german, "Bisherige Versuche")
    assert "Landkreis Ludwigsburg – Provinz Bergamo: Kreispartnerschaft" in section(german, "Unterstützung")
    assert "Mulhouse" in section(german, "Beschlussvorschlag (zu bearbeiten)")


def test_meetings_are_named_in_the_language_of_the_paper(german, english):
    assert "Partnerschaftsurkunde von Ludwigsburg und Bergamo, unterzeichnet in Bergamo" in section(german, "Was besteht")
    assert "Twinning deed of Ludwigsburg and Bergamo, signed in Bergamo" in section(english, "What exists")


def test_the_resolution_asks_for_what_is_missing(bundled_graph):
    bridge = section(paper(bundled_graph, "Ludwigsburg", "Montbéliard", "Nový Jičín"), "Beschlussvorschlag (zu bearbeiten)")
    assert "bei Montbéliard und Nový Jičín anzufragen, ob ein Kontakt zwischen beiden" in bridge
    joining = section(paper(bundled_graph, "Ludwigsburg", "Bergamo", "Kongoussi"), "Beschlussvorschlag (zu bearbeiten)")
    assert "wie sich Bergamo an dem Engagement in Kongoussi beteiligen kann" in joining


def test_english_says_the_same(german, english):
    assert len(english.sections) == len(german.sections)
    assert len(statements(english)) == len(statements(german))
    assert "No tie between Ludwigsburg and Mulhouse is in force." in section(english, "What is missing")
    assert not re.search(r"\b(ist|und|keine|nicht)\b", section(english, "What exists"))


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_statement_has_a_footnote_and_the_footnotes_stand_in_order(language, german, english):
    document = german if language == "de" else english
    assert all(statement.notes for statement in statements(document))
    every = list(range(1, len(document.notes) + 1))
    word = part(as_docx(document), "word/document.xml")
    assert [int(n) for n in re.findall(r"footnoteReference [^>]*w:id=\"(\d+)\"", word)] == every
    body, _, notes = as_markdown(document).partition("\n[^1]:")
    assert [int(n) for n in re.findall(r"\[\^(\d+)\]", body)] == every
    assert [int(n) for n in re.findall(r"^\[\^(\d+)\]:", "[^1]:" + notes, re.MULTILINE)] == every


def test_nothing_is_said_that_is_not_in_the_graph(bundled_graph, german):
    names = {row["n"] for row in bundled_graph.read(
        "MATCH (p:Place) UNWIND [p.name, p.name_de] AS n RETURN DISTINCT n") if row["n"]}  # fmt: skip
    titles = {clean(row["t"]) for row in bundled_graph.read("MATCH (s:Source) RETURN s.title AS t")}
    told = section(german, "Was besteht") + "\n" + section(german, "Bisherige Versuche")
    for line in told.splitlines():
        members = re.match(r"(?:Verlauf |Widerspruch bei )?((?:[^:,–]+ – )+[^:,]+)[:,]", line)
        if members and not re.match(r"\d|Januar|März|Sept", line):
            assert set(members[1].split(" – ")) <= names, line
    sources = next(s for s in german.sections if s.title == "Quellen").blocks[0]
    assert isinstance(sources, Bullets)
    for item in sources.items[:-1]:
        assert any(item.text.split(" ", 1)[1].startswith(title) for title in titles), item.text
    rows = bundled_graph.read("MATCH (c:Claim) RETURN c.as_of AS a, c.stated AS b, c.value AS c")
    known = set(re.findall(r"\d{4}", " ".join(str(value) for row in rows for value in row.values())))
    assert set(re.findall(r"\b(?:1[89]|20)\d\d\b", told)) <= known


def test_a_contradiction_is_stated_with_both_sources(bundled_graph):
    told = section(paper(bundled_graph, "Ettlingen", "Épernay", "Fada N'gourma"), "Was besteht")
    line = next(line for line in told.splitlines() if line.startswith("Widerspruch"))
    assert re.search(r"Beginn|seit|Anfang", line)
    assert line.count(" nach ") >= 2
    founding = section(paper(bundled_graph, "Ludwigsburg", "Montbéliard", "Bergamo"), "Was besteht")
    line = next(line for line in founding.splitlines() if line.startswith("Widerspruch bei Ludwigsburg – Montbéliard"))
    assert len(re.findall(r"\b(1950|1962) nach ", line.replace("06.05.", ""))) == 2


def test_the_paper_of_an_earlier_day_knows_nothing_later(bundled_graph):
    told = paper(bundled_graph, *TRIO, at=dt.date(2021, 4, 1))
    assert "Ludwigsburg – Bergamo: Städtepartnerschaft, geplant (Stand März 2021)" in section(told, "Was besteht")
    assert told.as_of == "2021-04-01"
    assert "Unterzeichnung" not in section(told, "Was besteht")


def test_any_three_places_get_a_paper(bundled_graph):
    told = paper(bundled_graph, "Kongoussi", "Swjahel", "Caerphilly")
    assert "kein offenes Dreieck" in section(told, "Betreff")
    assert section(told, "Was fehlt").count("keine Verbindung in Kraft") == 3
    assert all(statement.notes for statement in statements(told))
    working = paper(bundled_graph, "Ludwigsburg", "Montbéliard", "Kongoussi")
    assert "haben bereits ein gemeinsames Vorhaben" in section(working, "Betreff")
    with pytest.raises(UsageError, match="three different places"):
        paper(bundled_graph, "Ludwigsburg", "Ludwigsburg", "Bergamo")


def test_the_word_file_has_headings_a_funding_table_properties_and_page_numbers(german):
    content = as_docx(german)
    word = docx.Document(BytesIO(content))
    headings = [p.text for p in word.paragraphs if p.style.name == "Heading 1"]
    assert headings == [f"{n}  {title}" for n, title in enumerate(GERMAN, 1)]
    funding = next(t for t in word.tables if t.cell(0, 0).text == "Programm")
    assert [cell.text for cell in funding.rows[0].cells] == ["Programm", "Ergebnis", "Begründung", "Mittel", "Stand", "Quelle"]
    first, *rest = (row.cells[1].text for row in funding.rows[1:])
    assert first.startswith("passt; laufend"), "what can be had stands first"
    assert "passt; erwartet, etwa September 2027" in rest
    properties = word.core_properties
    assert (properties.title, properties.author, properties.language) == (german.title, "", "de-DE")
    assert re.findall(r"<w:instrText[^>]*>([^<]*)<", part(content, "word/footer1.xml")) == ["PAGE", "NUMPAGES"]
    assert 'w:lang w:val="de-DE"' in part(content, "word/styles.xml")
    assert 'descr="Ludwigsburg – Bergamo: Städtepartnerschaft, aktiv' in part(content, "word/document.xml")


@pytest.mark.parametrize("language", ["de", "en"])
def test_it_prints_to_pages_that_are_not_empty(language, german, english, tmp_path):
    office, to_png = shutil.which("soffice"), shutil.which("pdftoppm")
    if not (office and to_png):
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no LibreOffice or no pdftoppm on this machine")
    write(german if language == "de" else english, tmp_path / "paper.docx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "paper.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    subprocess.run([to_png, "-r", "40", "-png", "paper.pdf", "page"], check=True, capture_output=True, timeout=100, cwd=tmp_path)
    pages = sorted(tmp_path.glob("page*.png"))
    assert 5 <= len(pages) <= 14
    for page in pages:
        with Image.open(page) as image:
            counted = image.convert("L").histogram()
        ink = sum(counted[:128]) / sum(counted)
        assert ink > 0.004, f"{page.name} is nearly empty"


HOSTILE = (
    'HYPERLINK "http://evil.example" \\o "x"', "<w:fldSimple w:instr='AUTHOR'/>", "]]></w:t><w:instrText>DATE</w:instrText>",
    "[x](http://evil.example)", "![x](javascript:alert(1))", "<script>alert(1)</script>", "a|b\n\n# c", "www.evil.example",
    "x\x00\x08\x1b\u202e\u2066gpj.exe\ufeff\ud800", "[^1]: forged", "1. one", "- two", "`code` $x$ ~~z~~ &lt;", "Å" * 1000,
    "{title} {0} %s", "mailto:a@b.example", "=cmd|' /C calc'!A0", "   ",
)  # fmt: skip


def hostile(text: str) -> Document:
    said, noted = CitedText(text), CitedText(text, (1,), web_address(text))
    png = draw((text, text, text), [Side("solid", text), Side("dashed", text), Side("none", text)])
    blocks = (
        Paragraph((noted, said)), Bullets((noted,)), Bullets((said,), numbered=True), Heading(text),
        PaperTable((text, text), ((noted, said),), (8.0, 8.0)), Picture(png, text, text),
    )  # fmt: skip
    return Document(text, text, "de", "2026-11-23", ((text, text), (text, text)), (Section(text, blocks),), (said,), text)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_name_becomes_a_field_a_link_or_markup(text):
    content = as_docx(hostile(text))
    with zipfile.ZipFile(BytesIO(content)) as package:
        names = [name for name in package.namelist() if name.endswith((".xml", ".rels"))]
        every = "".join(package.read(name).decode("utf-8", "replace") for name in names)
    assert re.findall(r"<w:instrText[^>]*>([^<]*)<", every) == ["PAGE", "NUMPAGES"]
    assert not re.search(r"<w:(hyperlink|fldSimple|object)\b|TargetMode=\"External\"", every)
    word = docx.Document(BytesIO(content))
    assert clean(text) in word.paragraphs[0].text
    marked = as_markdown(hostile(text))
    assert "\x1b" not in marked
    assert "\u202e" not in marked
    # What stands unescaped is what the writer itself put there.
    assert not re.search(r"(?<!\\)(?:\]\(|<(?!http)|`)", marked)
    assert not re.search(r"(?i)https?://evil|www\.evil|a@b", marked)
    assert len([line for line in marked.splitlines() if line.startswith("#")]) == 3


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_stays_on_its_line_and_means_nothing(text):
    told = plain(text)
    assert "\n" not in told
    assert told.isprintable() or "\u2060" in told
    assert not re.match(r"\s*(?:[-+=]|\d+[.)]\s|#|>)", told)
    assert re.sub(r"\\(.)", r"\1", told).replace("\u2060", "") == clean(text)


def test_only_plain_addresses_of_the_web_are_addresses():
    assert web_address("https://example.org/a b") == "https://example.org/a%20b"
    for wrong in (
        "javascript:alert(1)",
        "ftp://x.example",
        "http://",
        "https://u:p@x.example",
        "x",
        "http://[",
        "file:///etc/passwd",
    ):
        assert web_address(wrong) == ""


def test_the_picture_writes_letters_of_europe_and_falls_back_to_a_b_c():
    sides = [Side("solid", "Städtepartnerschaft, aktiv"), Side("none", "keine Verbindung"), Side("dashed", "ruhend")]
    drawn = {draw((name, "Łódź", "Dessau-Roßlau"), sides) for name in ("Nový Jičín", "Příbram")}
    fallback = {draw((name, "Łódź", "Dessau-Roßlau"), sides) for name in ("北京", "東京")}
    assert len(drawn) == 2
    assert len(fallback) == 1


def test_a_way_is_told_in_rows_with_kind_and_status(bundled_graph):
    cards = places_by_id(bundled_graph, [find_place(bundled_graph, name).id for name in TRIO])
    a, _, c = (next(card for card in cards.values() if card.name == name) for name in TRIO)
    told = connect(bundled_graph, a, c, "de")
    first = [(row["from"], row["to"], row["kind"], row["status"]) for row in path_rows(told, "de") if row["way"] == 1]
    assert first[0] == ("Ludwigsburg", "Bergamo", "twinning", "active")
    assert first[-1][1] == "Mulhouse"
    assert path_document(told, "en")["connected"] is True


def test_files_are_written_by_their_ending(german, tmp_path):
    write(german, tmp_path / "a.MD")
    assert (tmp_path / "a.MD").read_text("utf-8").startswith("**Vorlage (Entwurf)**")
    for wrong in ("a.pdf", "a"):
        with pytest.raises(UsageError, match=r"\.docx or \.md"):
            writer_of(Path(wrong))
    with pytest.raises(UsageError, match="cannot be written"):
        write(german, tmp_path / "missing" / "a.md")
