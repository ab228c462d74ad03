"""Text that knows, for each of its characters, where in the original it stood."""

import re
from array import array
from collections.abc import Callable
from dataclasses import dataclass

Replacement = str | Callable[[re.Match[str]], str]


@dataclass(frozen=True, slots=True)
class Traced:
    """``starts[i]`` is the offset in the original of character ``i`` of ``text``."""

    text: str
    starts: "array[int]"

    @classmethod
    def of(cls, text: str) -> "Traced":
        """The original itself."""
        return cls(text, array("l", range(len(text))))

    def sub(self, pattern: re.Pattern[str], replacement: Replacement) -> "Traced":
        """Replace every match; what comes in its place stands where the match began.

        A replacement that is a part of the match keeps the offsets of those characters.
        """
        pieces: list[str] = []
        starts: array[int] = array("l")
        done = 0
        for match in pattern.finditer(self.text):
            new = replacement if isinstance(replacement, str) else replacement(match)
            begin, end = match.span()
            if new == match[0]:
                continue
            pieces += (self.text[done:begin], new)
            starts.extend(self.starts[done:begin])
            starts.extend(self._kept(match[0], new, begin))
            done = end
        if not pieces:
            return self
        pieces.append(self.text[done:])
        starts.extend(self.starts[done:])
        return Traced("".join(pieces), starts)

    def _kept(self, old: str, new: str, begin: int) -> "array[int]":
        if new and (at := old.find(new)) >= 0:
            return self.starts[begin + at : begin + at + len(new)]
        return array("l", [self.starts[begin]] * len(new))

    def part(self, begin: int, end: int) -> "Traced":
        """The text from ``begin`` to ``end``."""
        return Traced(self.text[begin:end], self.starts[begin:end])

    def origin(self, begin: int, end: int) -> tuple[int, int]:
        """The span of the original that the characters ``begin`` to ``end`` (not included) came from."""
        if begin >= end:
            return (0, 0)
        return self.starts[begin], self.starts[end - 1] + 1
