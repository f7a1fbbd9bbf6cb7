"""The site, with one more view for tests: it sets the cookies that its query names."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from voipstudio import urls


def set_cookies(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("<p>Set.</p>")
    for name in request.GET.getlist("name"):
        response.set_cookie(name, "1")
    if by_hand := request.GET.get("by_hand"):
        response["Set-Cookie"] = by_hand
    return response


urlpatterns = [path("set/", set_cookies), *urls.urlpatterns]
