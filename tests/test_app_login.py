"""Logging in at an identity provider of the test's own, the two roles, and sessions that are forged."""

import json
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, BrowserContext, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, generate_xsrf_token_string
from websockets.sync.client import connect

from kg.app import login
from kg.app.login import provider as secrets_of
from kg.app.login import role
from kg.errors import NotAllowed, UsageError
from kg.settings import Settings
from kg.settings import settings as read_settings
from tests.app_pages import settled
from tests.browser import ROOT, Guard, OpenPage, streamlit_server
from tests.identity_provider import CLIENT, SECRET, Provider, identity_provider

READER, WRITER, STRANGER = "lesen@stadt.test", "schreiben@stadt.test", "fremd@anderswo.test"
LISTS = {"KG_READERS": f"{READER}, group:lesende", "KG_WRITERS": f"{WRITER},group:schreibende"}


@pytest.fixture(scope="module")
def idp() -> Iterator[Provider]:
    with identity_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def environment(idp: Provider, bundled_settings: Settings) -> dict[str, str]:
    login = {"KG_LOGIN_METADATA": idp.metadata, "KG_LOGIN_CLIENT": CLIENT, "KG_LOGIN_SECRET": SECRET}
    return {"KG_HOME": str(bundled_settings.home), "NEO4J_URI": "", "KG_LANGUAGE": "", **login, **LISTS}


@pytest.fixture(scope="module")
def address(environment: dict[str, str]) -> Iterator[str]:
    with streamlit_server(ROOT / "app.py", **environment) as url:
        yield url


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("written") / "file.txt"


@pytest.fixture(scope="module")
def writing(environment: dict[str, str], written: Path) -> Iterator[str]:
    with streamlit_server(Path(__file__).parent / "apps" / "writing_app.py", **environment, WRITTEN=str(written)) as url:
        yield url


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """A guarded page with cookies of its own, so that nobody is logged in already."""
    guard = Guard()

    def open_(url: str) -> Page:
        page = guard.watch(browser.new_context(locale="de-DE").new_page())
        opened.append(page.context)
        page.goto(url)
        return page

    opened: list[BrowserContext] = []
    yield open_
    for context in opened:
        context.close()
    guard.check()


def log_in(page: Page, idp: Provider, **user: object) -> None:
    idp.user = user
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("button", name="Abmelden")).to_be_visible(timeout=60_000)
    settled(page)


@pytest.mark.parametrize("path", ["", "chances", "connection", "queries", "sources", "overview"])
def test_without_a_login_no_page_shows_anything(open_page: OpenPage, address: str, path: str) -> None:
    page = open_page(f"{address}/{path}?place=Ludwigsburg&query=rings")
    expect(page.get_by_role("button", name="Anmelden")).to_be_visible(timeout=60_000)
    settled(page)
    main = page.locator("[data-testid=stMain]").inner_text()
    assert "Ludwigsburg" not in main
    assert page.locator("[data-testid=stMain] button").count() == 1


def test_a_reader_reads_and_leaves(open_page: OpenPage, address: str, idp: Provider) -> None:
    page = open_page(address)
    log_in(page, idp, email=READER, email_verified=True)
    expect(page.get_by_text(re.compile("stadt.test · liest$"))).to_be_visible()
    page.goto(f"{address}/?place=Ludwigsburg")
    expect(page.locator(".st-key-panel")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_role("button", name="Anmelden")).to_be_visible(timeout=60_000)


@pytest.mark.parametrize(
    "user",
    [
        {"email": STRANGER, "email_verified": True},
        {"email": READER, "email_verified": False},
        {"email": f"{READER}@anderswo.test"},
        {"email": "x@evil.test", "name": READER, "preferred_username": WRITER},
        {"groups": ["andere", READER, WRITER]},
        {"groups": "group:lesende"},
    ],
)
def test_who_is_on_no_list_sees_nothing(open_page: OpenPage, address: str, idp: Provider, user: dict[str, object]) -> None:
    page = open_page(f"{address}/?place=Ludwigsburg")
    log_in(page, idp, **user)
    expect(page.get_by_text("steht aber auf keiner Liste")).to_be_visible()
    page.goto(f"{address}/?place=Ludwigsburg")
    expect(page.get_by_text("steht aber auf keiner Liste")).to_be_visible(timeout=60_000)
    assert page.locator(".st-key-panel").count() == 0


