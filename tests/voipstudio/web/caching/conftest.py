"""What took the long way."""

from typing import Any

import pytest

from voipstudio.web.caching.short_way import ShortWayMiddleware


@pytest.fixture
def long_way(monkeypatch) -> list[str]:
    """The paths of the requests that took the long way."""
    paths: list[str] = []
    call = ShortWayMiddleware.__call__

    def noted(middleware: ShortWayMiddleware, request: Any) -> Any:
        get_response = middleware.get_response

        def long(request: Any) -> Any:
            paths.append(request.get_full_path())
            return get_response(request)

        middleware.get_response = long
        try:
            return call(middleware, request)
        finally:
            middleware.get_response = get_response

    monkeypatch.setattr(ShortWayMiddleware, "__call__", noted)
    return paths
