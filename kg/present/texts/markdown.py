"""Names and addresses from data as Markdown that shows them letter by letter."""

import re
from urllib.parse import quote, urlsplit

_MEANING = re.compile(r"([!-/:-@\[-`{-~])")
_JOINER = "\u2060"
_SELF_MADE_LINK = re.compile(r"(?i)(?<=www)(?=\.)|(?<=https)(?=:)|(?<=http)(?=:)|(?<=mailto)(?=:)|(?=@)")


def escape(text: str) -> str:
    """The text with every letter that means something to Markdown made plain, on one line, without links of its own making."""
    plain = "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
    return _MEANING.sub(r"\\\1", _SELF_MADE_LINK.sub(_JOINER, plain))


def link(label: str, url: str) -> str:
    """A link where the address is one of the web, else the label alone."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return escape(label)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return escape(label)
    return f"[{escape(label)}]({quote(url.strip(), safe=':/?#@!$&*+,;=%~-._')})"
