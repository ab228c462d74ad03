"""Every way in which a list of partnerships comes: workbooks with several sheets, JSON, web pages and Markdown."""

import json

import pytest

from ingest.tabular.grid import open_grid, open_grids
from ingest.tabular.structured import json_rows
from kg.errors import DataError, UsageError
from tests.ingesting import claims, ingest_file, write
from tests.spreadsheets import workbook

HEAD = ["Stadt", "Land", "Partnerstadt", "Partnerland", "seit"]
ONE = ["Speyer", "Deutschland", "Ravenna", "Italien", "1989"]
TWO = ["Worms", "Deutschland", "Parma", "Italien", "1984"]
TOLD = {("since", "1989"), ("since", "1984"), ("kind", "twinning")}


def stated(report):
    return {(predicate, value) for _, predicate, value in claims(report)}


def names_of(report):
    return {c.locator for _, made in report.samples for c in made}


# --- Workbooks ----------------------------------------------------------------------------------------------------------


def test_a_merged_range_is_the_value_of_each_of_its_rows(tmp_path):
    rows = [HEAD, ONE, ["", "", "Chartres", "Frankreich", "1959"], TWO]
    path = workbook(tmp_path / "list.xlsx", {"Liste": rows}, merged={"Liste": ["A2:A3", "B2:B3"]})
    report = ingest_file("table", path)
    assert report.account.loaded == 3, report.account.rejected
    assert "Speyer, Deutschland ↔ Chartres, Frankreich" in names_of(report)


def test_a_hidden_sheet_is_named_and_left_alone(tmp_path):
    sheets = {"alt": [HEAD, TWO], "neu": [HEAD, ONE], "Mehr": [HEAD, TWO]}
    report = ingest_file("table", workbook(tmp_path / "list.xlsx", sheets, hidden={"alt"}))
    assert ("since", "1989") in stated(report)
    assert report.account.read == 1
    told = " ".join(report.warnings)
    assert "sheet 'neu' is read" in told
    assert "not read: the sheets 'Mehr'" in told
    assert "hidden: the sheets 'alt'" in told


def test_all_sheets_are_read_each_by_its_own_header(tmp_path):
    other = [["City", "Country", "Sister City", "Sister Country", "Year"], TWO]
    sheets = {"A": [HEAD, ONE], "B": other, "Notizen": [["nichts", "dabei"], ["x", "y"]], "alt": [HEAD, TWO]}
    report = ingest_file("table", workbook(tmp_path / "list.xlsx", sheets, hidden={"alt"}), sheet="all")
    assert (report.account.read, report.account.loaded) == (2, 2), report.account.rejected
    assert stated(report) == TOLD
    assert {row.file for row, _ in report.samples} == {"list.xlsx, A", "list.xlsx, B"}
    assert any("Notizen is left out" in warning for warning in report.warnings)


@pytest.mark.parametrize("year", [1959, 1987, 2004])
def test_a_year_in_a_cell_formatted_as_a_date_is_that_year(tmp_path, year):
    rows = [HEAD, [*ONE[:4], year]]
    report = ingest_file("table", workbook(tmp_path / "list.xlsx", {"Liste": rows}, dates={"Liste": {"E2"}}))
    assert ("since", str(year)) in stated(report)


def test_two_header_rows_are_one(tmp_path):
    rows = [
        ["Kommune in Deutschland", "", "Kommune im Ausland", "", "Partnerschaft"],
        ["Name", "Land", "Name", "Land", "seit"],
        ONE,
        TWO,
    ]
    report = ingest_file("table", workbook(tmp_path / "list.xlsx", {"Liste": rows}))
    assert stated(report) == TOLD


def test_totals_and_notes_below_the_table_are_said_and_no_places(tmp_path):
    below = "Summe;2;;;\nQuelle: Stadtverwaltung;;;;\n* ruht zur Zeit;;;;\n"
    text = "\n".join(";".join(row) for row in (HEAD, ONE, TWO)) + "\n" + below
    report = ingest_file("table", write(tmp_path, text))
    assert (report.account.loaded, report.account.rejected.total()) == (2, 0), report.account.rejected
    assert sum("total or a note below" in reason for reason in report.account.ignored) == 3


# --- JSON ---------------------------------------------------------------------------------------------------------------

OBJECTS = [{"city": r[0], "country": r[1], "partner": {"name": r[2], "country": r[3]}, "since": int(r[4])} for r in (ONE, TWO)]
NESTED = [{"city": r[0], "country": r[1], "partners": [{"name": r[2], "country": r[3], "since": int(r[4])}]} for r in (ONE, TWO)]
CITIES = {r[0]: [f"{r[2]} ({r[3]}, {r[4]})"] for r in (ONE, TWO)}
CITIES_OF_OBJECTS = {r[0]: [{"name": r[2], "country": r[3], "year": r[4]}] for r in (ONE, TWO)}