def test_a_login_ends_after_a_shift(open_page: OpenPage, address: str, idp: Provider) -> None:
    idp.user, idp.age = {"email": READER, "email_verified": True}, 13 * 3600
    page = open_page(address)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url(re.compile(re.escape(address) + "/?$"))
    settled(page)
    idp.age = 0
    expect(page.get_by_role("button", name="Anmelden")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Abmelden")).to_have_count(0)


@pytest.mark.parametrize(
    ("user", "may"),
    [
        ({"email": WRITER, "email_verified": True}, True),
        ({"email": WRITER.upper()}, True),
        ({"email": STRANGER, "groups": ["Schreibende"]}, True),
        ({"email": READER, "email_verified": True}, False),
        ({"email": STRANGER, "groups": ["lesende"]}, False),
    ],
)
def test_only_the_second_role_writes(
    open_page: OpenPage, writing: str, written: Path, idp: Provider, user: dict[str, object], may: bool
) -> None:
    written.unlink(missing_ok=True)
    page = open_page(writing)
    log_in(page, idp, **user)
    expect(page.get_by_text("darf schreiben" if may else "darf nicht schreiben", exact=True)).to_be_visible()
    page.get_by_role("button", name="Jetzt schreiben").click()
    settled(page)
    assert written.exists() == may
    expect(page.get_by_text("Nichts wurde geschrieben")).to_have_count(0 if may else 1)


def test_nobody_writes_before_logging_in(open_page: OpenPage, writing: str, written: Path) -> None:
    written.unlink(missing_ok=True)
    page = open_page(writing)
    page.get_by_role("button", name="Jetzt schreiben").click()
    expect(page.get_by_text("Nichts wurde geschrieben")).to_be_visible(timeout=60_000)
    assert not written.exists()


# --- forged sessions, spoken to without a browser ----------------------------------------------------------------------------


def told(url: str, cookies: dict[str, str], headers: dict[str, str] | None = None, session: str = "") -> tuple[str, str]:
    """What a session opened with these cookies is shown, as text, and its id."""
    token = generate_xsrf_token_string()
    said = "; ".join(f"{name}={value}" for name, value in {**cookies, "_streamlit_xsrf": token}.items())
    rerun = BackMsg()
    rerun.rerun_script.query_string = "place=Ludwigsburg"
    protocols: list[str] = ["streamlit", token, *([session] if session else [])]
    socket = connect(
        url.replace("http", "ws") + "/_stcore/stream", origin=url, subprotocols=protocols,
        additional_headers={"Cookie": said, **(headers or {})}, max_size=None,
    )  # fmt: skip
    shown, name = [], ""
    with socket:
        socket.send(rerun.SerializeToString())
        for raw in socket:
            message = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
            shown.append(str(message))
            if message.WhichOneof("type") == "new_session":
                name = message.new_session.initialize.session_id
            if message.WhichOneof("type") == "script_finished":
                break
    return "\n".join(shown), name


def identity(url: str, secret: str, **changed: object) -> dict[str, str]:
    claims = {"origin": url, "is_logged_in": True, "provider": "default", "email": WRITER, "iat": int(time.time())} | changed
    return {"_streamlit_user": create_signed_value(secret, "_streamlit_user", json.dumps(claims)).decode()}


def test_a_forged_session_is_nobody(address: str) -> None:
    plain = json.dumps({"email": WRITER, "is_logged_in": True})
    forged: list[tuple[dict[str, str], dict[str, str]]] = [
        ({}, {}),
        (identity(address, secrets.token_hex(32)), {}),
        (identity(address, ""), {}),
        (identity(address, SECRET), {}),
        ({"_streamlit_user": plain.replace('"', "%22")}, {}),
        ({"_streamlit_user": "2|1:0|10:0|0:|0:|0"}, {}),
        ({}, {"X-Streamlit-User": WRITER, "X-Forwarded-User": WRITER, "X-Forwarded-Email": WRITER, "Remote-User": WRITER}),
        ({}, {"Authorization": f"Bearer {WRITER}", "X-Auth-Request-Email": WRITER}),
    ]
    for cookies, headers in forged:
        shown, _ = told(address, cookies, headers)
        assert "Anmelden" in shown
        assert "Ludwigsburg" not in shown.replace("place=Ludwigsburg", "")


def cookies_of(context: BrowserContext) -> dict[str, str]:
    return {str(each["name"]): str(each["value"]) for each in context.cookies() if "_streamlit_user" in str(each["name"])}


def test_a_cookie_holds_for_its_own_address_and_a_session_for_its_own_user(
    open_page: OpenPage, address: str, writing: str, idp: Provider
) -> None:
    page = open_page(address)
    log_in(page, idp, email=READER, email_verified=True)
    cookies = cookies_of(page.context)
    mine, session = told(address, cookies)
    assert "· liest" in mine
    assert session
    elsewhere, _ = told(writing, cookies)
    assert "darf nicht" not in elsewhere
    assert "stadt.test" not in elsewhere
    stolen, _ = told(address, {}, session=session)
    assert "Anmelden" in stolen
    assert "· liest" not in stolen
    torn, _ = told(address, {name: value[:-4] + "AAAA" for name, value in cookies.items()})
    assert "Anmelden" in torn


# --- roles as a function -----------------------------------------------------------------------------------------------------

NOW = 1_800_000_000.0
FRESH = {"is_logged_in": True, "iat": NOW - 10}
settings = Settings(readers="a@x.test, @y.test, group:Rat", writers=" W@X.test ,group:amt")


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"email": "a@x.test"}, "reader"),
        ({"email": "A@X.TEST"}, "reader"),
        ({"email": "w@x.test"}, "writer"),
        ({"email": "anybody@y.test"}, "reader"),
        ({"email": "anybody@sub.y.test"}, "none"),
        ({"email": "anybody@evil-y.test"}, "none"),
        ({"email": "x@y.test@evil.test"}, "none"),
        ({"email": "evil@evil.test@y.test"}, "none"),
        ({"email": "a@x.test", "email_verified": False}, "none"),
        ({"email": "a@x.test", "email_verified": "false"}, "none"),
        ({"email": "a@x.test", "email_verified": "true"}, "none"),
        ({"email": "a@x.test", "is_logged_in": "true"}, "none"),
        ({"email": "a@x.test", "iat": NOW - 50_000}, "none"),
        ({"email": "a@x.test", "iat": None}, "none"),
        ({"email": "group:rat"}, "none"),
        ({"email": ["a@x.test"]}, "none"),
        ({"email": "*"}, "none"),
        ({"groups": ["rat"]}, "reader"),
        ({"groups": ["amt", "rat"]}, "writer"),
        ({"groups": ["a@x.test", "@y.test", "*"]}, "none"),
        ({"groups": {"amt": 1}}, "none"),
        ({"groups": [["amt"], 1, None]}, "none"),
        ({}, "none"),
    ],
)
def test_the_role_follows_from_the_lists(claims: dict[str, object], expected: str) -> None:
    assert role(FRESH | claims, settings, NOW) == expected


