"""When there is money: dates and rhythms on their boundaries, where each date was read, what counts, a user's own file."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.network.funding.calls import OBTAINABLE, STATES, Calendar, Call, Rhythm, Seen, evidence_of, when
from kg.network.funding.catalogue import SHIPPED_FILE, programmes, shipped
from kg.network.funding.evaluate import FundingPlace, evaluate, evaluate_all
from kg.network.funding.offers import fitting, offers
from kg.network.funding.rulefile import load_rules
from kg.present.texts import LANGUAGES, Language
from kg.present.views.funding import answer_row, verdict_groups, when_label, when_sentence

TODAY = dt.date(2026, 11, 25)
RHYTHMS: tuple[Rhythm, ...] = ("annual", "biennial", "triennial", "rolling", "irregular", "once", "unknown")
SEEN = Seen("https://example.org/calls", "2026-11-25")
RULES = {rule.id: rule for rule in shipped().programmes}
LUDWIGSBURG = FundingPlace("gn:2875107", "Ludwigsburg", "DE", "city", "DE11", 93_000)
MULHOUSE = FundingPlace("gn:2991214", "Mulhouse", "FR", "city", "FRF1", 108_000)
BERGAMO = FundingPlace("gn:3182164", "Bergamo", "IT", "city", "ITC4", 120_000)
NOVY_JICIN = FundingPlace("gn:3069381", "Nový Jičín", "CZ", "city", "CZ08", 23_000)
LBM = (LUDWIGSBURG, BERGAMO, MULHOUSE)


def call(opens: str = "", closes: str = "", name: str = "one", seen: Seen = SEEN) -> Call:
    return Call(name, opens, closes, seen)


def calendar(*calls: Call, rhythm: Rhythm = "irregular", ends: str = "", checked: str = "2026-11-25") -> Calendar:
    return Calendar(rhythm, SEEN, checked, calls, ends=ends, ends_seen=SEEN)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# -------------------------------------------------------------------------------------------------------------- boundaries


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("2027-01-09", "expected"),
        ("2027-01-10", "open"),
        ("2027-03-31", "open"),
        ("2027-04-01", "closed"),
    ],
)
def test_a_published_call_on_its_first_and_last_day(on: str, state: str) -> None:
    assert when(calendar(call("2027-01-10", "2027-03-31")), day(on)).state == state


@pytest.mark.parametrize(
    ("closes", "on", "state"),
    [("2027-03", "2027-03-31", "open"), ("2027-03", "2027-04-01", "closed"), ("2027", "2027-12-31", "open"),
     ("2027", "2028-01-01", "closed"), ("2028-02", "2028-02-29", "open")],
)  # fmt: skip
def test_a_month_or_year_lasts_to_its_last_day(closes: str, on: str, state: str) -> None:
    assert when(calendar(call("2027-01-10", closes)), day(on)).state == state


def test_a_call_without_a_day_of_opening_is_open_from_the_day_it_was_seen() -> None:
    told = calendar(call("", "2027-03-31"))
    assert when(told, day("2026-11-24")).state == "unknown"
    assert when(told, day("2026-11-25")).state == "open"


def test_a_call_of_which_nobody_says_when_it_closes_is_not_known_to_be_open() -> None:
    told = calendar(call("", "2025-03-31"), call("2026-03-01"))
    assert [(found.state, found.by) for found in (when(told, day(on)) for on in ("2026-02-28", "2026-03-01", "2029-01-01"))] == [
        ("expected", "announced"), ("unknown", "opened"), ("unknown", "opened"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rhythm", "on", "state", "date"),
    [
        ("annual", "2026-09-23", "open", "2026-09-23"),
        ("annual", "2026-09-24", "expected", "2027-09"),
        ("annual", "2027-09-23", "expected", "2027-09"),
        ("annual", "2027-09-24", "expected", "2028-09"),
        ("annual", "2028-09-23", "expected", "2028-09"),
        ("annual", "2028-09-24", "closed", "2026-09-23"),
        ("biennial", "2026-09-24", "expected", "2028-09"),
        ("triennial", "2026-09-24", "expected", "2029-09"),
        ("irregular", "2026-09-24", "closed", "2026-09-23"),
        ("unknown", "2026-09-24", "closed", "2026-09-23"),
        ("once", "2026-09-24", "ended", "2026-09-23"),
    ],
)
def test_a_rhythm_lets_expect_the_next_call_and_ends_after_two_missed_rounds(
    rhythm: Rhythm, on: str, state: str, date: str
) -> None:
    told = when(calendar(call("2026-04-01", "2026-09-23"), rhythm=rhythm), day(on))
    assert (told.state, told.date) == (state, date)


def test_several_rounds_a_year_are_each_expected() -> None:
    rounds = [call("", closes) for closes in ("2025-03-05", "2025-05-14", "2025-10-01", "2023-01-20")]
    told = calendar(*rounds, rhythm="annual")
    assert [when(told, day(on)).date for on in ("2026-03-05", "2026-03-06", "2026-05-15", "2026-10-02")] == [
        "2026-03", "2026-05", "2026-10", "2027-03",
    ]  # fmt: skip


def test_a_rhythm_from_29_february() -> None:
    assert when(calendar(call("", "2024-02-29"), rhythm="annual"), day("2025-02-28")).date == "2025-02"


@pytest.mark.parametrize(
    ("on", "date"), [("2026-12-31", "2026-12-31"), ("2027-01-01", "2027-03-31"), ("2027-03-31", "2027-03-31")]
)
def test_days_that_come_every_year(on: str, date: str) -> None:
    told = when(replace(calendar(rhythm="annual"), days=("03-31", "12-31"), days_seen=SEEN), day(on))
    assert (told.state, told.by, told.date) == ("expected", "days", date)


@pytest.mark.parametrize(
    ("ends", "on", "state"),
    [("2027-12-31", "2026-11-25", "expected"), ("2027-08-31", "2026-11-25", "closed"), ("2027-09", "2026-11-25", "expected"),
     ("2026-11-25", "2026-11-25", "closed"), ("2026-11-24", "2026-11-25", "ended")],
)  # fmt: skip
def test_nothing_is_expected_after_the_end_of_a_period(ends: str, on: str, state: str) -> None:
    told = calendar(call("", "2026-09-23"), rhythm="annual", ends=ends)
    assert when(told, day(on)).state == state


@pytest.mark.parametrize(
    ("checked", "on", "unchecked"),
    [("2026-11-25", "2027-11-25", False), ("2026-11-25", "2027-11-26", True), ("2024-02-29", "2025-03-01", False),
     ("2024-02-29", "2025-03-02", True)],
)  # fmt: skip
def test_nobody_has_looked_for_a_year(checked: str, on: str, unchecked: bool) -> None:
    assert when(calendar(checked=checked), day(on)).unchecked is unchecked


def test_it_is_the_first_thing_that_is_said() -> None:
    answer = evaluate(RULES["buergerfonds"], LBM, today=dt.date(2028, 1, 1))
    assert when_sentence(answer, "de").startswith("Seit über einem Jahr hat niemand nachgesehen (zuletzt 25.11.2026)")
    assert when_sentence(answer, "en").startswith("Nobody has looked for more than a year")


# --------------------------------------------------------------------------------------------------------------- properties

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2032, 12, 31))
DATES = st.one_of(st.just(""), DAYS.map(str), DAYS.map(lambda d: str(d)[:7]), DAYS.map(lambda d: str(d)[:4]))
CALLS = st.builds(call, DATES, DATES).filter(lambda c: bool(c.opens or c.closes))


def drawn(calls: list[Call], rhythm: Rhythm, days: tuple[str, ...], ends: str) -> Calendar:
    return Calendar(rhythm, SEEN, "2026-11-25", tuple(calls), days, SEEN, ends, SEEN)


CALENDARS = st.builds(
    drawn, st.lists(CALLS, max_size=4), st.sampled_from(RHYTHMS),
    st.lists(st.sampled_from(["01-01", "03-31", "12-31"]), max_size=2).map(tuple), st.one_of(st.just(""), DAYS.map(str)),
)  # fmt: skip


@given(CALENDARS, DAYS)
def test_only_a_published_call_is_ever_open_and_every_state_has_its_evidence(told: Calendar, on: dt.date) -> None:
    found = when(told, on)
    assert found.state in STATES
    assert (found.state == "open") == (
        any(each.is_open(on) for each in told.calls) and not (told.ends and told.ends < on.isoformat())
    )
    assert found.obtainable is (found.state in OBTAINABLE)
    assert found.state in ("unknown", "closed", "ended") or evidence_of(told, found)
    assert when(replace(told, calls=()), on).state != "open"


@given(CALENDARS, DAYS, st.integers(1, 2000))
def test_what_has_ended_stays_ended(told: Calendar, on: dt.date, later: int) -> None:
    if told.rhythm != "once" and when(told, on).state == "ended":
        assert when(told, on + dt.timedelta(later)).state == "ended"


@given(CALENDARS, DAYS)
def test_what_is_expected_lies_ahead(told: Calendar, on: dt.date) -> None:
    found = when(told, on)
    if found.state in ("open", "expected"):
        assert found.date >= on.isoformat()[: len(found.date)]


@given(CALENDARS, DAYS)
def test_the_order_of_calls_does_not_matter(told: Calendar, on: dt.date) -> None:
    assert when(told, on).state == when(replace(told, calls=told.calls[::-1]), on).state


@given(CALENDARS, DAYS, st.sampled_from(LANGUAGES))
def test_every_state_has_its_words(told: Calendar, on: dt.date, language: Language) -> None:
    rule = replace(RULES["buergerfonds"], calendar=told)
    answer = evaluate(rule, LBM, today=on)
    for text in (
        when_label(answer.when, "de" if language == "de" else "en"),
        when_sentence(answer, "de" if language == "de" else "en"),
    ):
        assert text.strip() == text != ""
        assert "{" not in text
        assert "  " not in text


# --------------------------------------------------------------------------------------------------------- the shipped file

_MONTH = r"(?:Ja|Fe|Mä|Ap|Ma|Ju|Au|Se|Ok|No|De)"
_FULL_DATE = re.compile(
    rf"\b\d{{4}}-\d{{2}}\b|\b\d{{1,2}}\. {_MONTH}|\b\d{{1,2}}\.\d{{1,2}}\.\d{{2}}|\b\d{{1,2}} [A-Z][a-z]+ \d{{4}}"
)


def test_every_date_in_the_table_carries_where_and_when_it_was_read() -> None:
    for rule in RULES.values():
        told = rule.calendar
        seen = [told.rhythm_seen, *(each.seen for each in told.calls)]
        seen += [told.days_seen] if told.days else []
        seen += [told.ends_seen] if told.ends else []
        for each in seen:
            assert each is not None, rule.id
            assert each.url.startswith("http"), rule.id
            assert each.on >= "2026-11-01", rule.id
        assert rule.calendar.checked, rule.id


def test_no_date_stands_in_a_text_where_nobody_can_see_its_source() -> None:
    for rule in RULES.values():
        notes = [note.text for note in (rule.changed, rule.outlook) if note]
        for text in (rule.name, rule.what, rule.money, *rule.to_be_met, *notes):
            assert not _FULL_DATE.search(text.de), (rule.id, text.de)
            assert not _FULL_DATE.search(text.en), (rule.id, text.en)


def test_no_shipped_rhythm_makes_a_call_open() -> None:
    for answer in evaluate_all(LBM, today=TODAY):
        if answer.when.state == "open":
            assert answer.when.call is not None
            assert answer.when.call.seen.url.startswith("http")


@pytest.mark.parametrize(
    ("name", "state", "date"),
    [
        ("cerv_town_twinning", "expected", "2027-09"),
        ("cerv_networks_of_towns", "expected", "2027-04"),
        ("interreg_alpine_space_small", "closed", "2024-06-27"),
        ("interreg_alpine_space_classic", "ended", "2025-07-10"),
        ("buergerfonds", "rolling", ""),
        ("nouveaux_horizons", "rolling", "2027-03-31"),
        ("german_czech_future_fund", "expected", "2026-12-31"),
        ("fkkp", "closed", "2023-03-06"),
        ("preis_de_it", "expected", "2027-04"),
    ],
)
def test_when_there_is_money_in_late_2026(name: str, state: str, date: str) -> None:
    told = when(RULES[name].calendar, TODAY)
    assert (told.state, told.date) == (state, date)


def test_cerv_ends_with_its_period() -> None:
    told = RULES["cerv_town_twinning"].calendar
    assert when(told, dt.date(2027, 9, 24)).state == "closed"
    assert when(told, dt.date(2028, 1, 1)).state == "ended"


def test_a_rule_is_told_by_the_newest_call() -> None:
    small = evaluate(RULES["interreg_alpine_space_small"], LBM, today=TODAY)
    assert small.verdict == "fail"
    assert "Nur drei Partner im Programmgebiet Alpenraum (Bergamo, Ludwigsburg, Mulhouse), verlangt sind vier bis sieben." in [
        reason.text.de for reason in small.reasons
    ]
    assert any("3 bis 6 Partner" in text for text in answer_row(small, "de")["remarks"])
    assert RULES["nakopa"].money.de == "50.000 bis 250.000 EUR"
    assert RULES["fkkp"].money.de == "250.000 bis 500.000 EUR"


# ------------------------------------------------------------------------------------------------------------- what counts


def test_only_what_can_be_had_counts_and_a_leg_as_a_leg() -> None:
    fits = fitting(LBM, (), TODAY)
    assert {each.programme.id for each in offers(TODAY)} == {
        rule.id for rule in programmes() if when(rule.calendar, TODAY).state in OBTAINABLE
    }
    assert fits.whole == ("nouveaux_horizons",)
    assert "meae_general" not in fits.leg
    assert {"cerv_town_twinning", "erasmus_youth_exchange", "eui_city_to_city"} <= set(fits.for_all)
    assert fitting((LUDWIGSBURG, NOVY_JICIN, BERGAMO), (), TODAY).leg[0] == "german_czech_future_fund"


def test_what_fits_everybody_says_so() -> None:
    told = {answer.programme_id: answer_row(answer, "de")["remarks"] for answer in evaluate_all(LBM, today=TODAY)}
    said = "Passt für beliebige drei Städte aus drei Ländern der EU, spricht also nicht für gerade diese."
    assert said in told["cerv_town_twinning"]
    assert said not in told["nouveaux_horizons"]


def test_what_can_be_had_stands_first() -> None:
    passing = verdict_groups(evaluate_all(LBM, today=TODAY))["pass"]
    ranks = [STATES.index(answer.when.state) for answer in passing]
    assert ranks == sorted(ranks)
    assert passing[0].when.obtainable


# --------------------------------------------------------------------------------------------------------- a file of one's own

OWN = """\
[[programme]]
id = "stiftung"
name = { de = "Stiftung", en = "Foundation" }
what = { de = "Etwas.", en = "Something." }
conditions = [{ count = "places", area = "germany", min = 1 }]
money = { de = "bis 5.000 EUR", en = "up to EUR 5,000" }
rhythm = "annual"
calls = [{ name = "2027", opens = "2026-11-01", closes = "2027-01-31", seen = "https://example.org/2027" }]
checked = "2026-11-25"
source = "https://example.org/rules"
as_of = "2026"
"""
EU_AGAIN = """\
[area.eu]
label = { de = "hier", en = "here" }
inside = ["DE"]

