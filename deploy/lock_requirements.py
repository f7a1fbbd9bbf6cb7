"""Pins pyproject.toml's dependencies with hashes into the requirements files: `make lock`.

`--check` answers from the files alone, without network: it compares a digest of what
pyproject.toml asks for with the one that each requirements file carries in its head.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
DIGEST_LINE = "# of the dependencies in pyproject.toml, sha256:{}\n"


class Lock(NamedTuple):
    """One requirements file and the parts of pyproject.toml that it pins."""

    file: str
    sources: list[str]
    groups: list[str]

    def digest(self) -> str:
        pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
        asked = [pyproject["project"]["dependencies"]] if self.groups != ["installer"] else []
        asked += [pyproject["dependency-groups"][group] for group in self.groups]
        asked.append([pyproject["project"]["requires-python"]])
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()

    def is_current(self) -> bool:
        path = ROOT / self.file
        return path.exists() and DIGEST_LINE.format(self.digest()) in path.read_text()


APP = Lock("requirements.txt", ["pyproject.toml"], [])
# The same pins as the app's, so that tests run what is served.
DEV = Lock("requirements-dev.txt", ["pyproject.toml", "--constraints", APP.file], ["dev"])
INSTALLER = Lock("requirements-uv.txt", [], ["installer"])
LOCKS = [APP, DEV, INSTALLER]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say which files are stale")
    parser.add_argument("--upgrade", action="store_true", help="move every pin to the newest")
    options = parser.parse_args()
    if options.check:
        stale = [lock.file for lock in LOCKS if not lock.is_current()]
        if stale:
            sys.exit(f"Not what pyproject.toml asks for: {', '.join(stale)}. Run make lock.")
        return
    for lock in LOCKS:
        compile_lock(lock, upgrade=options.upgrade)


def compile_lock(lock: Lock, *, upgrade: bool) -> None:
    command = [str(ROOT / ".venv" / "bin" / "uv"), "pip", "compile", "--quiet", *lock.sources]
    command += [f"--group=pyproject.toml:{group}" for group in lock.groups]
    command += ["--universal", "--python-version=3.11", "--generate-hashes"]
    # Where this machine finds packages is nobody else's business.
    command += ["--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command=make lock"]
    command += ["--upgrade"] * upgrade
    # uv keeps the pins that it finds in the file it writes to.
    subprocess.run([*command, f"--output-file={lock.file}"], check=True, cwd=ROOT)
    path = ROOT / lock.file
    lines = path.read_text().splitlines(keepends=True)
    first_pin = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    lines.insert(first_pin, DIGEST_LINE.format(lock.digest()))
    path.write_text("".join(lines))


if __name__ == "__main__":
    main()
