"""Runs each test on the long way alone, and with each page asked for twice: on the short way."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test.client import ClientHandler

from voipstudio.web.caching import short_way


@pytest.fixture(params=["long way", "short way"], autouse=True)
def way(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, dropped_cookies: list[str]
) -> Iterator[str]:
    """On the short way, a copy of each GET is answered before it. That one's answer may be kept."""
    if request.param == "long way":
        monkeypatch.setattr(short_way, "_key", lambda request: None)
        yield request.param
        return
    get_response = ClientHandler.get_response

    def twice(handler: ClientHandler, asked: Any) -> Any:
        if asked.method == "GET":
            before = len(dropped_cookies)
            get_response(handler, type(asked)(dict(asked.environ)))
            del dropped_cookies[before:]
        return get_response(handler, asked)

    monkeypatch.setattr(ClientHandler, "get_response", twice)
    yield request.param
