"""Makes .venv and installs the pins of one requirements file; does nothing where that is done.

The Makefile runs `python3 deploy/make_venv.py requirements.txt` first. Nothing is installed at that
moment, so this module and its imports use Python's own library only.
"""

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from debian_packages import install

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
INSTALLER = ROOT / "requirements-uv.txt"
THIS_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def main(requirements: Path) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - it is the check itself
        sys.exit(f"Python 3.11 or newer is needed; {sys.executable} is {THIS_PYTHON}.")
    # A lock, because `make serve` and `make test` may start at the same moment.
    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # The scripts of a venv contain its path, so a moved or copied venv is made again.
        with stale_stamp("made", f"{THIS_PYTHON} {VENV}") as is_stale:
            if is_stale:
                make_venv()
        for file, install_pins in ((INSTALLER, install_with_pip), (requirements, install_with_uv)):
            with stale_stamp(f"installed-{file.stem}", digest(file)) as is_stale:
                if is_stale:
                    print(f"Installing {file.name} into .venv", flush=True)
                    install_pins(file)


@contextmanager
def stale_stamp(name: str, key: str) -> Iterator[bool]:
    """Yield whether a step is still to do; afterwards write a stamp that it is done."""
    stamp = VENV / name
    # A venv keeps its stamps when its Python is removed from the machine.
    is_stale = not (VENV_PYTHON.exists() and stamp.exists() and stamp.read_text() == key)
    yield is_stale
    if is_stale:
        stamp.write_text(key)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make_venv() -> None:
    print(f"Making .venv with Python {THIS_PYTHON}", flush=True)
    # Debian and Ubuntu keep the half of `python3 -m venv` that brings pip in its own package.
    package = f"python{THIS_PYTHON}-venv"
    if not has_ensurepip():
        install(package)
    if not has_ensurepip():
        sys.exit(f"This Python cannot make a venv with pip. Install the package {package} first.")
    if VENV.is_symlink():  # `--clear` would empty the venv of somebody else
        sys.exit(f"{VENV} is a link. Run make in the folder where it leads, or remove the link.")
    run(sys.executable, "-m", "venv", "--clear", str(VENV))


def has_ensurepip() -> bool:
    importlib.invalidate_caches()  # apt-get may have brought it since the last look
    return importlib.util.find_spec("ensurepip") is not None


def install_with_pip(requirements: Path) -> None:
    pip = (str(VENV_PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet")
    run(*pip, "install", "--require-hashes", "--requirement", str(requirements))


def install_with_uv(requirements: Path) -> None:
    # `sync` removes everything that is not pinned. `make serve` only adds, so that a venv of tests
    # keeps its tools.
    action = ["sync"] if requirements.stem.endswith("-dev") else ["install", "--requirement"]
    uv = (str(VENV / "bin" / "uv"), "pip", action[0], "--python", str(VENV_PYTHON), "--quiet")
    run(*uv, "--require-hashes", *action[1:], str(requirements))


def run(*command: str) -> None:
    # With VIRTUAL_ENV set, uv would install into a venv that the developer has activated.
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    try:
        subprocess.run(command, check=True, env=environment)
    except subprocess.CalledProcessError as error:
        sys.exit(f"This command failed: {' '.join(command)} (exit code {error.returncode})")


if __name__ == "__main__":
    main(ROOT / sys.argv[1])
