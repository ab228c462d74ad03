"""Tables of any kind: formats, encodings, headers, words, years; recognised, proposed and given mappings."""

import datetime as dt
import subprocess
import sys
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.rows import Reject
from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request
from ingest.run.runner import Options, ingest
from ingest.tabular.cells import count, date, number
from ingest.tabular.encoding import encoding_of
from ingest.tabular.mapping import shipped, shipped_mapping
from ingest.tabular.text import Problem, text_rows
from kg.errors import UsageError
from kg.settings import Settings
from kg.store.check import check
from kg.store.digest import graph_digest
from tests.ingesting import claims, ingest_file, quarantined, write
from tests.spreadsheets import ods, xlsx

LUDWIGSBURG, BERGAMO, MONTBELIARD = "gn:2875392", "gn:3182164", "gn:2992938"
WITH_BERGAMO = f"partnership|{LUDWIGSBURG},{BERGAMO}"
WITH_MONTBELIARD = f"partnership|{LUDWIGSBURG},{MONTBELIARD}"
ROWS = [["Stadt", "Partnerstadt", "Land", "Art", "seit"], ["Ludwigsburg", "Montbéliard", "Frankreich", "P", "1950"]]


def as_csv(rows, delimiter=","):
    return "\n".join(delimiter.join(map(str, row)) for row in rows) + "\n"


