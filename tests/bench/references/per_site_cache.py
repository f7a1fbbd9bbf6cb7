"""Reference: a page behind Django's per-site cache, which is how Wagtail's documentation speeds up pages.

It stands for Wagtail's page behind that cache, and is faster: Wagtail adds middleware of its own.
"""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

from tests.bench.references.startproject import APPS, SECURITY_AND_SESSION

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="for-tests-only",
    INSTALLED_APPS=APPS,
    MIDDLEWARE=[
        "django.middleware.cache.UpdateCacheMiddleware",
        *SECURITY_AND_SESSION,
        "django.middleware.cache.FetchFromCacheMiddleware",
    ],
    CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    CACHE_MIDDLEWARE_SECONDS=3600,
    LOGGING_CONFIG=None,
)
PAGE = Path(os.environ["BENCH_PAGE"]).read_text()


def page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE)


urlpatterns = [path("", page)]
application = get_wsgi_application()
