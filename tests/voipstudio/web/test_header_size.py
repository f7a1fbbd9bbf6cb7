"""Every answer fits the default buffers of common proxies: 4,096 bytes of headers (I21)."""

from itertools import product
from random import Random
from string import ascii_letters
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from consent.gate.expiry import header_bytes
from content import store
from content.models import ContentRevision
from tests.factories import FORM, make_client, make_form
from tests.pages import MACHINES, PAGES
from tests.run_once import decides_in_memory
from voipstudio.models import Redirect
from voipstudio.web.addresses import MAX_QUERY_BYTES

pytestmark = [pytest.mark.django_db, decides_in_memory]

# gunicorn adds Server, Date, Connection and Transfer-Encoding.
SERVER_BYTES = len(
    "Server: gunicorn\r\nDate: Fri, 27 Nov 2026 02:52:31 GMT\r\nConnection: keep-alive\r\n"
    "Transfer-Encoding: chunked\r\n"
)
MOST_BYTES = 4096 - SERVER_BYTES
BARE, WWW = "voipstudio.pl", "www.voipstudio.pl"
# What Google's scripts and ours leave on a device after a grant of everything, and more.
LEFT_BEHIND = [
    "_ga", "_ga_AB12CD34EF", "_gid", "_gat", "_gcl_au", "_gcl_aw", "_gcl_gs", "_ar_V4", "Xl7ref",
    "L7_geoip",
]  # fmt: skip
STATES: dict[str, dict[str, Any]] = {
    "no-choice": {},
    "refused": {"refused": True},
    "analytics": {"groups": ["analytics"]},
    "marketing": {"groups": ["marketing"]},
    "all": {"groups": ["preferences", "analytics", "marketing"]},
}
_random = Random(0)


def noise(length: int) -> str:
    return "".join(_random.choice(ascii_letters) for _ in range(length))


LONG_QUERY = urlencode({"gclid": noise(100), "utm_medium": "cpc", "x": noise(6000)})
# As long as a query may be that a redirect repeats.
PAID_QUERY = urlencode(
    {name: noise(100) for name in ("gclid", "gbraid", "utm_source", "utm_campaign", "utm_term")}
    | {"utm_medium": "cpc", "utm_content": noise(350)}
)


@pytest.fixture(params=["https", "http"])
def scheme(request: pytest.FixtureRequest, settings: Any) -> str:
    """The site as it is configured for production, and for a developer."""
    if request.param == "https":
        settings.IS_HTTPS = True
        settings.HOST_PREFIX = "__Host-"
        settings.CHOICE_COOKIE_NAME = "__Host-l7_choice"
        settings.CSRF_COOKIE_NAME = "__Host-csrftoken"
        settings.SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
        settings.SITE_ORIGIN = f"https://{WWW}"
    settings.ALLOWED_HOSTS = [BARE, WWW]
    settings.GOOGLE_TAG_ID = "G-AB12CD34EF"
    settings.GOOGLE_ADS_ID = "AW-1234567890"
    settings.GOOGLE_ADS_CONVERSION_LABEL = "LABEL"
    return str(request.param)


def _reload_content() -> None:
    ContentRevision.objects.bump()
    store.poll(timezone.now())


def visitor(state: str, scheme: str, host: str, *, cookies: bool = True) -> Client:
    options = dict(STATES[state])
    client = make_client(*options.pop("groups", []), **options, host=host)
    client.defaults["wsgi.url_scheme"] = scheme
    if cookies:
        for name in LEFT_BEHIND:
            client.cookies[name] = "1"
    return client


def largest(responses: dict[str, Any]) -> tuple[int, str]:
    return max((header_bytes(response), name) for name, response in responses.items())


@pytest.mark.parametrize("host", [BARE, WWW])
@pytest.mark.parametrize("state", STATES)
def test_every_page_of_every_visitor(scheme: str, state: str, host: str) -> None:
    """Red when: expiry.py has a room of its own; Xl7ref grows; hosts.py repeats a host."""
    assert len(PAID_QUERY) <= MAX_QUERY_BYTES
    client = visitor(state, scheme, host)
    addresses = [*PAGES, *MACHINES, "/nowhere/", "/cennik/?currency=XXX", "/admin/login/"]
    responses = {
        f"{path} {query[:5]}": client.get(path + ("&" if "?" in path else "?") + query)
        for path in addresses
        for query in ("", PAID_QUERY)
    }

    assert largest(responses) < (MOST_BYTES, "")


@pytest.mark.parametrize("host", [BARE, WWW])
@pytest.mark.parametrize("state", STATES)
def test_every_choice(scheme: str, state: str, host: str) -> None:
    """Every way to change a choice, from a paid visit with the longest query.

    Red when: the answer to a partial withdrawal has no room for its own headers.
    """
    responses = {}
    forms = [("accept",), ("reject",), ("choose",), ("save",), ("save", "analytics"), ("save", "marketing"),
             ("save", "preferences", "marketing")]  # fmt: skip
    for (choice, *groups), query, path in product(
        forms, (PAID_QUERY, LONG_QUERY), ("/cookies/", "/en/cookies/")
    ):
        client = visitor(state, scheme, host)
        response = client.post(
            path,
            make_form(choice, *groups, referrer=f"https://{noise(200)}.example/"),
            content_type=FORM,
            headers={"Referer": f"{scheme}://{host}/?{query}"},
        )
        assert response.status_code < 400, response.content
        responses[f"{choice} {groups} {len(query)}"] = response

    assert largest(responses) < (MOST_BYTES, "")


@pytest.mark.parametrize(
    "address",
    [
        "/cennik",  # Django appends the slash
        "/stary-adres/",  # a redirect of staff
        "/polityka-prywatnosci/wersje/roznice/?older=1&newer=1",
        "/admin/",
    ],
)
def test_every_redirect(scheme: str, address: str) -> None:
    """Red when: a redirect repeats a query of 6 KB."""
    Redirect.objects.create(old_path="/stary-adres/", new_path="/cennik/")
    _reload_content()
    client = visitor("all", scheme, WWW)

    response = client.get(address + ("&" if "?" in address else "?") + LONG_QUERY)

    assert response.status_code in {301, 302}
    assert header_bytes(response) < MOST_BYTES
    assert "gclid" not in response["Location"]
    kept = client.get(address + ("&" if "?" in address else "?") + "gclid=a")
    if address in {"/cennik", "/stary-adres/"}:
        assert kept["Location"].endswith("/cennik/?gclid=a")
    else:
        assert kept.status_code in {301, 302}
