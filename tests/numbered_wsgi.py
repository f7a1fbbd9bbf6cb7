"""The site as gunicorn serves it, with the number of the process in each answer."""

import os
from collections.abc import Iterable
from typing import Any

from voipstudio.wsgi import application as site


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        return start_response(status, [*headers, ("X-Process", str(os.getpid()))], *rest)

    return site(environ, start)
