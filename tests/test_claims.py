"""Properties of the merge: what docs/claims.md says, whatever the claims; proved against an oracle of another structure."""

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model.claims import Claim, Source
from kg.model.clocks import holds, time_of
from kg.model.identity import partnership_id
from kg.model.merge import merge
from kg.vocabulary import KINDS, STATUSES
from tests import claims_oracle

PAIR = partnership_id("partnership", ["gn:2", "gn:1"])
TRUST = {"src:city": 80, "src:press": 60, "src:wiki": 60}
TODAY = dt.date(2026, 11, 25)
FAMILY = sorted(k.id for k in KINDS.values() if k.family == "partnership")[:3]

years = st.integers(1948, 1956).map(str) | st.integers(2018, 2029).map(str)
months = st.tuples(years, st.integers(1, 12)).map(lambda pair: f"{pair[0]}-{pair[1]:02d}")
days = st.tuples(months, st.integers(1, 28)).map(lambda pair: f"{pair[0]}-{pair[1]:02d}")
dates = years | months | days
maybe = st.just("") | dates


@st.composite
def some_claim(draw):
    predicate = draw(st.sampled_from(["kind", "status", "since", "until", "kind", "status", "since"]))
    values = {"kind": st.sampled_from(FAMILY), "status": st.sampled_from(sorted(STATUSES))}
    qualifiers = {"kind": st.sampled_from(["", "listed"]), "status": st.sampled_from(["", "official"])}
    stated = draw(maybe)
    seen = "" if stated else draw(maybe)
    return Claim(
        draw(st.sampled_from(sorted(TRUST))), PAIR, predicate, draw(values.get(predicate, dates)),
        draw(st.sampled_from(["", "a", "b"])), draw(qualifiers.get(predicate, st.sampled_from(["", *FAMILY]))),
        draw(maybe), stated, seen=seen, dataset=draw(st.sampled_from(["one", "two"])),
    )  # fmt: skip


claims = some_claim()
several = st.lists(claims, max_size=9, unique_by=lambda c: c.id)
some_day = st.dates(dt.date(1947, 1, 1), dt.date(2030, 12, 31))
maybe_day = st.none() | some_day


@given(several, maybe_day, maybe_day)
def test_facts_are_what_the_page_says(told, at, known):
    merged = merge(PAIR, told, TRUST, at, known=known, today=TODAY)
    expected = claims_oracle.partnership(told, TRUST, at or TODAY, known, asked=at is not None)
    published = [c for c in told if known is None or ((c.stated or c.seen) and claims_oracle.Told(c, TRUST).known)]
    if merged is None:
        assert expected is None or not _any_known(published, known)
        return
    assert expected is not None
    contested = set(expected.pop("contested"))
    assert {name: merged.properties.get(name, "") for name in expected} == expected
    assert set(merged.contested) == contested


def _any_known(told, known):
    return any(known is None or claims_oracle.span(c.stated or c.seen)[0] <= known for c in told)


@given(several, st.randoms(), maybe_day, maybe_day)
def test_order_and_repetition_do_not_matter(told, random, at, known):
    shuffled = [*told, *told]
    random.shuffle(shuffled)
    assert merge(PAIR, told, TRUST, at, known=known, today=TODAY) == merge(PAIR, shuffled, TRUST, at, known=known, today=TODAY)


@given(several, some_day, some_day, maybe_day)
def test_what_is_known_only_grows(told, one, other, at):
    early, late = sorted([one, other])
    before, after = ({c.id for c in told if holds(c, at, day)} for day in (early, late))
    assert before <= after <= {c.id for c in told if holds(c, at)}


@given(several, some_day, some_day, maybe_day)
def test_what_held_goes_on_to_have_held(told, one, other, known):
    early, late = sorted([one, other])
    before, after = ({c.id for c in told if holds(c, day, known)} for day in (early, late))
    assert before <= after


@given(several, some_day, maybe_day)
def test_what_was_published_later_changes_nothing_that_was_known(told, known, at):
    told = [c for c in told if c.stated or c.seen]
    published = [c for c in told if holds(c, None, known)]
    # Claims of the day itself: nobody who looks at less sees more.
    assert merge(PAIR, told, TRUST, at, known=known, today=TODAY) == merge(PAIR, published, TRUST, at, known=known, today=TODAY)


@given(several, some_day)
def test_nothing_later_than_the_day_is_shown(told, at):
    merged = merge(PAIR, told, TRUST, at)
    if merged is None:
        return
    for name in ("since", "last_evidence", "status_as_of"):
        date = str(merged.properties.get(name, ""))
        assert not date or claims_oracle.span(date)[0] <= at


@given(several, maybe_day)
def test_a_beginning_never_makes_active(told, at):
    stated = [c for c in told if c.predicate != "status"]
    merged = merge(PAIR, stated, TRUST, at, today=TODAY)
    assert merged is None or merged.properties["status"] in {"unknown", "ended"}


