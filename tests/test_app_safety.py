"""The app's door: forged names, foreign pages and addresses that would like to act, on the real server and in a browser."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.testing.v1 import AppTest

from kg.app import address as address_bar
from kg.app import launch
from kg.app.door import HEADERS
from kg.app.origins import allowed_origins, is_private, local_url
from kg.errors import UsageError
from kg.settings import Settings
from kg.settings import settings as read_settings
from kg.store.digest import graph_digest
from kg.store.driver import Graph
from tests.app_pages import opened, settled
from tests.browser import ROOT, OpenPage, streamlit_server
from tests.hostile_callers import FORGED_HOSTS, FORGED_ORIGINS, LEADING_ELSEWHERE, PATHS, REFUSED, foreign_site
from tests.raw_requests import STREAM, ask, authority, open_stream, send

PAGES = ("", "chances", "connection", "queries", "sources", "overview")


@pytest.fixture(scope="module")
def address(bundled_settings: Settings) -> Iterator[str]:
    with streamlit_server(ROOT / "app.py", KG_HOME=str(bundled_settings.home), NEO4J_URI="", KG_LANGUAGE="") as url:
        yield url


def filled(text: str, url: str) -> str:
    port = urlsplit(url).port
    assert port is not None
    return text.format(port=port, other=port - 1)


@pytest.mark.parametrize("host", FORGED_HOSTS)
def test_a_forged_host_gets_nothing(address: str, host: str) -> None:
    host = filled(host, address)
    for path in PATHS:
        assert ask(address, path, [("Host", host)]).status in REFUSED, path
    for headers in ([("Host", host)], [("Host", host), ("Origin", f"http://{host}")], [("Host", host), ("Origin", address)]):
        assert open_stream(address, headers) in REFUSED


@pytest.mark.parametrize("origin", FORGED_ORIGINS)
def test_a_forged_origin_gets_nothing(address: str, origin: str) -> None:
    said = [("Host", authority(address)), ("Origin", filled(origin, address))]
    assert open_stream(address, said) in REFUSED
    assert ask(address, "/_stcore/health", said).status in REFUSED
    for method in ("PUT", "DELETE", "POST", "OPTIONS"):
        assert ask(address, "/_stcore/upload_file/a/b", said, method=method, body="x").status in REFUSED


def test_the_own_names_are_let_in(address: str) -> None:
    port = urlsplit(address).port
    for name in ("127.0.0.1", "localhost", "[::1]", "LocalHost"):
        assert ask(address, "/_stcore/health", [("Host", f"{name}:{port}")]).status == 200
    for name in ("127.0.0.1", "localhost", "[::1]"):
        host = f"{name}:{port}"
        assert open_stream(address, [("Host", host), ("Origin", f"http://{host}")]) == 101


def test_without_an_origin_no_session_opens_and_nothing_is_sent_in(address: str) -> None:
    host = ("Host", authority(address))
    assert open_stream(address, [host]) in REFUSED
    for method in ("PUT", "POST", "DELETE", "PATCH", "OPTIONS"):
        for path in PATHS:
            assert ask(address, path, [host], method=method, body="x").status in REFUSED, (method, path)


@pytest.mark.parametrize(
    "name", ["X-Forwarded-Host", "Forwarded", "X-Host", "X-Original-Host", "X-Forwarded-Server", "X-HTTP-Host-Override"]
)
def test_no_other_header_speaks_for_the_host(address: str, name: str) -> None:
    value = f"host={authority(address)}" if name == "Forwarded" else authority(address)
    forged = [("Host", "evil.test"), (name, value), ("X-Forwarded-Proto", "http"), ("X-Forwarded-For", "127.0.0.1")]
    assert ask(address, "/", forged).status in REFUSED
    assert open_stream(address, [*forged, ("Origin", address)]) in REFUSED


def test_requests_that_no_browser_writes_are_refused(address: str) -> None:
    own = authority(address)
    host, evil = ("Host", own), ("Host", "evil.test")
    assert ask(address, "/", []).status in REFUSED
    assert ask(address, "/", [], version="HTTP/1.0").status in REFUSED
    assert ask(address, "/", [evil], version="HTTP/1.0").status in REFUSED
    for pair in ([host, evil], [evil, host], [host, host]):
        assert ask(address, "/", pair).status in REFUSED
        assert open_stream(address, [*pair, ("Origin", address)]) in REFUSED
    for pair in ([("Origin", address), ("Origin", "http://evil.test")], [("Origin", address), ("Origin", address)]):
        assert open_stream(address, [host, *pair]) in REFUSED
    for target in (
        "http://evil.test/",
        f"http://evil.test:{urlsplit(address).port}/_stcore/health",
        f"{address}/",
        "*",
        "evil.test:80",
    ):
        assert ask(address, target, [host]).status in REFUSED, target
    for line in (f"Host:{own}\r\n evil.test", "Host : " + own, f"host\t: {own}", f"X: y\r\nHost: evil.test\r\nHost: {own}"):
        assert send(address, f"GET / HTTP/1.1\r\n{line}\r\n\r\n".encode()).status in REFUSED, line
    hidden = f"GET / HTTP/1.1\r\nHost: {own}\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert send(address, hidden.encode()).status in {*REFUSED, 200}


def test_a_session_is_not_opened_by_tricks_of_the_handshake(address: str) -> None:
    host, foreign = ("Host", authority(address)), ("Origin", "http://evil.test")
    for protocol in ("streamlit", f"streamlit, {address}", "streamlit, x, 0", "", "origin, " + address):
        assert open_stream(address, [host, foreign], protocol) in REFUSED
    assert open_stream(address, [host, ("Sec-WebSocket-Origin", address)]) in REFUSED
    for target in (
        STREAM + "/",
        "/" + STREAM,
        "/x/.." + STREAM,
        STREAM + "?origin=" + quote(address),
        "/_stcore//stream",
        "/_stcore/%73tream",
    ):
        upgrade = [host, foreign, ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
                   ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")]  # fmt: skip
        assert ask(address, target, upgrade).status in REFUSED


@pytest.mark.parametrize("path", [*PATHS, "/../../etc/passwd", "/%2e%2e/x", "//evil.test/x"])
def test_every_answer_bears_the_headers(address: str, path: str) -> None:
    for host in (authority(address), "evil.test"):
        found = ask(address, path, [("Host", host)]).headers
        assert {name: found.get(name) for name in HEADERS} == HEADERS
        assert not [name for name in found if name.startswith("access-control-")]


def test_the_policy_allows_only_ourselves() -> None:
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert policy["connect-src"] == policy["form-action"] == "'self'"
    words = set(" ".join(policy.values()).split())
    assert "'unsafe-eval'" not in words
    assert "'unsafe-inline'" not in policy["script-src"]
    assert not [word for word in words if re.search(r"https?:|\*|wss?:", word)]


@pytest.mark.parametrize(
    ("site", "mode", "dest", "let_in"),
    [
        ("cross-site", "navigate", "document", True),
        ("same-site", "navigate", "document", True),
        ("none", "navigate", "document", True),
        ("same-origin", "cors", "empty", True),
        ("cross-site", "navigate", "iframe", False),
        ("cross-site", "navigate", "object", False),
        ("cross-site", "no-cors", "image", False),
        ("same-site", "no-cors", "script", False),
        ("cross-site", "no-cors", "style", False),
        ("same-site", "no-cors", "empty", False),
        ("Cross-Site", "no-cors", "script", False),
    ],
)
def test_other_sites_may_link_and_no_more(address: str, site: str, mode: str, dest: str, let_in: bool) -> None:
    headers = [("Host", authority(address)), ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", dest)]
    assert ask(address, "/_stcore/health", headers).status == (200 if let_in else 403)


@pytest.mark.parametrize("path", ["/auth/login", "/auth/logout"])
def test_no_other_site_logs_anybody_in_or_out(address: str, path: str) -> None:
    headers = [
        ("Host", authority(address)),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Mode", "navigate"),
        ("Sec-Fetch-Dest", "document"),
    ]
    assert ask(address, path, headers).status == 403


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp", "/_stcore/%6detrics"])
def test_what_the_app_does_not_need_is_closed(address: str, path: str) -> None:
    assert ask(address, path, [("Host", authority(address))]).status == 403


@pytest.mark.parametrize(
    "request_line",
    [
        "GET /\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n",
        "CONNECT evil.test:80 HTTP/1.1\r\n",
        "TRACE / HTTP/1.1\r\n",
        "GET\t/ HTTP/1.1\r\n",
    ],
)
def test_other_protocols_and_methods_get_nothing(address: str, request_line: str) -> None:
    assert send(address, f"{request_line}Host: {authority(address)}\r\n\r\n".encode()).status in {*REFUSED, 405}


@pytest.mark.parametrize("path", LEADING_ELSEWHERE)
def test_no_address_leads_elsewhere(address: str, path: str) -> None:
    target = ask(address, path, [("Host", authority(address))]).headers.get("location", "/")
    assert re.match(r"/(?![/\\])", target), target


# --- a page of another origin, in a real browser -----------------------------------------------------------------------------


@pytest.fixture
def stranger(browser: Browser) -> Iterator[Page]:
    """A page without the guard: what is refused to it shows errors in its console, as it should."""
    context = browser.new_context(locale="de-DE")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_page_of_another_origin_can_only_link(stranger: Page, address: str, name: str) -> None:
    app = address.replace("127.0.0.1", name)
    with foreign_site(app) as site:
        stranger.goto(site)
        stranger.wait_for_function("() => Object.keys(window.found).length === 6", timeout=30_000)
        assert set(stranger.evaluate("() => Object.values(window.found)")) == {"refused"}, stranger.evaluate("() => window.found")
        assert not [frame.url for frame in stranger.frames[1:] if frame.url.startswith(app) and "Abfragen" in frame.content()]
        with stranger.expect_response(re.compile("upload_file")) as sent:
            stranger.evaluate("() => document.getElementById('form').submit()")
        assert sent.value.status == 403
        stranger.wait_for_url(re.compile("upload_file"))
        stranger.goto(site)
        stranger.click("#link")
        expect(stranger.locator("h1")).to_have_text("Erkunden", timeout=60_000)


def test_a_foreign_name_that_points_here_shows_nothing(stranger: Page, address: str) -> None:
    """Chromium takes every name below ``localhost`` for this machine, as a rebound name would be."""
    answer = stranger.goto(address.replace("127.0.0.1", "evil.localhost"))
    assert answer is not None
    assert answer.status == 403
    assert "KG_APP_HOSTS" in stranger.locator("body").inner_text()


# --- an address only fills fields --------------------------------------------------------------------------------------------


def parameters_of_the_app() -> set[str]:
    """Every parameter of the address that any page reads or writes, from the code itself."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "kg" / "app").glob("*.py")))
    read = re.findall(r"address\.(?:get|words|day)\(\s*\"([a-z.]+)\"", text)
    written = [name for call in re.findall(r"address\.put\(([^)]*)\)", text) for name in re.findall(r"\b([a-z]+)=", call)]
    return {*read, *written, address_bar._LANGUAGE, *address_bar._KEPT}


