"""Text as every format can hold it: what XML 1.0 forbids is in no name (https://www.w3.org/TR/xml/#charsets)."""

import re

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain_text(text: str) -> str:
    """The text without controls, lone surrogates, U+FFFE and U+FFFF, and with line feeds for carriage returns."""
    if text.isprintable():  # nothing forbidden is; most names end here
        return text
    return _FORBIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
