"""Funding rules: the worked answers of the field, three-valued logic, refusal of wrong rule files, the reference page."""

import datetime as dt
import tomllib
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import DataError
from kg.network.funding.catalogue import SHIPPED_FILE, programmes
from kg.network.funding.evaluate import FundingPlace, FundingTie, evaluate, evaluate_all, verdict
from kg.network.funding.page import PAGE, funding_page
from kg.network.funding.rulefile import load_rules
from kg.network.funding.rules import Condition, Programme
from kg.network.funding.words import OPEN, Tally, say
from kg.vocabulary import KINDS, PLACE_KINDS, STATUSES

TODAY = dt.date(2026, 11, 23)
LUDWIGSBURG = FundingPlace("gn:2875107", "Ludwigsburg", "DE", "city", "DE11", 93_000)
MULHOUSE = FundingPlace("gn:2991214", "Mulhouse", "FR", "city", "FRF1", 108_000)
MONTBELIARD = FundingPlace("gn:2992938", "Montbéliard", "FR", "city", "FRC2", 25_000)
BERGAMO = FundingPlace("gn:3182164", "Bergamo", "IT", "city", "ITC4", 120_000)
NOVY_JICIN = FundingPlace("gn:3069381", "Nový Jičín", "CZ", "city", "CZ08", 23_000)
INNSBRUCK = FundingPlace("gn:2775220", "Innsbruck", "AT", "city", "AT33", 131_000)
KONGOUSSI = FundingPlace("gn:2359355", "Kongoussi", "BF", "municipality")
WROCLAW = FundingPlace("gn:3081368", "Wrocław", "PL", "city", "PL51", 640_000)
LVIV = FundingPlace("gn:702550", "Lwiw", "UA", "city")
MINSK = FundingPlace("gn:625144", "Minsk", "BY", "city")
CAERPHILLY = FundingPlace("gn:2653941", "Caerphilly", "GB", "county")
TIES = (
    FundingTie(LUDWIGSBURG.id, BERGAMO.id, "twinning", "active"),
    FundingTie(LUDWIGSBURG.id, KONGOUSSI.id, "climate", "active", "SKEW phase 4"),
    FundingTie(LUDWIGSBURG.id, MONTBELIARD.id, "twinning", "active"),
)
RULES = {rule.id: rule for rule in programmes()}
INTERREG = tuple(name for name in RULES if name.startswith("interreg_"))

LBM = (LUDWIGSBURG, BERGAMO, MULHOUSE)
LBN = (LUDWIGSBURG, BERGAMO, NOVY_JICIN)
LMN = (LUDWIGSBURG, MONTBELIARD, NOVY_JICIN)
LMBN = (LUDWIGSBURG, MONTBELIARD, BERGAMO, NOVY_JICIN)
LMK = (LUDWIGSBURG, MONTBELIARD, KONGOUSSI)

WORKED = [
    (LBM, "pass", ("cerv_town_twinning", "nouveaux_horizons")),
    (
        LBM,
        "fail",
        (
            "interreg_alpine_space_small",
            "cerv_networks_of_towns",
            "interreg_central_europe",
            "interreg_north_west_europe",
            "interreg_upper_rhine",
        ),
    ),
    (LBM, "unknown", ("buergerfonds", "dfjw_trilateral")),
    (LBN, "pass", ("interreg_central_europe", "cerv_town_twinning")),
    (LBN, "fail", ("interreg_danube", "interreg_alpine_space_small")),
    (LMN, "pass", ("dfjw_trilateral", "nouveaux_horizons", "cerv_town_twinning")),
    (LMN, "fail", ("interreg_central_europe",)),
    (LMBN, "pass", ("cerv_networks_of_towns",)),
    (LMK, "pass", ("nouveaux_horizons", "fkkp")),
    (LMK, "fail", INTERREG),
    (LMK, "unknown", ("nakopa",)),
]


def ask(name: str, *places: FundingPlace, ties: tuple[FundingTie, ...] = TIES):
    return evaluate(RULES[name], places, ties, today=TODAY)


@pytest.mark.parametrize(
    ("places", "expected", "name"), [(places, expected, name) for places, expected, names in WORKED for name in names]
)
def test_worked_answer(places: tuple[FundingPlace, ...], expected: str, name: str) -> None:
    assert ask(name, *places).verdict == expected


