"""The redirect after a form: the browser asks for the next page with GET (RFC 9110, 15.4.4)."""

from django.http import HttpResponseRedirect


def see_other(address: str) -> HttpResponseRedirect:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
