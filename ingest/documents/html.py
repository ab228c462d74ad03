"""The readable text of an HTML page, with the way back to the offsets of its source."""

import html
import re
from array import array
from dataclasses import dataclass, field
from html.parser import HTMLParser

from ingest.documents.traced import Traced

_UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "head", "nav", "footer", "aside", "form", "button"})
_BLOCKS = frozenset({
    "p", "div", "section", "article", "main", "header", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote",
    "figure", "figcaption", "dl", "dd", "dt", "pre", "address",
})  # fmt: skip
_VOID = frozenset({"br", "hr", "img", "meta", "link", "input", "area", "base", "col", "embed", "source", "track", "wbr"})
_DATES = frozenset({"article:published_time", "date", "dc.date", "dcterms.date", "datepublished", "publishdate"})
_DAY = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:\D|$)")


@dataclass(frozen=True, slots=True)
class Page:
    """A page's text, title and date of publication, as far as the page says them."""

    text: Traced
    title: str
    published: str


@dataclass(slots=True)
class _Found:
    pieces: list[str] = field(default_factory=list[str])
    starts: "array[int]" = field(default_factory=lambda: array("l"))
    title: str = ""
    published: str = ""


class _Reader(HTMLParser):
    """Gathers what a reader of the page sees."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found = _Found()
        self._lines = [0]
        for match in re.finditer("\n", source):
            self._lines.append(match.end())
        self._hidden: list[str] = []
        self._in_title = False

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _add(self, text: str, *, spread: bool = False) -> None:
        if self._hidden:
            return
        start = self._offset()
        self.found.pieces.append(text)
        self.found.starts.extend(range(start, start + len(text)) if spread else [start] * len(text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note dates and what is hidden; a block begins a paragraph."""
        self._in_title = tag == "title"
        given = {name: value or "" for name, value in attrs}
        if tag in {"meta", "time"}:
            self._date(tag, given)
        if tag in _UNSEEN and tag not in _VOID:
            self._hidden.append(tag)
        elif tag == "br":
            self._add("\n")
        elif tag == "li":
            self._add("\n- ")
        elif tag == "tr":
            self._add("\n")
        elif tag in {"td", "th"}:
            self._add("\t")
        elif tag in _BLOCKS:
            self._add("\n\n")

    def handle_endtag(self, tag: str) -> None:
        """A block ends a paragraph."""
        self._in_title = False
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        elif tag in _BLOCKS:
            self._add("\n\n")

    def handle_data(self, data: str) -> None:
        """Text, which knows where it stood."""
        if self._in_title:
            self.found.title += data
        spaced = re.sub(r"[\r\n\t]", " ", data)
        self._add(spaced, spread=True)

    def handle_entityref(self, name: str) -> None:
        """``&nbsp;`` and the like."""
        self._add(html.unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        """``&#8211;`` and the like."""
        self._add(html.unescape(f"&#{name};"))

    def _date(self, tag: str, given: dict[str, str]) -> None:
        named = (given.get("property") or given.get("name") or given.get("itemprop") or "").lower()
        text = given.get("datetime", "") if tag == "time" else given.get("content", "") if named in _DATES else ""
        if not self.found.published and (day := _DAY.match(text.strip())):
            self.found.published = day[1]


def html_text(source: str) -> Page:
    """What a page says; scripts, navigation and forms are left out."""
    reader = _Reader(source)
    reader.feed(source)
    reader.close()
    found = reader.found
    return Page(Traced("".join(found.pieces), found.starts), html.unescape(" ".join(found.title.split())), found.published)
