"""Results of queries for people: headings, kinds, statuses, countries and dates in words; ids stay in the files."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from kg.present.tables.tabular import plain, to_csv
from kg.present.texts import Language, catalogue, kind_name, status_name, t
from kg.present.texts.words import country_word, said_date, word
from kg.store import cypher
from kg.store.driver import Graph
from kg.store.queries import Column, LibraryQuery, Param
from kg.vocabulary import BASES, KINDS, STATUSES

_IDS = frozenset({"partnership", "id"})
_GROUPS = {"level": "level", "event": "event", "predicate": "predicate", "run": "run"}
ID = "_id"
"""How the column ends that holds the ids of the places in the one without it, of several in the same order."""
_TONGUES = ("_de", "_en")
"""How the column ends that says the same as the one without it in another language."""
Rows = Sequence[Mapping[str, Any]]


def title(query: LibraryQuery, language: Language) -> str:
    """The title of a query; a query of the user's own folder has the one of its file."""
    key = f"query.title_{query.name}"
    return t(key, language) if key in catalogue() else query.title


def description(query: LibraryQuery, language: Language) -> str:
    """What it answers."""
    key = f"query.text_{query.name}"
    return t(key, language) if key in catalogue() else query.description


def param_label(param: Param, language: Language) -> str:
    """What a parameter means."""
    key = f"query.param_{param.name}"
    return t(key, language) if key in catalogue() else param.text


def columns_for_people(query: LibraryQuery, language: Language) -> list[Column]:
    """The columns without ids; of ``event`` and ``event_de`` the one in the language."""
    known = {column.name: column for column in query.returns}
    shown = [column for column in query.returns if column.type not in _IDS and not column.name.endswith(_TONGUES)]
    return [known.get(f"{column.name}_{language}", column) for column in shown]


def table(rows: Rows, columns: Sequence[Column], language: Language) -> list[dict[str, Any]]:
    """Rows with headings and values in words."""
    heads = headings([column.name for column in columns], language)
    return [{heads[c.name]: cell(row.get(c.name), language, c.type) for c in columns} for row in rows]


def localized(graph: Graph, rows: Rows, columns: Sequence[Column], language: Language) -> list[dict[str, Any]]:
    """The rows with places as they are called in the language, each by its id: namesakes have names of their own."""
    places = {column.name for column in columns if column.type == "place"}
    ids = {part for row in rows for name in places for part in _parts(row.get(name + ID))}
    found = graph.read(cypher.LOCAL_NAMES[language], {"ids": sorted(ids)}) if ids else []
    known: dict[str, str] = {row["id"]: row["name"] for row in found}
    return [
        {name: _renamed(value, row.get(name + ID), known) if name in places else value for name, value in row.items()}
        for row in rows
    ]


def _parts(value: Any) -> list[str]:
    every = cast(list[Any], value) if isinstance(value, list) else [value]
    return [part for part in every if isinstance(part, str)]


def _renamed(value: Any, ids: Any, known: Mapping[str, str]) -> Any:
    if isinstance(ids, list):
        return [known.get(place, name) for name, place in zip(_parts(value), _parts(ids), strict=True)]
    return known.get(ids, value) if isinstance(ids, str) else value


def headings(names: Sequence[str], language: Language) -> dict[str, str]:
    """A heading for each column, no two alike."""
    found: dict[str, str] = {}
    for name in names:
        stem = name[:-3] if name.endswith(_TONGUES) else name
        label = word("column", stem, language) if f"column.{stem}" in catalogue() else name
        found[name] = label if label not in found.values() else f"{label} ({name})"
    return found


def links(columns: Sequence[Column], language: Language) -> list[str]:
    """The headings of the columns that hold addresses of the web."""
    heads = headings([column.name for column in columns], language)
    return [heads[column.name] for column in columns if column.type == "url"]


def cell(value: Any, language: Language, type_: str = "text") -> Any:
    """One cell in words; numbers stay numbers."""
    if isinstance(value, list | tuple):
        return ", ".join(str(cell(item, language, type_)) for item in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, int | float):
        return ("✓" if value else "") if isinstance(value, bool) else value
    return "" if value is None else _text(plain(value), language, type_)


def _text(text: str, language: Language, type_: str) -> str:
    if type_ in {"kind", "value"} and text in KINDS:
        return kind_name(text, language)
    if (type_ in {"status", "value"} and text in STATUSES) or (type_ == "basis" and text in BASES):
        return status_name(text, language)
    if type_ == "country":
        return country_word(text, language)
    if type_ == "date":
        return said_date(text, language)
    if type_ == "time":
        return _moment(text, language)
    return word(_GROUPS[type_], text, language) if type_ in _GROUPS else text


def _moment(stamp: str, language: Language) -> str:
    """Day and time; moments are kept in universal time."""
    day, _, clock = stamp.partition("T")
    return f"{said_date(day, language)}, {clock[:5]} UTC" if clock else stamp


def csv(rows: Rows, columns: Sequence[str]) -> bytes:
    """The rows as they are, ids included, for programs and spreadsheets (UTF-8 with a mark, which spreadsheets want)."""
    return to_csv(rows, columns).encode("utf-8-sig")


def row_count(count: int, language: Language) -> str:
    """So many rows."""
    return t("queries.one_row" if count == 1 else "queries.rows", language, n=count)
