"""Bad files and bad rows: one sentence with file, line, column and the way out; good rows load, or nothing does, as asked."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.run.descriptor import names
from ingest.tabular import archive
from kg.errors import DataError, KgError, UsageError
from kg.store.digest import graph_digest
from tests.ingesting import ingest_file, quarantined, write
from tests.spreadsheets import ods, xlsx

Make = Callable[[Path], Path]
TABLE, GRAPH = "table", "graph"
HEAD = "city1,country1,city2,country2\n"
GOOD = "Ludwigsburg,Germany,Bergamo,Italy\n"
WIDE = "Stadt,Land,Partnerstadt,Partnerland,Art,seit,bis,Status,lat,lon,wikidata\n"
LAUGHS = '<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
GEXF = (
    '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2"><graph><nodes>{nodes}</nodes><edges>{edges}</edges></graph></gexf>'
)
NODES = '<node id="Q622" label="Ludwigsburg"/><node id="Q628" label="Bergamo"/>'
EDGE = '<edge id="0" source="Q622" target="Q628"/>'


def raw(content: bytes, name: str = "list.csv") -> Make:
    """A file of these bytes."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return make


def text(content: str, name: str = "list.csv") -> Make:
    """A UTF-8 file."""
    return raw(content.encode(), name)


def packed(parts: dict[str, bytes], name: str = "list.xlsx") -> Make:
    """A ZIP archive of these parts."""

    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, content in parts.items():
                archive.writestr(part, content)
        return folder / name

    return make


def lying_bomb(folder: Path) -> Path:
    """A workbook whose directory states a hundred bytes for a part of forty megabytes."""
    path = xlsx(folder / "list.xlsx", [["city1"]], parts={"xl/media/big.bin": b"\0" * (40 << 20)})
    content = path.read_bytes()
    size = (40 << 20).to_bytes(4, "little")
    path.write_bytes(content.replace(size, (100).to_bytes(4, "little")))
    return path


