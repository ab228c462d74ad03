"""What is claimed of a place or a tie, in words: every statement with source, date and link, contradictions apart."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from kg.model.clocks import is_dated, time_of
from kg.present.texts import Language, kind_name, number_text, status_name, t
from kg.present.texts.words import country_word, locator_words, said_date, standing_words, word
from kg.store import cypher
from kg.store.around import surroundings
from kg.store.driver import Graph, LibraryText
from kg.store.queries import library_query
from kg.store.reading import ClaimCard, PartnershipCard, claims_about, partnerships, places_by_id
from kg.vocabulary import KINDS, LEVELS, LISTED, PREDICATES, STATUSES

_ORDER = ("status", "kind", "since", "until", "name", "programme", "role", "topic", "figure", "remark", "entry")
_DATES = ("since", "until")
_ENTRY_FIELDS = ("name", "population", "population_as_of", "country", "kind", "nuts2", "lat", "lon", "date", "url")


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source says; all of it plain text in the user's language except ``url``."""

    value: str
    as_of: str
    source: str
    publisher: str
    url: str
    stated: str
    at_the_latest: str
    """The day of looking up, where the source has no date: it was so on that day at the latest."""
    locator: str
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class Point:
    """One point on which sources say something; ``sides`` are the different values, each with who says so."""

    predicate: str
    label: str
    contested: bool
    sides: tuple[tuple[str, tuple[Statement, ...]], ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements, the latest first."""
        return tuple(s for _, statements in self.sides for s in statements)


@dataclass(frozen=True, slots=True)
class PartnershipDetails:
    """A partnership with everything that is claimed of it."""

    id: str
    title: str
    line: str
    kind: str
    status: str
    members: tuple[str, ...]
    one_sided: bool
    points: tuple[Point, ...]
    n_claims: int


@dataclass(frozen=True, slots=True)
class PlaceDetails:
    """What surrounds a place beside its ties; every field plain text."""

    regions: tuple[str, ...]
    other_names: tuple[str, ...]
    holders: tuple[str, ...]
    networks: tuple[str, ...]
    organisations: tuple[str, ...]
    events: tuple[str, ...]
    points: tuple[Point, ...]


def partnership_details(
    graph: Graph, partnership: str, language: Language, at: dt.date | None = None, known: dt.date | None = None
) -> PartnershipDetails | None:
    """A partnership by its id; None where it does not exist, or was not known of at the date."""
    found = partnerships(graph, [partnership], at, known)
    if not found:
        return None
    card, claims = found[0], claims_about(graph, [partnership], at, known)
    names = _names(graph, claims, card.members, language)
    members = tuple(names.get(member, member) for member in card.members)
    return PartnershipDetails(
        card.id,
        " – ".join(members),
        _line(card, language),
        card.kind,
        card.status,
        card.members,
        len(set(card.stated_by)) == 1,
        points(claims, card.contested, names, language),
        len(claims),
    )


def _line(card: PartnershipCard, language: Language) -> str:
    until = t("word.until", language, date=said_date(card.until, language)) if card.until else ""
    parts = (card.name, kind_name(card.kind, language), standing_words(card, language), until, card.programme)
    return " · ".join(part for part in parts if part)


def place_details(
    graph: Graph, place: str, language: Language, at: dt.date | None = None, known: dt.date | None = None
) -> PlaceDetails:
    """What is known of a place beside its ties, as it held on a day and was known by a day."""
    claims, around = claims_about(graph, [place], at, known), surroundings(graph, place, at, known)
    names = _names(graph, claims, [place], language)
    card = places_by_id(graph, [place]).get(place)
    others = {name for name in (card.name, *card.names) if name} - {card.named(language)} if card else set[str]()
    stated = [c for c in claims if PREDICATES[c.predicate].nature in {"entry", "remark"}]
    return PlaceDetails(
        tuple(row["name"] for row in graph.read(cypher.REGIONS_OF_PLACE, {"place": place, "language": language})),
        tuple(sorted(others)),
        tuple(_dated(f"{r['name']}, {r['role']}" if r["role"] else r["name"], r["as_of"], language) for r in around.holders),
        tuple(_dated(row["name"], row["since"], language) for row in around.networks),
        tuple(sorted({row["name"] for row in around.organisations})),
        tuple(_event(row, language) for row in around.events),
        points(stated, card.contested if card else (), names, language),
    )


def library_rows(graph: Graph, query: str, **params: Any) -> list[dict[str, Any]]:
    """The rows of a query of the library."""
    return graph.read(LibraryText(library_query(query).text), params)


def _dated(text: str, date: str | None, language: Language) -> str:
    return f"{text} ({said_date(date, language)})" if date else text


def _event(row: Mapping[str, Any], language: Language) -> str:
    name = "event_de" if language == "de" else "event"
    return _dated(f"{word('event', row['kind'] or '', language)}: {row[name]}", row["date"], language)


def points(
    claims: Iterable[ClaimCard], contested: Sequence[str], names: Mapping[str, str], language: Language
) -> tuple[Point, ...]:
    """Claims by what they are about, in a fixed order; the latest statement first."""
    by_predicate: dict[str, list[ClaimCard]] = {}
    for claim in claims:
        by_predicate.setdefault(claim.predicate, []).append(claim)
    ranked = sorted(by_predicate, key=lambda p: (_ORDER.index(p) if p in _ORDER else len(_ORDER), p))
    return tuple(_point(p, by_predicate[p], p in contested, names, language) for p in ranked)


def _point(predicate: str, claims: Sequence[ClaimCard], contested: bool, names: Mapping[str, str], language: Language) -> Point:
    sides: dict[str, list[Statement]] = {}
    for claim in sorted(claims, key=lambda c: (is_dated(c), time_of(c), c.trust), reverse=True):
        statement = _statement(claim, names, language)
        side = said_date(_finest(claim.value, claims), language) if predicate in _DATES else statement.value
        sides.setdefault(side, []).append(statement)
    return Point(predicate, word("predicate", predicate, language), contested, tuple((v, tuple(s)) for v, s in sides.items()))


def _finest(date: str, claims: Sequence[ClaimCard]) -> str:
    """The one finer date that another source gives and that agrees: 2016 and 2016-03 are one side, not two."""
    finer = sorted({claim.value for claim in claims if claim.value.startswith(f"{date}-")}, key=len)
    return finer[-1] if finer and all(finer[-1].startswith(value) for value in finer) else date


def _statement(claim: ClaimCard, names: Mapping[str, str], language: Language) -> Statement:
    return Statement(
        _value(claim, names, language),
        said_date(claim.as_of, language),
        claim.title,
        claim.publisher,
        claim.url,
        said_date(claim.stated, language),
        said_date(claim.seen, language) if not is_dated(claim) else "",
        locator_words(claim.locator, language),
        names.get(claim.by, ""),
        claim.quote or claim.note,
    )


def _value(claim: ClaimCard, names: Mapping[str, str], language: Language) -> str:
    value, narrowed = claim.value, claim.qualifier
    if claim.predicate == "kind" and value in KINDS:
        return kind_name(value, language) + (f" ({t('word.listed', language)})" if narrowed == LISTED else "")
    if claim.predicate == "status" and value in STATUSES:
        return status_name(value, language) + (f" ({word('level', narrowed, language)})" if narrowed in LEVELS else "")
    if claim.predicate in _DATES:
        return said_date(value, language)
    if claim.predicate == "entry":
        return _entry(value, language)
    shown = names.get(value, value)
    return f"{shown} ({word('role', narrowed, language)})" if narrowed else shown


def _entry(value: str, language: Language) -> str:
    """A register's record: the fields that mean something to people."""
    try:
        record: Any = json.loads(value)
    except json.JSONDecodeError:
        return value
    if not isinstance(record, dict):
        return value
    fields = cast(dict[str, Any], record)
    parts = [
        f"{t(f'field.{n}', language)}: {_field(n, fields[n], language)}" for n in _ENTRY_FIELDS if fields.get(n) not in (None, "")
    ]
    return " · ".join(parts)


def _field(name: str, value: Any, language: Language) -> str:
    if name == "country":
        return country_word(str(value), language)
    if name == "kind":
        return word("place", str(value), language)
    if name == "population":
        return number_text(value, language) if isinstance(value, int | float) else str(value)
    return said_date(str(value), language) if name in {"population_as_of", "date"} else str(value)


def _names(graph: Graph, claims: Sequence[ClaimCard], more: Iterable[str], language: Language) -> dict[str, str]:
    """Names of everything that the claims mention by id."""
    ids = {*more, *(c.by for c in claims if c.by), *(c.value for c in claims if PREDICATES[c.predicate].nature == "relation")}
    named = {card.id: card.named(language) for card in places_by_id(graph, ids).values()}
    rest = sorted(i for i in ids - named.keys() if ":" in i)
    rows = graph.read(cypher.NAMES_OF, {"ids": rest}) if rest else []
    return named | {row["id"]: row[language] for row in rows if row[language]}
