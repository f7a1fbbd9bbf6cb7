"""The page of the reference with django-cookie-consent, and the library's own addresses."""

import os
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

PAGE = Path(os.environ["BENCH_PAGE"]).read_text()


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "page.html", {"page": PAGE})


urlpatterns = [path("", page), path("cookies/", include("cookie_consent.urls"))]