@pytest.mark.parametrize(
    "document",
    [OBJECTS, NESTED, {"data": OBJECTS}, {"title": "x", "cities": NESTED}, CITIES, CITIES_OF_OBJECTS,
     [["Stadt", "Partnerstadt", "Partnerland", "seit"], *([r[0], *r[2:]] for r in (ONE, TWO))]],
    ids=["objects", "nested", "under a name", "with a title", "cities", "cities of objects", "lists"],
)  # fmt: skip
def test_json_of_every_shape_gives_the_same_ties(tmp_path, document):
    path = write(tmp_path, json.dumps(document, ensure_ascii=False), "list.json")
    report = ingest_file("table", path)
    assert report.account.loaded == 2, (report.account.rejected, report.account.ignored)
    assert stated(report) == TOLD


def test_one_object_a_line_and_a_broken_line_costs_itself_only(tmp_path):
    lines = [json.dumps(OBJECTS[0]), "{broken", json.dumps(OBJECTS[1])]
    report = ingest_file("table", write(tmp_path, "\n".join(lines), "list.jsonl"))
    assert (report.account.loaded, report.account.rejected.total()) == (2, 1)
    assert list(report.account.first.values()) == ["list.jsonl:2"]


@pytest.mark.parametrize("text", ["[" * 50_000, "{}", "[]", '"x"', "[NaN]", '{"a":' * 3000, "17", '{"a": 1}', "[1, 2]"])
def test_json_that_is_no_list_is_refused_in_a_sentence(tmp_path, text):
    with pytest.raises(DataError) as caught:
        ingest_file("table", write(tmp_path, text, "list.json"))
    assert str(caught.value).startswith("list.json")
    assert "\n" not in str(caught.value)


def test_rows_of_json_are_numbered_by_their_elements(tmp_path):
    assert [n for n, _ in json_rows(write(tmp_path, json.dumps(NESTED * 2), "l.json"), lines=False)] == [0, 1, 2, 3, 4]


# --- Pages --------------------------------------------------------------------------------------------------------------

PAGE = """<!doctype html><html><head><title>Partner</title><script>alert("x")</script></head><body><h2>Menü</h2>
<table><tr><td>Start</td><td>Kontakt</td></tr><tr><td>a</td><td>b</td></tr></table><h2>Partnerstädte</h2>
<table><thead><tr><th>Stadt<th>Land<th>Partnerstadt<th>Partnerland<th>seit</tr></thead>
<tr><td rowspan=2>Speyer<td rowspan="2">Deutschland<td><a href="javascript:alert(1)">Ravenna</a>
<sup class="reference">[1]</sup><td>Italien<td>1989
<tr><td>Chartres<script>document.write("Paris")</script><td>Frankreich<td>1959<span style="display:none">7</span></tr>
<tr><td>Worms</td><td>Deutschland</td><td>Bergamo<br>Auxerre (Frankreich)</td><td></td><td>1984</td></tr>
</table></body></html>"""


def test_the_table_of_a_page_that_names_two_places_is_read(tmp_path):
    report = ingest_file("table", write(tmp_path, PAGE, "page.html"))
    assert report.account.loaded == 4, (report.account.rejected, report.account.ignored)
    assert names_of(report) == {
        "Speyer, Deutschland ↔ Ravenna, Italien", "Speyer, Deutschland ↔ Chartres, Frankreich", "Worms, Deutschland ↔ Bergamo",
        "Worms, Deutschland ↔ Auxerre, Frankreich",
    }  # fmt: skip
    assert any("table 1 is left out" in w for w in report.warnings)


@pytest.mark.parametrize(
    "page",
    ["<table>" * 3000 + "<tr><td>a<td>b", "<table>" + "<tr><td colspan=99999999 rowspan=99999999>x" * 400,
     '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><html><table><tr><td>&b;<td>c<tr><td>d<td>e</table></html>',
     "<table><tr><td>1<td>2</table>"],
    ids=["nested", "spans", "entities", "one row"],
)  # fmt: skip
def test_a_hostile_page_is_refused_in_a_sentence(tmp_path, page):
    with pytest.raises(DataError) as caught:
        ingest_file("table", write(tmp_path, page, "page.html"))
    assert str(caught.value).startswith("page.html")
    assert len(str(caught.value)) < 600


def test_a_table_in_markdown(tmp_path):
    text = "# Partner\n\nText.\n\n| Stadt | Partnerstadt | Land | seit |\n|---|---|---|---|\n"
    text += "| [Speyer](http://x) | **Ravenna** | Italien | 1989 |\n"
    report = ingest_file("table", write(tmp_path, text + "| Worms | Parma<br>Bergamo | Italien | 1984 |\n", "list.md"))
    assert {row.line for row, _ in report.samples} >= {7}
    assert ("since", "1989") in stated(report)
    assert any(name == "Speyer ↔ Ravenna, Italien" for name in names_of(report))


def test_a_table_or_sheet_that_is_not_there_is_told_with_those_that_are(tmp_path):
    with pytest.raises(UsageError, match="no 'table 7' but table 1, table 2"):
        open_grid(write(tmp_path, PAGE, "page.html"), {"sheet": "table 7"})
    assert [grid.sheet for grid in open_grids(write(tmp_path, PAGE, "page.html"), {"sheet": "all"})] == ["table 1", "table 2"]