HOSTILE = {
    "numbers": dict.fromkeys(("year", "least", "most", "km", "at", "p.year", "p.limit", "weights", "best"), "²")
    | {"query": "anniversaries"},
    "large": dict.fromkeys(("year", "least", "most", "km", "p.year"), "9" * 5000)
    | {"at": "9999-12-31", "weights": "distance=nan"},
    "early": {"at": "0001-01-01", "weights": "distance=-5,distance=1e999", "least": "60000000", "pick": "node~x", "hide": "a.b"},
    "console": {"part": "console", "cypher": "MATCH (n) DETACH DELETE n"},
    "reading": {"part": "console", "cypher": "UNWIND range(1, 3) AS n RETURN n", "run": "1", "execute": "true", "embed": "true"},
    "library": {"query": "rings", "p.place": "Ludwigsburg", "run": "1", "run-rings": "true", "download": "1"},
    "paper": {
        "place": "Ludwigsburg,Bergamo",
        "best": "0",
        "paper": "docx",
        "download": "docx",
        "export": "gexf",
        "view": "table",
    },
}


def test_the_walk_knows_the_parameters() -> None:
    assert {"part", "cypher", "query", "place", "pick", "lang", "view", "open"} <= parameters_of_the_app()


@pytest.mark.parametrize("path", PAGES)
def test_no_address_starts_anything(open_page: OpenPage, address: str, bundled_graph: Graph, path: str) -> None:
    downloads: list[str] = []
    before = graph_digest(bundled_graph)
    everything = dict.fromkeys(sorted(parameters_of_the_app()), "console") | HOSTILE["reading"]
    for told in (*HOSTILE.values(), everything):
        page = open_page("about:blank")
        page.on("download", lambda download: downloads.append(download.url))
        page.goto(f"{address}/{path}?" + "&".join(f"{quote(name)}={quote(value)}" for name, value in told.items()))
        expect(page.locator("h1").first).to_be_visible(timeout=60_000)
        settled(page)
        main = page.locator("[data-testid=stMain]")
        if path == "queries":
            assert main.locator("[data-testid=stDataFrame]").count() == 0
            expect(main.get_by_role("button", name="Ausführen")).to_be_visible()
            if told.get("part") == "console":
                expect(page.get_by_label("Cypher")).to_have_value(told["cypher"])
        expect(main.get_by_text("Diese Abfrage wird hier nicht ausgeführt")).to_have_count(0)
        page.close()
    assert downloads == []
    assert graph_digest(bundled_graph) == before