def test_the_leg_that_fkkp_is_about() -> None:
    answer = ask("fkkp", *LMK)
    assert answer.legs == (tuple(sorted((LUDWIGSBURG.id, KONGOUSSI.id))),)
    assert answer.reasons[0].key == "leg"
    assert "Montbéliard" in answer.reasons[0].text.de.split("nicht beteiligt")[1]
    assert "Kongoussi" in answer.reasons[0].text.en.split("not part")[0]


def test_why_the_trio_fails_names_the_outsider() -> None:
    failing = [reason for reason in ask("interreg_central_europe", *LBM).reasons if reason.verdict == "fail"]
    assert [reason.key for reason in failing] == ["outside"]
    assert failing[0].text.de == "Mulhouse liegt nicht im Programmgebiet Mitteleuropa."
    few = [reason.text.en for reason in ask("cerv_networks_of_towns", *LBM).reasons if reason.verdict == "fail"]
    assert few[1] == "Only three countries taking part in CERV (Germany, France, Italy); four are required."


def test_a_part_that_would_pass_is_shown() -> None:
    trio = tuple(sorted(place.id for place in LBN))
    assert ask("interreg_central_europe", *LMBN).legs == (trio,)
    assert ask("buergerfonds", *LBM).legs == (tuple(sorted((LUDWIGSBURG.id, MULHOUSE.id))),)
    assert ask("cerv_town_twinning", *LBM).legs == ()


def test_a_third_language_of_answers_is_not_needed() -> None:
    for answer in evaluate_all(LMK, TIES, today=TODAY):
        for words in (
            *(reason.text for reason in answer.reasons),
            *answer.to_be_met,
            answer.programme.money,
        ):
            assert words.text("de").strip()
            assert words.text("en").strip()


# ------------------------------------------------------------------------------------------------------ what is not known


@pytest.mark.parametrize(
    ("nuts", "expected"),
    [
        ("DE11", "pass"),
        ("DE1", "pass"),
        ("DE", "unknown"),
        (None, "unknown"),
        ("DE2", "pass"),
        ("DE3", "fail"),
        ("DE112", "pass"),
    ],
)
def test_nuts_known_less_finely_than_the_rule(nuts: str | None, expected: str) -> None:
    """Baden-Württemberg and Bavaria are in the Alpine Space with every region, so knowing the Land is enough."""
    assert ask("interreg_alpine_space_small", replace(LUDWIGSBURG, nuts=nuts), BERGAMO, MULHOUSE, INNSBRUCK).verdict == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (replace(LUDWIGSBURG, nuts="DE12"), "unknown"),
        (replace(MULHOUSE, nuts="FRF"), "unknown"),
        (replace(MULHOUSE, nuts="FRC2"), "fail"),
    ],
)
def test_upper_rhine_is_undecided_where_only_a_part_is_in(place: FundingPlace, expected: str) -> None:
    basel = FundingPlace("gn:2661604", "Basel", "CH", "city", "CH03")
    other = MULHOUSE if place.country == "DE" else basel
    assert ask("interreg_upper_rhine", place, other, basel).verdict == expected


def test_whole_countries_need_no_nuts() -> None:
    vienna, bern = FundingPlace("a", "Wien", "AT", "city"), FundingPlace("b", "Bern", "CH", "city")
    vaduz = FundingPlace("c", "Vaduz", "LI", "municipality")
    assert ask("interreg_alpine_space_small", vienna, bern, vaduz, INNSBRUCK).verdict == "pass"


def test_nuts_uses_its_own_codes_for_greece_and_the_united_kingdom() -> None:
    assert ask("dgjw", LUDWIGSBURG, FundingPlace("g", "Rethymno", "GR", "city", "EL43")).verdict == "pass"
    assert ask("cultural_bridge", LUDWIGSBURG, replace(CAERPHILLY, nuts="UKL1")).verdict == "pass"


