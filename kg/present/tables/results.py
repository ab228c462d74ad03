"""Results of queries for people: headings, kinds, statuses, countries and dates in words; ids stay in the files."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from kg.present.tables.tabular import plain, to_csv
from kg.present.texts import Language, catalogue, kind_name, status_name, t
from kg.present.texts.words import country_word, said_date, word
from kg.store import cypher
from kg.store.driver import Graph
from kg.store.queries import LibraryQuery, Param
from kg.vocabulary import BASES, KINDS, STATUSES

_IDS = frozenset({"partnership", "subject"})
_KINDS = frozenset({"joint", "kind", "kinds", "first_tie", "second_tie", "with_a", "with_b"})
_GROUPS = {
    "level": "level",
    "status": "run",
    "kind": "event",
    "event_kind": "event",
    "predicate": "predicate",
    "property": "predicate",
    "contested": "predicate",
}
_TONGUES = ("_de", "_en")
"""How the column ends that says the same as the one without it in another language."""
_PLACES = frozenset(
    {"a", "b", "body", "bridge", "candidate", "city", "first", "listed_by", "members", "not_by", "partner", "partner_city",
     "place", "places", "second", "target", "third", "with"}
)  # fmt: skip
_DATES = frozenset({"since", "date", "as_of", "status_as_of", "stated", "last_evidence"})
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


def columns_for_people(query: LibraryQuery, language: Language) -> list[str]:
    """The columns without ids; of ``event`` and ``event_de`` the one in the language."""
    shown = [name for name in query.columns if name not in _IDS and not name.endswith(("_id", *_TONGUES))]
    return [each if (each := f"{name}_{language}") in query.columns else name for name in shown]


def table(rows: Rows, columns: Sequence[str], language: Language) -> list[dict[str, Any]]:
    """Rows with headings and values in words."""
    heads = headings(columns, language)
    meant = {
        name: "event_kind" if name == "kind" and "event" in {c.removesuffix("_de") for c in columns} else name for name in columns
    }
    return [{heads[name]: cell(meant[name], row.get(name), language) for name in columns} for row in rows]


def localized(graph: Graph, rows: Rows, language: Language) -> list[dict[str, Any]]:
    """The rows with places as they are called in the language; a name that several places have in different ways stays."""
    given = {part for row in rows for name, value in row.items() if name in _PLACES for part in _parts(value)}
    found = graph.read(cypher.LOCAL_NAMES[language], {"names": sorted(given)}) if given else []
    known: dict[str, str] = {row["name"]: row["local"][0] for row in found if len(row["local"]) == 1}
    return [{name: _renamed(value, known) if name in _PLACES else value for name, value in row.items()} for row in rows]


def _parts(value: Any) -> list[str]:
    every = cast(list[Any], value) if isinstance(value, list) else [value]
    return [part for part in every if isinstance(part, str)]


def _renamed(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [known.get(part, part) for part in _parts(value)]
    return known.get(value, value)


def headings(columns: Sequence[str], language: Language) -> dict[str, str]:
    """A heading for each column, no two alike."""
    found: dict[str, str] = {}
    for name in columns:
        stem = name[:-3] if name.endswith(_TONGUES) else name
        label = word("column", stem, language) if f"column.{stem}" in catalogue() else name
        found[name] = label if label not in found.values() else f"{label} ({name})"
    return found


def cell(column: str, value: Any, language: Language) -> Any:
    """One cell in words; numbers stay numbers."""
    if isinstance(value, list | tuple):
        return ", ".join(str(cell(column, item, language)) for item in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, int | float):
        return ("✓" if value else "") if isinstance(value, bool) else value
    return "" if value is None else _text(column, plain(value), language)


def _text(column: str, text: str, language: Language) -> str:
    if text in KINDS and (column in _KINDS or column == "value"):
        return kind_name(text, language)
    if (text in STATUSES and column in {"status", "value"}) or (text in BASES and column == "status_basis"):
        return status_name(text, language)
    if column == "country" or column.endswith("_country"):
        return country_word(text, language)
    if column in _DATES:
        return said_date(text, language)
    return word(_GROUPS[column], text, language) if column in _GROUPS else text


def csv(rows: Rows, columns: Sequence[str]) -> bytes:
    """The rows as they are, ids included, for programs and spreadsheets (UTF-8 with a mark, which spreadsheets want)."""
    return to_csv(rows, columns).encode("utf-8-sig")


def row_count(count: int, language: Language) -> str:
    """So many rows."""
    return t("queries.one_row" if count == 1 else "queries.rows", language, n=count)
