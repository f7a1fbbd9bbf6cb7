"""The site on a port of this machine, for the time of a block: pages of this code and database."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application


class _SilentHandler(WSGIRequestHandler):
    """Writes no log line: the site has its own, without an address."""

    def log_message(self, *args: Any) -> None:
        pass


class _AsVisitorsReachIt:
    """The site under its own address, as if the request came over HTTPS."""

    def __init__(self, application: WSGIHandler) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if settings.CANONICAL_HOST:
            environ["HTTP_HOST"] = settings.CANONICAL_HOST
        if settings.IS_HTTPS:
            environ["wsgi.url_scheme"] = "https"
        return self.application(environ, start_response)


@contextmanager
def served() -> Iterator[str]:
    """Serve the site. The value is its origin, as in http://127.0.0.1:40123."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _SilentHandler, allow_reuse_address=False)
    server.set_app(_AsVisitorsReachIt(get_wsgi_application()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