def test_a_nuts_code_of_another_country_is_not_believed() -> None:
    assert replace(MULHOUSE, nuts="DE11").code == "FR"


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        ((), "unknown"),
        ((FundingTie(KONGOUSSI.id, LUDWIGSBURG.id, "climate", "active"),), "pass"),
        ((FundingTie(KONGOUSSI.id, LUDWIGSBURG.id, "climate", "ended"),), "unknown"),
        ((FundingTie(KONGOUSSI.id, LUDWIGSBURG.id, "climate", "planned"),), "unknown"),
        ((FundingTie(KONGOUSSI.id, LUDWIGSBURG.id, "climate", "active", "Klima-Bündnis TANDEM"),), "unknown"),
        ((FundingTie(KONGOUSSI.id, LUDWIGSBURG.id, "twinning", "active"),), "unknown"),
        ((FundingTie(KONGOUSSI.id, MONTBELIARD.id, "climate", "active"),), "unknown"),
    ],
)
def test_a_tie_must_be_on_record_living_and_of_the_programme(ties: tuple[FundingTie, ...], expected: str) -> None:
    assert ask("fkkp", LUDWIGSBURG, KONGOUSSI, ties=ties).verdict == expected


def test_an_ended_tie_is_told() -> None:
    ended = (FundingTie(KONGOUSSI.id, LUDWIGSBURG.id, "climate", "ended"),)
    reason = next(each for each in ask("fkkp", LUDWIGSBURG, KONGOUSSI, ties=ended).reasons if each.key == "ties")
    assert "beendet" in reason.text.de


def test_other_programmes_of_the_table() -> None:
    assert ask("dpjw_trilateral", LUDWIGSBURG, WROCLAW, NOVY_JICIN).verdict == "pass"
    assert ask("dpjw_trilateral", LUDWIGSBURG, WROCLAW, MINSK).verdict == "fail"
    assert ask("dpjw_trilateral", LUDWIGSBURG, WROCLAW).verdict == "fail"
    assert ask("dpjw_trilateral", LUDWIGSBURG, WROCLAW, NOVY_JICIN, BERGAMO).verdict == "fail"
    assert ask("perspektive_donau", LUDWIGSBURG, NOVY_JICIN).verdict == "pass"
    assert ask("perspektive_donau", LUDWIGSBURG, BERGAMO).verdict == "fail"
    assert ask("skew_climate", LUDWIGSBURG, KONGOUSSI).verdict == "pass"
    assert ask("skew_climate", LUDWIGSBURG, LVIV).verdict == "fail"
    assert ask("nakopa", LUDWIGSBURG, KONGOUSSI).verdict == "pass"
    assert ask("nakopa", LUDWIGSBURG, LVIV).verdict == "pass"
    assert ask("kleinprojektefonds", LUDWIGSBURG, LVIV).verdict == "pass"
    assert ask("interreg_danube", LUDWIGSBURG, NOVY_JICIN, LVIV).verdict == "unknown"
    assert ask("erasmus_youth_exchange", LUDWIGSBURG, BERGAMO).verdict == "pass"
    assert ask("cerv_town_twinning", LUDWIGSBURG, LVIV).verdict == "unknown"
    assert ask("cerv_town_twinning", CAERPHILLY, LVIV).verdict == "fail"
    assert ask("interreg_alpine_space_classic", *LBM).verdict == "fail"


def test_prize_says_the_size_class() -> None:
    answer = ask("preis_de_it", *LBM)
    assert answer.verdict == "pass"
    assert answer.legs == (tuple(sorted((LUDWIGSBURG.id, BERGAMO.id))),)
    small = evaluate(RULES["preis_de_it"], (LUDWIGSBURG, replace(BERGAMO, population=None)), TIES, today=TODAY)
    assert small.reasons[-1].text.de == "Zwei Größenklassen, Grenze 40.000 Einwohner: Bergamo nicht bekannt, Ludwigsburg darüber."


def test_a_state_is_no_municipality() -> None:
    land = FundingPlace("gn:2953481", "Baden-Württemberg", "DE", "land", "DE1")
    assert ask("skew_climate", land, KONGOUSSI).verdict == "fail"
    assert ask("skew_climate", replace(land, kind=""), KONGOUSSI).verdict == "unknown"
    assert ask("cerv_town_twinning", land, BERGAMO).verdict == "unknown"