@pytest.fixture
def told():
    """What every version of the one row says."""
    return {(WITH_MONTBELIARD, "kind", "twinning"), (WITH_MONTBELIARD, "since", "1950")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_encoding_and_delimiter_gives_the_same_claims(tmp_path, encoding, delimiter, told):
    report = ingest_file("table", write(tmp_path, as_csv(ROWS, delimiter), encoding=encoding))
    assert claims(report) == told
    guessed = encoding not in {"utf-8", "utf-8-sig"}
    assert any("encoding" in w or "UTF-16" in w for w in report.warnings) == guessed, "an encoding that was found out is told"


def test_workbooks_give_the_same_claims(tmp_path, told):
    numbers = [ROWS[0], [*ROWS[1][:4], 1950]]
    assert claims(ingest_file("table", xlsx(tmp_path / "list.xlsx", numbers))) == told
    assert claims(ingest_file("table", ods(tmp_path / "list.ods", ROWS))) == told


def test_the_header_may_stand_below_a_title_and_gaps(tmp_path, told):
    rows = [["Liste der Partnerschaften"], ["Stand 2024", ""], [""], *ROWS]
    assert claims(ingest_file("table", xlsx(tmp_path / "list.xlsx", rows))) == told
    report = ingest_file("table", write(tmp_path, "Liste der Partnerschaften;;;;\n\n;;;;\n" + as_csv(ROWS, ";")))
    assert claims(report) == told
    assert report.samples[0][0].line == 5


def test_one_column_with_both_ends(tmp_path):
    for cell in ('"Ludwigsburg, Germany ↔ Montbéliard, France"', '"Ludwigsburg, Germany – Montbéliard, France"'):
        report = ingest_file("table", write(tmp_path, f"Partnerschaft,seit\n{cell},seit 1950\n"))
        assert (WITH_MONTBELIARD, "since", "1950") in claims(report)


def test_several_places_in_a_cell_are_a_row_each(tmp_path):
    text = "Stadt,Land,Partnerstadt,Land des Partners\nMontbéliard,France,Ludwigsburg; Stuttgart,Germany\n"
    report = ingest_file("table", write(tmp_path, text))
    assert (report.account.read, report.account.loaded) == (2, 2)
    assert {row.line for row, _ in report.samples} == {2}


def test_locators_and_sides_do_not_depend_on_the_order_of_rows(tmp_path):
    header = "Deutsche Kommune;Ausländische Kommune;Land;Form;Jahr\n"
    lines = ["Ludwigsburg;Montbéliard;Frankreich;P;1950\n", "Stuttgart;Straßburg;Frankreich;F;1962\n"]
    one = ingest_file("table", write(tmp_path, header + "".join(lines)))
    two = ingest_file("table", write(tmp_path, header + "".join(reversed(lines))))
    ids = [{c.id for _, made in report.samples for c in made} for report in (one, two)]
    assert ids[0] == ids[1]
    claim = next(c for _, made in one.samples for c in made if c.subject == WITH_MONTBELIARD)
    assert (claim.locator, claim.by) == ("Ludwigsburg, DE ↔ Montbéliard, Frankreich", LUDWIGSBURG)
    assert any("rgre" in w for w in one.warnings)
    assert one.dataset == "table-list"


def test_both_sides_of_a_list_are_two_claims(tmp_path, graph):
    mapping = write(
        tmp_path,
        'by = "first"\n[first]\nplace = "a"\ncountry = "ac"\n[second]\nplace = "b"\ncountry = "bc"\n', "mine.toml",
    )  # fmt: skip
    text = "a,ac,b,bc\nLudwigsburg,DE,Montbéliard,FR\nMontbéliard,FR,Ludwigsburg,DE\nLudwigsburg,DE,Bergamo,IT\n"
    report = ingest_file("table", write(tmp_path, text), graph, mapping=str(mapping), published="2024")
    assert report.changes.new > 3
    rows = graph.read("MATCH (p:Partnership) RETURN p.id AS id, p.stated_by AS by ORDER BY p.id")
    assert {row["id"]: sorted(row["by"]) for row in rows} == {
        WITH_MONTBELIARD: sorted([LUDWIGSBURG, MONTBELIARD]), WITH_BERGAMO: [LUDWIGSBURG],
    }  # fmt: skip
    digest = graph_digest(graph)
    again = ingest_file("table", write(tmp_path, text), graph, mapping=str(mapping), published="2024")
    assert again.changes.total == 0
    assert graph_digest(graph) == digest
    assert not [finding for finding in check(graph) if finding.broken]


def test_repeated_rows_empty_rows_and_headers_are_ignored_by_name(tmp_path):
    text = as_csv([*ROWS, ROWS[1], [""] * 5, *ROWS])
    report = ingest_file("table", write(tmp_path, text))
    assert report.account.ignored == {"repeated row": 2, "empty row": 1, "repeated header": 1}
    assert (report.account.read, report.account.loaded) == (5, 1)


def test_every_column_is_used_ignored_or_reported(tmp_path):
    rows = [[*ROWS[0], "Bemerkung"], [*ROWS[1], "x"]]
    assert any("Bemerkung" in w for w in ingest_file("table", write(tmp_path, as_csv(rows))).warnings)


def test_words_for_kinds_and_statuses_in_several_languages(tmp_path):
    words = {
        "P": "twinning", "Jumelage": "twinning", "twin town": "twinning", "gemellaggio": "twinning", "sister city": "twinning",
        "F": "friendship", "K": "contact", "Freundschaftsvertrag": "friendship", "Klimapartnerschaft": "climate",
    }  # fmt: skip
    for word, kind in words.items():
        text = f"Stadt,Partnerstadt,Land,Art,Status\nLudwigsburg,Montbéliard,Frankreich,{word},ruhend\n"
        made = claims(ingest_file("table", write(tmp_path, text)))
        assert {(p, v) for _, p, v in made} == {("kind", kind), ("status", "dormant")}, word


def test_provinces_are_no_cities(tmp_path):
    text = "city1,country1,city2,country2\nProvince of Bergamo,Italy,Landkreis Ludwigsburg,Germany\n"
    made = claims(ingest_file("table", write(tmp_path, text)))
    assert {value for _, _, value in made} == {"county"}
    assert not any(BERGAMO in subject or LUDWIGSBURG in subject for subject, _, _ in made)


def test_ids_and_coordinates_go_before_names(tmp_path):
    text = 'city,country,geonames,partner city,partner country,lat,lon\nAnything,,2875392,Frankfurt,Germany,"52,34","14,55"\n'
    report = ingest_file("table", write(tmp_path, text))
    assert report.account.loaded == 1, report.account.rejected
    assert any(LUDWIGSBURG in subject for subject, _, _ in claims(report))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1975", "1975"), ("1975,0", "1975"), ("1975.0", "1975"), ("seit 1975", "1975"), ("ca. 1975", "1975"), ("(1975)", "1975"),
        ("12.5.1975", "1975-05-12"), ("05/1975", "1975-05"), ("1975-05-12", "1975-05-12"), ("1975-05-12 00:00:00", "1975-05-12"),
        ("May 1975", "1975-05"), ("", ""),
    ],
)  # fmt: skip
def test_years_as_people_write_them(text, expected, today):
    assert date("year", text, 1800, today) == expected


@pytest.mark.parametrize("text", ["20222", "197", "1975/1990", "1066", "2999", "soon", "31.2.1975", "0000"])
def test_what_is_no_year_is_told_with_the_column(text, today):
    with pytest.raises(Reject, match="column year"):
        date("year", text, 1800, today)


