"""The built wheel in a clean environment, outside of the checkout: commands, queries, data, and `kg demo` up to its page."""

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.error import URLError

import pytest

from kg.settings import Settings

ROOT = Path(__file__).parent.parent


def uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else shutil.which("uv") or pytest.fail("no uv: make setup brings one")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment in which only the wheel and its pinned dependencies are."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    wheel = next(folder.glob("*.whl"))
    environment = folder / "env"
    subprocess.run([uv(), "venv", "--quiet", "--python", sys.executable, str(environment)], check=True)
    python = environment / "bin" / "python"
    install = [uv(), "pip", "install", "--quiet", "--python", str(python), "--constraint", str(ROOT / "requirements.lock")]
    subprocess.run([*install, f"{wheel}[local]"], check=True)
    return python.parent


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """An own data folder; the server's files and the gazetteer come from the cache of the machine."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("KG_", "NEO4J_", "PYTHON"))}
    return {**plain, "KG_HOME": str(tmp_path / "home"), "KG_CACHE": str(Settings().cache_dir), "KG_NO_BROWSER": "1"}


def test_nothing_but_the_two_packages_lands_beside_others(installed: Path) -> None:
    packages = next(installed.parent.glob("lib/python*/site-packages"))
    listed = next(packages.glob("cityties-*.dist-info/RECORD")).read_text(encoding="utf-8")
    tops = {line.split("/")[0] for line in listed.splitlines() if "dist-info" not in line and not line.startswith("..")}
    assert tops == {"kg", "ingest"}
    for name in ("kg/py.typed", "ingest/py.typed", "kg/queries/rings.cypher", "kg/app/entry/app.py"):
        assert (packages / name).is_file(), name


def test_the_wheel_brings_queries_data_and_app(installed: Path, surroundings: dict[str, str], tmp_path: Path) -> None:
    listed = subprocess.run(
        [installed / "kg", "query", "list", "--format", "csv"],
        env=surroundings,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(listed.stdout.splitlines()) > 15
    sources = subprocess.run(
        [installed / "kg", "ingest", "--list"], env=surroundings, cwd=tmp_path, capture_output=True, text=True
    )
    assert "bundled" in sources.stdout


def test_demo_runs_from_the_wheel_up_to_its_page(installed: Path, surroundings: dict[str, str], tmp_path: Path) -> None:
    demo = subprocess.Popen([installed / "kg", "demo"], env=surroundings, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    try:
        assert demo.stderr is not None
        told: list[str] = []
        address = None
        for line in demo.stderr:
            told.append(line)
            address = re.search(r"app ready.*(http://127\.0\.0\.1:\d+)", line)
            if address:
                break
        assert address, "".join(told)
        with urllib.request.urlopen(address[1], timeout=30) as page:
            assert b"<html" in page.read()
        status = subprocess.run([installed / "kg", "check"], env=surroundings, cwd=tmp_path, capture_output=True, text=True)
        assert status.returncode == 0, status.stdout + status.stderr
        demo.terminate()
        demo.wait(60)
        with pytest.raises(URLError):  # the app's server went with the command that started it
            urllib.request.urlopen(address[1], timeout=5)
    finally:
        demo.terminate()
        demo.wait(60)
        if demo.stderr:
            demo.stderr.close()
        subprocess.run([installed / "kg", "db", "stop"], env=surroundings, cwd=tmp_path, check=True, capture_output=True)
