"""What the guide for joining in shows is true: its example of a source, put where the guide says, is one."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from kg.settings import settings

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.S)
    assert found
    return found[1]


def test_the_example_of_a_source_is_one(tmp_path: Path):
    for package in ("kg", "ingest"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for suffix, language in ((".toml", "toml"), (".py", "python")):
        (tmp_path / "ingest" / "sources" / f"province{suffix}").write_text(block(language), "utf-8")
    text = "town,partner,country,year\nLudwigsburg,Montbéliard,Frankreich,1950\nSpeyer,Nirgendwo,,1990\nSpeyer,Chartres,FR\n"
    (tmp_path / "list.csv").write_text(text, "utf-8")
    command = "from kg.cli.main import main; main()"
    arguments = ("ingest", "province", "list.csv", "--dry-run", "--format", "json")
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path),
        "KG_HOME": str(tmp_path / "home"),
        "KG_CACHE": str(settings().cache_dir),
    }
    done = subprocess.run(
        [sys.executable, "-c", command, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (told,) = json.loads(done.stdout)
    assert [told[name] for name in ("read", "loaded", "rejected")] == [3, 1, 2]
    assert "3 cells where the header has 4" in done.stderr
    code = [line for line in block("python").splitlines() if line and not line.lstrip().startswith(('"""', "from"))]
    assert len(code) < 20
