"""Run as a program of its own by `sheets`: reads one sheet by way of calamine and writes its rows as lines of JSON.

It imports nothing of ours, so that it starts fast; a workbook that exhausts it ends it and nothing else. Arguments: the folder of
calamine's package, the file, the sheet's name ("" for the first filled one), and the limits: bytes of memory, bytes of output,
seconds. The first line of the output is ``{"sheet": name, "others": [], "hidden": []}`` or
``{"refused": why, …}``, and then come ``[number, [text, …]]``.
"""

import datetime
import json
import sys
from collections.abc import Iterable, Iterator

TOO_LONG, NO_ROOM = 3, 4


def limit_self(memory: int, output: int, seconds: int) -> None:
    """Bound this process where the system can: all on Linux, output and time on macOS, nothing on Windows; no core is dumped."""
    try:
        import resource
    except ImportError:  # Windows
        return
    wanted = (("RLIMIT_AS", memory), ("RLIMIT_FSIZE", output), ("RLIMIT_CPU", seconds), ("RLIMIT_CORE", 0))
    for name, value in wanted:
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        _, hard = resource.getrlimit(kind)
        lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (lowest, hard))
        except (ValueError, OSError):  # macOS knows the name of some and refuses them
            continue


def lines(path: str, name: str) -> Iterator[object]:
    """What is written, one JSON value a line."""
    import python_calamine as calamine

    try:
        workbook = calamine.CalamineWorkbook.from_path(path)  # pyright: ignore[reportUnknownMemberType]
        if name and name not in workbook.sheet_names:
            yield {"refused": "name", "names": workbook.sheet_names[:20]}
            return
        hidden = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible != calamine.SheetVisibleEnum.Visible]
        order = sorted(workbook.sheet_names, key=lambda each: each in hidden)  # a hidden sheet is read only by its name
        filled = [each for each in order[:_MOST_SHEETS] if workbook.get_sheet_by_name(each).end is not None]
        chosen = name or next((each for each in filled if each not in hidden), "") or next(iter(filled), "")
        found = workbook.get_sheet_by_name(chosen) if chosen else None
        merged = _merged(found) if found else {}
    except (calamine.CalamineError, OSError) as error:
        yield {"refused": "broken", "reason": str(error)[:300]}
        return
    if found is None:
        yield {"refused": "empty"}
        return
    others = [each for each in filled if each != chosen]
    yield {
        "sheet": chosen,
        "others": [each for each in others if each not in hidden],
        "hidden": [each for each in others if each in hidden],
    }
    kept: dict[tuple[int, int], str] = {}
    for number, cells in enumerate(found.iter_rows(), 1):
        texts = [cell if type(cell) is str else _text(cell) for cell in cells]
        if any(texts):
            if merged:
                _fill(texts, number - 1, merged, kept)
            yield number, texts


def _merged(sheet: object) -> dict[int, list[tuple[int, int]]]:
    """Ranges over several rows: for each column (first row, last row)."""
    found: dict[int, list[tuple[int, int]]] = {}
    for start, end in (getattr(sheet, "merged_cell_ranges", None) or ())[:_MOST_RANGES]:
        if end[0] > start[0]:
            found.setdefault(start[1], []).append((start[0], end[0]))
    return found


def _fill(texts: list[str], row: int, merged: dict[int, list[tuple[int, int]]], kept: dict[tuple[int, int], str]) -> None:
    """Give every row of a merged range its value; the sheet has it in the first one only."""
    for column, ranges in merged.items():
        for first, last in ranges:
            if first <= row <= last and column < len(texts):
                texts[column] = texts[column] or kept.get((column, first), "")
                kept[column, first] = texts[column]


_MOST_SHEETS = 200
_MOST_RANGES = 5000


def _text(cell: object) -> str:
    """A value as text: a number keeps no ``.0``, a date with a time is its day."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.date):
        day = cell.date() if isinstance(cell, datetime.datetime) else cell
        return str(day)
    return str(cell)


def write_lines(found: Iterable[object], memory: str, output: str, seconds: str) -> int:
    """Write everything within the limits; 0 when it is complete, 3 when there is more than may be written, 4 without room."""
    limit_self(int(memory), int(output), int(seconds))
    left = int(output)
    write, encode = sys.stdout.buffer.write, json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
    for line in found:
        written = (encode(line) + "\n").encode(errors="backslashreplace")
        left -= len(written)
        if left < 0:
            return TOO_LONG
        try:
            write(written)
        except OSError:
            return NO_ROOM
    return 0


def main(packages: str, path: str, name: str, memory: str, output: str, seconds: str) -> int:
    """Read the sheet and write its rows."""
    sys.path.append(packages)
    return write_lines(lines(path, name), memory, output, seconds)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
