"""A real browser and a real Streamlit server for tests, with guards.

Every page fails its test when a request leaves for another host than this machine, when the console shows an error or when
the page throws. ``conftest.py`` imports the fixtures, so that the whole run shares one browser.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Route, sync_playwright

from kg.app.config import flags

ROOT = Path(__file__).resolve().parent.parent
HERE = frozenset({"127.0.0.1", "localhost", "::1"})
DESKTOP, PHONE = (1280, 900), (390, 844)
PHONE_AGENT = "Mozilla/5.0 (Linux; Android 15; Phone) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
_START_SECONDS = 60


@dataclass
class Guard:
    """What a page did that it must not do."""

    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> Page:
        """Stop requests to other hosts, note them, and note errors."""
        page.route("**/*", self._route)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("websocket", lambda socket_: self._host(socket_.url))
        return page

    def check(self) -> None:
        """Fail when something was noted."""
        assert self.foreign == [], "requests left for another host"
        assert self.errors == [], "the console shows errors"

    def _route(self, route: Route, request: Request) -> None:
        if self._host(request.url):
            route.continue_()
        else:
            route.abort()

    def _host(self, url: str) -> bool:
        parts = urlsplit(url)
        here = parts.scheme in {"data", "blob", "about", "file"} or parts.hostname in HERE
        if not here:
            self.foreign.append(url)
        return here

    def _console(self, message: ConsoleMessage) -> None:
        # Opened below the root, Streamlit first looks for its server beside the page, and then finds it at the root.
        looking = str(message.location.get("url", "")).endswith(("/_stcore/health", "/_stcore/host-config"))
        if message.type == "error" and not looking:
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")


def chromium() -> str:
    """The system's Chromium; where there is none the test is skipped, in CI it fails."""
    found = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("no Chromium on this machine")
    return found or pytest.skip("no Chromium on this machine")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run, with WebGL drawn in software."""
    path = chromium()
    with sync_playwright() as playwright:
        shown = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
                  "--disable-background-networking", "--disable-component-update"],
        )  # fmt: skip
        yield shown
        shown.close()


OpenPage = Callable[..., Page]
Contexts = Callable[[tuple[int, int], str], BrowserContext]


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Iterator[Contexts]:
    """One browser context for each size and theme, so that scripts of the app are loaded once and not by every test."""

    @cache
    def context_of(size: tuple[int, int], theme: str) -> BrowserContext:
        phone = size == PHONE
        return browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if theme == "dark" else "light",
            has_touch=phone, is_mobile=phone, user_agent=PHONE_AGENT if phone else None, reduced_motion="reduce", locale="de-DE",
        )  # fmt: skip

    yield context_of
    for context in browser.contexts:
        context.close()


@pytest.fixture
def open_page(contexts: Contexts) -> Iterator[OpenPage]:
    """``open_page(url, size=DESKTOP, theme="light")``: a guarded page, checked when the test ends."""
    guard = Guard()
    pages: list[Page] = []

    def open_(url: str, size: tuple[int, int] = DESKTOP, theme: str = "light") -> Page:
        page = guard.watch(contexts(size, theme).new_page())
        pages.append(page)
        page.goto(url)
        return page

    yield open_
    for page in pages:
        page.close()
    guard.check()


@pytest.fixture(scope="session")
def apart() -> Iterator[str]:
    """Address of the app without a database, and of its parts on pages of their own."""
    nowhere = f"bolt://127.0.0.1:{free_port()}"
    with streamlit_server(ROOT / "tests" / "apps" / "apart.py", NEO4J_URI=nowhere, NEO4J_PASSWORD="none", KG_LANGUAGE="") as url:
        yield url


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def streamlit_server(script: Path, **environment: str) -> Iterator[str]:
    """Run a script in a Streamlit server of its own; yields the address, ends the server by its process id."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), *flags(server__port=port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", start_new_session=True,
    )  # fmt: skip
    try:
        _wait(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        _stop(process)


def _wait(process: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail("Streamlit ended at once: " + (process.stdout.read() if process.stdout else ""))
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail("Streamlit did not start in time")


def _stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)
    if process.stdout:
        process.stdout.close()
