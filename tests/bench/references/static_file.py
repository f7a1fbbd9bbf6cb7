"""Reference: nginx with a page as a file, and its brotli beside it."""

import os
import re
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import brotli

from tests.bench.servers import Server
from tests.proxy import listens, make_certificate, nginx_command
from tests.running_site import free_port, wait_until

_VARIABLE = re.compile(r"\$\{([A-Z]+)\}")


@contextmanager
def static_file(folder: Path, page: str) -> Iterator[Server]:
    """nginx over TLS, as ours; the page is /page.html."""
    files = folder / "files"
    files.mkdir(parents=True)
    (files / "page.html").write_text(page)
    (files / "page.html.br").write_bytes(brotli.compress(page.encode(), quality=11))
    port, certificate = free_port(), make_certificate(folder)
    values = {"FOLDER": str(folder), "PORT": str(port)}
    template = Path(__file__).with_name("static_file.conf").read_text()
    configuration = folder / "nginx.conf"
    configuration.write_text(_VARIABLE.sub(lambda match: values[match[1]], template))
    # Root's workers would be `nobody`, who cannot read the folder of the bench.
    options = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
    log = folder / "error.log"
    with log.open("a") as output:
        process = subprocess.Popen(
            [nginx_command(), "-c", str(configuration), "-e", "stderr", "-g", options],
            stdout=output,
            stderr=output,
        )
    try:
        wait_until(lambda: listens(port), seconds=10, why=log)
        tls = ssl.create_default_context(cafile=str(certificate))
        yield Server("a static file by nginx", port, (process.pid,), tls)
    finally:
        process.terminate()
        process.wait(timeout=10)