def test_few_and_many_places() -> None:
    assert {answer.verdict for answer in evaluate_all((), today=TODAY)} <= {"fail", "unknown"}
    assert all(answer.verdict != "pass" for answer in evaluate_all((LUDWIGSBURG,), today=TODAY))
    twelve = [replace(BERGAMO, id=f"x:{n}", name=f"Ort {n}", country=country, nuts=None)
              for n, country in enumerate(("DE", "FR", "IT", "CZ", "PL", "AT", "SK", "HU", "SI", "HR", "ES", "PT"))]  # fmt: skip
    assert ask("cerv_networks_of_towns", *twelve).verdict == "pass"
    assert ask("urbact_action_planning", *twelve).verdict == "fail"
    assert ask("urbact_action_planning", *twelve[:9]).verdict == "pass"
    assert ask("cerv_town_twinning", LUDWIGSBURG, LUDWIGSBURG).verdict == "fail"


# ------------------------------------------------------------------------------------------------------------- properties

CODES = (
    "DE11",
    "DE12",
    "DE3",
    "DE91",
    "FRF1",
    "FRC2",
    "FRF3",
    "ITC4",
    "ITF1",
    "ITH3",
    "CZ03",
    "CZ08",
    "PL92",
    "PL81",
    "AT34",
    "CH03",
    "CH02",
    "SI03",
    "LU00",
)
COUNTRIES = ("DE", "FR", "IT", "CZ", "PL", "AT", "CH", "UA", "BF", "GB", "TR", "BY", "GY", "MA", "BI", "US", "HU", "SK", "GR")


@st.composite
def places(draw: st.DrawFn) -> FundingPlace:
    code = draw(st.sampled_from(CODES))
    within = draw(st.booleans())
    return FundingPlace(
        draw(st.sampled_from([f"gn:{n}" for n in range(40)])), draw(st.sampled_from(["A", "B", "C", "D"])),
        code[:2] if within else draw(st.sampled_from(COUNTRIES)), draw(st.sampled_from([*PLACE_KINDS, ""])),
        draw(st.sampled_from([None, code[:3], code])) if within else None, draw(st.sampled_from([None, 500, 90_000])),
    )  # fmt: skip


TRIOS = st.lists(places(), min_size=2, max_size=4, unique_by=lambda place: place.id)


@st.composite
def with_ties(draw: st.DrawFn) -> tuple[list[FundingPlace], list[FundingTie]]:
    some = draw(TRIOS)
    ids = st.sampled_from([place.id for place in some])
    tie = st.builds(
        FundingTie, ids, ids, st.sampled_from([*KINDS]), st.sampled_from([*STATUSES]), st.sampled_from([None, "SKEW", "TANDEM"])
    )
    return some, draw(st.lists(tie, max_size=3))


@settings(deadline=None, max_examples=40)
@given(with_ties())
def test_order_does_not_matter(case: tuple[list[FundingPlace], list[FundingTie]]) -> None:
    some, ties = case
    expected = evaluate_all(some, ties, today=TODAY)
    for other in list(permutations(some))[1:4]:
        assert evaluate_all(other, ties[::-1], today=TODAY) == expected


def _sharper(place: FundingPlace, code: str) -> FundingPlace:
    """The same place, better known: a longer NUTS code, a kind, a number of inhabitants."""
    fits = code.startswith(place.code)
    return replace(place, nuts=code if fits else place.nuts, kind=place.kind or "city", population=place.population or 1_000)


@settings(deadline=None, max_examples=150)
@given(with_ties(), st.lists(st.sampled_from(CODES), min_size=4, max_size=4), st.data())
def test_more_knowledge_never_turns_an_answer_round(
    case: tuple[list[FundingPlace], list[FundingTie]], codes: list[str], data: st.DataObject
) -> None:
    some, ties = case
    sharper = [_sharper(place, code) for place, code in zip(some, codes, strict=False)]
    ids = st.sampled_from([place.id for place in some])
    more = [*ties, data.draw(st.builds(FundingTie, ids, ids, st.sampled_from([*KINDS]), st.sampled_from([*STATUSES])))]
    for rule in programmes():
        before, after = verdict(rule, some, ties), verdict(rule, sharper, more)
        assert before in ("unknown", after), (rule.id, before, after)