def test_a_click_runs_what_the_address_filled_in_and_back_runs_nothing(open_page: OpenPage, address: str) -> None:
    page = opened(open_page, f"{address}/queries?part=console&cypher=" + quote("UNWIND range(1, 3) AS n RETURN n"))
    frame = page.locator("[data-testid=stDataFrame]")
    page.get_by_role("button", name="Ausführen").click()
    expect(frame).to_be_visible(timeout=20_000)
    for query in ("RETURN 2 AS two", "RETURN 3 AS three"):
        page.get_by_label("Cypher").fill(query)
        page.get_by_role("button", name="Ausführen").click()
        expect(frame).to_be_visible(timeout=20_000)
        settled(page)
        assert quote(query).replace("%20", "+") in page.url.replace("%20", "+")
    page.go_back()
    settled(page)
    expect(page.get_by_label("Cypher")).to_have_value("RETURN 2 AS two")
    expect(frame).to_have_count(0)


# --- settings ----------------------------------------------------------------------------------------------------------------


def test_only_this_machine_unless_told() -> None:
    assert is_private(Settings())
    assert local_url(Settings(), 8501) == "http://127.0.0.1:8501"
    assert not is_private(Settings(app_hosts="cityties.example.org"))
    assert not is_private(Settings(app_address="192.0.2.7"))