@given(several)
def test_an_undated_statement_never_beats_a_dated_one(told):
    dated = [c for c in told if c.predicate == "status" and (c.as_of or c.stated)]
    merged = merge(PAIR, told, TRUST, today=TODAY)
    if dated and merged is not None and merged.properties["status_basis"] == "stated":
        assert "status_undated" not in merged.properties
        assert merged.properties["status_as_of"] in {time_of(c) for c in dated}


@given(several)
def test_history_is_found_in_any_order_of_the_years(told):
    """On the day of a dated status, no later one shows."""
    for claim in (c for c in told if c.predicate == "status" and c.as_of):
        at = claims_oracle.span(claim.as_of)[0]
        later = [c for c in told if c.predicate == "status" and time_of(c) and claims_oracle.span(time_of(c))[0] > at]
        without = [c for c in told if c not in later]
        then = merge(PAIR, told, TRUST, at)
        assert then is not None
        assert (then.properties["status"], then.properties["status_basis"]) == tuple(
            merge(PAIR, without, TRUST, at).properties[name]
            for name in ("status", "status_basis")  # pyright: ignore[reportOptionalMemberAccess]
        )


# --- The examples of the page --------------------------------------------------------------------------------------------


PAGE = Source("src:page", "Page", retrieved="2026-11-10", trust=80)
LIST = Source("src:list", "List", published="2026", kind="list", trust=50)
PRESS = Source("src:press", "Press", published="2021-03", trust=60)
CITY = Source("src:city", "City", published="2023", trust=80)


def facts(*told, at="", known=""):
    sources = {source.id: source.trust for source in (PAGE, LIST, PRESS, CITY)}
    day, by = (dt.date.fromisoformat(text) if text else None for text in (at, known))
    merged = merge(PAIR, told, sources, day, known=by, today=TODAY)
    return dict(merged.properties) if merged else {}


def brief(*told, at="", known="", names=("status", "status_basis", "status_as_of")):
    found = facts(*told, at=at, known=known)
    return tuple(found.get(name, "") for name in names)


def kind(source, name="twinning", qualifier="", **more):
    return source.claim(PAIR, "kind", name, qualifier=qualifier, **more)


def says(source, predicate, value, qualifier="", **more):
    return source.claim(PAIR, predicate, value, more.pop("locator", ""), qualifier, **more)


def test_example_1_an_undated_statement_beats_an_implied_date():
    told = (kind(PAGE), says(PAGE, "since", "1950", "twinning"), says(PAGE, "status", "dormant"))
    assert brief(*told) == ("dormant", "stated", "2026-11-10")
    assert facts(*told)["status_undated"] is True
    assert brief(*told, at="2000-01-01") == ("unknown", "begun", "1950")


def test_example_2_a_list_says_that_it_exists_and_no_more():
    told = (kind(LIST, qualifier=LIST.listing()), says(LIST, "since", "1967", "twinning"))
    assert brief(*told) == ("unknown", "listed", "2026")
    assert brief(*told, at="2015-01-01") == ("unknown", "begun", "1967")


def test_example_3_a_plan_that_came_true():
    told = (
        kind(PRESS), says(PRESS, "status", "planned"), kind(CITY), says(CITY, "status", "active"),
        says(CITY, "since", "2022-10-21", "twinning"),
    )  # fmt: skip
    assert brief(*told) == ("active", "stated", "2023")
    assert brief(*told, at="2021-03-31") == ("planned", "stated", "2021-03")
    assert brief(*told, at="2022-12-31") == ("unknown", "begun", "2022-10-21")
    assert brief(*told, at="2022-12-31", known="2022-12-31") == ("planned", "stated", "2021-03")
    assert facts(*told, at="2022-12-31", known="2021-02-28") == {}


def test_example_4_an_end_ends_from_its_day_on():
    told = (kind(CITY), says(CITY, "until", "2027", "twinning"))
    assert brief(*told) == ("unknown", "listed", "2023")
    assert facts(*told)["until"] == "2027"
    assert brief(*told, at="2027-12-30")[0] == "unknown"
    assert brief(*told, at="2027-12-31") == ("ended", "ended", "2027")
    assert brief(kind(CITY), says(CITY, "until", "2026-11-25")) == ("ended", "ended", "2026-11-25")
    assert brief(kind(CITY), says(CITY, "until", "2026-11-26"))[0] == "unknown"


def test_example_5_each_kind_has_its_own_beginning():
    told = (
        kind(PAGE, "friendship"), says(PAGE, "since", "1981", "friendship"), kind(PAGE), says(PAGE, "since", "1990", "twinning"),
    )  # fmt: skip
    for order in (told, told[::-1]):
        assert brief(*order, names=("kind", "since", "contested")) == ("twinning", "1990", "")
        assert brief(*order, at="1985-01-01", names=("kind", "since")) == ("friendship", "1981")


