"""Wikidata's sister cities (property P190): live from a SPARQL endpoint, from a saved result, or from plain pairs of items."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from ingest.names.kinds import DISTRICT_KINDS, REGION_KINDS
from ingest.places.described import Places
from ingest.places.mention import Mention, Resolution
from ingest.places.resolver import Resolver
from ingest.rows import Reject, Row
from ingest.run.protocol import Opened, Request
from ingest.wikidata.client import Client, Patience
from ingest.wikidata.files import COLUMNS, ENDS, PairFile, Saved, item_in, open_pairs, open_saved, pair_rows, saved_rows
from ingest.wikidata.items import Item, item_id, partial_date
from ingest.wikidata.pages import PageCache, Walk
from ingest.wikidata.places import entry_of, place_of
from kg.errors import UsageError
from kg.model.claims import Claim, Source
from kg.model.clocks import is_before
from kg.model.identity import digest, fold, partnership_id, slug

DATASET = "wikidata"
_REGIONS = REGION_KINDS | {"country"}
_NUMBERS: Mapping[str, float] = {"items": 250, "max_age": 7, "read_timeout": 90, "page_timeout": 300, "page_size": 64 * 2**20,
                                 "attempts": 6, "backoff": 2}  # fmt: skip


@dataclass(slots=True)
class Wikidata:
    """What rows are made of: a live walk's statements, a saved result or pairs, and the items that are known already."""

    source: Source
    rows: tuple[Row, ...] | Saved | PairFile
    items: Mapping[str, Item] = field(default_factory=dict[str, Item])
    nameless: frozenset[str] = frozenset()
    known: dict[Item, tuple[Resolution, Claim]] = field(default_factory=dict[Item, tuple[Resolution, Claim]])
    """Items met before: the same description means the same place."""


def open_source(request: Request) -> Opened[Wikidata]:
    """Walk the endpoint to its end, or look at the files: nothing is loaded before everything is there and sound."""
    _numbers(request)
    if not request.files:
        return _open_live(request)
    if len(request.files) == 1:
        return _open_saved(request, request.files[0])
    if len(request.files) == 2:
        return _open_pairs(request)
    raise UsageError("wikidata takes no file (live), one saved result, or two: pairs of QIDs and their names")


def read(opened: Opened[Wikidata]) -> Iterator[Row]:
    """Give one row for each statement."""
    data = opened.data
    if isinstance(data.rows, Saved):
        yield from saved_rows(data.rows)
    elif isinstance(data.rows, PairFile):
        yield from pair_rows(data.rows)
    else:
        yield from data.rows


def to_claims(row: Row, opened: Opened[Wikidata], places: Places) -> Sequence[Claim]:
    """Make the claims of one statement: the kind, the beginning and the end, on the side of the item that states it."""
    data = opened.data
    values = row.values
    one, other = (item_id(values.get(end, ""), end) for end in ENDS)
    dates = {name: partial_date(values.get(name, ""), name) for name in ("since", "until")}
    if dates["until"] and dates["since"] and is_before(dates["until"], dates["since"]):
        raise Reject(f"column until: it ends ({dates['until']}) before it begins ({dates['since']})")
    ends = [_item(qid, end, values, data) for qid, end in zip((one, other), ENDS, strict=True)]
    known = [_known(item, data, opened.dataset, places) for item in ends]
    found = [place for place, _ in known]
    if found[0].id == found[1].id:
        raise Reject(f"both ends are the same place: {one} and {other} are {found[0].id}")
    for place, entry in known:
        places.resolutions[place.rule] = places.resolutions.get(place.rule, 0) + 1
        places.new.meet(Mention(place.name, place.country), place)
        places.add(place.id)
        places.describe(entry)
    subject, note = partnership_id("partnership", [place.id for place in found]), _references(values)
    kind = _kind_of(found)
    stated = [("kind", kind, data.source.listing(until=dates["until"])), *((n, date, kind) for n, date in dates.items() if date)]
    return [
        data.source.claim(subject, predicate, value, f"{one}→{other}", qualifier, by=found[0].id, note=note)
        for predicate, value, qualifier in stated
    ]


# --- Opening ------------------------------------------------------------------------------------------------------------


def _open_live(request: Request) -> Opened[Wikidata]:
    options, numbers = request.options, _numbers(request)
    endpoint = options.get("endpoint") or request.descriptor.endpoint
    patience = Patience(
        numbers["read_timeout"], numbers["page_timeout"], int(numbers["page_size"]), int(numbers["attempts"]), numbers["backoff"]
    )
    folder = request.settings.cache_dir / "wikidata" / digest(endpoint)[:16]
    cache = PageCache(folder, request.today, -1 if options.get("refresh") == "true" else int(numbers["max_age"]))
    with Client(endpoint, patience) as client:
        walk = Walk(client, cache, int(numbers["items"]), request.tell)
        rows = tuple(Row(DATASET, number, cells) for number, cells in enumerate(walk.statements(), start=1))
        items = walk.items(qid for row in rows for qid in _items_of(row))
    began = str(cache.began)
    # A register that is asked states what it has on that very day.
    source = request.descriptor.source(retrieved=began, published=options.get("as_of") or began)
    note = f"{endpoint} as of {began}: {client.requests} requests; pages kept from before are used (--option refresh=true: not)"
    return Opened(DATASET, (source,), request, Wikidata(source, rows, items), notes=(note,))


