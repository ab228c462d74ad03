"""The one catalogue of texts: TOML files in this folder, every key with German and English."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import cast

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from kg.model.dates import parse_date
from kg.vocabulary import BASES, KINDS, LANGUAGES, STATUSES, Basis, Language, Status

__all__ = [
    "LANGUAGES", "Language", "catalogue", "country_name", "date_text", "kind_name", "language_name", "number_text", "status_name",
    "t",
]  # fmt: skip


def t(key: str, language: Language, **values: object) -> str:
    """The text of a key with the values put in.

    Raises:
        KeyError: when the catalogue has no such key, or a value that the text wants is not given.
    """
    return catalogue()[key][language].format(**values)


def kind_name(kind: str, language: Language) -> str:
    """A kind of partnership in words, from the vocabulary."""
    return KINDS[kind].de if language == "de" else KINDS[kind].en


SHOWN_STATUSES: dict[str, Status | Basis] = {
    **STATUSES, "listed": BASES["listed"], "begun": BASES["begun"],
    "past": Basis("past", "vor Jahren aktiv", "active years ago", "Called so years ago; nobody has said since how it stands.", 1),
}  # fmt: skip
"""What a partnership is shown as: a status, or what is known in place of one."""


def status_name(status: str, language: Language) -> str:
    """A status, or what is known in place of one, in words from the vocabulary."""
    named = SHOWN_STATUSES.get(status) or BASES[status]
    return named.de if language == "de" else named.en


@cache
def catalogue() -> Mapping[str, Mapping[Language, str]]:
    """Every text: ``<file>.<key>`` → language → text."""
    found: dict[str, Mapping[Language, str]] = {}
    for file in sorted(resources.files(__name__).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            entries = tomllib.loads(file.read_text("utf-8"))
            found |= {f"{file.name.removesuffix('.toml')}.{key}": texts for key, texts in entries.items()}
    return found


def country_name(code: str, language: Language) -> str:
    """A country in words (CLDR); the code itself where it has no name."""
    return cast(Mapping[str, str], Locale.parse(language).territories).get(code, code)


def language_name(code: str, language: Language) -> str:
    """A language in words (CLDR); the code itself where it has no name."""
    return cast(Mapping[str, str], Locale.parse(language).languages).get(code, code)


def date_text(text: str, language: Language) -> str:
    """A partial date as people write it: 21.10.2022, Oktober 2022, 1950."""
    if not text:
        return ""
    date = parse_date(text)
    pattern = {"day": "dd.MM.y" if language == "de" else "d MMMM y", "month": "LLLL y", "year": "y"}[date.precision]
    return format_date(date.first_day, pattern, locale=language)


def number_text(number: float, language: Language) -> str:
    """A whole number with the separators of the language."""
    return format_decimal(round(number), locale=language)