@pytest.fixture
def today():
    return dt.date(2026, 1, 1)


@settings(deadline=None)
@given(st.floats(-90, 90, allow_nan=False), st.sampled_from([".", ","]))
def test_numbers_with_point_or_comma(value, mark):
    text = f"{value:.4f}".replace(".", mark)
    assert number("lat", text, 90) == pytest.approx(value, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "expected"), [("1.234.567", 1234567), ("93'593", 93593), ("93 593", 93593), ("119,144", 119144)]
)
def test_inhabitants_with_separators(text, expected):
    assert count("pop", text) == expected


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=2, max_size=4), max_size=8))
def test_whatever_a_csv_writer_writes_is_read_back(tmp_path_factory, rows):
    import csv

    path = tmp_path_factory.mktemp("any") / "any.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["a", "b"], *rows])
    read = [cells for _, cells in text_rows(path, encoding_of(path, "utf-8"), ",") if not isinstance(cells, Problem)]
    assert read == [["a", "b"], *rows]


def test_shipped_mappings_are_recognised_by_their_header(tmp_path):
    for name in shipped():
        header = dict.fromkeys((*shipped_mapping(name).header, *shipped_mapping(name).columns))
        report = ingest_file("table", write(tmp_path, ",".join(header) + "\n"))
        assert any(f"'{name}'" in warning for warning in report.warnings)


def test_a_proposed_mapping_is_not_taken_without_being_asked(tmp_path):
    path = write(tmp_path, as_csv(ROWS))
    program = (
        "import sys; from pathlib import Path; from tests.ingesting import ingest_file; from kg.errors import UsageError\n"
        "try:\n    ingest_file('table', Path(sys.argv[1]), yes='')\nexcept UsageError as e:\n    print(e)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert "only proposed" in done.stdout
    assert "--yes" in done.stdout
    with pytest.raises(UsageError, match="neither a file nor one of"):
        ingest_file("table", path, mapping="nonsense")


def test_what_the_resolver_did_not_need_is_kept_as_a_note_and_a_date_of_no_side_goes_first(tmp_path):
    text = "first,first_country,second,second_country,since,right_since\nHof,Deutschland,Nancy¹,Frankreich,vor 1970,1999\n"
    ((_, made),) = ingest_file("table", write(tmp_path, text)).samples
    assert {claim.predicate for claim in made} == {"kind"}
    assert made[0].note.startswith("since: vor 1970; second: ")


def test_a_dry_run_keeps_the_rejected_rows_as_a_load_does(tmp_path):
    report = ingest_file("table", write(tmp_path, as_csv([*ROWS, ["Ludwigsburg", "Ludwigsburg", "", "P", ""]])))
    assert report.account.rejected.total() == 1
    (kept,) = quarantined(report.quarantine)
    assert (kept["file"], kept["line"]) == ("list.csv", "3")
    assert kept["reason"] in report.account.rejected


def test_pairs_of_items_and_their_names_may_have_headers(tmp_path):
    links = write(tmp_path, "source\ttarget\nQ622\tQ628\n", "links.tsv")
    names = write(tmp_path, "id\tname\tlng\nQ622\tLudwigsburg\t9.19\nQ628\tBergamo\t9.67\n", "nodes.tsv")
    request = Request(descriptor("wikidata"), Settings(home=tmp_path), (links, names), {})
    report = ingest(None, "wikidata", request, Options(dry_run=True))
    assert (report.account.read, report.account.loaded) == (1, 1), report.account.rejected


def test_a_large_file_streams(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("a,b\n")
        file.writelines(f"Place {i},Other {i}\n" for i in range(60_000))
    tracemalloc.start()
    rows = sum(1 for _ in text_rows(path, encoding_of(path), ","))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == 60_001
    assert peak < 8 << 20


def test_an_open_question_names_the_places_it_could_be_and_the_way_out(tmp_path):
    text = "city1,country1,city2,country2\nColumbus,United States,Dresden,Germany\n"
    report = ingest_file("table", write(tmp_path, text), mapping="wikipedia-country-lists")
    (reason,) = report.account.rejected
    assert "Columbus (US.OH, " in reason
    assert "gn:4188985" in reason
    assert reason.endswith("settle it (kg questions, or the page Quellen), or add the state, coordinates or an id")
