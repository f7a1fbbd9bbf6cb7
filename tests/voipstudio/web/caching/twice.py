"""Runs each test on the long way alone, and on the short way: others have asked for each page before."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test.client import ClientHandler

from voipstudio.web.caching import short_way


@pytest.fixture(params=["long way", "short way"], autouse=True)
def way(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, dropped_cookies: list[str]
) -> Iterator[str]:
    """On the short way, visitors with the same choice get the page before, and it is kept.

    They have no other cookie and came from no ad, or have the cookie of a country without a quoted
    currency: only `_may_be_short` can know that this visitor needs an answer of their own.
    """
    if request.param == "long way":
        monkeypatch.setattr(short_way, "_key", lambda request: None)
        yield request.param
        return
    get_response = ClientHandler.get_response

    def after_others(handler: ClientHandler, asked: Any) -> Any:
        if asked.method == "GET":
            before = len(dropped_cookies)
            for others in _others(asked):
                get_response(handler, type(asked)(others))
            del dropped_cookies[before:]
        return get_response(handler, asked)

    monkeypatch.setattr(ClientHandler, "get_response", after_others)
    yield request.param


def _others(asked: Any) -> Iterator[dict[str, Any]]:
    """The requests of three other visitors."""
    sent = {name: asked.COOKIES.get(name) for name in (settings.CHOICE_COOKIE_NAME, "L7_geoip")}
    for added in ({}, {"L7_geoip": sent["L7_geoip"] or "AQ"}, {"other": "1"}):
        cookies = "; ".join(f"{name}={value}" for name, value in (sent | added).items() if value)
        environ = {name: value for name, value in asked.environ.items() if name != "HTTP_COOKIE"}
        query = re.sub(r"(?:\w*clid|utm_\w+)=[^&]*&?", "", asked.META["QUERY_STRING"])
        yield environ | {"QUERY_STRING": query} | ({"HTTP_COOKIE": cookies} if cookies else {})
