"""What `make audit` found, one line a weakness."""

import json
import sys
from pathlib import Path
from typing import Any

_UNKNOWN = "The advisory data base cannot be reached, so nothing is known of weaknesses; build/audit.log says why."


def main(found: str) -> int:
    """Print what pip-audit wrote into the file ``found``; 1 for weaknesses, 2 when anything was not looked up, else 0."""
    file = Path(found)
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    packages: list[dict[str, Any]] = json.loads(text)["dependencies"] if text else []
    skipped: list[str] = [package["name"] for package in packages if "skip_reason" in package]
    if len(skipped) == len(packages):
        print(_UNKNOWN, file=sys.stderr)
        return 2
    lines = [
        f"{package['name']} {package['version']}: {weakness['id']}, mended in {', '.join(weakness['fix_versions']) or 'none yet'}"
        for package in packages
        for weakness in package.get("vulns", ())
    ]
    print(*lines, f"{len(packages) - len(skipped)} packages looked up, {len(lines)} weaknesses known", sep="\n")
    if skipped:
        print(f"Not looked up: {', '.join(skipped)}", file=sys.stderr)
    return 1 if lines else 2 if skipped else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
