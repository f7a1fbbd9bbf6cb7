"""Installs packages of Debian and Ubuntu."""

import os
import shutil
import subprocess
import sys


def install(*packages: str) -> None:
    """As root, where the machine has apt-get; elsewhere nothing happens."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print(f"Installing {', '.join(packages)} with apt-get", file=sys.stderr, flush=True)
    if _apt_get("update"):
        _apt_get("install", "--yes", "--no-install-recommends", *packages)


def _apt_get(*arguments: str) -> bool:
    """Whether it worked. Its output is for people: standard output stays the caller's."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ("apt-get", "--quiet=2", *arguments)
    return subprocess.run(command, check=False, stdout=sys.stderr, env=environment).returncode == 0
