"""Installs packages of Debian and Ubuntu, with Python's own library only."""

import os
import shutil
import subprocess
import sys


def install(*packages: str) -> None:
    """Install with apt-get where this process is root and the machine has it; else do nothing."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print(f"Installing {', '.join(packages)} with apt-get", file=sys.stderr, flush=True)
    if _apt_get("update"):
        _apt_get("install", "--yes", "--no-install-recommends", *packages)


def _apt_get(*arguments: str) -> bool:
    """Whether the command succeeded. Its output goes to standard error: callers print a path."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ("apt-get", "--quiet=2", *arguments)
    return subprocess.run(command, check=False, stdout=sys.stderr, env=environment).returncode == 0
