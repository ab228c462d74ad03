"""Run as a program of its own by `files`: takes the text out of one PDF, DOCX or ODT file and writes it as lines of JSON.

It imports nothing of ours but its limits. Arguments: the folder of the packages, the file, its format, and the limits: bytes of
memory, bytes of output, seconds. Lines are ``{"text": …}`` for each page or document, ``{"refused": reason}``, and at the end
``{"pages": n, "pictures": n}``: how many pages there are and how many of them hold no text but pictures.
"""

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

# fmt: off
_TEXT = {"t", "p", "h", "span", "a"}
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "noBreakHyphen": "-", "s": " "}
_UNSEEN = {"delText", "instrText", "tracked-changes", "annotation", "annotation-end", "note", "fldSimple-instr", "del"}
_PARTS = {"docx": "word/document.xml", "odt": "content.xml"}
# fmt: on
MAX_DEPTH = 200


def pdf_lines(path: str) -> Iterator[object]:
    """One line a page."""
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.disable(logging.CRITICAL)
    pages = pictures = 0
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            yield {"refused": "it is protected by a password; save it without"}
            return
        for page in reader.pages:
            pages += 1
            text = page.extract_text()
            if text.strip():
                yield {"text": text}
            elif "/XObject" in (page.get("/Resources") or {}):
                pictures += 1
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        # pypdf lets what it meets in damaged files through; whatever it is, the file is what is wrong.
        yield {"refused": f"it is damaged ({type(error).__name__}: {str(error)[:200]}); save it again"}
        return
    yield {"pages": pages, "pictures": pictures}


def office_lines(path: str, kind: str) -> Iterator[object]:
    """The text of a word processor's file."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_PARTS[kind]) as part:
            yield {"text": "".join(_texts(part))}
    except KeyError:
        yield {"refused": f"it is no {kind.upper()} file inside"}
    except RuntimeError:
        yield {"refused": "it is protected by a password; save it without"}
    except (zipfile.BadZipFile, ElementTree.ParseError, OSError, EOFError, ValueError, NotImplementedError) as error:
        yield {"refused": f"it is damaged ({str(error)[:200]}); save it again"}
    else:
        yield {"pages": 1, "pictures": 0}


def _texts(part: IO[bytes]) -> Iterator[str]:
    """Paragraphs apart by empty lines, cells of a row by tabs; what was deleted, and notes of reviewers, left out."""
    unseen = depth = cells = 0
    for event, element in ElementTree.iterparse(part, ("start", "end")):
        name = element.tag.rpartition("}")[2]
        if event == "start":
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError(f"elements are nested more than {MAX_DEPTH} deep")
            unseen += name in _UNSEEN
            cells += name in {"tc", "table-cell"}
            continue
        depth -= 1
        if name in _UNSEEN:
            unseen -= 1
        elif not unseen:
            yield from _shown(name, element, cells)
        if name in {"tc", "table-cell"}:
            cells -= 1
        if name in {"p", "h", "tr", "table-row"}:
            element.clear()


def _shown(name: str, element: ElementTree.Element, cells: int) -> Iterator[str]:
    if name == "t":
        yield element.text or ""
    elif name in _BREAKS:
        yield _BREAKS[name]
    elif name in {"p", "h"} and element.tag.startswith("{urn:oasis"):
        yield _flat(element) + ("" if cells else "\n\n")
    elif name == "p":
        yield "" if cells else "\n\n"
    elif name in {"tc", "table-cell"}:
        yield "\t"
    elif name in {"tr", "table-row"}:
        yield "\n"


def _flat(element: ElementTree.Element) -> str:
    """A paragraph of ODT, whose text stands between its elements."""
    parts = [element.text or ""]
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name not in _UNSEEN:
            parts.append(_BREAKS.get(name) or _flat(child))
        parts.append(child.tail or "")
    return "".join(parts)


def main(packages: str, path: str, kind: str, memory: str, output: str, seconds: str) -> int:
    """Write everything; 0 when it is complete, 3 when there is more than may be written, 4 when there is no room for it."""
    sys.path += [packages, str(Path(__file__).parents[2])]
    from ingest.tabular.sheet_reader import write_lines

    return write_lines(pdf_lines(path) if kind == "pdf" else office_lines(path, kind), memory, output, seconds)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
