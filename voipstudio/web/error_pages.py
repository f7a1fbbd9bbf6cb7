"""Error pages in the visitor's language, each with a sentence that says what to do."""

import logging
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from content.store import ContentUnavailable
from voipstudio.pages import redirects
from voipstudio.web import unsent
from voipstudio.web.admin_lists import is_bad_lookup

logger = logging.getLogger(__name__)


class ErrorPagesMiddleware:
    """Gives a page to a 405 without a body, and to exceptions that mean "try again later"."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            page = error_page(request, 405)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ContentUnavailable):
            response = error_page(request, 503)
            response["Retry-After"] = "10"
            return response
        if is_bad_lookup(request, exception):
            logger.warning("The address of a list cannot be read.", exc_info=exception)
            return error_page(request, 400)
        if isinstance(exception, OperationalError | InterfaceError):
            # content/frozen_database.py cuts the connection of a request that waits on a frozen
            # database: that request ends here too.
            return database_unavailable(request)
        return None


def database_unavailable(request: HttpRequest) -> HttpResponse:
    """The page of a request that needs the database while it is gone or frozen."""
    logger.error("The database does not answer.")
    response = error_page(request, 503, words="unstored")
    response["Retry-After"] = "60"
    return response


def error_page(request: HttpRequest, status: int, *, words: str = "") -> HttpResponse:
    """The page of one error. `words` is a key of `_words`, where it is not the status itself."""
    title, sentence = _words()[words or str(status)]
    error = {"status": status, "title": title, "sentence": sentence}
    return render(request, "voipstudio/error.html", {"error": error}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answers a form of another site, or one whose origin the browser hides (`Origin: null`).

    A login in another tab makes a new token, so that a form of our own admin ends here, too.
    """
    if unsent.is_from_our_admin(request):
        return unsent.page(request)
    return error_page(request, 403, words="forged")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Looks for a redirect first: an old address has no page, so it ends here."""
    return redirects.answer(request) or error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500)


def _words() -> dict[str, tuple[str, str]]:
    return {
        "400": (
            _("We could not read this request"),
            _("Please go back, reload the page and try again."),
        ),
        "403": (
            _("You may not do this"),
            _("Ask a colleague whose account allows it, or start from the home page."),
        ),
        "forged": (
            _("This form did not come from our site"),
            _("Open the page on our site and send the form from there."),
        ),
        "404": (
            _("There is no page at this address"),
            _("Check the address, or start from the home page."),
        ),
        "405": (
            _("This address does not work that way"),
            _("Open it as a page, by following a link."),
        ),
        "413": (
            _("This is more than we can take at once"),
            _("Please go back, shorten what you typed and send it again."),
        ),
        "500": (
            _("Something went wrong on our side"),
            _("Please try again in a moment. Nothing that you had saved is lost."),
        ),
        "unstored": (
            _("Please try again in a moment"),
            _(
                "We cannot store anything right now. Nothing was changed: reload this page in a "
                "few minutes."
            ),
        ),
        "busy": (
            _("Please try again in a moment"),
            _("Several people are signing in at this moment. Please send the form once more."),
        ),
        "503": (
            _("The site is not ready yet"),
            _("Please try again in a moment, or write to marketing@voipstudio.pl."),
        ),
    }
