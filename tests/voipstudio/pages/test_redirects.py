"""Redirects from old addresses, which only the 404 handler asks for."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from content import store
from content.models import ContentRevision
from voipstudio.models import Redirect

pytestmark = pytest.mark.django_db


def make_redirect(old_path: str, new_path: str) -> Redirect:
    row = Redirect(old_path=old_path, new_path=new_path)
    row.full_clean()
    row.save()
    ContentRevision.objects.bump()
    store.poll(timezone.now())
    return row


def test_an_old_address_leads_to_its_page(client) -> None:
    """Red when: the 404 handler does not ask for redirects."""
    make_redirect("/oferta.html", "/cennik/")

    response = client.get("/oferta.html")

    assert response.status_code == 301
    assert response["Location"] == "/cennik/"
    assert not response.cookies


def test_a_redirect_keeps_the_query(client) -> None:
    """The query may hold the click id of an ad. Red when: `answer` leaves out the query."""
    make_redirect("/oferta", "/cennik/#plany")

    response = client.get("/oferta?gclid=x&y=%C5%BC")

    assert response["Location"] == "/cennik/?gclid=x&y=%C5%BC#plany"


@pytest.mark.parametrize("old_path", ["/strona główna", "/stara/oferta", "/en/old"])
def test_any_old_address_can_be_redirected(client, old_path: str) -> None:
    make_redirect(old_path, "/en/pricing/")

    assert client.get(old_path)["Location"] == "/en/pricing/"


def test_a_redirect_never_asks_the_database(client, django_assert_num_queries) -> None:
    make_redirect("/stara", "/")

    with django_assert_num_queries(0):
        assert client.get("/stara").status_code == 301
        assert client.get("/nie-ma").status_code == 404


def test_only_get_and_head_are_redirected(client) -> None:
    """Red when: a POST is redirected, which browsers repeat as a GET."""
    make_redirect("/stara", "/")

    assert client.head("/stara").status_code == 301
    assert client.post("/stara").status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        "/oferta-g%C5%82%C3%B3wna/",
        "/oferta-g%c5%82%c3%b3wna/",
        "/oferta-główna/",
        "/oferta-gło\u0301wna/",
        "http://127.0.0.1:8000/oferta-g%C5%82%C3%B3wna/",
    ],
)
def test_an_address_pasted_from_the_bar_of_the_browser_works(client, settings, typed: str) -> None:
    """Red when: the address is compared as it was typed."""
    settings.SITE_ORIGIN = "http://127.0.0.1:8000"
    row = make_redirect(typed, "/cennik/")

    assert row.old_path == "/oferta-główna/"
    for requested in ("/oferta-główna/", "/oferta-gło\u0301wna", "/oferta-g%C5%82%C3%B3wna"):
        assert client.get(requested)["Location"] == "/cennik/"


def test_a_redirect_that_was_saved_with_escapes_works(client) -> None:
    """Red when: only new rows are decoded."""
    Redirect.objects.create(old_path="/g%C5%82%C3%B3wna/", new_path="/cennik/")
    ContentRevision.objects.bump()
    store.poll(timezone.now())

    assert client.get("/główna/")["Location"] == "/cennik/"


def test_the_same_address_is_not_saved_twice() -> None:
    """Red when: the address is decoded after it is compared with the others."""
    make_redirect("/główna/", "/cennik/")

    with pytest.raises(ValidationError):
        make_redirect("/g%C5%82%C3%B3wna/", "/kontakt/")


def test_a_target_keeps_its_query_before_that_of_the_visitor(client) -> None:
    make_redirect("/stara", "/cennik/?currency=EUR#plany")

    assert client.get("/stara")["Location"] == "/cennik/?currency=EUR#plany"
    location = client.get("/stara?gclid=x")["Location"]
    assert location == "/cennik/?currency=EUR&gclid=x#plany"


def test_a_bookmark_of_the_former_list_of_mails_leads_to_the_list(client) -> None:
    response = client.get("/admin/privacy/mail/?state=failed")

    assert response.status_code == 302
    assert response["Location"] == "/admin/delivery/mail/?state=failed"
