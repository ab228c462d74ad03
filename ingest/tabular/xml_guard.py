"""Looks an XML file over as a stream before anything builds a tree of it, and notes where its elements stand."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from kg.errors import DataError

MAX_BYTES = 300 << 20
MAX_ELEMENTS = 10_000_000
MAX_DEPTH = 200
_BLOCK = 1 << 20
Seen = Callable[[str, dict[str, str], int], None]
"""Called with each element's local name, attributes and line."""


class _Watch:
    """What the parser calls; keeps no element."""

    def __init__(self, seen: Seen) -> None:
        self.seen, self.depth, self.count, self.line = seen, 0, 0, lambda: 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.count += 1
        if self.depth > MAX_DEPTH or self.count > MAX_ELEMENTS:
            raise _TooLarge(
                f"elements are nested {self.depth} deep" if self.depth > MAX_DEPTH else f"more than {MAX_ELEMENTS:,} elements"
            )
        self.seen(tag.rpartition("}")[2], attributes, self.line())

    def end(self, _: str) -> None:
        self.depth -= 1

    def data(self, _: str) -> None:
        """Text is of no interest here."""

    def close(self) -> None:
        """Nothing was built."""


class _TooLarge(DataError):
    """A limit was passed."""


def look_over(path: Path, seen: Seen) -> None:
    """Read the whole file once, in bounded memory.

    Raises:
        DataError: it is too large, declares entities or a document type, or is no well-formed XML; names the line.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise DataError(f"{path.name}: the file has {size >> 20} MB, more than {MAX_BYTES >> 20}; export a part of the graph")
    watch = _Watch(seen)
    parser: Any = DefusedXMLParser(target=watch, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    watch.line = lambda: parser.parser.CurrentLineNumber
    try:
        with path.open("rb") as file:
            _feed(parser, iter(lambda: file.read(_BLOCK), b""))
    except DefusedXmlException as error:
        reason = "the XML declares a document type or entities, which no graph needs and which can be made to fill the memory"
        raise DataError(f"{path.name}, line {watch.line()}: {reason}; export the graph again") from error
    except ParseError as error:
        raise DataError(
            f"{path.name}, line {error.position[0]}: this is no well-formed XML ({error}); export the graph again"
        ) from error
    except _TooLarge as error:
        raise DataError(f"{path.name}, line {watch.line()}: {error}; export a part of the graph") from error
    except (LookupError, ValueError) as error:  # an encoding that Python does not know, or that the bytes do not fit
        raise DataError(f"{path.name}, line {watch.line()}: {error}; save the file as UTF-8") from error


def _feed(parser: Any, blocks: Iterable[bytes]) -> None:
    for block in blocks:
        parser.feed(block)
    parser.close()
