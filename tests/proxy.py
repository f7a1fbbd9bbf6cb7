"""nginx with the project's configuration, in front of replicas of the site on this machine."""

import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tests.private_words import private_words
from tests.running_site import ROOT, free_port, wait_until

HOST = "voipstudio.pl"
_VARIABLE = re.compile(r"\$\{(NGINX_[A-Z]+)\}")
_LIMIT = re.compile(r"^ *limit_(?:req|conn) [^;]*;\n", re.MULTILINE)
_BUFFER = re.compile(r" buffer=32k flush=1s")


@dataclass(frozen=True)
class Proxy:
    """A running nginx: its two ports, and what it wrote."""

    http: int
    https: int
    process: subprocess.Popen
    access_log: Path
    error_log: Path
    certificate: Path

    def tls(self, *protocols: str) -> ssl.SSLContext:
        """A client that trusts the certificate of this run alone."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        context.set_alpn_protocols([*protocols] or ["http/1.1"])
        return context

    def connect(self, *protocols: str, source: str = "127.0.0.1") -> ssl.SSLSocket:
        """A TLS connection with the site's name, from an address of this machine (127.0.0.0/8)."""
        plain = socket.create_connection(
            ("127.0.0.1", self.https), timeout=20, source_address=(source, 0)
        )
        return self.tls(*protocols).wrap_socket(plain, server_hostname=HOST)


def nginx_path() -> str | None:
    path = os.environ.get("NGINX_PATH") or shutil.which("nginx")
    return path or shutil.which("nginx", path="/usr/sbin")


def nginx_command() -> str:
    """The path of nginx, which `make test` and `make chaos` have installed."""
    path = nginx_path()
    assert path, "There is no nginx here. `make test`, `make bench` and `make chaos` install it."
    return path


@contextmanager
def proxy(folder: Path, *, replicas: Sequence[int], is_measured: bool = False) -> Iterator[Proxy]:
    """nginx on two free ports, before replicas on these ports.

    The bench measures one without limits, since its client asks as often as it can. Elsewhere the
    line of a request is in the log soon after the answer, not with others up to a second later.
    """
    command = nginx_command()
    http_port, https_port = free_port(), free_port()
    certificate = make_certificate(folder)
    values = {
        "NGINX_HOST": HOST,
        "NGINX_HTTP": f"127.0.0.1:{http_port}",
        "NGINX_HTTPS": f"127.0.0.1:{https_port}",
        "NGINX_UPSTREAMS": "".join(f"server 127.0.0.1:{port} max_fails=0;\n" for port in replicas),
        "NGINX_RESOLVER": "127.0.0.1",
        "NGINX_CERTIFICATES": str(folder),
        "NGINX_ROOT": str(make_root(folder)),
        "NGINX_STATE": str(folder),
    }
    template = (ROOT / "deploy" / "nginx.conf").read_text()
    left_out = _LIMIT if is_measured else _BUFFER
    template, count = left_out.subn("", template)
    assert count > 0, f"deploy/nginx.conf has nothing that {left_out.pattern!r} finds."
    configuration = folder / "nginx.conf"
    configuration.write_text(_VARIABLE.sub(lambda match: values[match[1]], template))
    access_log, error_log = folder / "access.log", folder / "error.log"
    # Root's workers would be `nobody`, who cannot read the folders of a test.
    options = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
    with access_log.open("a") as access, error_log.open("a") as error:
        process = subprocess.Popen(
            [command, "-c", str(configuration), "-e", "stderr", "-g", options],
            stdout=access,
            stderr=error,
        )
    try:
        wait_until(lambda: all(map(listens, (http_port, https_port))), seconds=10, why=error_log)
        yield Proxy(http_port, https_port, process, access_log, error_log, certificate)
    finally:
        process.terminate()
        process.wait(timeout=10)
    # What a whole journey leaves in the logs has nothing of the people in it (I21).
    assert private_words(access_log.read_text() + error_log.read_text()) == []


def make_root(folder: Path) -> Path:
    """The folders that the image of the proxy has in /srv."""
    root = folder / "srv"
    root.mkdir()
    (root / "static").symlink_to(settings.STATIC_ROOT)
    (root / "errors").symlink_to(ROOT / "deploy" / "nginx_errors")
    (root / ".well-known" / "acme-challenge").mkdir(parents=True)
    return root


def make_certificate(folder: Path) -> Path:
    """A certificate for the site, signed by itself, with its key beside it."""
    certificate = folder / "fullchain.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
    ]
    command += ["-nodes", "-days", "2", "-subj", f"/CN={HOST}", "-addext"]
    command += [f"subjectAltName=DNS:{HOST},DNS:www.{HOST},IP:127.0.0.1"]
    command += ["-keyout", str(folder / "privkey.pem"), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
