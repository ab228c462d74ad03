"""The merge of claims into facts: order, repetition, contradiction, history and what was known at a date."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.model.claims import Claim, check_claim
from kg.model.dates import PartialDate, parse_date
from kg.model.identity import PLACE_ID, fold, pair_key, partnership_id, partnership_members, place_id, slug
from kg.model.merge import merge
from kg.vocabulary import KINDS, STATUSES

PAIR = partnership_id("partnership", ["gn:2", "gn:1"])
TRUST = {"src:city": 80, "src:press": 60, "src:wiki": 50}

years = st.integers(1900, 2030).map(str)
dates = st.one_of(years, st.dates(dt.date(1900, 1, 1), dt.date(2030, 1, 1)).map(lambda d: d.isoformat()[:7]))
claims = st.builds(
    Claim,
    source=st.sampled_from(sorted(TRUST)),
    subject=st.just(PAIR),
    predicate=st.just("kind"),
    value=st.sampled_from(sorted(k.id for k in KINDS.values() if k.family == "partnership")),
    locator=st.text("ab", max_size=2),
    as_of=dates,
    stated=years,
) | st.builds(
    Claim, source=st.sampled_from(sorted(TRUST)), subject=st.just(PAIR), predicate=st.just("status"),
    value=st.sampled_from(sorted(STATUSES)), as_of=dates, stated=years,
) | st.builds(
    Claim, source=st.sampled_from(sorted(TRUST)), subject=st.just(PAIR), predicate=st.sampled_from(["since", "until"]),
    value=dates, stated=years,
)  # fmt: skip
some_claims = st.lists(claims, max_size=12, unique_by=lambda c: c.id)


def says(predicate: str, value: str, as_of: str = "", source: str = "src:city", **more: str) -> Claim:
    return Claim(source, PAIR, predicate, value, as_of=as_of, **more)


def facts(*given_claims: Claim, at: str = "") -> dict[str, object]:
    merged = merge(PAIR, given_claims, TRUST, dt.date.fromisoformat(at) if at else None)
    return dict(merged.properties) if merged else {}


@given(some_claims, st.randoms())
def test_order_and_repetition_of_claims_do_not_matter(told, random):
    shuffled = [*told, *told]
    random.shuffle(shuffled)
    assert merge(PAIR, told, TRUST) == merge(PAIR, shuffled, TRUST)


@given(some_claims, st.dates(dt.date(1950, 1, 1), dt.date(2030, 1, 1)))
def test_the_future_cannot_change_what_was_the_status_then(told, at):
    then = merge(PAIR, told, TRUST, at)
    later = [
        Claim("src:city", PAIR, "status", "ended", as_of=str(at.year + 1), locator="later"),
        Claim("src:press", PAIR, "status", "active", as_of=str(at.year + 2), locator="later"),
    ]
    with_later = merge(PAIR, [*told, *later], TRUST, at)
    assert then == with_later


@given(some_claims, claims)
def test_a_claim_more_never_hides_a_contradiction_between_equal_times(told, another):
    def disputed(given_claims):
        kinds: dict[str, set[str]] = {}
        for claim in given_claims:
            if claim.predicate == "kind":
                kinds.setdefault(claim.as_of, set()).add(claim.value)
        return any(len(v) > 1 for v in kinds.values())

    merged = merge(PAIR, [*told, another], TRUST)
    assert merged is not None
    assert ("kind" in merged.contested) == disputed([*told, another])


def test_planned_then_signed_is_history_and_no_contradiction():
    told = [says("kind", "twinning", "2021"), says("status", "planned", "2021-03", "src:press"), says("since", "2022-10-21")]
    assert (facts(*told)["status"], facts(*told)["status_basis"]) == ("unknown", "begun")
    assert facts(*told)["status_as_of"] == "2022-10-21"
    assert "contested" not in facts(*told)
    assert facts(*told, at="2021-04-01")["status"] == "planned"
    assert facts(*told, at="2020-12-31") == {}


def test_two_founding_years_are_contested_and_the_trusted_one_leads():
    told = [says("kind", "twinning", "2023"), says("since", "2012"), says("since", "1961", source="src:wiki")]
    assert (facts(*told)["since"], facts(*told)["contested"]) == ("2012", ["since"])


def test_a_finer_date_refines_and_does_not_contradict():
    told = [says("kind", "twinning", "2023"), says("since", "1950"), says("since", "1950-05-31", source="src:wiki")]
    assert facts(*told)["since"] == "1950-05-31"
    assert facts(*told)["since_precision"] == "day"
    assert "contested" not in facts(*told)


def test_a_friendship_that_became_a_treaty_is_one_relationship():
    told = [says("kind", "friendship", "1981"), says("since", "1981"), says("kind", "twinning", "1990")]
    assert (facts(*told)["kind"], facts(*told)["since"]) == ("twinning", "1981")
    assert facts(*told, at="1985-01-01")["kind"] == "friendship"


def test_dormant_of_one_level_says_so():
    told = [says("kind", "twinning", "1990"), says("since", "1990"), says("status", "dormant", "2014", qualifier="official")]
    assert (facts(*told)["status"], facts(*told)["level"]) == ("dormant", "official")
    assert facts(*told, at="2013-06-01")["status_basis"] == "begun"


def test_an_end_is_a_status():
    told = [says("kind", "twinning", "1970"), says("since", "1970"), says("until", "2021")]
    assert (facts(*told)["status"], facts(*told)["status_basis"]) == ("ended", "ended")
    assert facts(*told, at="2020-01-01")["status_basis"] == "begun"


def test_entries_take_each_property_from_the_most_trusted_source_that_has_it():
    told = [
        Claim("src:wiki", "gn:1", "entry", '{"name": "Mülhausen", "country": "FR", "population": 1, "population_as_of": "2024"}'),
        Claim("src:city", "gn:1", "entry", '{"name": "Mulhouse", "country": "FR", "population": 2, "lat": 47.7, "lon": 7.3}'),
    ]
    merged = merge("gn:1", told, TRUST)
    assert merged is not None
    assert merged.properties["name"] == "Mulhouse"
    assert merged.properties["aliases"] == ["Mülhausen"]
    assert merged.properties["population"] == 1  # the later count, though the register is less trusted
    assert merged.properties["location"] == (7.3, 47.7)
    assert merged.contested == ()


def test_two_countries_of_one_place_are_contested():
    told = [Claim("src:wiki", "gn:1", "entry", '{"country": "RU"}'), Claim("src:city", "gn:1", "entry", '{"country": "UA"}')]
    merged = merge("gn:1", told, TRUST)
    assert merged is not None
    assert (merged.properties["country"], merged.contested) == ("UA", ("country",))


@given(st.lists(st.integers(1, 99).map(lambda n: f"gn:{n}"), min_size=2, max_size=5, unique=True), st.randoms())
def test_a_partnership_is_keyed_alike_for_every_order_of_members(members, random):
    shuffled = members[:]
    random.shuffle(shuffled)
    key = partnership_id("project", members, "A name")
    assert key == partnership_id("project", shuffled, "A name")
    assert partnership_members(key) == tuple(sorted(members))
    assert pair_key(key, members[0], members[1]) == pair_key(key, members[1], members[0])


def test_a_place_is_no_partner_of_itself():
    with pytest.raises(ValueError, match="two different members"):
        partnership_id("partnership", ["gn:1", "gn:1"])


@given(st.dates(dt.date(800, 1, 1), dt.date(2100, 12, 31)))
def test_dates_are_read_as_written_and_coarser_ones_allow_finer_ones(day):
    text = day.isoformat()
    for written in (text, text[:7], text[:4]):
        assert str(parse_date(written)) == written
        assert parse_date(written).allows(parse_date(text))
    assert parse_date(text[:4]) < parse_date(text)


@pytest.mark.parametrize("text", ["", "20222", "22", "1950-13", "1950-02-30", "0799", "1950-5", "٢٠٢٠", "1950-05-01T00:00"])
def test_what_is_no_date_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"date|outside"):
        parse_date(text)


def test_partial_dates_say_how_much_they_know():
    assert [PartialDate(1950).precision, PartialDate(1950, 5).precision, PartialDate(1950, 5, 31).precision] == [
        "year",
        "month",
        "day",
    ]


@pytest.mark.parametrize(
    "claim",
    [
        Claim("s", PAIR, "colour", "red"), Claim("s", PAIR, "kind", "marriage"), Claim("s", PAIR, "since", "soon"),
        Claim("s", "gn:1", "kind", "twinning"), Claim("s", PAIR, "status", "active", as_of="yesterday"),
    ],
)  # fmt: skip
def test_a_claim_outside_the_vocabulary_is_refused(claim):
    with pytest.raises(DataError):
        check_claim(claim)


def test_names_fold_as_people_type_them():
    assert fold("Nový  Jičín") == fold("novy jicin")
    assert slug("Dessau-Roßlau") == "dessau-rosslau"
    assert slug("日本") != slug("中国") != ""


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Dessau-Roßlau", "dessau-rosslau"), ("Saint-Dié", "saint-die"), ("Val d'Oise", "val-d-oise"), ("Gəncə", "gəncə"),
        ("Ассоциация городов", "ассоциация-городов"), ("日本", "日本"), ("!?", "8faf838e27d8"),
    ],
)  # fmt: skip
def test_what_a_name_makes_of_an_id_stays_as_it_is(name, key):
    assert slug(name) == key


@pytest.mark.parametrize(
    ("country", "name", "more", "key"),
    [
        ("FR", "Saint-Dié", (), "x:fr-st-die"), ("FR", "Val d'Oise", (), "x:fr-val-doise"), ("AZ", "Gəncə", (), "x:az-gence"),
        ("IT", "Bergamo", ("province",), "x:it-bergamo-province"), ("DE", "Aa", ("at-48.1--9.2",), "x:de-aa-at-48.1--9.2"),
        ("DE", "Stadt und Land", (), "x:de-stadt-and-land"), ("JP", "日本", (), "x:jp-65e5-672c"),
        ("UA", "Київ (Kyiv)", (), "x:ua-kyiv"),
    ],
)  # fmt: skip
def test_what_a_name_makes_of_a_places_id_stays_as_it_is(country, name, more, key):
    assert place_id(country, name, *more) == key
    assert PLACE_ID.fullmatch(key)


# --- What a run of mutations found unheld (docs/decisions/mutation.md) -------------------------------------------------------


@pytest.mark.parametrize(("later", "contested"), [("2020", ["status"]), ("2021", None)])
def test_two_statuses_of_one_time_are_contested_and_of_two_times_history(later, contested):
    told = [says("kind", "twinning", "2010"), says("status", "active", "2020"), says("status", "dormant", later, "src:press")]
    assert facts(*told).get("contested") == contested


def test_only_a_role_of_a_person_says_as_of_when():
    person, place = "person:x", "gn:1"
    entry = {"person": '{"name": "X"}', "place": '{"name": "A", "kind": "city", "country": "DE"}'}
    held = [Claim("src:city", person, "entry", entry["person"]), Claim("src:city", person, "holds", "gn:1", "", "mayor", "2020")]
    joined = [Claim("src:city", place, "entry", entry["place"]), Claim("src:city", place, "member_of", "net:n", "", "", "2020")]
    relations = [merged.relations for claims in (held, joined) if (merged := merge(claims[0].subject, claims, TRUST))]
    assert [dict(found[0].properties) for found in relations] == [{"as_of": "2020", "role": "mayor"}, {}]
