"""Files become texts with a way back to the original: every kind, broken words, dates, hostile files."""

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from docx import Document as Docx
from hypothesis import given
from hypothesis import strategies as st

from ingest.documents import files
from ingest.documents.document import About, Document, document_of, open_documents
from ingest.documents.language import LANGUAGES
from ingest.documents.traced import Traced
from kg.errors import DataError, KgError, UsageError
from tests.ingesting import write

SAID = "Bretten ist mit Longjumeau verschwistert."
ODT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
    "<text:h>Überschrift</text:h><text:p>Bretten ist mit <text:span>Longjumeau</text:span> verschwistert.</text:p>"
    "</office:text></office:body></office:document-content>"
)


def zipped(path: Path, **parts: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr({"content": "content.xml", "word": "word/document.xml"}.get(name, name), text)
    return path


def docx(folder: Path) -> Path:
    document = Docx()
    document.add_heading("Überschrift")
    document.add_paragraph(SAID)
    document.save(str(folder / "paper.docx"))
    return folder / "paper.docx"


def odt(folder: Path) -> Path:
    return zipped(folder / "paper.odt", content=ODT)


def pdf(folder: Path, text: str = SAID, name: str = "paper.pdf") -> Path:
    """A PDF of one page, written by hand so that no library has to make it."""
    stream = f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >>"
        b" /XObject << >> >> >>",
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    made = io.BytesIO(b"")
    made.write(b"%PDF-1.4\n")
    places: list[int] = []
    for number, content in enumerate(objects, 1):
        places.append(made.tell())
        made.write(f"{number} 0 obj\n".encode() + content + b"\nendobj\n")
    start = made.tell()
    made.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    made.write(b"".join(f"{place:010d} 00000 n \n".encode() for place in places))
    made.write(f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode())
    path = folder / name
    path.write_bytes(made.getvalue())
    return path


def mail(folder: Path) -> Path:
    message = EmailMessage()
    message["Subject"], message["Date"] = "Partnerschaften", "Thu, 14 Mar 2024 10:00:00 +0100"
    message.set_content(SAID)
    attached = pdf(folder, "Bruchsal ist mit Cwmbran verschwistert.").read_bytes()
    message.add_attachment(attached, maintype="application", subtype="pdf", filename="anlage.pdf")
    path = folder / "mail.eml"
    path.write_bytes(message.as_bytes())
    return path


FILES = {
    "text": lambda folder: write(folder, SAID, "paper.txt"),
    "windows-1252": lambda folder: write(folder, SAID + " Für Köln", "paper.txt", "cp1252"),
    "markdown": lambda folder: write(folder, f"# Überschrift\n\n**{SAID}**", "paper.md"),
    "html": lambda folder: write(folder, f"<html><head><title>x</title></head><body><p>{SAID}</p></body></html>", "paper.html"),
    "docx": docx,
    "odt": odt,
    "pdf": pdf,
    "mail": mail,
}


@pytest.mark.parametrize("make", FILES.values(), ids=FILES)
def test_every_kind_of_file_gives_its_sentence(tmp_path, make):
    found = open_documents(make(tmp_path))
    assert SAID in [document.text[s.begin : s.end] for document in found for s in document.sentences]


def test_a_mail_gives_its_attachments_too_and_its_date(tmp_path):
    found = open_documents(mail(tmp_path))
    assert [document.name for document in found] == ["mail.eml", "mail.eml: anlage.pdf"]
    assert {document.about.published for document in found} == {"2024-03-14"}
    assert "Cwmbran" in found[1].text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Die Städtepart-\nnerschaft besteht.", "Die Städtepartnerschaft besteht."),
        ("und daran ha-\n\npert es noch.", "und daran hapert es noch."),
        ("Die Infektions-\nund die Sterberate.", "Die Infektions- und die Sterberate."),
        ("in Baden-\nWürttemberg", "in Baden-Württemberg"),
        ("Stadt\u00a0Ulm &amp; <b>Jena</b>", "Stadt Ulm & Jena"),
        ("Städte\u00adpartner\ufffe\nschaft", "Städtepartnerschaft"),
        ("Mit **rund** 150 Teilnehmer\\*innen", "Mit rund 150 Teilnehmer*innen"),
        ("Ulm\n\nZum Seitenanfang\n", "Ulm"),
        ("eine [Partnerschaft](https://example.org/x) mit Jena", "eine Partnerschaft mit Jena"),
    ],
)
def test_what_is_no_text_is_cleaned_away(text, cleaned):
    assert document_of(text, language="de").text == cleaned


@given(st.text(alphabet="aBß é<b>/&;amp\n-\u00a0\u00ad*_[](x)#.\t", max_size=200))
def test_every_letter_knows_where_it_stood(text):
    """Whatever is cleaned: a letter of the cleaned text is the letter of the original at its offset."""
    try:
        document = document_of(f"Wort {text} Ende", language="de")
    except StopIteration:
        return
    assert len(document.traced.starts) == len(document.text)
    assert list(document.traced.starts) == sorted(document.traced.starts)
    for at, char in enumerate(document.text):
        if char in "aBß":
            assert document.raw[document.traced.starts[at]] == char


