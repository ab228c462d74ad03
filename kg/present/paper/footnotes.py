"""Word footnotes, which python-docx does not write: the part with the notes and the references to them.

WordprocessingML (ECMA-376, part 1, 17.11): a document has one footnotes part; its notes -1 and 0 are the separators, and a
reference in the text is a run with the style of references.
"""

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.shared import Pt
from docx.text.paragraph import Paragraph

TEXT_STYLE, REFERENCE_STYLE = "FootnoteText", "FootnoteReference"
_SEPARATORS = (("-1", "separator"), ("0", "continuationSeparator"))


def element(content: str) -> Any:
    """An element from ``w:tag attributes…`` and what it holds; only for words of our own or escaped ones."""
    tag, _, rest = content.partition(" ")
    return parse_xml(f"<{tag} {nsdecls('w')} {rest}/>")


def add_styles(document: WordDocument) -> None:
    """The two styles that Word knows by name; its own template has them, python-docx's has not."""
    styles: Any = document.styles
    text = styles.add_style("Footnote Text", WD_STYLE_TYPE.PARAGRAPH)
    text.base_style = styles["Normal"]
    text.font.size = Pt(8)
    text.paragraph_format.space_after = Pt(0)
    styles.add_style("Footnote Reference", WD_STYLE_TYPE.CHARACTER).font.superscript = True


def refer(paragraph: Paragraph, number: int) -> None:
    """Put the reference to a footnote at the end of a paragraph."""
    run: Any = paragraph.add_run(style="Footnote Reference")
    run._r.append(element(f'w:footnoteReference w:id="{number}"'))


def add_notes(document: WordDocument, texts: Sequence[str]) -> None:
    """The part with all notes, numbered from 1; texts are plain and clean."""
    separators = (
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for number, kind in _SEPARATORS
    )
    notes = (_note(number, text) for number, text in enumerate(texts, 1))
    content = f"<w:footnotes {nsdecls('w')}>{''.join(separators)}{''.join(notes)}</w:footnotes>"
    declared = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + content
    part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, declared.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    _announce(document)


def _note(number: int, text: str) -> str:
    return (
        f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="{TEXT_STYLE}"/></w:pPr>'
        f'<w:r><w:rPr><w:rStyle w:val="{REFERENCE_STYLE}"/></w:rPr><w:footnoteRef/></w:r>'
        f'<w:r><w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
    )


def _announce(document: WordDocument) -> None:
    """Name the separators in the settings, in the place that the schema gives them."""
    settings: Any = document.settings.element
    announced = element("w:footnotePr")
    for number, _ in _SEPARATORS:
        announced.append(element(f'w:footnote w:id="{number}"'))
    following = settings.find(qn("w:compat"))
    if following is not None:
        following.addprevious(announced)
