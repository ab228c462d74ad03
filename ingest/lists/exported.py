"""A tie as our own exports tell it: by our ids, with what its status rests on, so that the same facts come of it again."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ingest.places.described import Places, entry_value
from ingest.rows import Reject
from ingest.tabular.mapping import End, TableMapping
from kg.model.claims import Claim, Source
from kg.model.identity import PLACE_ID, partnership_family, partnership_members
from kg.vocabulary import KINDS, LISTED, PLACE_KINDS

_GUARDED = ("'=", "'+", "'-", "'@")
_NUMBERS = ("lat", "lon", "population")


def place_with_id(values: Mapping[str, str], end: End, source: Source, dataset: str, places: Places) -> str:
    """The id of one end, described by the gazetteer where it is from there, else by the file.

    Raises:
        Reject: it is no id of ours, or the gazetteer does not have it.
    """
    place = values[end.id]
    if not PLACE_ID.fullmatch(place):
        raise Reject(f"column {end.id}: {place[:60]!r} is no id of a place such as gn:2875392")
    if place.startswith(("gn:", "iso:")):
        return places.add(place)
    stated = {name: unguarded(values[column]) for name, column in end.model_dump().items() if column and name != "in_country"}
    kind = stated.get("kind") if stated.get("kind") in PLACE_KINDS else "municipality"
    numbers = {name: float(stated[name]) for name in _NUMBERS if _is_number(stated.get(name, ""))}
    record = {"name": stated.get("place", ""), "kind": kind, "country": stated.get("country", ""), **numbers}
    if "population" in numbers:
        record["population"] = int(numbers["population"])
    if place.startswith("wd:"):
        record["wikidata"] = place.removeprefix("wd:")
    places.describe(source.claim(place, "entry", entry_value(record), dataset=dataset))
    return places.add(place)


def claims_of_export(
    values: Mapping[str, str], mapping: TableMapping, source: Source, dataset: str, ends: tuple[str, str]
) -> Iterator[Claim]:
    """The claims of a tie that we wrote.

    Raises:
        Reject: the partnership's id does not fit kind and places.
    """
    subject, kind = values[mapping.partnership], values[mapping.kind]
    if kind not in KINDS or partnership_family(subject) != KINDS[kind].family or not _has(subject, ends):
        raise Reject(
            f"column {mapping.partnership}: {subject[:80]!r} is no partnership of kind {kind!r} between {' and '.join(ends)}"
        )
    said = {name: unguarded(values.get(getattr(mapping, name), "")) for name in _SAID if getattr(mapping, name)}
    basis, as_of = said.get("status_basis", ""), said.get("status_as_of", "")
    listed = basis == "listed" if basis else not said.get("since") and said.get("status", "unknown") == "unknown"
    told = source.claim(subject, "kind", kind, subject, LISTED if listed else "", as_of=as_of if listed else "", dataset=dataset)
    undated = listed and said.get("status_undated") in {"true", "True"}
    yield replace(told, as_of="", stated="", seen=as_of) if undated else told
    for predicate in ("since", "until"):
        if said.get(predicate):
            yield source.claim(subject, predicate, said[predicate], subject, kind, dataset=dataset)
    if said.get("title_of_tie"):
        yield source.claim(subject, "name", said["title_of_tie"], subject, dataset=dataset)
    status = said.get("status", "")
    if status not in {"", "unknown"} and basis in {"", "stated"}:
        yield source.claim(subject, "status", status, subject, said.get("level", ""), as_of=as_of, dataset=dataset)


_SAID = ("since", "until", "status", "status_as_of", "status_basis", "status_undated", "level", "title_of_tie")


def _has(subject: str, ends: tuple[str, str]) -> bool:
    return "|" in subject and ends[0] != ends[1] and set(ends) <= set(partnership_members(subject))


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).isdecimal()


def unguarded(text: str) -> str:
    """A cell without the apostrophe that kept a spreadsheet from taking it for a formula."""
    return text[1:] if text.startswith(_GUARDED) else text