def test_html_keeps_what_a_reader_sees_with_its_offsets():
    source = "<html><head><meta property='article:published_time' content='2023-05-12T10:00'><title>T</title></head><body>"
    source += "<nav>Menü Ulm</nav><p>Bretten &uuml;ber <b>Jena</b>.</p><script>x('Rom')</script><li>Kiel<li>Brest</body></html>"
    from ingest.documents.html import html_text

    page = html_text(source)
    assert (page.title, page.published) == ("T", "2023-05-12")
    assert page.text.text.split() == ["Bretten", "über", "Jena", ".", "-", "Kiel", "-", "Brest"] or "über Jena." in page.text.text
    begin = page.text.text.index("Jena")
    assert source[slice(*page.text.origin(begin, begin + 4))] == "Jena"


def test_articles_of_one_file_are_documents_of_their_own(tmp_path):
    found = open_documents(write(tmp_path, "Erster Text über Ulm.\n\n=====\n\nZweiter Text über Jena.\n", "two.txt"))
    assert [d.text for d in found] == ["Erster Text über Ulm.", "Zweiter Text über Jena."]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Pressemitteilung vom 12. Mai 2023\n\nUlm feiert.", "2023-05-12"),
        ("Sitzung\t06.12.2023\töffentlich\n\nUlm berichtet über vieles.", "2023-12-06"),
        ("Ulm feiert seit dem 12. Mai 2023 die Partnerschaft mit vielen Gästen aus nah und fern in der ganzen Stadt.", ""),
        ("Ulm feiert am Dienstag.", ""),
        ("Publié le 3 juin 2024\n\nLa ville de Nantes fête le jumelage.", "2024-06-03"),
        ("12/05/2023\n\nIl Comune di Trento.", "2023-05-12"),
    ],
)
def test_the_date_is_the_documents_own_or_none(text, date):
    assert document_of(text).about.published == date


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Stadt ist mit der Gemeinde verschwistert und nicht allein.", "de"),
        ("La ville est jumelée avec la commune depuis dix ans.", "fr"),
        ("Il comune è gemellato con la città di Linz.", "it"),
        ("The town is twinned with a city in the north.", "en"),
    ],
)
def test_the_language_is_found(text, language):
    assert document_of(text).language == language
    assert language in LANGUAGES


def test_a_document_is_the_same_whatever_its_line_ends_and_marks():
    texts = [f"{SAID} Und sonst?", "Bretten ist mit\r\nLongjumeau   verschwistert. Und sonst?", f"<p>{SAID}</p> Und sonst?"]
    assert len({document_of(text, language="de").id for text in texts}) == 1
    assert document_of(SAID + " Nein.", language="de").id != document_of(texts[0], language="de").id


def scanned(folder: Path) -> Path:
    path = pdf(folder, "")
    path.write_bytes(path.read_bytes().replace(b"/XObject << >>", b"/XObject << /A 5 0 R >>"))
    return path


HOSTILE = {
    "empty": lambda f: write(f, "", "a.txt"),
    "binary": lambda f: write(f, "\x00\x01\x02" * 500, "a.txt"),
    "no pdf": lambda f: write(f, "%PDF-1.4 nothing", "a.pdf"),
    "half a pdf": lambda f: _cut(pdf(f)),
    "pictures only": scanned,
    "no docx": lambda f: zipped(f / "a.docx", content="x"),
    "no zip": lambda f: write(f, "PK", "a.docx"),
    "broken odt": lambda f: zipped(f / "a.odt", content="<a><b></a>"),
    "entities": lambda f: zipped(f / "a.odt", content=BOMB),
    "deep": lambda f: zipped(f / "a.odt", content="<a>" * 5000 + "</a>" * 5000),
    "no mail": lambda f: write(f, "Subject: x\n\n", "a.eml"),
    "unknown": lambda f: write(f, "x", "a.rtf"),
    "missing": lambda f: f / "nowhere.txt",
}
BOMB = "<!DOCTYPE z [<!ENTITY a '" + "x" * 1000 + "'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 50}'>" for n in range(8)
) + "]><p>&i;</p>"  # fmt: skip


def _cut(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:300])
    return path


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_means_harm_is_a_sentence_with_its_name(tmp_path, make):
    path = make(tmp_path)
    with pytest.raises(KgError, match=path.name):
        open_documents(path)


def test_scanned_pages_are_said_to_be_pictures(tmp_path):
    with pytest.raises(DataError, match="pictures"):
        open_documents(scanned(tmp_path))


def test_a_reader_that_takes_too_long_is_ended(tmp_path, monkeypatch):
    script = tmp_path / "reader.py"
    script.write_text("while True: pass\n", encoding="utf-8")
    monkeypatch.setattr(files, "READER", script)
    monkeypatch.setattr(files, "LIMITS", files.Limits(seconds=2))
    with pytest.raises(DataError, match=r"paper\.pdf"):
        open_documents(pdf(tmp_path))


@pytest.mark.parametrize("about", [About(published="gestern"), About(published="2024-13")])
def test_a_date_that_is_none_is_refused(tmp_path, about):
    with pytest.raises(UsageError, match="--published"):
        open_documents(write(tmp_path, SAID, "a.txt"), about)


def test_traced_text_points_back_through_several_changes():
    import re

    text = Traced.of("xxAByyCD").sub(re.compile("x+"), "").sub(re.compile("y+"), "-")
    assert (text.text, text.origin(0, 2), text.origin(3, 5)) == ("AB-CD", (2, 4), (6, 8))
    assert isinstance(document_of(SAID, language="de"), Document)
