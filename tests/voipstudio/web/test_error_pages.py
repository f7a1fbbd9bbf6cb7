"""Error pages: in the visitor's language, with a link to go on, without cookies."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from content import store
from content.store import ContentUnavailable
from tests.factories import FORM, make_client
from tests.pages import Page
from tests.run_once import decides_in_memory

pytestmark = [pytest.mark.django_db, decides_in_memory]


def _raise(error: Exception):
    def fail(*args, **kwargs):
        raise error

    return fail


def _not_found(client: Client, prefix: str):
    return client.get(f"{prefix}nothing-here/")


def _bad_request(client: Client, prefix: str):
    return client.get(prefix, headers={"Host": "attacker.example"})


def _forged(client: Client, prefix: str):
    headers = {"Sec-Fetch-Site": "cross-site"}
    return client.post(f"{prefix}cookies/", "", content_type=FORM, headers=headers)


def _wrong_method(client: Client, prefix: str):
    return client.put(prefix)


ERRORS = {
    "400": (
        _bad_request,
        400,
        "Nie udało się odczytać tego żądania",
        "We could not read this request",
    ),
    "403": (
        _forged,
        403,
        "Ten formularz nie pochodzi z naszego serwisu",
        "This form did not come from our site",
    ),
    "404": (
        _not_found,
        404,
        "Pod tym adresem nie ma strony",
        "There is no page at this address",
    ),
    "405": (
        _wrong_method,
        405,
        "Tej strony nie można otworzyć w ten sposób",
        "This address does not work that way",
    ),
}


@pytest.fixture
def checking() -> Client:
    """A client whose forms are checked for their origin, as those of browsers are."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize(("ask", "status", "polish", "english"), ERRORS.values(), ids=[*ERRORS])
def test_an_error_has_a_page_in_the_language_of_the_address(
    checking, ask, status: int, polish: str, english: str, language: str
) -> None:
    """Red when: the handler of this error is not set, or LanguageMiddleware is inside it."""
    response = ask(checking, "/" if language == "pl" else "/en/")

    page = Page(response.content)
    assert response.status_code == status
    assert page.one("html")["lang"] == response["Content-Language"] == language
    assert page.one("h1").text == (polish if language == "pl" else english)
    assert not response.cookies
    assert response["Cache-Control"] == "private, no-cache"
    home = "/" if language == "pl" else "/en/"
    assert home in [link["href"] for link in page.all("a") if link.is_inside("main")]


@pytest.mark.parametrize("address", ["/", "/en/", "/cookies/", "/healthz", "/robots.txt"])
@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_a_wrong_method_is_answered_with_the_allowed_methods(
    client, address: str, method: str
) -> None:
    """RFC 9110, 15.5.6. Red when: ErrorPagesMiddleware does not copy Allow."""
    response = getattr(client, method)(address)

    allowed = {"GET", "HEAD"} | ({"POST"} if address == "/cookies/" else set())
    assert response.status_code == 405
    assert set(response["Allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/darmowy-okres-probny/", "To więcej, niż możemy przyjąć naraz"),
        ("/en/free-trial/", "This is more than we can take at once"),
    ],
    ids=["pl", "en"],
)
def test_a_form_that_is_too_large_is_answered_413(settings, address: str, title: str) -> None:
    """RFC 9110, 15.5.14. Red when: it is answered as a request that cannot be read."""
    body = f"name={'x' * settings.DATA_UPLOAD_MAX_MEMORY_SIZE}"

    response = Client().post(
        address, body, content_type=FORM, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert response.status_code == 413
    assert Page(response.content).one("h1").text == title
    assert not response.cookies


@pytest.mark.parametrize(
    ("address", "title"),
    [("/", "Coś się u nas zepsuło"), ("/en/", "Something went wrong on our side")],
    ids=["pl", "en"],
)
def test_a_defect_has_an_error_page(monkeypatch, address: str, title: str) -> None:
    """Red when: handler500 is not set."""
    monkeypatch.setattr("voipstudio.pages.views.currency_of", _raise(RuntimeError("defect")))

    response = Client(raise_request_exception=False).get(address)

    assert response.status_code == 500
    assert Page(response.content).one("h1").text == title
    assert not response.cookies
    assert b"defect" not in response.content
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_a_defect_before_the_choice_is_read_has_an_error_page(monkeypatch) -> None:
    """Red when: CacheHeadersMiddleware needs `request.consent`."""
    monkeypatch.setattr("consent.choice.choice.resolve", _raise(RuntimeError("defect")))

    response = Client(raise_request_exception=False).get("/en/")

    assert response.status_code == 500
    assert Page(response.content).one("h1").text == "Something went wrong on our side"
    assert response["Cache-Control"] == "private, no-cache"


def test_a_missing_permission_has_an_error_page(monkeypatch) -> None:
    monkeypatch.setattr("voipstudio.pages.views.currency_of", _raise(PermissionDenied()))

    response = Client().get("/en/")

    assert response.status_code == 403
    assert Page(response.content).one("h1").text == "You may not do this"


def test_missing_content_is_answered_with_when_to_try_again(monkeypatch) -> None:
    monkeypatch.setattr(store, "current", _raise(ContentUnavailable()))

    response = Client().get("/en/privacy-policy/")

    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert Page(response.content).one("h1").text == "The site is not ready yet"


def test_an_error_page_has_the_banner_and_the_tags_of_every_page(settings) -> None:
    """The same rules: a banner without a choice, tags only with a grant."""
    settings.GOOGLE_TAG_ID = "G-TEST"

    asked = Client().get("/en/nothing-here/")
    granted = make_client("analytics").get("/en/nothing-here/")

    assert Page(asked.content).with_attribute("data-ask")
    assert b"data-google-tag" not in asked.content
    assert b"data-google-tag" in granted.content
    assert granted["Cache-Control"] == "private, no-store"


def test_a_404_has_no_canonical_link_and_no_other_language(client) -> None:
    page = Page(client.get("/en/nothing-here/").content)

    assert page.all("link", rel="canonical") == []
    assert page.all("link", rel="alternate") == []


@pytest.mark.parametrize(
    "address",
    ["/%ff%fe/", "/en/%00/", "/" + "a" * 5000, "/en//", "/..%2f..%2fetc/passwd", "/<script>/",
     "/en/privacy-policy/versions/x/", "/wp-login.php", "/.env"],
)  # fmt: skip
def test_an_odd_address_is_not_found_and_harmless(client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 404
    assert not response.cookies
    assert b"<script>/" not in response.content


def test_a_foreign_host_name_is_a_bad_request(client) -> None:
    """Red when: ALLOWED_HOSTS has a `*`."""
    response = client.get("/en/", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert b"evil.example" not in response.content
    assert not response.cookies
