"""The resolver on the real gazetteer: every known trap, each as a source writes it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.resolver import labels, score
from ingest.places.mention import Mention, Resolution
from ingest.places.resolver import Resolver
from kg.errors import DataError
from kg.settings import Settings, settings
from tests.ingesting import ingest_file, write


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return Resolver.open(settings())


_OPENED: list[Resolver] = []


def opened() -> Resolver:
    if not _OPENED:
        _OPENED.append(Resolver.open(settings()))
    return _OPENED[0]


def ask(name: str, country: str = "", **more: object) -> Resolution:
    return opened().resolve(Mention(name, country, **more))  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("name", "country", "expected"),
    [
        ("Ludwigsburg", "Germany", "gn:2875392"),
        ("Ludwigshafen", "Germany", "gn:2875376"),
        ("Ludwigshafen am Rhein", "DE", "gn:2875376"),
        ("Ludwigshafen (Bodman)", "DE", "x:de-ludwigshafen-bodman"),
        ("Frankfurt", "Germany", "gn:2925533"),
        ("Frankfurt am Main", "Germany", "gn:2925533"),
        ("Frankfurt (Main)", "Germany", "gn:2925533"),
        ("Frankfurt (Oder)", "Germany", "gn:2925535"),
        ("Frankfurt an der Oder", "Germany", "gn:2925535"),
        ("Halle (Saale)", "Germany", "gn:2911522"),
        ("Halle (Westf.)", "Germany", "gn:2911520"),
        ("Halle (Westfalen)", "Germany", "gn:2911520"),
        ("St. Charles (Missouri)", "United States", "gn:4406831"),
        ("Saint Charles, Missouri", "US", "gn:4406831"),
        ("Fürth", "Germany", "gn:2923544"),
        ("Münster", "Germany", "gn:2867543"),
        ("Munster", "Germany", "gn:2867542"),
        ("Bergamo", "Italy", "gn:3182164"),
        ("Bergamo", "in Italy", "gn:3182164"),
        ("Yevpatoria", "Ukraine", "gn:688105"),
        ("Yevpatoria", "Russia", "gn:688105"),
        ("Jewpatorija", "Ukraine", "gn:688105"),
        ("Eupatoria", "Ukraine", "gn:688105"),
        ("Swjahel", "Ukraine", "gn:699553"),
        ("Zviahel", "Ukraine", "gn:699553"),
        ("Nowohrad-Wolynskyj", "Ukraine", "gn:699553"),
        ("Oradea", "Kingdom of Romania", "gn:671768"),
        ("Chișinău", "Soviet Union", "gn:618426"),
        ("Blaj", "Austria-Hungary", "gn:684612"),
        ("Caerphilly", "Wales", "gn:2654089"),
        ("Caerphilly", "Wales, United Kingdom", "gn:2654089"),
        ("Tbilisi", "Georgia (country)", "gn:611717"),
        ("Osaka", "Japa", "gn:1853909"),
        ("Athens", "Grece", "gn:264371"),
        ("Varna, Bulgaria", "", "gn:726050"),
        ("Nienburg", "Germany", "gn:2862620"),
        ("Nienburg (Saale)", "Germany", "gn:2862621"),
        ("Moscow, Idaho", "United States", "gn:5601538"),
        ("Moscow (Idaho)", "", "gn:5601538"),
        ("Moscow", "Russia", "gn:524901"),
        ("Mülhausen", "France", "gn:2991214"),
        ("Mömpelgard", "France", "gn:2992938"),
        ("Neutitschein", "Czech Republic", "gn:3069305"),
        ("Sumgait", "Azerbaijan", "gn:584923"),
        ("Sumqayit", "Azerbaijan", "gn:584923"),
        ("Washington, D.C.", "United States", "gn:4140963"),
        ("Comune di Meolo", "Italy", "gn:3173580"),
        ("Suzhou, Jiangsu", "China", "gn:1886760"),
        ("Friedberg, Bavaria", "Germany", "gn:2924803"),
        ("  BERGAMO\u00a0", "ITALIA", "gn:3182164"),
    ],
)
def test_names_as_sources_write_them(name: str, country: str, expected: str) -> None:
    assert ask(name, country).id == expected


def test_an_alternate_name_of_a_metropolis_never_wins() -> None:
    found = ask("Saint Charles", "United States")
    assert not found.resolved
    assert any("gn:4406831" in candidate for candidate in found.candidates)
    assert ask("Saint Charles", "United States", state="Missouri").id == "gn:4406831"


def test_a_name_shared_by_equals_is_rejected_with_the_candidates() -> None:
    found = ask("Hadleigh", "England")
    assert (found.id, found.rule) == ("", "ambiguous")
    assert len(found.candidates) == 2


@pytest.mark.parametrize(
    ("name", "country", "kind"),
    [
        ("Provinz Bergamo", "Italy", "province"),
        ("Province of Bergamo", "Italy", "province"),
        ("Landkreis Ludwigsburg", "Germany", "county"),
        ("Miami-Dade County", "United States", "county"),
        ("Département du Haut-Rhin", "France", "department"),
        ("Oblast Leningrad", "Russia", "province"),
        ("Bavaria", "Germany", "land"),
        ("Shandong", "China", "province"),
        ("Havering", "England", "borough"),
        ("London Borough of Havering", "United Kingdom", "borough"),
        ("Communauté d'agglomération de Mulhouse", "France", "intermunicipal"),
    ],
)
def test_a_body_of_another_kind_is_never_the_city(name: str, country: str, kind: str) -> None:
    found = ask(name, country)
    assert found.kind == kind
    assert found.is_new


def test_spellings_of_one_province_are_one_place() -> None:
    names = ("Provinz Bergamo", "Provincia di Bergamo", "Province of Bergamo", "Bergamo Province")
    assert len({ask(n, "Italy").id for n in names}) == 1


def test_the_kind_column_counts_like_the_word() -> None:
    assert ask("Bergamo", "Italy", kind="province").id == ask("Provinz Bergamo", "Italy").id
    assert ask("Bergamo", "Italy", kind="city").id == "gn:3182164"


def test_coordinates_tell_homonyms_apart() -> None:
    assert ask("Nienburg", "Germany", lat=51.83, lon=11.77).id == "gn:2862621"
    assert ask("Springfield", "United States", lat=39.8, lon=-89.65).id == "gn:4250542"


def test_coordinates_in_another_country_are_not_believed() -> None:
    assert ask("Moscow", "United States", lat=55.75, lon=37.62).id == "gn:5601538"
    assert ask("Olevano Romano", "Italy", lat=48.7, lon=44.5).id == ask("Olevano Romano", "Italy").id


def test_coordinates_in_the_sea_are_not_believed() -> None:
    assert ask("Kagoshima", "Japan", lat=38.322, lon=142.369).id == "gn:1860827"


def test_an_unknown_village_is_new_and_not_its_distant_namesake() -> None:
    found = ask("Halle", "Germany", lat=49.0, lon=12.1)
    assert found.is_new
    assert found.id.startswith("x:de-halle")


def test_an_unknown_name_keeps_its_item_or_makes_a_new_place() -> None:
    assert ask("Zimtangaville", "Burkina Faso").id == "x:bf-zimtangaville"
    assert ask("Zimtangaville", "Burkina Faso", qid="Q123").id == "wd:Q123"
    assert not ask("Zimtangaville", "").resolved


@pytest.mark.parametrize("name", ["", "   ", "12345", "—", "x" * 300, "\u200b\u200e", "Q"])
def test_what_is_no_name_is_rejected_or_new_but_never_an_error(name: str) -> None:
    assert not ask(name, "").resolved


@given(st.text(max_size=60), st.text(max_size=30), st.floats(), st.floats(), st.text(max_size=12))
def test_any_text_gets_an_answer_and_the_same_one_twice(name: str, country: str, lat: float, lon: float, qid: str) -> None:
    mention = Mention(name, country, lat=lat, lon=lon, qid=qid)
    first = opened().resolve(mention)
    assert first == opened().resolve(mention)
    assert 0.0 <= first.confidence <= 1.0
    assert first.resolved or first.reason


def test_a_correction_of_ones_own_that_nothing_called_for_is_reported(tmp_path: Path) -> None:
    write(
        tmp_path,
        "name,country,id,reason\nLudwigsburg,DE,gn:2875392,the city\nNirgendwo,DE,gn:2875392,never written\n",
        "corrections.csv",
    )
    list_ = write(tmp_path, "city1,country1,city2,country2\nLudwigsburg,Germany,Bergamo,Italy\n")
    (told,) = [warning for warning in ingest_file("table", list_).warnings if "corrections.csv" in warning]
    assert "Nirgendwo, DE" in told
    assert "Ludwigsburg" not in told


def test_a_county_name_that_many_states_have_needs_its_state() -> None:
    assert not ask("Montgomery County", "United States").resolved
    assert ask("Montgomery County", "United States", state="Maryland").id == "x:us-montgomery-county-md"
    assert ask("Columbia County", "United States").id != ask("District of Columbia", "United States").id


def test_a_county_after_the_comma_only_says_where() -> None:
    assert ask("Popielów, Opole Voivodeship", "Poland").id == "gn:3088324"
    assert ask("Felsberg (Saar)", "Germany").is_new


def test_a_register_s_default_point_is_not_believed() -> None:
    assert ask("Checea (Jud Timiș)", "Romania", lat=45.985213, lon=24.6859225).id == "gn:682233"


def test_western_sahara_is_found_under_morocco() -> None:
    assert ask("Dakhla", "Morocco", lat=23.7, lon=-15.93).id == "gn:2463447"


def test_a_district_municipality_around_a_city_is_not_the_city() -> None:
    assert ask("Vilnius District Municipality", "Lithuania", lat=54.75, lon=25.28).is_new
    assert ask("Vilnius", "Lithuania").id == "gn:593116"


@pytest.mark.parametrize(
    ("name", "country", "expected"),
    [
        ("Rottenburg am Neckar", "Germany", "gn:2843729"),
        ("Weiden in der Oberpfalz", "Germany", "gn:2813040"),
        ("Zell (Mosel)", "Germany", "gn:2804882"),
        ("Rottenburg an der Laaber", "Germany", "gn:2843728"),
        ("Laiwu (Jinan)", "China", "gn:1804591"),
        ("Doksy (Kladno District)", "Czechia", "gn:3076973"),
        ("Brody, Żary County", "Poland", "gn:3102615"),
        ("Santa Fe", "Spain", "gn:2511160"),
        ("Milford Haven", "England, United Kingdom", "gn:2642534"),
        ("Newport, Pembrokeshire", "Wales", "gn:2641596"),
        ("Pingtung – Hengchun", "Taiwan", "gn:1676242"),
        ("Budapest Főváros XIX. Kerület, Kispest Önkormányzata", "Hungary", "gn:7284835"),
        ("Primăria Municipiului Tecuci", "Romania", "gn:665355"),
        ("West Carrollton", "United States", "gn:4527963"),
    ],
)
def test_a_river_a_landscape_or_a_district_tells_namesakes_apart(name, country, expected):
    assert ask(name, country).id == expected


@pytest.mark.parametrize(
    ("name", "country"),
    [("Stolberg (Südharz)", "Germany"), ("Lindau am Harz", "Germany"), ("Warwick (Southern Downs)", "Australia")],
)
def test_an_addition_nobody_knows_never_means_the_largest_namesake(name, country):
    found = ask(name, country)
    assert not found.resolved
    assert len(found.candidates) > 1


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Jecheon", "South Korea"), ("Rakovice", "Czechia"), ("Vall de Boí", "Spain"), ("Scigliano", "Italy"),
        ("Vaihingen (Stuttgart)", "Germany"), ("Harpers Ferry", "United States"), ("Budapest X – Kőbánya", "Hungary"),
    ],
)  # fmt: skip
def test_a_name_that_only_resembles_another_is_a_place_of_its_own(name, country):
    assert ask(name, country).is_new


@pytest.mark.parametrize(("name", "country"), [("Quart", "Spain"), ("Avenay", "France"), ("Garden City", "United States")])
def test_a_part_of_a_small_place_s_name_or_an_old_name_is_asked_about(name, country):
    assert not ask(name, country).resolved


def test_a_part_of_a_city_is_one_place_however_it_is_written():
    assert ask("Seoul – Mapo", "South Korea").id == ask("Mapo (Seoul)", "South Korea").id


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Tonga", "iso:TO"),
        ("Queensland", "x:au-queensland"),
        ("Hessen", "x:de-hessen"),
        ("Saarland", "x:de-saarland"),
        ("Rheinland-Pfalz", "x:de-rheinland-pfalz"),
        ("Glarus", "gn:2660594"),
    ],
)
def test_without_a_country_a_country_or_state_comes_before_a_small_town(name, expected):
    assert ask(name).id == expected


def test_the_state_comes_before_a_town_that_only_has_the_name_as_another():
    assert ask("New Jersey", "United States").id == "x:us-new-jersey"
    assert ask("Venezia", "Italy").id == "gn:3164603"


@pytest.mark.parametrize(
    ("name", "country", "point", "people", "expected"),
    [
        ("Old Havana", "Cuba", (23.1359, -82.3583), 87_772, "gn:3746184"),
        ("Szeged Megyei Jogú Város", "Hungary", (46.253, 20.148), 161_137, "gn:715429"),
        ("Prague 1", "Czechia", (50.09, 14.41), 30_202, "x:cz-prague-1"),
        ("Kansas City", "United States", (39.11, -94.68), 152_960, "gn:4273837"),
        ("Carmiano", "Italy", (44.85, 9.62), 12_000, "gn:3180495"),
        ("Karlivka", "Ukraine", (49.97, 33.6), 15_863, "gn:706749"),
        ("Arakawa-ku", "Japan", (35.7333, 139.7833), 217_891, "gn:10968247"),
        ("Nassau County", "United States", (40.7472, -73.6381), 1_352_146, "x:us-nassau-county-ny"),
        ("Gmina Lubin", "Poland", (51.39, 16.21), 14_083, "x:pl-gmina-lubin-municipality"),
        ("Gmina Krapkowice", "Poland", (50.47, 17.96), 23_092, "gn:3094788"),
        ("Ahorn", "Germany", (49.51, 9.55), 2_176, "x:de-ahorn-at-49.5-9.6"),
    ],
)
def test_the_number_of_people_tells_what_a_name_and_a_point_leave_open(name, country, point, people, expected):
    assert ask(name, country, lat=point[0], lon=point[1], population=people).id == expected


def test_a_bilingual_name_is_not_the_town_that_has_one_half_of_it_somewhere():
    assert not ask("Brienz/Brinzauls").resolved
    assert ask("Biel/Bienne", "Switzerland").id == "gn:2661513"


@pytest.mark.parametrize(("name", "country"), [("Hersfeld-Rotenburg", "Germany"), ("Brecknockshire", "Wales")])
def test_a_county_is_known_by_its_name_alone(name, country):
    assert ask(name, country).kind == "county"


def test_what_was_once_right_on_the_labelled_mentions_stays_right():
    total, resolved, good = score(opened(), labels("dev"))
    assert good / resolved >= 0.995
    assert resolved / total >= 0.97


def test_a_user_s_own_corrections_come_first(tmp_path):
    lines = (
        "name,country,id,reason\nColumbus,United States,gn:4509177,ours is in Ohio\nQ1,,gn:2875392,an item\nNowhere,,,no place\n"
    )
    (tmp_path / "corrections.csv").write_text(lines, encoding="utf-8")
    resolver = Resolver.open(Settings(home=tmp_path))
    assert resolver.resolve(Mention("Columbus", "US")).id == "gn:4509177"
    assert resolver.resolve(Mention("Whatever", qid="Q1")).id == "gn:2875392"
    assert resolver.resolve(Mention("Nowhere", "France")).reason == "no place"
    assert resolver.resolve(Mention("Frankfurt", "DE")).rule == "correction"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Columbus,Ohio,gn:4509177,x", "line 2, column country: 'Ohio' is no country"),
        ("Columbus,US,4509177,x", "line 2, column id: '4509177' is no id"),
        ("Columbus,US,gn:1,x", "line 2, column id: the gazetteer has no gn:1"),
        (",US,gn:4509177,x", "line 2, column name: it is empty"),
        ("Columbus,US,gn:4509177,x,y,z", "line 2: more cells than the header has"),
    ],
)
def test_a_line_of_corrections_that_cannot_hold_is_named(tmp_path, line, said):
    (tmp_path / "corrections.csv").write_text(f"name,country,id,reason\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        Resolver.open(Settings(home=tmp_path))
    assert said in str(error.value)
