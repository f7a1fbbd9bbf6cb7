"""Checks the spelling of both languages by deploy/spelling/pyspelling.yml: part of `make check`.

As root on Debian it installs hunspell and its dictionaries where they are missing.
"""

import os
import subprocess
import sys
from pathlib import Path

from debian_packages import install

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("hunspell", "hunspell-pl", "hunspell-en-us")
ADVICE = f"Spelling was not checked: it needs {', '.join(PACKAGES)} (apt-get install, as root)."


def main() -> None:
    if not has_dictionaries():
        install(*PACKAGES)
    if not has_dictionaries():
        print(ADVICE, file=sys.stderr)
        # A developer can work without the dictionaries; CI must not skip the check.
        sys.exit(os.environ.get("CI") == "true")
    (ROOT / "var").mkdir(exist_ok=True)
    config = "deploy/spelling/pyspelling.yml"
    pyspelling = [sys.executable, "-m", "pyspelling", "--config", config]
    sys.exit(subprocess.run(pyspelling, check=False, cwd=ROOT).returncode)


def has_dictionaries() -> bool:
    try:
        hunspell = subprocess.run(
            ["hunspell", "-d", "pl_PL,en_US", "-l"], input=b"", check=False, capture_output=True
        )
    except FileNotFoundError:
        return False
    return hunspell.returncode == 0


if __name__ == "__main__":
    main()
