"""From a Wikidata item to a place of the graph: by its GeoNames number, else by names with what else is known, else its own."""

from ingest.names.countries import country
from ingest.names.kinds import body
from ingest.places.described import Places, entry_value
from ingest.places.mention import Mention, Resolution
from ingest.rows import Reject
from ingest.wikidata.items import Item
from kg.model.claims import Claim, Source
from kg.model.geo import distance_km

_MAX_ALIASES = 30
_LATIN = "\u0250"
_NEAR_KM = 60.0


def place_of(item: Item, places: Places, *, nameless: bool = False) -> Resolution:
    """Which place an item is; ``nameless`` when its name is no evidence because other items have it too.

    Raises:
        Reject: the item has no label, so nobody could tell what it is.
    """
    if not item.labels:
        raise Reject(f"{item.qid} has no name in German, English, French or Italian")
    return _by_number(item, places) or ((None if nameless else _by_name(item, places)) or _own(item))


def _by_number(item: Item, places: Places) -> Resolution | None:
    """The GeoNames numbers that the gazetteer has; of several the one that is nearest, a far one is a mistake of the item."""
    entries = [entry for number in item.geonames if (entry := places.resolver.gazetteer.get(number))]
    if item.lat is not None and item.lon is not None:
        lat, lon = item.lat, item.lon
        ranked = sorted((distance_km(lat, lon, e.lat, e.lon), e.geonameid, e) for e in entries)
        entries = [entry for distance, _, entry in ranked if distance <= _NEAR_KM]
    if not entries:
        return None
    entry = entries[0]
    return Resolution(entry.id, entry.name, entry.kind, entry.country, 1.0, "geonames_number")


def _by_name(item: Item, places: Places) -> Resolution | None:
    """The first of its names that the resolver finds in the gazetteer or in our own tables."""
    codes = {code for text in item.countries for code in country(text).codes}
    stated = next(iter(codes)) if len(codes) == 1 else ""
    for label in item.labels:
        found = places.resolver.resolve(Mention(label, stated, "", item.lat, item.lon, item.qid, item.population))
        if found.id and not found.id.startswith("wd:"):
            return found
    return None


def _own(item: Item) -> Resolution:
    codes = {code for text in item.countries for code in country(text).codes}
    name = item.labels[0]
    kind = next((kind for label in item.labels if (kind := body(label).kind)), "municipality")
    return Resolution(f"wd:{item.qid}", name, kind, next(iter(codes)) if len(codes) == 1 else "", 0.9, "own_item")


def entry_of(item: Item, found: Resolution, source: Source, dataset: str) -> Claim:
    """What the item says of the place."""
    record = _record(item)
    if not found.id.startswith(("gn:", "iso:")):
        # Nobody else describes it, so it needs a kind, a country and a point as well.
        record |= {"name": found.name, "kind": found.kind, "country": found.country, "lat": item.lat, "lon": item.lon}
    return source.claim(found.id, "entry", entry_value(record), item.qid, dataset=dataset)


def _record(item: Item) -> dict[str, object]:
    names = {f"name_{language}": label for language, label in item.names if language}
    aliases = {alias for alias in (*item.aliases, *item.labels) if ord(max(alias)) < ord(_LATIN)}
    return {**names, "aliases": sorted(aliases)[:_MAX_ALIASES], "population": item.population, "wikidata": item.qid}
