"""JSON as rows: a list of objects, cities with their partners, one object a line; what is nested becomes columns and rows."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from ingest.strict_json import json_of
from ingest.tabular.roles import role_of
from ingest.tabular.text import Line, Problem
from kg.errors import DataError
from kg.vocabulary import TIE_TYPES

MAX_BYTES = 256 << 20
_CITY, _PARTNER = "city", "partner"
_MAX_COLUMNS = 500
_DEPTH = 4
_JOINED = "; "
Cells = dict[str, str]


def json_rows(path: Path, lines: bool) -> list[Line]:
    """The header and the rows; the number of a row is that of its element, or of its line where one stands on each.

    Raises:
        DataError: it is no JSON, too large, or has neither objects nor lists for rows.
    """
    if path.stat().st_size > MAX_BYTES:
        raise DataError(f"{path.name}: more than {MAX_BYTES >> 20} MB of JSON; save the list as CSV, which is read row by row")
    elements = list(_of_lines(path) if lines else enumerate(_elements(_document(path)), start=1))
    if not elements:
        raise DataError(f"{path.name}, line 1: the JSON holds no list of objects and no cities with their partners")
    first: Any = elements[0][1]
    if isinstance(first, dict) and {"element", "labels"} <= cast(dict[str, Any], first).keys():
        elements = list(enumerate(_ties_of_graph([element for _, element in elements]), start=1))
    if all(isinstance(element, list) for _, element in elements) and _is_header(cast(list[Any], first)):
        return [(n, [_text(value) for value in element]) for n, element in elements]
    rows = [(n, each) for n, element in elements for each in ([element] if isinstance(element, Problem) else _rows(element))]
    columns = list(dict.fromkeys(column for _, row in rows if not isinstance(row, Problem) for column in row))
    if len(columns) > _MAX_COLUMNS:
        raise DataError(f"{path.name}: the objects have {len(columns)} different names, more than {_MAX_COLUMNS}")
    found: list[Line] = [(0, columns)]
    return [*found, *((n, row if isinstance(row, Problem) else [row.get(c, "") for c in columns]) for n, row in rows)]


def _ties_of_graph(elements: Sequence[Any]) -> Iterator[Cells]:
    """The ties of a whole graph as ``kg export`` writes it, as rows like those of its other formats."""
    known = [cast(dict[str, Any], each) for each in elements if isinstance(each, dict)]
    nodes: dict[str, dict[str, Any]] = {
        e["properties"].get("id", ""): e["properties"] for e in known if e.get("element") == "node"
    }
    for tie in known:
        if tie.get("element") == "relationship" and tie.get("type") in TIE_TYPES:
            own = tie["properties"]
            partnership = nodes.get(own.get("partnership", ""), {})
            row: dict[str, Any] = {name: partnership.get(name, own.get(name)) for name in _OF_A_TIE}
            for side, place in (("a", nodes.get(tie["start"], {})), ("b", nodes.get(tie["end"], {}))):
                lon, lat = place.get("location") or (None, None)
                row |= {side: place.get("id"), **{f"{side}_{name}": place.get(name) for name in _OF_A_PLACE}}
                row |= {f"{side}_lat": lat, f"{side}_lon": lon}
            yield {**{name: "" if value is None else str(value) for name, value in row.items()}, "key": own.get("key", "")}


_OF_A_TIE = (
    "kind", "status", "status_as_of", "status_basis", "status_undated", "level", "since", "until", "name", "partnership",
)  # fmt: skip
_OF_A_PLACE = ("name", "country", "kind", "population")


def _is_header(cells: Sequence[Any]) -> bool:
    return len([cell for cell in cells if isinstance(cell, str) and role_of(cell).role]) > 1


def _document(path: Path) -> Any:
    try:
        return json_of(path.read_bytes())
    except DataError as error:
        raise DataError(f"{path.name}: {error}; save the list again") from error


def _of_lines(path: Path) -> Iterator[tuple[int, Any]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                try:
                    yield number, json_of(line)
                except DataError as error:
                    yield number, Problem(f"the line is no JSON ({error}); correct it")


def _elements(document: Any) -> Sequence[Any]:
    """What becomes rows: a list, the one list of an object, or the cities of an object with their partners."""
    if isinstance(document, list):
        return cast(list[Any], document)
    if not isinstance(document, dict):
        return []
    fields = cast(dict[str, Any], document)
    lists = [cast(list[Any], v) for v in fields.values() if _of_objects(v)]
    inner = fields.get("results")
    if isinstance(inner, dict) and isinstance(cast(dict[str, Any], inner).get("bindings"), list):
        return cast(dict[str, Any], inner)["bindings"]
    if len(lists) == 1 and (len(fields) == 1 or any(not isinstance(v, list | dict) for v in fields.values())):
        return lists[0]
    if fields and all(isinstance(v, list | dict | str) for v in fields.values()):
        return [{_CITY: city, _PARTNER: partners} for city, partners in fields.items() if partners]
    return []


def _rows(element: Any) -> Iterator[Cells | Problem]:
    """The rows of one element: an object in a list inside of it is a row of its own."""
    if isinstance(element, list):
        pair = cast(list[Any], element)
        yield (
            {f"{_CITY}{n}": _text(value) for n, value in enumerate(pair, 1)} if len(pair) < _MAX_COLUMNS else Problem("too long")
        )
    elif isinstance(element, dict):
        yield from _spread(cast(dict[str, Any], element))
    else:
        yield Problem("the element is no object; write one with names for both cities")


def _spread(fields: Mapping[str, Any]) -> Iterator[Cells]:
    flat = dict(_flat(fields, "", _DEPTH))
    lists = [name for name, value in flat.items() if _of_objects(value)]
    plain = {name: _text(value) for name, value in flat.items() if name not in lists}
    if not lists:
        yield plain
    for name in lists:
        for inner in flat[name]:
            nested = dict(_flat(cast(dict[str, Any], inner), name, _DEPTH)) if isinstance(inner, dict) else {name: inner}
            yield {**plain, **{column: _text(value) for column, value in nested.items()}}


def _flat(fields: Mapping[str, Any], above: str, depth: int) -> Iterator[tuple[str, Any]]:
    """Columns named by the way to them; an object that only wraps a value is the value."""
    for name, value in fields.items():
        column = f"{above} {name}".strip()
        if isinstance(value, dict) and depth:
            inner = cast(dict[str, Any], value)
            if "value" in inner and not isinstance(inner["value"], dict | list):
                yield column, inner["value"]
            elif above == "" and inner and all(isinstance(v, dict) for v in inner.values()):
                yield column, [{"name": key, **v} for key, v in inner.items()]
            else:
                yield from _flat(inner, column, depth - 1)
        else:
            yield column, value


def _of_objects(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(each, dict) for each in cast(list[Any], value))


def _text(value: Any) -> str:
    if isinstance(value, list):
        return _JOINED.join(_text(each) for each in cast(list[Any], value))
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).lower()
    return str(value)
