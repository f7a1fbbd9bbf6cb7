"""Pins pyproject.toml's dependencies with hashes into the requirements files: `make lock`.

`--check` needs no network: the head of each requirements file has a digest of the dependencies that
it was made from, which is compared with that of pyproject.toml.
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
        wanted = [pyproject["project"]["dependencies"]] if self.groups != ["installer"] else []
        wanted += [pyproject["dependency-groups"][group] for group in self.groups]
        wanted.append([pyproject["project"]["requires-python"]])
        return hashlib.sha256(json.dumps(wanted).encode()).hexdigest()

    def is_current(self) -> bool:
        path = ROOT / self.file
        return path.exists() and DIGEST_LINE.format(self.digest()) in path.read_text()


APP = Lock("requirements.txt", ["pyproject.toml"], [])
# With the pins of the app as constraints, so that tests run the versions that are served.
DEV = Lock("requirements-dev.txt", ["pyproject.toml", "--constraints", APP.file], ["dev"])
INSTALLER = Lock("requirements-uv.txt", [], ["installer"])
LOCKS = [APP, DEV, INSTALLER]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only list the stale files")
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
    # The package index of this machine may be a private mirror, and does not belong into the file.
    command += ["--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command=make lock"]
    command += ["--upgrade"] * upgrade
    # uv keeps the pins of the output file where they still fit.
    subprocess.run([*command, f"--output-file={lock.file}"], check=True, cwd=ROOT)
    path = ROOT / lock.file
    lines = path.read_text().splitlines(keepends=True)
    first_pin = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    lines.insert(first_pin, DIGEST_LINE.format(lock.digest()))
    path.write_text("".join(lines))


if __name__ == "__main__":
    main()
