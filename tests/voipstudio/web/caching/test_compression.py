"""Pages in brotli or gzip: only for clients that accept it, made once, without secrets."""

import gzip

import brotli
import pytest
from django.test import Client, RequestFactory

from tests.factories import (
    make_client,
    make_sign_up,
    make_sign_up_form,
    make_token_of,
    make_trial,
    post_choice,
)
from tests.pages import ADDRESSES, PAGES
from tests.run_once import looks_at_pages
from voipstudio.web.caching.compression import encoding_for

pytestmark = [pytest.mark.django_db, looks_at_pages]

BROWSER = "gzip, deflate, br, zstd"
KEPT = [address for address in PAGES if address not in ADDRESSES["free_trial"]]
DECODE = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        (BROWSER, "br"),
        ("gzip,br", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0", ""),
        ("*", ""),
        ("brotli, x-br", ""),
        ("", ""),
    ],
)
def test_a_client_gets_an_encoding_that_it_names(accepted: str, expected: str) -> None:
    """Red when: brotli goes to a client that did not name it, or that refuses it (RFC 9110)."""
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepted})

    assert encoding_for(request) == expected


@pytest.mark.parametrize(("accepted", "encoding"), [(BROWSER, "br"), ("gzip", "gzip")])
def test_a_page_is_the_same_page_in_every_encoding(accepted: str, encoding: str) -> None:
    """At the first and at a later request. Red when: encoded bytes are encoded again."""
    client, headers = Client(), {"Accept-Encoding": accepted}
    for address in KEPT * 2:
        plain, response = Client().get(address), client.get(address, headers=headers)

        assert DECODE[encoding](response.content) == plain.content
        assert int(response["Content-Length"]) == len(response.content) < len(plain.content) / 2
        added = {name: response[name] for name in ("Content-Encoding", "Content-Length", "ETag")}
        assert dict(response.headers) == dict(plain.headers) | added
        assert response["Content-Encoding"] == encoding
        assert response["ETag"] != plain["ETag"]
    assert len(KEPT) >= 20


def test_each_client_gets_its_own_encoding_of_a_kept_page() -> None:
    """Red when: the page is kept as the first client got it."""
    client = Client()
    for accepted in (BROWSER, "gzip", "br;q=0", "gzip", BROWSER):
        response = client.get("/en/", headers={"Accept-Encoding": accepted})

        decode = DECODE[response.headers.get("Content-Encoding", "")]
        assert decode(response.content).lstrip().startswith(b"<!doctype html>")
        assert "Accept-Encoding" in response["Vary"]


def test_a_page_is_compressed_once(monkeypatch) -> None:
    """Red when: CompressedBody does not keep its encoded forms."""
    client, headers = Client(), {"Accept-Encoding": BROWSER}
    expected = client.get("/en/", headers=headers).content
    monkeypatch.setattr("brotli.compress", None)

    assert client.get("/en/?gclid=a", headers=headers).content == expected
    assert client.head("/en/", headers=headers)["Content-Encoding"] == "br"


@pytest.mark.parametrize("accepted", [BROWSER, "gzip", ""])
def test_head_has_the_headers_of_get(accepted: str) -> None:
    """RFC 9110, 9.3.2. Red when: the length is that of the page as it was rendered."""
    headers = {"Accept-Encoding": accepted}
    for address in ("/en/", "/en/privacy-policy/"):
        get, head = (
            getattr(Client(), method)(address, headers=headers) for method in ("get", "head")
        )

        assert head.content == b""
        assert dict(head.headers) == dict(get.headers)


def test_a_page_of_one_visitor_is_not_compressed() -> None:
    """Nor a page that repeats a visitor's words (BREACH). Red when: all HTML is compressed."""
    granted, asked = make_client("analytics"), Client()
    token = make_token_of(make_sign_up(email="a@firma.pl"))
    consent = make_trial("email", email="b@firma.pl").consents.get()
    for client in (granted, asked):
        client.defaults["HTTP_ACCEPT_ENCODING"] = BROWSER
    answers = [
        asked.get("/en/free-trial/"),
        asked.post("/en/free-trial/", make_sign_up_form(email="<typed>")),
        asked.post("/en/free-trial/", make_sign_up_form()),
        asked.get(f"/en/free-trial/confirm/{token}/"),
        asked.get(f"/en/free-trial/consents/{consent.pk}/"),
        asked.get("/en/<typed>/"),
        granted.get("/en/cookies/"),
        post_choice(granted, "reject"),
    ]

    assert [answer.status_code for answer in answers] == [
        200, 422, 200, 200, 200, 404, 200, 200,
    ]  # fmt: skip
    for answer in answers:
        assert "Content-Encoding" not in answer.headers, answer.wsgi_request
        assert answer.content.lstrip().startswith(b"<!doctype html>")
