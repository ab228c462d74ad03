"""A council paper as a file, its format by the ending of the name."""

from collections.abc import Callable, Mapping
from pathlib import Path

from kg.errors import UsageError
from kg.present.paper.document import Document
from kg.present.paper.docx import as_docx
from kg.present.paper.markdown import as_markdown

WRITERS: Mapping[str, Callable[[Document], bytes]] = {
    ".docx": as_docx,
    ".md": lambda document: as_markdown(document).encode("utf-8"),
}


def writer_of(file: Path) -> Callable[[Document], bytes]:
    """What writes such a file.

    Raises:
        UsageError: for another ending, before anything is computed.
    """
    if file.suffix.lower() not in WRITERS:
        raise UsageError(f"{file.name}: a dossier is written as {' or '.join(WRITERS)}; name the file so")
    return WRITERS[file.suffix.lower()]


def write(document: Document, file: Path) -> None:
    """Write the document.

    Raises:
        UsageError: when the file cannot be written.
    """
    content = writer_of(file)(document)
    try:
        file.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{file} cannot be written ({error.strerror}); name another file with -o") from error
