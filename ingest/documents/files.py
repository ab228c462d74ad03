"""Files as texts: plain text, Markdown, HTML, PDF, DOCX, ODT, and e-mails with what is attached to them."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from ingest.child import Limits, Reader, no_room, run_reader
from ingest.documents.html import html_text
from ingest.documents.traced import Traced
from ingest.tabular.encoding import encoding_of
from kg.errors import DataError, UsageError

READER = Path(__file__).with_name("reader.py")
LIMITS = Limits(memory=1 << 30, output=20 << 20, seconds=240)
MAX_BYTES = 50 << 20
MAX_TEXT = 20_000_000
MAX_ATTACHMENTS = 50
_PLAIN = frozenset({".txt", ".md", ".markdown", ".text", ""})
_HTML = frozenset({".html", ".htm", ".xhtml"})
_BINARY = {".pdf": "PDF", ".docx": "DOCX", ".odt": "ODT"}
_MAIL = ".eml"
SUFFIXES = frozenset({*_PLAIN, *_HTML, *_BINARY, _MAIL})


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of one file or attachment, with what the file says of itself."""

    name: str
    text: Traced
    title: str = ""
    published: str = ""
    notes: tuple[str, ...] = ()


def read_file(path: Path) -> list[FileText]:
    """The texts of one file: several for an e-mail with attachments, else one.

    Raises:
        DataError: the file is empty, damaged, too large, or holds pictures only; names the file and the way out.
        UsageError: it is of a kind that is not read here.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"{path.name} is none of text, Markdown, HTML, PDF, DOCX, ODT and EML; save it as one of these")
    try:
        size = path.stat().st_size
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from error
    if size > MAX_BYTES:
        raise DataError(f"{path.name}: the file has {size >> 20} MB, more than {MAX_BYTES >> 20}; give its parts")
    found = _mail(path) if suffix == _MAIL else [_one(path, suffix)]
    for each in found:
        if len(each.text.text) > MAX_TEXT:
            raise DataError(f"{each.name}: the text has more than {MAX_TEXT:,} characters; give its parts")
    return found


def _one(path: Path, suffix: str) -> FileText:
    if suffix in _BINARY:
        return _by_reader(path, suffix)
    encoding = encoding_of(path)
    text = path.read_bytes().decode(encoding.name, encoding.errors if encoding.errors == "strict" else "replace")
    notes = (encoding.note,) if encoding.note else ()
    if suffix in _HTML or text[:200].lstrip().lower().startswith(("<!doctype html", "<html")):
        page = html_text(text)
        return FileText(path.name, page.text, page.title, page.published, notes)
    return FileText(path.name, Traced.of(text), notes=notes)


def _by_reader(path: Path, suffix: str) -> FileText:
    found = find_spec("pypdf")
    packages = Path(found.origin).parents[1] if found and found.origin else Path()
    reader = Reader(READER, packages, f"the {_BINARY[suffix]} file", "save it as text")
    try:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed below
    except OSError as error:
        raise DataError(f"{path.name}: {no_room()} ({error.strerror})") from error
    with file:
        run_reader(reader, path, suffix.removeprefix("."), file, LIMITS)
        file.seek(0)
        lines: list[dict[str, Any]] = [json.loads(line) for line in file]
    return _joined(path, lines)


def _joined(path: Path, lines: list[dict[str, Any]]) -> FileText:
    last = lines[-1] if lines else {}
    if "refused" in last:
        raise DataError(f"{path.name} cannot be read: {last['refused']}")
    text = "\n\n".join(line["text"] for line in lines if "text" in line)
    pictures, pages = int(last.get("pictures", 0)), int(last.get("pages", 0))
    if not text.strip():
        what = "its pages are pictures, as a scanner makes them" if pictures else "there is no text in it"
        raise DataError(f"{path.name}: {what}; run a text recognition over it, or paste its text into a file")
    notes = (f"{pictures} of {pages} pages of {path.name} are pictures without text; they were not read",) if pictures else ()
    return FileText(path.name, Traced.of(text), notes=notes)


# --- E-mails ------------------------------------------------------------------------------------------------------------


def _mail(path: Path) -> list[FileText]:
    try:
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body(("plain", "html"))
        texts = [_body(path, message, body)] if body is not None else []
    except (MessageError, LookupError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        # what the standard library lets through for malformed headers and parts
        raise DataError(f"{path.name}: the e-mail is damaged ({str(error)[:200]}); save its text as a file") from error
    published = texts[0].published if texts else _mail_date(message)
    texts += (text if text.published else replace(text, published=published) for text in _attached(path, message))
    if not texts:
        raise DataError(f"{path.name}: the e-mail holds no text; save what is attached to it as files")
    return texts


def _body(path: Path, message: EmailMessage, body: Any) -> FileText:
    content = str(body.get_content())
    title = str(message.get("subject", ""))
    if body.get_content_type() == "text/html":
        return FileText(path.name, html_text(content).text, title, _mail_date(message))
    return FileText(path.name, Traced.of(content), title, _mail_date(message))


def _mail_date(message: EmailMessage) -> str:
    try:
        return parsedate_to_datetime(str(message.get("date", ""))).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _attached(path: Path, message: EmailMessage) -> Iterator[FileText]:
    for number, part in enumerate(message.iter_attachments(), 1):
        name = Path(str(part.get_filename() or f"attachment-{number}")).name
        suffix = Path(name).suffix.lower()
        if number > MAX_ATTACHMENTS or suffix not in SUFFIXES - {_MAIL, ""}:
            continue
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, f"attachment{suffix}")
            copy.write_bytes(cast(bytes, part.get_payload(decode=True) or b""))
            try:
                yield replace(_one(copy, suffix), name=f"{path.name}: {name}")
            except DataError as error:
                raise DataError(f"{path.name}, attachment {name}: {error}") from error
