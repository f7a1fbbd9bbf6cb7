"""The ETag of a kept answer: the same for all who get the same, another for any other header."""

import pytest
from django.test import Client

from tests.factories import make_client
from tests.run_once import looks_at_pages
from voipstudio.web.caching import short_way

pytestmark = [pytest.mark.django_db, looks_at_pages]

BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}


def _etag(client: Client, path: str = "/en/", **headers: str) -> str:
    return client.get(path, headers=headers)["ETag"]


def test_who_has_the_page_is_told_so(long_way) -> None:
    client = Client()
    etag = _etag(client, **BROWSER)

    response = client.get("/en/", headers={"If-None-Match": etag, **BROWSER})

    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == etag
    assert {"Cache-Control", "Vary"} <= {*response.headers}
    assert len(long_way) == 1


def test_the_etag_is_the_same_for_all_who_get_the_same(settings) -> None:
    """I8 (nobody is numbered). Red when: anything of one visitor is in the ETag."""
    etags = set()
    for _ in range(2):
        short_way.forget()
        etags |= {_etag(make_client(refused=True)) for _ in range(2)}

    assert len(etags) == 1


def test_another_header_is_another_etag(settings) -> None:
    """With 304 the browser keeps its headers. Red when: the ETag covers the body alone."""
    etag = _etag(Client())
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy | {"img-src": ["'none'"]}}
    short_way.forget()

    response = Client().get("/en/", headers={"If-None-Match": etag})

    assert response.status_code == 200
    assert response["ETag"] != etag


def test_a_choice_and_an_encoding_have_etags_of_their_own() -> None:
    visitors = [make_client(refused=True), make_client("analytics"), make_client("marketing")]
    etags = [_etag(visitor) for visitor in visitors]
    etags += [_etag(Client(), **{"Accept-Encoding": name}) for name in ("", "gzip", "br")]

    assert len(set(etags)) == len(etags)