def _items_of(row: Row) -> Iterator[str]:
    for end in ENDS:
        try:
            yield item_id(row.values[end], end)
        except Reject:
            return  # told when the row is taken


def _open_saved(request: Request, path: Path) -> Opened[Wikidata]:
    saved = open_saved(path)
    source = request.descriptor.source(published=request.options.get("as_of", "")).read_on(request.today)
    ignored = request.descriptor.ignored_columns
    unknown = tuple(column for column in saved.columns if column not in COLUMNS and column not in ignored)
    notes = (*saved.notes, *_undated(request, path))
    return Opened(DATASET, (source,), request, Wikidata(source, saved), unknown, notes)


def _open_pairs(request: Request) -> Opened[Wikidata]:
    pairs = open_pairs(request.files)
    name = request.options.get("dataset") or f"{DATASET}-{slug(pairs.path.stem)}"
    title = f"{request.descriptor.title}, from the file {pairs.path.name}"
    source = request.descriptor.source(id=f"src:{slug(name)}", title=title, published=request.options.get("as_of", ""))
    source = source.read_on(request.today)
    items = {qid: Item(qid, (("", label),)) for qid, label in pairs.names.items() if label}
    placed = _placed(items, pairs.shared, request)
    known = {items[qid]: (place, entry_of(items[qid], place, source, slug(name))) for qid, place in placed.items()}
    data = Wikidata(source, pairs, items, frozenset(items.keys() - placed.keys()), known)
    notes = (f"{len(data.nameless)} of {len(items)} items share a name with others and are kept apart by their QID",)
    return Opened(slug(name), (source,), request, data, notes=(*notes, *_undated(request, pairs.path)))


def _undated(request: Request, path: Path) -> tuple[str, ...]:
    note = f"no date is known for {path.name}; --option as_of=2016-09 tells when it was made"
    return () if request.options.get("as_of") else (note,)


def _placed(items: Mapping[str, Item], shared: frozenset[str], request: Request) -> dict[str, Resolution]:
    """The places of items whose names alone tell: no other item is the same place, or this one alone is called just so.

    A name without a country is weak evidence; two items in one file are two places (a town and its county, a namesake)
    until something better than their names says otherwise.
    """
    resolver = Resolver.open(request.settings)
    same: dict[str, list[str]] = defaultdict(list)
    with closing(resolver.gazetteer):
        places = Places(resolver)
        found = {qid: place_of(item, places) for qid, item in items.items() if qid not in shared}
    for qid, place in found.items():
        same[place.id].append(qid)
    exact = {qid for qid, place in found.items() if fold(place.name) == fold(items[qid].labels[0])}
    chosen = (group if len(group) == 1 else [qid for qid in group if qid in exact] for group in same.values())
    return {group[0]: found[group[0]] for group in chosen if len(group) == 1}


def _numbers(request: Request) -> dict[str, float]:
    found = dict(_NUMBERS)
    for name in _NUMBERS.keys() & request.options.keys():
        try:
            found[name] = float(request.options[name])
        except ValueError as error:
            raise UsageError(f"--option {name}={request.options[name]}: that is no number") from error
        if not 0 < found[name] < 1e12 and name not in {"backoff", "max_age"}:
            raise UsageError(f"--option {name}={request.options[name]}: that is no number above zero")
    return found


# --- Rows ---------------------------------------------------------------------------------------------------------------


def _item(qid: str, end: str, values: Mapping[str, str], data: Wikidata) -> Item:
    if isinstance(data.rows, Saved):
        return item_in(values, end, qid)
    return data.items.get(qid) or Item(qid)


def _known(item: Item, data: Wikidata, dataset: str, places: Places) -> tuple[Resolution, Claim]:
    found = data.known.get(item)
    if found is None:
        place = place_of(item, places, nameless=item.qid in data.nameless)
        found = data.known[item] = (place, entry_of(item, place, data.source, dataset))
    return found


def _kind_of(found: Sequence[Resolution]) -> str:
    """Counties and states are told apart from cities by their kind, as everywhere."""
    kinds = {place.kind for place in found}
    return "county" if kinds <= DISTRICT_KINDS else "state" if kinds <= _REGIONS else "twinning"


def _references(values: Mapping[str, str]) -> str:
    count = values.get("references", "").partition(".")[0]
    told = f"{count} references on Wikidata" if count.isdecimal() and count != "0" else ""
    address = values.get("url", "")
    return "; ".join(filter(None, (told, address if address.startswith(("https://", "http://")) else "")))