def test_everybody_may_be_said_by_a_star() -> None:
    everybody = Settings(readers="*", writers="w@x.test")
    assert role(FRESH | {"sub": "x"}, everybody, NOW) == "reader"
    assert role({"sub": "x", "iat": NOW}, everybody, NOW) == "none"


@given(
    st.dictionaries(
        st.sampled_from(["email", "groups", "email_verified", "sub", "name"]), st.text() | st.lists(st.text()) | st.none()
    )
)
def test_nobody_becomes_a_writer_by_chance(claims: dict[str, object]) -> None:
    assert role(FRESH | claims, Settings(readers="a@x.test", writers="w@x.test"), NOW) == "none"


@pytest.mark.parametrize(
    ("missing", "name"), [("login_client", "KG_LOGIN_CLIENT"), ("login_secret", "KG_LOGIN_SECRET"), ("readers", "KG_READERS")]
)
def test_a_login_that_is_half_set_is_refused_by_name(missing: str, name: str) -> None:
    whole = {"login_metadata": "http://x", "login_client": "c", "login_secret": "s", "readers": "*"}
    with pytest.raises(UsageError, match=name):
        secrets_of(Settings(**(whole | {missing: ""})))


@pytest.mark.parametrize(
    ("environment", "may"),
    [
        ({}, True),
        ({"KG_READ_ONLY": "true"}, False),
        ({"KG_APP_HOSTS": "cityties.example.org"}, False),
        ({"KG_APP_ADDRESS": "192.0.2.7"}, False),
    ],
)
def test_without_a_login_only_this_machine_writes(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], may: bool
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    read_settings.cache_clear()
    try:
        assert login.may_write() == may
        if not may:
            with pytest.raises(NotAllowed):
                login.require_write()
    finally:
        read_settings.cache_clear()
