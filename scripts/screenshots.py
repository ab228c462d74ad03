"""Make the pictures of the README from the real app: ``python -m scripts.screenshots``.

The app runs on the graph of the settings, which must hold the bundled facts
(``kg ingest bundled``). Needs a Chromium on the path.
"""

import io
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from kg.app.config import flags
from kg.app.launch import free_port

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
LARGEST = 300_000
"""Bytes of a picture."""
SIZE, PHONE = (1280, 1080), (390, 844)
PICTURES = {
    "explore": ("/?place=Ludwigsburg", SIZE),
    "map": ("/?place=Ludwigsburg&view=map", SIZE),
    "chances": ("/chances?place=Ludwigsburg", (1280, 1180)),
    "connection": ("/connection?a=Ludwigsburg&b=Mulhouse", SIZE),
    "queries": ("/queries?query=rings", SIZE),
    "sources": ("/sources?part=contested", SIZE),
    "overview": ("/overview", SIZE),
    "explore-en": ("/?place=Ludwigsburg&lang=en", SIZE),
    "explore-phone": ("/?place=Ludwigsburg", PHONE),
}
_DRAWN = {
    "explore": (".kg-net canvas", ".st-key-panel", ".st-key-exports"),
    "map": (".kg-map canvas", ".st-key-panel"),
    "chances": (".st-key-chance .kg-net canvas",),
    "connection": (".kg-net canvas", ".st-key-panel"),
    "overview": (".kg-map canvas",),
}
"""What must be there before a picture is taken, by the beginning of its name."""
_QUIET = "() => !document.querySelector('[data-testid=stStatusWidget], [data-stale=true]')"


def main() -> None:
    """Take every picture; fails when one is too large."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (path, size) in PICTURES.items():
            file = FOLDER / f"{name}.png"
            take(browser, address + path, size, file)
            print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1000} kB")
        browser.close()
    if large := [name for name in PICTURES if (FOLDER / f"{name}.png").stat().st_size > LARGEST]:
        sys.exit(f"larger than {LARGEST} bytes: {', '.join(large)}")


@contextmanager
def serving() -> Generator[str]:
    """The app's server, ended afterwards; yields its address."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), *flags(server__port=port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    sys.exit("the app did not start in time")


def take(browser: Browser, url: str, size: tuple[int, int], file: Path) -> None:
    """One picture of one address."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        is_mobile=size == PHONE,
        has_touch=size == PHONE,
        locale="de-DE",
        reduced_motion="reduce",
        color_scheme="light",
    )
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("h1", timeout=60_000)
    _settle(page)
    for selector in _DRAWN.get(file.stem.split("-")[0], ()):
        page.wait_for_selector(selector, timeout=60_000)
    _settle(page)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    # 256 colours are enough for flat colours and letters, and a third of the size.
    shot.quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
    context.close()


def _settle(page: Page) -> None:
    for pause in (800, 1200):
        page.wait_for_timeout(pause)
        page.wait_for_function(_QUIET, timeout=60_000)


if __name__ == "__main__":
    main()
