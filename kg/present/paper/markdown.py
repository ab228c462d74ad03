"""A document as Markdown with footnotes; text from data means nothing to Markdown, not even as a link of its own making."""

import re
from urllib.parse import quote

from kg.present.paper.document import Block, Bullets, CitedText, Document, Heading, PaperTable, Paragraph, Picture, clean

_MEANING = re.compile(r"([\\`*_\[\]<>|~#$&{}^])")
_AT_START = re.compile(r"^(?:(?=[-+=])|(\d+)(?=[.)](?:\s|$)))")
_IN_ADDRESSES = ":/?#@!$&'()*+,;=%~-._"
_JOINER = "\u2060"
_SELF_MADE_LINK = re.compile(
    r"(?i)(?<=www)(?=\.)|(?<=https)(?=:)|(?<=http)(?=:)|(?<=mailto)(?=:)|(?<=xmpp)(?=:)|(?<=ftp)(?=:)|(?=@)"
)


def as_markdown(document: Document) -> str:
    """The file's content, ended by the notes."""
    parts = [f"**{plain(document.kind)}**", f"# {plain(document.title)}"]
    parts.append("\n".join(f"- {plain(label)}: {plain(value) or '…'}" for label, value in document.fields))
    for number, section in enumerate(document.sections, 1):
        parts.append(f"## {number} {plain(section.title)}")
        parts += [_block(block) for block in section.blocks]
    parts.append(f"---\n\n{plain(document.footer)}")
    parts.append("\n".join(f"[^{number}]: {_statement(note)}" for number, note in enumerate(document.notes, 1)))
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    """The text as Markdown shows it letter by letter."""
    cleaned = _SELF_MADE_LINK.sub(_JOINER, clean(text))
    return _AT_START.sub(lambda found: (found[1] or "") + "\\", _MEANING.sub(r"\\\1", cleaned))


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"### {plain(block.text)}"
    if isinstance(block, Paragraph):
        text = " ".join(map(_statement, block.statements))
        return f"*{text}*" if block.draft else text
    if isinstance(block, Bullets):
        marks = (f"{n}. " if block.numbered else "- " for n in range(1, len(block.items) + 1))
        return "\n".join(mark + _statement(item) for mark, item in zip(marks, block.items, strict=True))
    return _table(block) if isinstance(block, PaperTable) else _picture(block)


def _statement(statement: CitedText) -> str:
    address = f" <{quote(statement.address, safe=_IN_ADDRESSES)}>" if statement.address else ""
    return plain(statement.text) + address + "".join(f"[^{number}]" for number in statement.notes)


def _table(block: PaperTable) -> str:
    rows = [tuple(map(plain, block.header)), ("---",) * len(block.header), *(tuple(map(_statement, row)) for row in block.rows)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _picture(block: Picture) -> str:
    """What the picture shows, in words: a text file carries none."""
    return f"> {plain(block.description)}\n>\n> {plain(block.caption)}"
