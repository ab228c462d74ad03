"""One row of a table as a statement about two places."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.names.kinds import DISTRICT_KINDS, REGION_KINDS
from ingest.places.described import Places
from ingest.places.mention import Mention
from ingest.rows import Reject
from ingest.tabular import cells
from ingest.tabular.mapping import End, TableMapping
from ingest.tabular.words import kind_meant, status_meant
from kg.model.claims import Claim, Source
from kg.model.clocks import is_before
from kg.model.identity import partnership_id
from kg.vocabulary import KINDS, STATUSES

_REGIONS = REGION_KINDS | {"country"}


@dataclass(frozen=True, slots=True)
class ListContext:
    """What all rows of a list share: its mapping, source, dataset and the day of reading."""

    mapping: TableMapping
    source: Source
    dataset: str
    today: dt.date


@dataclass(frozen=True, slots=True)
class _Named:
    """One end as written and as resolved."""

    written: str
    id: str
    kind: str


def claims_of(values: Mapping[str, str], context: ListContext, places: Places) -> list[Claim]:
    """The claims that a row makes.

    Raises:
        Reject: naming the column that cannot be taken.
    """
    mapping = context.mapping
    names = _names(values, mapping)
    stated = _stated(values, context)
    first = _end(values, mapping.first, names[0], mapping.first.place or mapping.both, context, places)
    second = _end(values, mapping.second, names[1], mapping.second.place or mapping.both, context, places)
    kind = _kind(values, mapping, first, second)
    subject = _subject(kind, first, second)
    by = {"first": first.id, "second": second.id}.get(mapping.by, "")
    as_of, source = stated.pop("as_of"), context.source
    # A row with a date of its own is a statement of its own: the same status may come back years later.
    locator = f"{first.written} ↔ {second.written}" + (f", {as_of}" if as_of else "")
    qualifiers = {"kind": source.listing(stated["status"], stated["until"]), "since": kind, "until": kind}
    made = {"kind": kind, **{predicate: value for predicate, value in stated.items() if value}}
    return [
        source.claim(
            subject, predicate, value, locator, qualifiers.get(predicate, ""), as_of=as_of, by=by, dataset=context.dataset
        )
        for predicate, value in made.items()
    ]


def _names(values: Mapping[str, str], mapping: TableMapping) -> tuple[str, str]:
    if mapping.first.place and mapping.second.place:
        return values[mapping.first.place], values[mapping.second.place]
    return cells.ends(mapping.both, values[mapping.both], mapping.both_separators)


def _stated(values: Mapping[str, str], context: ListContext) -> dict[str, str]:
    mapping = context.mapping
    columns = {"as_of": mapping.as_of, "since": mapping.since, "until": mapping.until}
    found = {
        predicate: cells.date(column, values[column], mapping.earliest, context.today) if column else ""
        for predicate, column in columns.items()
    }
    if found["until"] and found["since"] and is_before(found["until"], found["since"]):
        raise Reject(
            f"column {mapping.until}: it ends ({found['until']}) before it begins ({found['since']}); correct one of them"
        )
    return {**found, "status": _status(values, mapping)}


def _status(values: Mapping[str, str], mapping: TableMapping) -> str:
    text = values[mapping.status] if mapping.status else ""
    if not text:
        return mapping.default_status
    return status_meant(text, mapping.statuses) or _unknown(mapping.status, text, "statuses", list(STATUSES))


def _kind(values: Mapping[str, str], mapping: TableMapping, first: _Named, second: _Named) -> str:
    text = values[mapping.kind] if mapping.kind else ""
    if text:
        return kind_meant(text, mapping.kinds) or _unknown(mapping.kind, text, "kinds", list(KINDS))
    kinds = {first.kind, second.kind}
    if mapping.default_kind == "twinning" and kinds <= DISTRICT_KINDS:
        return "county"
    return "state" if mapping.default_kind == "twinning" and kinds <= _REGIONS else mapping.default_kind


def _unknown(column: str, text: str, table: str, known: list[str]) -> str:
    way_out = f"say which of {', '.join(known)} it is under [{table}] of a mapping"
    raise Reject(f"column {column}: {text[:60]!r} is not known; {way_out}")


def _end(values: Mapping[str, str], end: End, name: str, column: str, context: ListContext, places: Places) -> _Named:
    name = cells.name(column, name)
    country = end.in_country or (values[end.country] if end.country else "")
    known = places.known(cells.geonames(end.geonames, values[end.geonames])) if end.geonames else None
    found = known or places.find(_mention(values, end, name, country), context.source, context.dataset)
    return _Named(f"{name}, {country}" if country else name, found.id, found.kind)


def _mention(values: Mapping[str, str], end: End, name: str, country: str) -> Mention:
    if not (end.lat or end.qid or end.population or end.state or end.kind):
        return Mention(name, country)
    lat = cells.number(end.lat, values[end.lat], 90) if end.lat else None
    lon = cells.number(end.lon, values[end.lon], 180) if end.lon else None
    return Mention(
        name, country, values[end.kind] if end.kind else "", lat, lon,
        cells.qid(end.qid, values[end.qid]) if end.qid else "",
        cells.count(end.population, values[end.population]) if end.population else None,
        values[end.state] if end.state else "",
    )  # fmt: skip


def _subject(kind: str, first: _Named, second: _Named) -> str:
    try:
        return partnership_id(KINDS[kind].family, (first.id, second.id))
    except ValueError as error:
        reason = f"both ends are the same place: {first.written!r} and {second.written!r} are {first.id}"
        raise Reject(f"{reason}; correct one of them") from error
