"""The site as gunicorn serves it. Each answer has the number of the process, and the address of the
client as a proxy wrote it."""

import os
from collections.abc import Iterable
from typing import Any

from voipstudio.wsgi import application as site


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        seen = [
            ("X-Process", str(os.getpid())),
            ("X-Seen-Address", environ.get("HTTP_X_FORWARDED_FOR", "")),
        ]
        return start_response(status, [*headers, *seen], *rest)

    return site(environ, start)
