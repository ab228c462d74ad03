"""One row of a table as a statement about two places."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ingest.lists.exported import claims_of_export, place_with_id
from ingest.lists.partners import Part, partners_of
from ingest.names.kinds import DISTRICT_KINDS, REGION_KINDS
from ingest.places.described import Places
from ingest.places.mention import Mention
from ingest.rows import Ignore, Reject
from ingest.tabular import cells
from ingest.tabular.mapping import End, TableMapping
from ingest.tabular.words import kind_meant, status_meant
from ingest.tabular.years import When, understood
from kg.model.claims import Claim, Source
from kg.model.clocks import is_before
from kg.model.identity import PLACE_ID, partnership_id
from kg.vocabulary import KINDS

_REGIONS = REGION_KINDS | {"country"}


@dataclass(slots=True)
class Notes:
    """Cells whose words no date and no status holds: how many in each column, and the first of them."""

    count: dict[str, int] = field(default_factory=dict[str, int])
    first: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, column: str, text: str) -> str:
        """Count a cell; the note for its claims."""
        self.count[column] = self.count.get(column, 0) + 1
        self.first.setdefault(column, text)
        return f"{column}: {text}"

    def told(self) -> Iterator[str]:
        """One sentence a column."""
        for column, n in self.count.items():
            first = self.first[column]
            yield f"column {column}: {n} cells say more than a date or status, or none; kept as notes, such as {first!r}"


@dataclass(frozen=True, slots=True)
class ListContext:
    """What all rows of a list share: its mapping, source, dataset and the day of reading."""

    mapping: TableMapping
    source: Source
    dataset: str
    today: dt.date
    notes: Notes = field(default_factory=Notes, compare=False)

    def tie(self, values: Mapping[str, str]) -> TableMapping:
        """The mapping of the partner that a row of the table names: one row can name several."""
        mapping = self.mapping
        if not mapping.more or mapping.second.place in values:
            return mapping
        return next(tie for tie in mapping.ties if tie.second.place in values)


@dataclass(frozen=True, slots=True)
class _Named:
    """One end as written and as resolved."""

    written: str
    id: str
    kind: str
    notes: tuple[str, ...] = ()
    """What was written beside the name and not needed."""


@dataclass(slots=True)
class _Stated:
    """What a row says of its tie, with notes of what nothing else holds."""

    since: str = ""
    until: str = ""
    status: str = ""
    status_as_of: str = ""
    as_of: str = ""
    notes: list[str] = field(default_factory=list[str])


def claims_of(values: Mapping[str, str], context: ListContext, places: Places) -> list[Claim]:
    """The claims that a row makes.

    Raises:
        Ignore: a row with columns for several partners names none.
        Reject: naming the column that cannot be taken.
    """
    mapping = context.tie(values)
    if context.mapping.more and not values[mapping.second.place]:
        raise Ignore("no partner is named")
    if mapping.partnership and values[mapping.partnership]:
        sources = (context.source, context.dataset)
        ids = [place_with_id(values, end, *sources, places) for end in (mapping.first, mapping.second)]
        return list(claims_of_export(values, mapping, *sources, (ids[0], ids[1])))
    parts = _parts(values, mapping, places)
    stated = _stated(values, mapping, context, parts)
    first = _end(values, mapping.first, parts[0], mapping.first.place or mapping.both, context, places)
    second = _end(values, mapping.second, parts[1], mapping.second.place or mapping.both, context, places)
    kind = _kind(values, mapping, first, second)
    subject = _subject(kind, first, second)
    stated.notes += (*first.notes, *second.notes)
    return list(_claims(subject, kind, stated, (first, second), mapping, context))


def ends_of(values: Mapping[str, str], context: ListContext, places: Places) -> tuple[Mention, Mention]:
    """What a row says of its two places, for a look at whether they are known.

    Raises:
        Ignore, Reject: as for its claims.
    """
    mapping = context.tie(values)
    if context.mapping.more and not values[mapping.second.place]:
        raise Ignore("no partner is named")
    parts = _parts(values, mapping, places)
    ends = zip(parts, (mapping.first, mapping.second), strict=True)
    first, second = (
        _mention(values, end, cells.name(end.place or mapping.both, part.name), _country(values, end) or part.country)
        for part, end in ends
    )
    return first, second


def _claims(
    subject: str, kind: str, stated: _Stated, ends: tuple[_Named, _Named], mapping: TableMapping, context: ListContext
) -> Iterator[Claim]:
    source = context.source
    by = {"first": ends[0].id, "second": ends[1].id}.get(mapping.by, "")
    # A row with a date of its own is a statement of its own: the same status may come back years later.
    locator = f"{ends[0].written} ↔ {ends[1].written}" + (f", {stated.as_of}" if stated.as_of else "")
    made = {"kind": kind, "since": stated.since, "until": stated.until, "status": stated.status}
    qualifiers = {"kind": source.listing(stated.status, stated.until), "since": kind, "until": kind}
    for predicate, value in made.items():
        if value:
            as_of = (stated.status_as_of if predicate == "status" else "") or stated.as_of
            qualifier, note = qualifiers.get(predicate, ""), "; ".join(stated.notes)
            yield source.claim(
                subject, predicate, value, locator, qualifier, as_of=as_of, by=by, note=note, dataset=context.dataset
            )


def _parts(values: Mapping[str, str], mapping: TableMapping, places: Places) -> tuple[Part, Part]:
    if mapping.both:
        names = cells.ends(mapping.both, values[mapping.both], mapping.both_separators)
    else:
        names = values[mapping.first.place], values[mapping.second.place]
    partners = partners_of(places.resolver)
    ends = zip(names, (mapping.first, mapping.second), strict=True)
    first, second = (partners.part(name, _country(values, end)) for name, end in ends)
    return first, second


def _country(values: Mapping[str, str], end: End) -> str:
    return end.in_country or (values[end.country] if end.country else "")


def _stated(values: Mapping[str, str], mapping: TableMapping, context: ListContext, parts: tuple[Part, Part]) -> _Stated:
    found = _Stated()
    columns = (mapping.since, mapping.until, mapping.as_of)
    since, until, as_of = (_read(values[column], column, found, mapping, context) if column else When() for column in columns)
    beside = [
        _read(part.when, end.place or mapping.both, found, mapping, context)
        for part, end in zip(parts, (mapping.first, mapping.second), strict=True)
    ]
    whens = (since, *beside)
    found.as_of = as_of.since
    found.since = next((w.since for w in whens if w.since), "")
    found.until = until.until or until.since or next((w.until for w in whens if w.until), "")
    dated = next((w for w in (*whens, until) if w.status), When())
    found.status = _status(values, mapping, context, found) or dated.status or mapping.default_status
    found.status_as_of = dated.status_as_of if found.status == dated.status else ""
    if found.until and found.since and is_before(found.until, found.since):
        ends = f"it ends ({found.until}) before it begins ({found.since})"
        found.notes.append(context.notes.add(mapping.until or mapping.since, ends))
        found.since = found.until = ""
    return found


def _read(text: str, column: str, found: _Stated, mapping: TableMapping, context: ListContext) -> When:
    when = understood(text, mapping.earliest, context.today)
    if when.note:
        found.notes.append(context.notes.add(column, when.note))
    return when


def _status(values: Mapping[str, str], mapping: TableMapping, context: ListContext, found: _Stated) -> str:
    text = values[mapping.status] if mapping.status else ""
    if not text:
        return ""
    if status := status_meant(text, mapping.statuses):
        return status
    when = _read(text, mapping.status, found, mapping, context)
    if when.status and not found.status_as_of:
        found.status_as_of = when.status_as_of
    return when.status


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


def _end(values: Mapping[str, str], end: End, part: Part, column: str, context: ListContext, places: Places) -> _Named:
    name = cells.name(column, part.name)
    country = _country(values, end) or part.country
    if end.id and PLACE_ID.fullmatch(values[end.id]):
        place = place_with_id(values, end, context.source, context.dataset, places)
        entry = places.known(place)
        kind = entry.kind if entry else values[end.kind] if end.kind else ""
        return _Named(f"{name}, {country}" if country else name, place, kind or "municipality")
    people = values[end.population] if end.population else ""
    unread = (context.notes.add(end.population, people),) if people and _population(people) is None else ()
    known = places.known(cells.geonames(end.geonames, values[end.geonames])) if end.geonames else None
    found = known or places.find(_mention(values, end, name, country), context.source, context.dataset)
    beside = tuple(f"{column}: {note}" for note in found.notes)
    return _Named(f"{name}, {country}" if country else name, found.id, found.kind, (*beside, *unread))


def _mention(values: Mapping[str, str], end: End, name: str, country: str) -> Mention:
    if not (end.lat or end.qid or end.population or end.state or end.kind):
        return Mention(name, country)
    lat = cells.number(end.lat, values[end.lat], 90) if end.lat else None
    lon = cells.number(end.lon, values[end.lon], 180) if end.lon else None
    return Mention(
        name, country, values[end.kind] if end.kind else "", lat, lon,
        cells.qid(end.qid, values[end.qid]) if end.qid else "",
        _population(values[end.population]) if end.population else None,
        values[end.state] if end.state else "",
    )  # fmt: skip


def _population(text: str) -> int | None:
    """Inhabitants as far as the cell says a number: it helps to tell namesakes apart and decides nothing alone."""
    try:
        return cells.count("population", text)
    except Reject:
        return None


def _subject(kind: str, first: _Named, second: _Named) -> str:
    try:
        return partnership_id(KINDS[kind].family, (first.id, second.id))
    except ValueError as error:
        reason = f"both ends are the same place: {first.written!r} and {second.written!r} are {first.id}"
        raise Reject(f"{reason}; correct one of them") from error
