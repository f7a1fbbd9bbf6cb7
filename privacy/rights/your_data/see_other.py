"""The redirect after a form: the browser asks for the next page with GET (RFC 9110, 15.4.4)."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse


def see_other(name: str, *, query: str = "", fragment: str = "", **kwargs: Any) -> HttpResponse:
    address = reverse(name, kwargs=kwargs)
    if query:
        address += f"?{query}"
    if fragment:
        address += f"#{fragment}"
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