# (what it is, source, file, options, the sentence)
FILES: list[tuple[str, str, Make, dict[str, str], str]] = [
    ("missing", TABLE, lambda folder: folder / "none.csv", {}, "there is no file"),
    ("folder", TABLE, lambda folder: folder, {}, "is a folder"),
    ("empty", TABLE, raw(b""), {}, "list.csv, line 1: the file is empty"),
    ("blank", TABLE, raw(b" \n\n  \n"), {}, "list.csv, line 1: the file is empty"),
    ("binary", TABLE, raw(bytes(range(256)) * 40), {}, "list.csv, line 1: this is no text but binary"),
    ("picture", TABLE, raw(b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 90, "list.png"), {}, "list.png, line 1: this is no text"),
    ("zeros", TABLE, raw(b"\0" * 5000), {}, "list.csv, line 1"),
    ("old Excel", TABLE, raw(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "list.xls"), {}, "list.xls: this is an old"),
    ("undefined bytes", TABLE, raw(b"a,b\nM\x81nster,K\xf6ln\n"), {}, "list.csv, line 2: the bytes are neither"),
    ("wrong stated encoding", TABLE, raw("a,b\nKöln,Ürümqi\n".encode("cp1252")), {"encoding": "ascii"}, "list.csv, line 2"),
    ("unknown encoding", TABLE, text(HEAD), {"encoding": "utf-99"}, "'utf-99' is no encoding"),
    *[(f"encoding {name}", TABLE, text(HEAD + GOOD), {"encoding": name}, "is no encoding of text")
      for name in ("rot13", "hex", "undefined", "idna", "base64", "x" * 300, "\ud800", "utf\0")],
    *[(f"{name} without a mark", TABLE, raw(HEAD.encode(f"{name}-be")), {"encoding": name}, f"say --option encoding={name}-le")
      for name in ("utf-16", "utf-32")],
    ("name of 300 bytes", TABLE, lambda folder: folder / ("ü" * 150 + ".csv"), {}, "cannot be read"),
    ("name with NUL", TABLE, lambda folder: folder / "a\0b.csv", {}, "there is no file"),
    ("device", TABLE, lambda _: Path("/dev/zero"), {}, "is a device"),
    ("mapping of 3,000 brackets", TABLE, text(HEAD), {"mapping": "brackets.toml"}, "nested too deeply"),
    ("mapping of 5,000 digits", TABLE, text(HEAD), {"mapping": "digits.toml"}, "digits.toml: the mapping is no TOML"),
    ("mapping's name too long", TABLE, text(HEAD), {"mapping": "m" * 5000}, "is neither a file nor one of"),
    ("trust of 5,000 digits", TABLE, text(HEAD), {"trust": "9" * 5000}, "no whole number of at most six digits"),
    ("JSON of 3,000 brackets", "wikidata", text("[" * 100_000, "r.json"), {}, "r.json: JSON nested too deeply"),
    ("JSON of 5,000 digits", "wikidata", text('[{"item": ' + "9" * 5000 + "}]", "r.json"), {}, "thousands of digits"),
    ("half a character", TABLE, raw(HEAD.encode("utf-16")[:-1]), {"encoding": "utf-16"}, "list.csv, line"),
    ("no header", TABLE, text("Ludwigsburg,Bergamo\nUlm,Jena\n"), {}, "list.csv, line 1: no header names the columns"),
    ("one place only", TABLE, text("city,year\nUlm,1990\n"), {}, "list.csv, line 1: no header names"),
    ("prose", TABLE, text("Dear all,\nplease find the list.\n"), {}, "list.csv, line 1: no header names"),
    ("HTML", TABLE, text("<!doctype html><html><body>404</body></html>\n"), {}, "list.csv, line 1: there is no table"),
    ("JSON", TABLE, text('{"a": [1, 2]}\n'), {}, "list.csv, line 1: no header names"),
    ("missing column", TABLE, text("city1,country1,city2\nUlm,Germany,Jena\n"), {"mapping": "wikipedia-country-lists"},
     "list.csv, line 1: the column 'country2'"),
    ("duplicate header", TABLE, text("city1,country1,city1,city2,country2\n"), {"mapping": "wikipedia-country-lists"},
     "list.csv, line 1: the column 'city1' stands there twice"),
    ("mapping that is none", TABLE, text(HEAD), {"mapping": "other"}, "mapping='other' is neither a file nor one of"),
    ("unknown option", TABLE, text(HEAD), {"colour": "red"}, "has no option 'colour'"),
    ("date that is none", TABLE, text(HEAD), {"published": "lately"}, "--option published: 'lately' is not a date"),
    ("trust that is none", TABLE, text(HEAD), {"trust": "much"}, "--option trust=much"),
    ("trust too large", TABLE, text(HEAD), {"trust": "500"}, "trust is a number from 0 to 100"),
    ("delimiter of two", TABLE, text(HEAD), {"delimiter": "::"}, "'::' is no single character"),
    ("first line of 2 MB", TABLE, raw(b"x" * 2_000_000), {}, "list.csv, line 1"),
    ("no archive", TABLE, raw(b"PK\x03\x04 but no more", "list.xlsx"), {}, "list.xlsx: the workbook is damaged"),
    ("text called xlsx", TABLE, text(HEAD, "list.xlsx"), {}, "list.xlsx: the workbook is damaged"),
    ("archive of anything", TABLE, packed({"readme.txt": b"hello"}), {}, "list.xlsx: the workbook cannot be read"),
    ("empty workbook", TABLE, lambda f: xlsx(f / "list.xlsx", []), {}, "list.xlsx, line 1: the workbook is empty"),
    ("no such sheet", TABLE, lambda f: xlsx(f / "list.xlsx", [["a", "b"]]), {"sheet": "Zwei"}, "has no sheet 'Zwei'"),
    ("zip bomb", TABLE, packed({"xl/workbook.xml": b" " * (5 << 20)}), {}, "the workbook unpacks to more than 4 MB"),
    ("zip bomb that lies", TABLE, lying_bomb, {}, "list.xlsx: the workbook"),
    ("ten thousand parts", TABLE, packed({f"p{i}": b"" for i in range(6000)}), {}, "6,000 parts"),
    ("laughs in a sheet", TABLE, packed({"xl/workbook.xml": LAUGHS.encode()}), {}, "xl/workbook.xml: the XML declares"),
    ("cell in the last corner", TABLE,
     lambda f: xlsx(f / "list.xlsx", [["a", "b"]], extra='<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), {},
     "reaches to row 1,048,576"),
    ("last corner in other marks", TABLE,
     lambda f: xlsx(f / "list.xlsx", [["a", "b"]], extra="<row r='1048576'><c s='1' r='XFD1048576'><v>1</v></c></row>"), {},
     "reaches to row 1,048,576"),
    ("cells that do not say where they stand", TABLE,
     lambda f: xlsx(f / "list.xlsx", [["a", "b"]], extra="<row r='1048576'>" + "<c><v>1</v></c>" * 16_384 + "</row>"), {},
     "reaches to row 1,048,576"),
    ("cell repeated", TABLE,
     lambda f: ods(f / "list.ods", [["a"]], extra='<table:table-row table:number-rows-repeated="9999999"><table:table-cell>'
     "<text:p>x</text:p></table:table-cell></table:table-row>"), {}, "list.ods, part content.xml"),
    ("cut off", TABLE, lambda f: raw(xlsx(f / "x.xlsx", [["a"]]).read_bytes()[:-30], "list.xlsx")(f), {}, "workbook is damaged"),
    ("billion laughs", GRAPH, text(LAUGHS + GEXF.format(nodes=NODES, edges=EDGE), "g.gexf"), {},
     "g.gexf, line 1: the XML declares"),
    ("entity from a file", GRAPH, text('<!DOCTYPE g [<!ENTITY x SYSTEM "file:///etc/hostname">]><gexf>&x;</gexf>', "g.gexf"), {},
     "g.gexf, line 1: the XML declares"),
    ("broken XML", GRAPH, text("<gexf>\n<graph>\n</gexf>", "g.gexf"), {}, "g.gexf, line 3: this is no well-formed XML"),
    ("empty graph file", GRAPH, raw(b"", "g.gexf"), {}, "g.gexf, line 1: this is no well-formed XML"),
    ("nested too deep", GRAPH, text("<gexf>" + "<a>" * 400 + "</a>" * 400 + "</gexf>", "g.gexf"), {},
     "g.gexf, line 1: elements are nested"),
    ("other XML", GRAPH, text("<rss/>", "g.gexf"), {}, "g.gexf, line 1: the first element is 'rss'"),
    ("GraphML called GEXF", GRAPH, text("<graphml/>", "g.gexf"), {}, "the first element is 'graphml'"),
    ("graph without labels", GRAPH,
     text("<graphml><graph edgedefault='undirected'><node id='1'/></graph></graphml>", "g.graphml"), {},
     "g.graphml: "),
    ("table as graph", GRAPH, text(HEAD), {}, "for tables use kg ingest table"),
    ("unknown XML encoding", GRAPH, text("<?xml version='1.0' encoding='utf-99'?><gexf/>", "g.gexf"), {}, "g.gexf, line"),
    ("members without names", "covenant", text("organisation,joined_on\nUlm,2010\n"), {}, "no header names the members"),
    ("members' names twice", "covenant", text("name,country,country\nUlm,Germany,DE\n"), {}, "'country' stands there twice"),
    ("network without a name", "covenant", text("name,country\nUlm,Germany\n"), {"network": "other"}, "--option network_name"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _small_limit(monkeypatch):
    """Bombs of the usual size take long to make."""
    monkeypatch.setattr(archive, "MAX_BYTES", 4 << 20)


@pytest.mark.parametrize(("source", "make", "options", "sentence"), [f[1:] for f in FILES], ids=[f[0] for f in FILES])
def test_a_file_that_cannot_be_taken_is_refused_in_a_sentence(tmp_path, monkeypatch, source, make, options, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "brackets.toml").write_text("a = " + "[" * 3000, encoding="utf-8")
    (tmp_path / "digits.toml").write_text("trust = " + "9" * 5000, encoding="utf-8")
    with pytest.raises(KgError) as caught:
        ingest_file(source, make(tmp_path), **options)
    message = str(caught.value)
    assert sentence in message
    assert "\n" not in message
    assert len(message) < 600


def wide(**cells: str) -> str:
    """A row of the wide table with these cells."""
    row = dict(
        zip(WIDE.strip().split(","), ["Ludwigsburg", "Germany", "Bergamo", "Italy", "", "", "", "", "", "", ""], strict=True)
    )
    return ",".join({**row, **cells}.values()) + "\n"


# (what it is, the bad row, what is said of it)
ROWS: list[tuple[str, str, str]] = [
    ("unknown kind", wide(Art="Bruderschaft"), "column Art: 'Bruderschaft' is not known; say which of twinning"),
    ("self pair", "Bergamo,Italy,Bergamo,Italy,,,,,,,\n", "both ends are the same place"),
    ("self pair by exonym", "Mülhausen,France,Mulhouse,France,,,,,,,\n", "both ends are the same place"),
    ("empty name", ",Germany,Bergamo,Italy,,,,,,,\n", "column Stadt: the name is empty"),
    ("dash for a name", "–,Germany,Bergamo,Italy,,,,,,,\n", "column Stadt: the name is empty"),
    ("NaN for a name", "nan,Germany,Bergamo,Italy,,,,,,,\n", "column Stadt: 'nan' is what a program writes"),
    ("error of a spreadsheet", "#REF!,Germany,Bergamo,Italy,,,,,,,\n", "column Stadt: '#REF!' is what a program"),
    ("formula", '"=HYPERLINK(""http://a"";""Ulm"")",Germany,Bergamo,Italy,,,,,,,\n', "column Stadt: '=HYPERLINK"),
    ("formula with at", "@SUM(A1),Germany,Bergamo,Italy,,,,,,,\n", "column Stadt: '@SUM(A1)' is a formula"),
    ("item for a name", "Q622,Germany,Bergamo,Italy,,,,,,,\n", "column Stadt: 'Q622' is an item number"),
    ("homoglyph", "Вergamo,Italy,Ludwigsburg,Germany,,,,,,,\n", "mixes Cyrillic and Latin letters"),
    ("Greek homoglyph", "Ulm,Germany,Βergamo,Italy,,,,,,,\n", "column Partnerstadt: 'Βergamo' mixes Greek and Latin"),
    ("right-to-left override", "\u202eomagreB,Italy,Ludwigsburg,Germany,,,,,,,\n", "turn the direction of writing"),
    ("right-to-left isolate", "Ber\u2067gamo,Italy,Ludwigsburg,Germany,,,,,,,\n", "turn the direction of writing"),
    ("name of a thousand letters", "Ulm" * 400 + ",Germany,Bergamo,Italy,,,,,,,\n", "the text is not a name"),
    ("digits for a name", "12345,Germany,Bergamo,Italy,,,,,,,\n", "the text is not a name"),
    ("homonyms", "Columbia,United States,Bergamo,Italy,,,,,,,\n", "'Columbia'"),
    ("unknown place without a country", "Qwxyzburg,,Bergamo,Italy,,,,,,,\n", "unknown name without a country"),
    ("latitude beyond the pole", wide(lat="95", lon="9"), "column lat: '95' is no number from -90 to 90"),
    ("latitude NaN", wide(lat="NaN", lon="9"), "column lat: 'NaN' is no number"),
    ("longitude infinite", wide(lat="45", lon="inf"), "column lon: 'inf' is no number"),
    ("longitude in words", wide(lat="45", lon="9° E"), "column lon: '9° E' is no number"),
    ("id that is none", wide(wikidata="P190"), "column wikidata: 'P190' is no item"),
    ("too few cells", "Ludwigsburg,Germany,Berg\n", "the row has 3 cells where the header has 11; see whether it was cut off"),
    ("too many cells", wide().strip() + ",more,cells\n", "the row has 13 cells where the header has 11"),
    ("NUL bytes", "Ludwigsburg\0,Germany,Bergamo,Italy,,,,,,,\n", "the line holds NUL bytes"),
    ("line of 10 MB", "x" * 10_000_000 + ",Germany,Bergamo,Italy,,,,,,,\n", "longer than 1,000,000 characters"),
    ("quotation mark not closed", '"Ludwigsburg,Germany,Bergamo,Italy,,,,,,,\n', "quotation mark"),
    ("quotation mark inside", '"Ludwigs"burg,Germany,Bergamo,Italy,,,,,,,\n', "the quotation marks do not fit"),
    ("surrogates", "Ludwigsb\udcffrg,Germany,Bergamo,Italy,,,,,,,\n", "bytes that are no UTF-8"),
]  # fmt: skip
GOOD_ROWS = wide(Partnerstadt="Montbéliard", Partnerland="France", seit="1950"), "Köln,Germany,Liège,Belgium,,1958,,,,,\n"


@pytest.fixture(scope="module")
def all_rows(tmp_path_factory):
    """Every bad row between good ones, in one file."""
    folder = tmp_path_factory.mktemp("rows")
    path = folder / "list.csv"
    lines = [WIDE, GOOD_ROWS[0], *(row for _, row, _ in ROWS), GOOD_ROWS[1]]
    path.write_bytes("".join(lines).encode("utf-8", "surrogateescape"))
    return path


@pytest.mark.parametrize(("row", "said"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_a_bad_row_is_rejected_with_its_line_and_the_others_are_taken(tmp_path, row, said):
    path = tmp_path / "list.csv"
    path.write_bytes((WIDE + GOOD_ROWS[0] + row + GOOD_ROWS[1]).encode("utf-8", "surrogateescape"))
    report = ingest_file("table", path)
    assert (report.account.read, report.account.loaded) == (3, 2), report.account
    (reason,) = report.account.rejected
    assert said in reason
    assert "\n" not in reason
    assert report.account.first[reason] == "list.csv:3"


def test_good_rows_load_and_the_bad_ones_are_kept_with_file_line_and_reason(graph, all_rows):
    report = ingest_file("table", all_rows, graph)
    assert report.account.read == len(ROWS) + 2
    assert report.account.loaded == 2
    partnerships = graph.read("MATCH (p:Partnership) RETURN p.since AS since ORDER BY since")
    assert [row["since"] for row in partnerships] == ["1950", "1958"]
    kept = quarantined(report.quarantine)
    assert [int(row["line"]) for row in kept] == list(range(3, len(ROWS) + 3))
    for row, (name, _, said) in zip(kept, ROWS, strict=True):
        assert said in row["reason"], name
    alone = graph.read("MATCH (p:Place) WHERE NOT (p)--(:Partnership) AND p.kind <> 'country' RETURN p.id AS id")
    assert alone == [], "a place that only a rejected row names is not in the graph"


def test_strict_loads_nothing_and_a_refused_file_leaves_the_graph_as_it_was(graph, all_rows, tmp_path):
    ingest_file("table", write(tmp_path, HEAD + GOOD), graph)
    digest = graph_digest(graph)
    with pytest.raises(DataError, match=r"list\.csv:3: column Art: 'Bruderschaft'"):
        ingest_file("table", all_rows, graph, strict=True)
    for number, (_, source, make, options, _) in enumerate(FILES[::9]):
        folder = tmp_path / str(number)
        folder.mkdir()
        with pytest.raises(KgError):
            ingest_file(source, make(folder), graph, **options)
    assert graph_digest(graph) == digest


# (what it is, the row, the column whose words are kept)
OPTIONAL: list[tuple[str, str, str]] = [
    ("year of five digits", wide(seit="20222"), "seit"),
    ("year before 1800", wide(seit="1175"), "seit"),
    ("year to come", wide(seit="2999"), "seit"),
    ("next decade", wide(seit="2039"), "seit"),
    ("two years", wide(seit="1975/1990"), "seit"),
    ("no day of the calendar", wide(seit="31.02.1975"), "seit"),
    ("word for a year", wide(seit="long ago"), "seit"),
    ("end before beginning", wide(seit="1990", bis="1980"), "bis"),
    ("unknown status", wide(Status="vielleicht"), "Status"),
]


@pytest.mark.parametrize(("row", "column"), [r[1:] for r in OPTIONAL], ids=[r[0] for r in OPTIONAL])
def test_an_optional_cell_never_loses_its_row_and_is_kept_as_a_note(tmp_path, row, column):
    report = ingest_file("table", write(tmp_path, WIDE + row))
    assert report.account.loaded == 1
    ((_, made),) = report.samples
    assert {claim.predicate for claim in made} == {"kind"}
    assert made[0].note.startswith(f"{column}: ")
    assert any(warning.startswith(f"column {column}: 1 cells say more") for warning in report.warnings)


def test_formulas_in_workbooks_are_the_values_they_had(tmp_path):
    path = xlsx(
        tmp_path / "list.xlsx",
        [["Stadt", "Partnerstadt", "Land"], ["=A1", "Bergamo", "Italien"], ["Ludwigsburg", "Bergamo", "Italien"]],
    )
    report = ingest_file("table", path)
    assert (report.account.loaded, dict(report.account.first)) == (1, {"column Stadt: the name is empty": "list.xlsx:2"})


def test_right_to_left_names_are_names(tmp_path):
    report = ingest_file(
        "table", write(tmp_path, HEAD + "תל אביב,Israel,Köln,Germany\nالقاهرة,Egypt,Frankfurt am Main,Germany\n")
    )
    assert report.account.loaded == 2, report.account.rejected


def test_repeated_good_rows_with_other_bytes_around_them_stay_one(tmp_path):
    report = ingest_file("table", write(tmp_path, HEAD + GOOD + " Ludwigsburg , Germany ,Bergamo\u00a0,Italy\n"))
    assert report.account.ignored == {"repeated row": 1}


def test_bad_edges_are_rejected_and_the_others_taken(tmp_path):
    edges = EDGE + '\n<edge id="1" source="Q622" target="Q9999999"/>\n<edge id="2" source="Q628" target="Q628"/>'
    report = ingest_file("graph", write(tmp_path, GEXF.format(nodes=NODES, edges=edges), "g.gexf"))
    assert report.account.read == report.account.loaded + report.account.rejected.total() == 3
    assert any("there is no node 'Q9999999'" in reason for reason in report.account.rejected)


@pytest.mark.parametrize("source", names())
def test_no_source_takes_an_option_that_it_does_not_have(tmp_path, source):
    with pytest.raises(UsageError, match=f"the source '{source}' has no option 'colour'; it has"):
        ingest_file(source, tmp_path / "list.csv", colour="red")


def test_a_repeated_row_is_ignored_in_every_source_and_another_spelling_is_a_statement_of_its_own(tmp_path):
    ties = write(tmp_path, HEAD + GOOD + GOOD + GOOD.replace("Germany", "Deutschland"))
    assert ingest_file("table", ties).account.ignored == {"repeated row": 1}
    items = write(tmp_path, "item,partner,itemLabel,partnerLabel\n" + 2 * "Q622,Q628,Ludwigsburg,Bergamo\n", "saved.csv")
    assert ingest_file("wikidata", items).account.ignored == {"repeated row": 1}


def test_a_kind_of_place_that_is_none_is_told_and_the_others_are_taken(tmp_path):
    layout = '[first]\nplace = "a"\ncountry = "b"\nkind = "c"\n[second]\nplace = "d"\ncountry = "e"\n'
    mapping = write(tmp_path, layout, "layout.toml")
    rows = "a,b,c,d,e\nRhein-Nirgendwo,Germany,county+association,Bergamo,Italy\nLudwigsburg,Germany,city,Bergamo,Italy\n"
    account = ingest_file(TABLE, write(tmp_path, rows), mapping=str(mapping)).account
    assert (account.loaded, account.rejected.total()) == (1, 1)
    assert "'county+association' is no kind of place" in next(iter(account.rejected))