@settings(deadline=None, max_examples=40)
@given(with_ties())
def test_the_worst_condition_decides_and_words_agree(case: tuple[list[FundingPlace], list[FundingTie]]) -> None:
    some, ties = case
    for answer in evaluate_all(some, ties, today=TODAY):
        found = {reason.verdict for reason in answer.reasons}
        worst = "fail" if "fail" in found else "unknown" if "unknown" in found else "pass"
        assert answer.verdict == worst == verdict(answer.programme, some, ties)
        by_id = {place.id: place for place in some}
        assert all(verdict(answer.programme, [by_id[each] for each in leg], ties) == "pass" for leg in answer.legs)


# ------------------------------------------------------------------------------------------------------------ the rule file


def test_at_least_thirty_programmes_each_with_address_and_date() -> None:
    assert len(RULES) >= 30
    assert len(RULES) == len(programmes())
    for rule in programmes():
        assert rule.source.startswith("http"), rule.id
        assert "2014" <= rule.as_of <= TODAY.isoformat(), rule.id
        assert rule.to_be_met, rule.id


NINETEEN = """
cerv_town_twinning cerv_networks_of_towns erasmus_youth_exchange interreg_alpine_space_small interreg_alpine_space_classic
interreg_central_europe interreg_north_west_europe interreg_danube interreg_upper_rhine buergerfonds dfjw_trilateral
dpjw_trilateral nouveaux_horizons perspektive_donau preis_de_it skew_climate nakopa fkkp kleinprojektefonds
"""


def test_the_nineteen_of_the_field_are_there() -> None:
    wanted = set(NINETEEN.split())
    assert len(wanted) == 19
    assert wanted <= set(RULES)


@pytest.mark.parametrize(
    ("as_of", "stale"),
    [
        ("2026", False),
        ("2025-11-24", False),
        ("2025-11-23", False),
        ("2025-11-22", True),
        ("2025-11", True),
        ("2025", True),
        ("2024-02-29", True),
    ],
)
def test_a_rule_older_than_a_year_says_so(as_of: str, stale: bool) -> None:
    """A year or month counts from its first day: better called old too early than too late."""
    answer = evaluate(replace(RULES["fkkp"], as_of=as_of), (LUDWIGSBURG, KONGOUSSI), TIES, today=TODAY)
    assert answer.stale is stale
    assert (answer.as_of, answer.source) == (as_of, RULES["fkkp"].source)


GOOD = """\
[area.here]
label = { de = "hier", en = "here" }
inside = ["DE", "FR"]

[[programme]]
id = "one"
name = { de = "Eins", en = "One" }
what = { de = "Etwas.", en = "Something." }
conditions = [
    { count = "places", area = "here", min = 1 },
    { count = "outside", area = "here" },
]
money = { de = "Geld", en = "money" }
rhythm = "rolling"
source = "https://example.org/one"
checked = "2026-11-25"
as_of = "2026"
"""
SECOND = GOOD[GOOD.index("[[programme]]") :]


def _load(tmp_path: Path, text: str) -> tuple[Programme, ...]:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return load_rules(path).programmes


