"""Tables in HTML and Markdown: each one as rows of text; what a page would run or load is never looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree, html  # pyright: ignore[reportMissingTypeStubs, reportAttributeAccessIssue]
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.tabular.encoding import encoding_of
from ingest.tabular.text import Line
from kg.errors import DataError

# lxml leaves its types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

MAX_BYTES = 50 << 20
MAX_CELLS = 2_000_000
_MOST_SPANNED = 1000
_LEFT_OUT = frozenset({"script", "style", "template", "noscript", "svg", "math", "table"})
_BREAKS = frozenset({"br", "li", "p", "div"})
_FOOTNOTES = frozenset({"reference", "mw-ref", "footnote"})


@dataclass(frozen=True, slots=True)
class MarkedTable:
    """One table of a page with its heading ("" where none stands above it)."""

    name: str
    rows: tuple[Line, ...]


def html_tables(path: Path) -> list[MarkedTable]:
    """Every table of the page with at least two rows of two cells.

    Raises:
        DataError: the page is too large or cannot be read.
    """
    if path.stat().st_size > MAX_BYTES:
        raise DataError(f"{path.name}: the page has more than {MAX_BYTES >> 20} MB; save its table as CSV")
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding=_encoding(path))
    try:
        page = html.document_fromstring(path.read_bytes(), parser=parser)
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise DataError(f"{path.name}: the page cannot be read ({str(error)[:100]}); save its table as CSV") from error
    found: list[MarkedTable] = []
    heading = ""
    for element in page.iter("h1", "h2", "h3", "h4", "table"):
        if element.tag != "table":
            heading = " ".join(_text(element).split())[:60]
        elif rows := _html_rows(path, element):
            found.append(MarkedTable(heading, tuple(rows)))
    return found


def _encoding(path: Path) -> str | None:
    """UTF-8 where the bytes are; else what the page says of itself."""
    try:
        path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _html_rows(path: Path, table: Any) -> list[Line]:
    """The rows, numbered from 1, with cells that span several repeated in each of them."""
    rows: list[Line] = []
    above: dict[int, tuple[int, str]] = {}
    cells = 0
    for row in (each for each in table.iter("tr") if next(each.iterancestors("table"), None) is table):
        texts: list[str] = []
        for cell in (each for each in row if each.tag in {"td", "th"}):
            _take_from_above(texts, above)
            text = _text(cell)
            for _ in range(_span(cell, "colspan")):
                above[len(texts)] = (_span(cell, "rowspan") - 1, text)
                texts.append(text)
        _take_from_above(texts, above)
        cells += len(texts)
        if cells > MAX_CELLS:
            raise DataError(f"{path.name}: a table of the page has more than {MAX_CELLS:,} cells; save it as CSV")
        if any(texts):
            rows.append((len(rows) + 1, texts))
    return rows if len(rows) > 1 and max(len(texts) for _, texts in rows if isinstance(texts, list)) > 1 else []


def _take_from_above(texts: list[str], above: dict[int, tuple[int, str]]) -> None:
    while (left := above.get(len(texts), (0, ""))) and left[0] > 0:
        above[len(texts)] = (left[0] - 1, left[1])
        texts.append(left[1])


def _span(cell: Any, name: str) -> int:
    text = str(cell.get(name, "1")).strip()
    return min(max(int(text), 1), _MOST_SPANNED) if text.isdecimal() and len(text) < 8 else 1


def _text(element: Any) -> str:
    """The text that a reader sees, without footnote marks; lines and points of a list are lines."""
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, each in walk:
        inside = each is not element
        if event == "end":
            parts.append((each.tail or "") if inside else "")
        elif inside and (each.tag in _LEFT_OUT or _unseen(each)):
            walk.skip_subtree()
        else:
            parts.append("\n" if inside and each.tag in _BREAKS else "")
            parts.append(each.text or "")
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _unseen(element: Any) -> bool:
    classes = set(str(element.get("class", "")).split())
    hidden = "display:none" in str(element.get("style", "")).replace(" ", "").lower() or element.get("hidden") is not None
    return hidden or bool(classes & _FOOTNOTES)


# --- Markdown -----------------------------------------------------------------------------------------------------------


def markdown_tables(path: Path) -> list[MarkedTable]:
    """Every table between pipes, with the heading above it.

    Raises:
        DataError: the file is too large or no text.
    """
    if path.stat().st_size > MAX_BYTES:
        raise DataError(f"{path.name}: the text has more than {MAX_BYTES >> 20} MB; save its table as CSV")
    text = path.read_text(encoding_of(path).name, errors="replace")
    found: list[MarkedTable] = []
    rows: list[Line] = []
    heading, last = "", ""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "inline":
            if last == "heading_open":
                heading = _plain(token.children)
            elif last in {"th_open", "td_open"}:
                _cells_of(rows).append(_plain(token.children))
        elif token.type == "tr_open":
            rows.append(((token.map or [0])[0] + 1, []))
        elif token.type == "table_close":
            found.append(MarkedTable(heading[:60], tuple(rows)))
            rows = []
        last = token.type
    return found


def _cells_of(rows: Sequence[Line]) -> list[str]:
    cells = rows[-1][1]
    assert isinstance(cells, list)
    return cells


def _plain(tokens: Sequence[Token] | None) -> str:
    """Text without marks; an HTML line break is a line."""
    return "".join(_part(token) for token in tokens or ()).strip()


def _part(token: Token) -> str:
    if token.type == "html_inline":
        return "\n" if token.content.lower().startswith("<br") else ""
    return "\n" if token.type in {"softbreak", "hardbreak"} else token.content if token.type in {"text", "code_inline"} else ""
