"""Prints the path of the nginx for the tests; installs nginx where it is missing.

The first of these counts: `NGINX_PATH`, an nginx on PATH or where only root's PATH leads, the
Debian package (installed as root). openssl comes with it: it makes the certificate of a test.
"""

import os
import shutil
import sys

from debian_packages import install

PACKAGES = ("nginx-light", "openssl")
PLACES = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
ADVICE = f"""\
The tests need nginx and openssl, and they could not be installed here. Install them (as root:
apt-get install {" ".join(PACKAGES)}), or set NGINX_PATH to the path of nginx."""


def main() -> None:
    if not found():
        install(*PACKAGES)
    print(found() or sys.exit(ADVICE))


def found() -> str | None:
    """The path of nginx, where openssl is there too."""
    if shutil.which("openssl", path=PLACES) is None:
        return None
    return os.environ.get("NGINX_PATH") or shutil.which("nginx", path=PLACES)


if __name__ == "__main__":
    main()
