"""The rules of the house that a program can check."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(path for folder in ("kg", "ingest", "scripts", "benchmarks") for path in (ROOT / folder).rglob("*.py"))
MODULES += [path for path in [ROOT / "app.py"] if path.exists()]
MAX_LINES = 400
LINT_IMPORTS = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
DRIVER_CALL = re.compile(r"(.*\b_?(graph|session|transaction|driver)\.)(read|write|columns|stream|explain|run)")


CYPHER = re.compile(r"\s*((OPTIONAL MATCH|MATCH|MERGE|CREATE|CALL) \(|UNWIND \$|RETURN \w+ AS |WITH \w+ AS )")


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def part_of(name: str) -> str:
    parts = name.split(".")
    return parts[0] if parts[0] != "kg" else ".".join(parts[:2])


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture(params=MODULES, ids=shown)
def module(request: pytest.FixtureRequest) -> Path:
    return request.param


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_imports_point_one_way():
    """The rooms' contracts stand in ``pyproject.toml``, where ``make lint`` looks at them too."""
    told = subprocess.run([*LINT_IMPORTS, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize(
    ("loaded", "absent"),
    [
        ("kg.cli.main", {"neo4j", "numpy", "pandas", "pydantic", "networkx", "babel", "rich", "streamlit"}),
        (
            "kg.cli.main, kg.present.views.place, kg.store.driver",
            {"numpy", "pandas", "pyarrow", "networkx", "babel", "streamlit"},
        ),
        ("kg.present.paper.dossier", {"streamlit", "pandas"}),
    ],
)
def test_a_command_loads_only_what_it_needs(loaded: str, absent: set[str]):
    code = f"import sys, {loaded}; print(*sorted({absent!r} & sys.modules.keys()))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []


def test_modules_stay_small(module: Path):
    assert len(module.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_no_query_is_pasted_together(module: Path):
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Call) and node.args and DRIVER_CALL.fullmatch(ast.unparse(node.func)):
            assert not _pasted(node.args[0]), f"line {node.lineno}"


def _pasted(text: ast.expr) -> bool:
    if isinstance(text, ast.JoinedStr):
        return True
    if isinstance(text, ast.BinOp):
        return isinstance(text.op, ast.Mod) or any(not _literal(side) for side in (text.left, text.right))
    return isinstance(text, ast.Call) and isinstance(text.func, ast.Attribute) and text.func.attr == "format"


def _literal(text: ast.expr) -> bool:
    return isinstance(text, ast.Constant) or (isinstance(text, ast.BinOp) and _literal(text.left) and _literal(text.right))


def test_cypher_stands_in_the_store_and_in_queries_only(module: Path):
    if part_of(module_name(module)) in {"kg.store", "scripts", "benchmarks"}:
        return
    texts = [node.value for node in ast.walk(tree_of(module)) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    texts = [text for text in texts if CYPHER.match(text)]
    assert texts == []


def test_no_handler_takes_everything(module: Path):
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else ""
            ends = bool(node.body) and isinstance(node.body[-1], ast.Raise)
            assert caught not in {"", "Exception"}, f"line {node.lineno}"
            assert caught != "BaseException" or ends, f"line {node.lineno}"


def test_files_are_opened_as_utf_8(module: Path):
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"read_text", "write_text"}:
            given = {keyword.arg for keyword in node.keywords}
            wanted = 1 if node.func.attr == "read_text" else 2
            assert "encoding" in given or len(node.args) >= wanted, f"line {node.lineno}"


def test_the_repository_names_no_machine_and_no_registry():
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    # Put together here, so that this file does not find itself.
    hosts = [name + ".org" for name in ("pypi", "pythonhosted", "repo1.maven", "repo.maven.apache")] + ["npmjs" + ".com"]
    paths = ["/" + "work/", "/" + "root/", "/home/" + "runner"]
    forbidden = re.compile("|".join(map(re.escape, [*hosts, *paths])))
    found: list[str] = []
    for name in files:
        path = ROOT / name
        if path.is_file() and path.suffix in {".py", ".md", ".toml", ".cypher", ".csv", ".txt", ".js", ".html", ".css", ""}:
            found += [name for _ in forbidden.finditer(path.read_text(encoding="utf-8", errors="replace"))][:1]
    assert found == []
