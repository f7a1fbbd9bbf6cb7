"""Redirects from old addresses, which only the 404 handler asks for."""

import pytest
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