def test_example_6_two_finer_dates_of_one_year_are_contested():
    told = (kind(CITY), says(CITY, "since", "1950"), says(PRESS, "since", "1950-05-31"), says(LIST, "since", "1950-09-01"))
    assert brief(*told, names=("since", "contested")) == ("1950-05-31", ["since"])
    assert "contested" not in facts(*told[:3])


def test_example_7_a_status_may_come_back():
    told = [
        says(LIST, "status", status, locator=year, as_of=year)
        for status, year in (("active", "2001"), ("dormant", "2010"), ("active", "2020"))
    ]
    for order in (told, told[::-1], [told[1], told[2], told[0]]):
        assert brief(*order)[0] == "active"
        assert brief(*order, at="2015-01-01")[0] == "dormant"
        assert "contested" not in facts(*order)


def test_example_8_the_day_of_looking_up_is_never_newer():
    assert brief(says(PAGE, "status", "active"), says(PRESS, "status", "ended", as_of="2022-06"))[0] == "ended"


def test_example_9_a_finer_programme_refines_a_coarser_one():
    told = (kind(CITY), says(CITY, "programme", "SKEW", as_of="2024"), says(PRESS, "programme", "SKEW phase 5", as_of="2016"))
    assert facts(*told)["programme"] == facts(*told[::-1])["programme"] == "SKEW phase 5"
    other = says(CITY, "programme", "SKEW phase 9", as_of="2022")
    assert facts(*told, other)["programme"] == "SKEW phase 9"
    assert facts(*told, says(CITY, "programme", "Pro", as_of="2025"))["programme"] == "Pro"


def test_example_10_an_end_goes_before_what_was_said_in_its_year():
    told = (
        kind(CITY), says(CITY, "status", "active", as_of="2014"), says(CITY, "status", "active", as_of="2021-05", locator="b"),
        says(CITY, "until", "2021"),
    )  # fmt: skip
    assert brief(*told) == brief(*told, at="2021-12-31") == ("ended", "ended", "2021")
    assert brief(*told, at="2021-12-30")[0] == "active"
    revived = says(CITY, "status", "active", as_of="2024", locator="c")
    assert (facts(*told, revived)["status"], facts(*told, revived)["contested"]) == ("active", ["until"])


def test_the_page_has_its_ten_examples_and_each_is_tried_here():
    page = (Path(__file__).parents[1] / "docs" / "claims.md").read_text("utf-8")
    numbers = re.findall(r"^\| (\d+) \|", page, re.MULTILINE)
    tried = {match[1] for name in globals() if (match := re.match(r"test_example_(\d+)_", name))}
    assert set(numbers) == tried == {str(n) for n in range(1, 11)}


# --- Other subjects ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "day", "held"),
    [
        (Claim("s", "gn:1", "member_of", "net:n", qualifier="1993", stated="2023"), "1993-06-01", True),
        (Claim("s", "gn:1", "member_of", "net:n", qualifier="1993", stated="2023"), "1992-12-31", False),
        (Claim("s", "gn:1", "member_of", "net:n", stated="2023"), "1993-06-01", False),
        (Claim("s", "gn:1", "entry", '{"population": 5, "population_as_of": "2020"}'), "1990-01-01", False),
        (Claim("s", "gn:1", "entry", '{"name": "A"}', stated="2020"), "1990-01-01", True),
        (Claim("s", "event:1", "entry", '{"date": "2019-05", "name": "A"}', stated="2023"), "2019-05-01", True),
        (Claim("s", "event:1", "entry", '{"date": "2019-05", "name": "A"}', stated="2023"), "2019-04-30", False),
        (Claim("s", "org:1", "supports", PAIR, stated="2020"), "2019-12-31", False),
        (Claim("s", PAIR, "topic", "topic:a", stated="2020"), "2020-01-01", True),
        (Claim("s", PAIR, "status", "active"), "2020-01-01", False),
    ],
)
def test_what_holds_on_a_day(claim, day, held):
    assert holds(claim, dt.date.fromisoformat(day)) is held


def test_the_role_of_a_member_was_so_before_anybody_wrote_it_down():
    sponsor = partnership_id("sponsorship", ["gn:1", "gn:2"])
    told = [
        Claim("s", sponsor, "since", "1951", stated="2020"),
        Claim("s", sponsor, "role", "gn:2", qualifier="sponsor", stated="2020"),
    ]
    merged = merge(sponsor, told, {}, dt.date(1960, 1, 1))
    assert merged is not None
    assert [(r.target, dict(r.properties)) for r in merged.relations] == [("gn:2", {"role": "sponsor"})]


def test_a_subject_without_an_entry_is_still_there():
    merged = merge("gn:1", [Claim("s", "gn:1", "member_of", "net:n")], {})
    assert merged is not None
    assert merged.properties == {"id": "gn:1"}
