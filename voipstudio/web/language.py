"""The address alone decides the language: no cookie, no redirect, no Vary: Accept-Language."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from content.paths import language_of


class LanguageMiddleware:
    """Sets the language of a request from its address.

    Django's LocaleMiddleware would add `Vary: Accept-Language` to every page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