def test_a_good_file_is_read(tmp_path: Path) -> None:
    (rule,) = _load(tmp_path, GOOD)
    assert verdict(rule, (LUDWIGSBURG, MULHOUSE)) == "pass"
    assert verdict(rule, (LUDWIGSBURG, BERGAMO)) == "fail"


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ('as_of = "2026"', 'as_of = "soon"', 17, "as_of"),
        ('as_of = "2026"\n', "", 5, "as_of"),
        ('source = "https://example.org/one"', 'source = "their page"', 15, "source"),
        ('inside = ["DE", "FR"]', 'inside = ["Germany"]', 3, "inside"),
        ('inside = ["DE", "FR"]', 'inside = ["@europe"]', 3, "inside"),
        ('inside = ["DE", "FR"]', 'inside = ["@here"]', 3, "inside"),
        ('inside = ["DE", "FR"]', "inside = []", 3, "inside"),
        ('"places", area = "here"', '"places", area = "there"', 10, "area"),
        ('"outside", area = "here"', '"outside", area = "there"', 11, "area"),
        ('{ count = "outside", area = "here" }', '{ count = "outside" }', 11, "conditions.1"),
        ('count = "outside"', 'count = "inside"', 11, "count"),
        ("min = 1", "min = -1", 10, "min"),
        ("min = 1", "min = 3, max = 2", 10, "max 2"),
        (', min = 1 }', ' }', 10, "min or max"),
        ('{ count = "outside", area = "here" }', '{ count = "kinds", allowed = ["Town"] }', 11, "'Town'"),
        ('"outside", area = "here" }', '"ties", area = "here", with = "here", kinds = ["love"] }', 11, "'love'"),
        ('{ count = "outside", area = "here" }', '{ count = "ties", area = "here", kinds = ["climate"] }', 11, "with"),
        ('money = { de = "Geld", en = "money" }', 'money = { de = "Geld" }', 13, "money.en"),
        ('rhythm = "rolling"', 'rythm = "rolling"', 14, "rythm"),
        ('id = "one"', 'id = "One"', 6, "id"),
        ('name = { de = "Eins", en = "One" }', 'name = { de = "Eins", en = "One" ', 7, "TOML"),
        ('as_of = "2026"', 'as_of = "2026"\ncolour = "red"', 18, "colour"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_line_and_key(tmp_path: Path, old: str, new: str, line: int, key: str) -> None:
    assert old in GOOD
    with pytest.raises(DataError) as caught:
        _load(tmp_path, GOOD.replace(old, new, 1))
    assert str(caught.value).startswith(f"rules.toml:{line}: ")
    assert key in str(caught.value)


def test_the_line_is_that_of_the_second_programme(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"rules\.toml:19: programme\.1\.id: 'one' is defined twice"):
        _load(tmp_path, GOOD + SECOND)
    with pytest.raises(DataError, match=r"rules\.toml:30: programme\.1\.as_of"):
        _load(tmp_path, GOOD + SECOND.replace('"one"', '"two"').replace('as_of = "2026"', 'as_of = "2026-13"'))
    with pytest.raises(DataError, match=r"rules\.toml:23: programme\.1\.conditions\.0\.area: there is no area 'there'"):
        _load(tmp_path, GOOD + SECOND.replace('"one"', '"two"').replace('area = "here", min', 'area = "there", min'))


def test_an_empty_file_and_a_file_without_programmes_are_refused(tmp_path: Path) -> None:
    for text in ("", GOOD[: GOOD.index("[[programme]]")], "\n"):
        with pytest.raises(DataError, match=r"rules\.toml:1: "):
            _load(tmp_path, text)


def test_every_area_of_the_shipped_file_is_used() -> None:
    text = SHIPPED_FILE.read_text(encoding="utf-8")
    unused = {name for name in tomllib.loads(text)["area"] if f'"{name}"' not in text and f'"@{name}"' not in text}
    assert unused == {"at_war"}, "that one is for what an officer checks first"


def test_the_reference_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == funding_page(), "run python -m kg.network.funding.page"


def test_a_place_of_unknown_country_is_unknown_and_no_third_country():
    nowhere = FundingPlace("x:nowhere", "Nowhere", "")
    many = [FundingPlace(f"x:nowhere-{n}", f"Nowhere {n}", "") for n in range(12)]
    for rule in programmes():
        reasons = [reason for reason in evaluate(rule, many, (), today=TODAY).reasons if reason.key == "countries"]
        assert "fail" not in {reason.verdict for reason in reasons}, rule.id
        with_it = evaluate(rule, (LUDWIGSBURG, KONGOUSSI, nowhere), TIES, today=TODAY)
        without = evaluate(rule, (LUDWIGSBURG, KONGOUSSI), TIES, today=TODAY)
        if verdict(rule, (LUDWIGSBURG, KONGOUSSI, nowhere), TIES) == "pass":
            assert without.verdict == with_it.verdict == "pass", rule.id


def test_a_reason_carries_what_it_counted() -> None:
    reasons = ask("interreg_danube", LUDWIGSBURG, BERGAMO, MULHOUSE).reasons
    assert [(reason.key, reason.verdict, reason.count) for reason in reasons] == [
        ("places", "fail", 1), ("countries", "fail", 1), ("places", "pass", 3), ("outside", "fail", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(("tally", "open_"), [(Tally(1, 3), False), (Tally(4, 4), True), (Tally(0, 1), True)])
def test_a_reason_says_that_the_source_leaves_a_breach_open_only_where_there_is_one(tally: Tally, open_: bool) -> None:
    condition = Condition("places", least=2, most=3, lenient=True)
    assert (OPEN.en in say(condition, tally, "unknown").en) == open_
    assert OPEN.en not in say(condition, tally, "fail").en
