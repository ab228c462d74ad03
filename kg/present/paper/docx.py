"""A document as DOCX: real headings, lists, tables and footnotes, page numbers, language and properties.

Text from data only ever becomes the text of a run, cleaned of what XML forbids or a reader would not see; the two fields of
the page number are the only fields, and there is no link at all.
"""

import datetime as dt
from io import BytesIO
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell as Cell  # pyright: ignore[reportPrivateUsage]
from docx.text.paragraph import Paragraph as WordParagraph

from kg.present.paper.document import Block, Bullets, CitedText, Document, Heading, PaperTable, Paragraph, Picture, clean
from kg.present.paper.footnotes import add_notes, add_styles, element, refer
from kg.present.pictures.style import TEXT
from kg.present.texts import t

_FONT = "Arial"
_LANGUAGES = {"de": "de-DE", "en": "en-GB"}
_PROPERTY_LIMIT = 255
_SHADE = "E8EDF3"


def as_docx(document: Document) -> bytes:
    """The file's content."""
    word = docx.Document()
    _page(word, document)
    _styles(word, _LANGUAGES[document.language])
    _head(word, document)
    for number, section in enumerate(document.sections, 1):
        word.add_heading(f"{number}  {clean(section.title)}", level=1)
        for block in section.blocks:
            _block(word, block)
    add_notes(word, [_text(note) for note in document.notes])
    _properties(word, document)
    out = BytesIO()
    word.save(out)
    return out.getvalue()


def _page(word: WordDocument, document: Document) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = Cm(2.2), Cm(1.8), Cm(2), Cm(2)
    line = section.footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.add_run(f"{clean(document.footer)} · {t('dossier.page', document.language)} ")
    _field(line, "PAGE")
    line.add_run(f" {t('dossier.of', document.language)} ")
    _field(line, "NUMPAGES")


def _field(line: WordParagraph, code: str) -> None:
    run: Any = line.add_run()._r  # pyright: ignore[reportPrivateUsage]
    for kind in ("begin", "separate", "end"):
        if kind == "separate":
            instruction = element("w:instrText")
            instruction.text = code
            run.append(instruction)
        run.append(element(f'w:fldChar w:fldCharType="{kind}"'))


def _styles(word: WordDocument, language: str) -> None:
    styles: Any = word.styles
    normal = styles["Normal"]
    _set_font(normal, 10.5)
    normal.paragraph_format.space_after = Pt(5)
    for name, size, before in (
        ("Title", 18, 0),
        ("Heading 1", 13, 14),
        ("Heading 2", 11, 8),
        ("Caption", 8.5, 0),
        ("Footer", 8, 0),
    ):
        style = styles[name]
        _set_font(style, size)
        style.font.color.rgb = RGBColor.from_string(TEXT.light.removeprefix("#").upper())
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(4)
    styles["Caption"].font.bold = False
    for name in ("List Bullet", "List Number"):
        styles[name].paragraph_format.space_after = Pt(3)
    for tag in styles.element.iter(qn("w:lang")):
        tag.set(qn("w:val"), language)
    border = styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        styles["Title"].element.pPr.remove(border)
    add_styles(word)


def _set_font(style: Any, size: float) -> None:
    """The font by name; the template names theme fonts, which would go before it."""
    style.font.name, style.font.size = _FONT, Pt(size)
    fonts = style.element.rPr.rFonts
    for attribute in [name for name in fonts.attrib if "heme" in name]:
        del fonts.attrib[attribute]
    fonts.set(qn("w:cs"), _FONT)


def _head(word: WordDocument, document: Document) -> None:
    kicker = word.add_paragraph()
    kicker.add_run(clean(document.kind)).bold = True
    table = _grid(word, len(document.fields) // 2, (3.6, 4.9, 3.6, 4.9))
    for n, (label, value) in enumerate(document.fields):
        row, column = divmod(n, 2)
        _cell(table.cell(row, 2 * column), CitedText(label), bold=True)
        _cell(table.cell(row, 2 * column + 1), CitedText(value))
    word.add_heading(clean(document.title), level=0).paragraph_format.space_before = Pt(14)


def _block(word: WordDocument, block: Block) -> None:
    if isinstance(block, Heading):
        word.add_heading(clean(block.text), level=2)
    elif isinstance(block, Paragraph):
        _write(word.add_paragraph(), *block.statements, italic=block.draft)
    elif isinstance(block, Bullets):
        for item in block.items:
            _write(word.add_paragraph(style="List Number" if block.numbered else "List Bullet"), item)
    elif isinstance(block, PaperTable):
        _table(word, block)
    else:
        _picture(word, block)


def _write(paragraph: WordParagraph, *statements: CitedText, italic: bool = False, bold: bool = False) -> None:
    for n, statement in enumerate(statements):
        run = paragraph.add_run((" " if n else "") + _text(statement))
        run.italic, run.bold = italic or None, bold or None
        for number in statement.notes:
            refer(paragraph, number)


def _text(statement: CitedText) -> str:
    """The text with the address behind it, which stays plain text."""
    return " ".join(part for part in (clean(statement.text), statement.address) if part)


def _table(word: WordDocument, block: PaperTable) -> None:
    table = _grid(word, 1 + len(block.rows), block.widths)
    for cell, text in zip(table.rows[0].cells, block.header, strict=True):
        _cell(cell, CitedText(text), bold=True, shaded=True)
    # The header row comes again on every page, and no row is torn apart.
    _row_property(table, 0, "w:tblHeader")
    cells = table._cells  # pyright: ignore[reportPrivateUsage]
    for number, row in enumerate(block.rows, 1):
        _row_property(table, number, "w:cantSplit")
        for column, statement in enumerate(row):
            _cell(cells[number * len(block.header) + column], statement)
    word.add_paragraph().paragraph_format.space_after = Pt(0)


def _grid(word: WordDocument, rows: int, widths: tuple[float, ...]) -> WordTable:
    table = word.add_table(rows, len(widths), "Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)
    return table


def _cell(cell: Cell, statement: CitedText, *, bold: bool = False, shaded: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    _write(paragraph, statement, bold=bold)
    for run in paragraph.runs:
        run.font.size = Pt(8)
    if shaded:
        properties: Any = cell._tc.get_or_add_tcPr()  # pyright: ignore[reportPrivateUsage]
        properties.append(element(f'w:shd w:val="clear" w:color="auto" w:fill="{_SHADE}"'))


def _row_property(table: WordTable, row: int, tag: str) -> None:
    properties: Any = table.rows[row]._tr.get_or_add_trPr()  # pyright: ignore[reportPrivateUsage]
    properties.append(element(tag))


def _picture(word: WordDocument, block: Picture) -> None:
    line = word.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.keep_with_next = True
    shape: Any = line.add_run().add_picture(BytesIO(block.png), width=Cm(12.5))
    shape._inline.docPr.set("descr", clean(block.description))
    word.add_paragraph(clean(block.caption), style="Caption")


def _properties(word: WordDocument, document: Document) -> None:
    properties = word.core_properties
    properties.title, properties.subject = (clean(x)[:_PROPERTY_LIMIT] for x in (document.title, document.kind))
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.language = _LANGUAGES[document.language]
    properties.created = properties.modified = dt.datetime.combine(dt.date.fromisoformat(document.as_of), dt.time())
