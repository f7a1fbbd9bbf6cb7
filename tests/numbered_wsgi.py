"""The site as gunicorn serves it. Each answer has the number of the process, and the address of the
client as a proxy wrote it."""

import os
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from voipstudio.wsgi import application as site


class NumberedSite:
    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, *_seen(environ)], *rest)

        return site(environ, start)

    def kept_answer(self, environ: dict[str, Any]) -> Any:
        answer = site.kept_answer(environ)
        if answer is None:
            return None
        lines = "".join(f"{name}: {value}\r\n" for name, value in _seen(environ))
        return replace(answer, head=answer.head.removesuffix(b"\r\n") + f"{lines}\r\n".encode())


def _seen(environ: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        ("X-Process", str(os.getpid())),
        ("X-Seen-Address", environ.get("HTTP_X_FORWARDED_FOR", "")),
    ]


application = NumberedSite()
