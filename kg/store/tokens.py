"""The words of a Cypher query, as the server's own lexer would find them, in a text that nobody can read otherwise.

The server replaces ``\\uXXXX`` before it looks for quotes and comments, knows two dozen kinds of white space, and takes a
comment for white space between any two words. Here the escapes are replaced, comments and white space become plain blanks,
and what is sent is the text that was read: a difference between the two readings of a comment or of a rare blank cannot
hide anything. Characters that no query needs outside of quotes are refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kg.errors import QueryRefused

Kind = Literal["word", "quoted", "string", "number", "symbol"]

_TOKENS = re.compile(
    r"""
      (?P<blank>   \s+ | //[^\n\r]* | /\*.*?\*/ )
    | (?P<string>  '(?:\\.|[^'\\])*' | "(?:\\.|[^"\\])*" )
    | (?P<quoted>  `(?:``|[^`])*` )
    | (?P<word>    [^\W\d]\w* )
    | (?P<number>  0x[0-9a-f_]+ | 0o[0-7_]+ | \d[\d_]*(?:\.(?!\.)[\d_]*)?(?:e[+-]?\d+)? )
    | (?P<symbol>  /(?![/*]) | \.\. | [()\[\]{}.,:;=<>+\-*%^|&!~?$] )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ESCAPES = re.compile(r"\\\\|\\u([0-9a-fA-F]{4})?")
_ESCAPED_TWICE = re.compile(r"\\u+[0-9a-fA-F]{4}")
_UNENDED = {"'": "a string", '"': "a string", "`": "a name in backticks", "/": "a comment"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word, name in backticks, string, number or sign; ``text`` as it stands in the query, without the backticks of a name."""

    kind: Kind
    text: str

    @property
    def folded(self) -> str:
        """A bare word in the smallest form that any reading without regard to case could give it; empty for all else."""
        return self.text.upper().lower() if self.kind == "word" else ""

    def is_sign(self, signs: str) -> bool:
        """Whether it is one of these signs."""
        return self.kind == "symbol" and self.text in signs


@dataclass(frozen=True, slots=True)
class Reading:
    """The tokens of a query, and the query with plain blanks only, in which every token stands on the line where it stood."""

    tokens: tuple[Token, ...]
    text: str


def read(query: str) -> Reading:
    """Take a query apart.

    Raises:
        QueryRefused: when a quote or comment does not end, or a character has no place where it stands.
    """
    text = _resolved(query)
    tokens: list[Token] = []
    plain: list[str] = []
    for kind, part in _parts(text):
        if kind == "blank":
            plain.append(re.sub(r"[^\n]", " ", part))
            continue
        plain.append(part)
        tokens.append(Token(kind, part[1:-1].replace("``", "`") if kind == "quoted" else part))
    return Reading(tuple(tokens), "".join(plain).strip())


def _resolved(query: str) -> str:
    """The query with ``\\uXXXX`` replaced, as the server does before all else; a backslash before it makes it no escape."""
    try:
        query.encode()
        text = _ESCAPES.sub(_character, query).encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeError as error:
        raise QueryRefused("the query holds half a character, which is no text; write it in UTF-8") from error
    # Not every version counts the backslashes before it alike.
    if _ESCAPED_TWICE.search(text):
        raise QueryRefused("an escape within an escape is not offered here: write the character itself instead of \\u")
    return text


def _character(escape: re.Match[str]) -> str:
    if escape[0] == "\\\\":
        return escape[0]
    if escape[1] is None:
        raise QueryRefused("\\u is followed by four hexadecimal digits; a backslash before a u is written \\\\")
    return chr(int(escape[1], 16))


def _parts(text: str) -> Iterator[tuple[Kind | Literal["blank"], str]]:
    position = 0
    while position < len(text):
        match = _TOKENS.match(text, position)
        if match is None:
            raise QueryRefused(_misplaced(text, position))
        if match.lastgroup == "number" and text[match.end() : match.end() + 1].isidentifier():
            raise QueryRefused(f"the number {match[0]} is followed by a letter; put a blank between them{_at(text, position)}")
        position = match.end()
        yield match.lastgroup, match[0]  # pyright: ignore[reportReturnType] - the groups of the pattern are named so


def _misplaced(text: str, position: int) -> str:
    character = text[position]
    if character in _UNENDED:
        return f"{_UNENDED[character]} that begins{_at(text, position)} does not end"
    said = character if character.isprintable() else f"U+{ord(character):04X}"
    return f"the character {said} has no place{_at(text, position)}; names with such characters stand in backticks"


def _at(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    return f" at line {line}, column {position - text.rfind(chr(10), 0, position)}"