"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("kg.network.funding.catalogue.own_folder", lambda: tmp_path)
    monkeypatch.setattr("kg.network.funding.offers.own_folder", lambda: tmp_path)
    return tmp_path


def test_a_file_of_ones_own_joins_the_shipped_programmes(own: Path) -> None:
    assert len(programmes()) == len(RULES)
    (own / "town.toml").write_text(OWN, encoding="utf-8")
    assert [rule.id for rule in programmes()] == [*RULES, "stiftung"]
    answer = next(each for each in evaluate_all(LBM, today=TODAY) if each.programme_id == "stiftung")
    assert (answer.verdict, answer.when.state, answer.when.date) == ("pass", "open", "2027-01-31")
    assert when_label(answer.when, "de") == "offen bis 31.01.2027"
    assert "stiftung" in fitting(LBM, (), TODAY).whole
    (own / "town.toml").unlink()
    assert [rule.id for rule in programmes()] == [*RULES]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('area = "germany"', 'area = "germania"', "town.toml:5: programme.0.conditions.0.area: there is no area 'germania'"),
        ('id = "stiftung"', 'id = "buergerfonds"', "town.toml:2: programme.0.id: 'buergerfonds' is defined twice"),
        ('closes = "2027-01-31"', 'closes = "2026-01-31"', "town.toml:8: programme.0.calls.0: it closes"),
        ('closes = "2027-01-31"', 'closes = "soon"', "town.toml:8: programme.0.calls.0.closes: 'soon' is not a date"),
        (', seen = "https://example.org/2027"', "", "town.toml:8: programme.0.calls.0.seen: Field required"),
        ('rhythm = "annual"', 'rhythm = "often"', "town.toml:7: programme.0.rhythm: Input should be"),
        ('checked = "2026-11-25"', 'checked = "2026-11"', "town.toml:9: programme.0.checked: '2026-11' is no day"),
        ('checked = "2026-11-25"\n', "", "town.toml:1: programme.0.checked: Field required"),
        ('checked = "', 'outlook = "mars"\nchecked = "', "town.toml:9: programme.0.outlook: there is no outlook 'mars'"),
        ("[[programme]]", f"{EU_AGAIN}[[programme]]", "town.toml:1: area.eu: 'eu' is an area of the shipped rules"),
        ("[[programme]]", "[[programm]]", "town.toml:1: programm: this key is not known here"),
    ],
)  # fmt: skip
def test_a_wrong_file_of_ones_own_is_refused_with_file_line_and_field(own: Path, old: str, new: str, told: str) -> None:
    assert old in OWN
    (own / "town.toml").write_text(OWN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        programmes()
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'id = "\xff"', "town.toml:1: not written in UTF-8"),
        (b"#" * (2 * 2**20 + 1), "town.toml: 2,097,153 bytes are no rule file"),
        (b"", "town.toml:1: programme: Field required"),
        (b"\xef\xbb\xbfx", "town.toml:1: not readable as TOML"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_rule_file_is_refused(own: Path, data: bytes, told: str) -> None:
    (own / "town.toml").write_bytes(data)
    with pytest.raises(DataError) as caught:
        programmes()
    assert str(caught.value).startswith(told)


def test_the_shipped_file_is_read_alone_as_well() -> None:
    assert load_rules(SHIPPED_FILE).programmes == shipped().programmes