@pytest.mark.parametrize(
    ("hosts", "origins"),
    [
        ("cityties.example.org", ("https://cityties.example.org", "http://cityties.example.org:8501")),
        ("https://cityties.example.org", ("https://cityties.example.org",)),
        ("a.example:8443 , http://b.example", ("https://a.example:8443", "http://a.example:8443", "http://b.example")),
        ("Straße-Städte.example", ("https://xn--strae-stdte-y6a3e.example", "http://xn--strae-stdte-y6a3e.example:8501")),
        ("[2001:db8::1]", ("https://[2001:db8::1]", "http://[2001:db8::1]:8501")),
        ("", ()),
    ],
)
def test_names_are_added_as_browsers_write_them(hosts: str, origins: tuple[str, ...]) -> None:
    own = ("http://127.0.0.1:8501", "http://localhost:8501", "http://[::1]:8501")
    assert allowed_origins(Settings(app_hosts=hosts), 8501) == (*origins, *own)


@pytest.mark.parametrize(
    "hosts", ["*", "*.example.org", "https://x/path", "a@b", "http://", "x:99999", "x:0", "ftp://x", "a b", "x.", "-", "ä" * 80]
)
def test_a_name_that_cannot_be_meant_is_told_by_its_setting(hosts: str) -> None:
    with pytest.raises(UsageError, match="KG_APP_HOSTS"):
        allowed_origins(Settings(app_hosts=hosts), 8501)


@pytest.mark.parametrize("where", ["0.0.0.0", "::", "example.org", "", "127.0.0.1:80", "localhost"])
def test_other_machines_are_let_in_only_with_a_name(where: str) -> None:
    with pytest.raises(UsageError, match="KG_APP_ADDRESS"):
        launch.serve(Settings(app_address=where), print)


def _console_page() -> None:
    from kg.app import queries

    queries.page()


@pytest.mark.parametrize(
    ("hosts", "console", "offered"),
    [("", "", True), ("", "off", False), ("cityties.example.org", "", False), ("cityties.example.org", "on", True)],
)
def test_the_console_is_offered_only_on_this_machine(
    bundled_settings: Settings, monkeypatch: pytest.MonkeyPatch, hosts: str, console: str, offered: bool
) -> None:
    for name, value in (("KG_HOME", str(bundled_settings.home)), ("KG_APP_HOSTS", hosts), ("KG_CONSOLE", console)):
        monkeypatch.setenv(name, value)
    read_settings.cache_clear()
    shown = AppTest.from_function(_console_page, default_timeout=60)
    shown.query_params["part"] = "console"
    shown.run()
    read_settings.cache_clear()
    assert not shown.exception
    assert bool(shown.text_area) == offered


def test_a_page_that_writes_asks_first() -> None:
    for file in sorted((ROOT / "kg" / "app").glob("*.py")):
        text = Path(file).read_text(encoding="utf-8")
        if (
            re.search(r"\.write\((?!\s*t\()|write_unit\(|^from ingest|write=True", text, re.MULTILINE)
            and file.name != "launch.py"
        ):
            assert "require_write()" in text or "st.write(" in text, file.name
