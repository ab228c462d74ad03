"""Small workbooks made by hand, sound ones and others."""

import zipfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_NS = "http://schemas.openxmlformats.org"
_PART = f"{_NS}/package/2006"
_DOCUMENT = f"{_NS}/officeDocument/2006/relationships"
_MAIN = f"{_NS}/spreadsheetml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_XLSX = {
    "[Content_Types].xml": f'<Types xmlns="{_PART}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PART}/relationships">'
    f'<Relationship Id="r1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}">'
    '<sheets><sheet name="Liste" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PART}/relationships">'
    f'<Relationship Id="r1" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def xlsx_cell(ref: str, value: object) -> str:
    """A cell; text beginning with ``=`` is a formula without a saved value."""
    if isinstance(value, int | float):
        return f'<c r="{ref}"><v>{value}</v></c>'
    if str(value).startswith("="):
        return f'<c r="{ref}"><f>{escape(str(value)[1:])}</f></c>'
    return f'<c r="{ref}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def xlsx(path: Path, rows: Sequence[Sequence[object]], *, extra: str = "", parts: dict[str, bytes] | None = None) -> Path:
    """A workbook of one sheet; ``extra`` is XML for more rows, ``parts`` further files in the archive."""
    lines = (
        f'<row r="{r}">' + "".join(xlsx_cell(f"{'ABCDEFGH'[c]}{r}", v) for c, v in enumerate(row)) + "</row>"
        for r, row in enumerate(rows, 1)
    )
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}{extra}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**_XLSX, "xl/worksheets/sheet1.xml": sheet}.items():
            archive.writestr(name, text)
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return path


def ods(path: Path, rows: Sequence[Sequence[str]], *, extra: str = "") -> Path:
    """An ODS workbook of one sheet of text cells, padded with empty rows as office programs do."""
    cells = (
        "".join(f'<table:table-cell office:value-type="string"><text:p>{escape(v)}</text:p></table:table-cell>' for v in row)
        for row in rows
    )
    body = "".join(f"<table:table-row>{line}</table:table-row>" for line in cells) + extra
    body += '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
    body += "</table:table-row>"
    names = f'xmlns:office="{_ODF}:office:1.0" xmlns:table="{_ODF}:table:1.0" xmlns:text="{_ODF}:text:1.0"'
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="Liste">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0"><manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return path


def workbook(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[object]]],
    *,
    hidden: Collection[str] = (),
    merged: Mapping[str, Sequence[str]] | None = None,
    dates: Mapping[str, Collection[str]] | None = None,
) -> Path:
    """A workbook of several sheets: some ``hidden``, with ``merged`` ranges and cells formatted as ``dates``."""
    types = _XLSX["[Content_Types].xml"].split('<Override PartName="/xl/worksheets')[0]
    entries, relations = "", ""
    styles = (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
        "</styleSheet>"
    )
    parts = {"_rels/.rels": _XLSX["_rels/.rels"], "xl/styles.xml": styles}
    for number, (name, rows) in enumerate(sheets.items(), 1):
        types += (
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType='
            '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        )
        state = ' state="hidden"' if name in hidden else ""
        entries += f'<sheet name="{escape(name)}" sheetId="{number}"{state} r:id="r{number}"/>'
        relations += f'<Relationship Id="r{number}" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        formatted = (dates or {}).get(name, ())
        lines = "".join(
            f'<row r="{r}">'
            + "".join(_styled(f"{'ABCDEFGH'[c]}{r}", value, formatted) for c, value in enumerate(row) if value != "")
            + "</row>"
            for r, row in enumerate(rows, 1)
        )
        ranges = "".join(f'<mergeCell ref="{each}"/>' for each in (merged or {}).get(name, ()))
        more = f"<mergeCells>{ranges}</mergeCells>" if ranges else ""
        parts[f"xl/worksheets/sheet{number}.xml"] = f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData>{more}</worksheet>'
    relations += f'<Relationship Id="s1" Type="{_DOCUMENT}/styles" Target="styles.xml"/>'
    parts["[Content_Types].xml"] = types + "</Types>"
    parts["xl/workbook.xml"] = f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>{entries}</sheets></workbook>'
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{_PART}/relationships">{relations}</Relationships>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def _styled(ref: str, value: object, dates: Collection[str]) -> str:
    return f'<c r="{ref}" s="1"><v>{value}</v></c>' if ref in dates else xlsx_cell(ref, value)
