"""What an edge of a graph is: a kind of partnership by its type or label, a year, or something that is no tie at all."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping

from ingest.tabular.words import kind_meant, status_meant
from ingest.tabular.years import understood
from kg.errors import UsageError
from kg.vocabulary import KINDS

NO_TIE = "none"
"""What ``--option relations=IN_COUNTRY=none`` makes of a relation: its edges are left out."""
_RELATION = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*|:?[A-Z][a-z]+(?:[A-Z][a-z]+)+")
_WORDS = re.compile(r"[_\W]+")


def relations_of(option: str) -> dict[str, str]:
    """The kinds that the user names for relations: ``SISTER=twinning,IN_COUNTRY=none``.

    Raises:
        UsageError: a kind that does not exist.
    """
    pairs = (pair.partition("=") for pair in option.split(",") if pair.strip())
    named = {name.strip(): kind.strip() for name, _, kind in pairs}
    for name, kind in named.items():
        if kind not in KINDS and kind != NO_TIE:
            raise UsageError(f"--option relations={name}={kind}: {kind!r} is none of {', '.join(KINDS)}, {NO_TIE}")
    return named


def kind_of(relation: str, named: Mapping[str, str]) -> str:
    """The kind that a relation's name means (``SISTER_CITY``, ``TWINNED_WITH``); "" when nobody knows it."""
    known = named.get(relation) or kind_meant(relation, {}) or _BY_TIE.get(relation.upper().strip(":"), "")
    words = " ".join(_WORDS.split(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", relation))).strip().casefold()
    return known or kind_meant(words, {}) or kind_meant(re.sub(r"\b(?:with|of|is|has|to|mit)\b", "", words).strip(), {})


_BY_TIE: dict[str, str] = {}
for _kind in reversed(KINDS.values()):
    _BY_TIE[_kind.tie] = _kind.id


def is_a_relation(label: str) -> bool:
    """Whether an edge's label is the name of a relation rather than words about this one."""
    return bool(_RELATION.fullmatch(label)) and not status_meant(label, {})


def is_a_date(text: str, today: dt.date) -> bool:
    """Whether a label says nothing but when."""
    when = understood(text, 1000, today)
    return bool(when.since or when.until) and any(c.isdigit() for c in text)


def unknown_relations(relations: Iterable[str], named: Mapping[str, str]) -> list[str]:
    """The names among ``relations`` that no kind is known for, each once."""
    return [each for each in dict.fromkeys(relations) if each and not kind_of(each, named)]
