"""One host for the whole site, and redirects that a proxy can pass on."""

import pytest
from django.test import Client

from tests.run_once import decides_in_memory
from voipstudio.web.addresses import MAX_LOCATION_BYTES, MAX_QUERY_BYTES

pytestmark = [pytest.mark.django_db, decides_in_memory]


@pytest.fixture
def client(settings) -> Client:
    settings.SITE_ORIGIN = "https://voipstudio.pl"
    settings.CANONICAL_HOST = "voipstudio.pl"
    settings.ALLOWED_HOSTS = ["voipstudio.pl", "www.voipstudio.pl", "127.0.0.1"]
    return Client(headers={"Host": "voipstudio.pl"})


@pytest.mark.parametrize("host", ["www.voipstudio.pl", "WWW.voipstudio.pl:443", "127.0.0.1"])
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_every_other_host_leads_to_the_one(client: Client, host: str, method: str) -> None:
    """308 keeps the method and the body (RFC 9110, 15.4.9). Red when: two hosts show one page."""
    response = getattr(client, method)("/cennik/?currency=EUR", headers={"Host": host})

    assert response.status_code == 308
    assert response["Location"] == "https://voipstudio.pl/cennik/?currency=EUR"
    assert dict(response.cookies) == {}


@pytest.mark.parametrize("host", ["voipstudio.pl", "VOIPSTUDIO.PL"])
def test_the_host_itself_answers(client: Client, host: str) -> None:
    """Red when: the host is compared with its case, and redirects to itself for ever."""
    assert client.get("/cennik/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.7:8000", "attacker.example", "", "a b"])
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_health_probe_is_answered_whatever_the_host(client: Client, path: str, host: str) -> None:
    """Red when: a container that is asked by its address answers 400, and is restarted for ever."""
    response = client.get(path, headers={"Host": host})

    assert response.status_code in {200, 503}
    assert response.text.startswith("ok" if path == "/healthz" else ("no worker", "ok"))


def test_a_host_that_is_not_ours_is_refused(client: Client) -> None:
    """Red when: the redirect trusts every host."""
    assert client.get("/", headers={"Host": "attacker.example"}).status_code == 400


def test_without_https_every_name_of_the_machine_answers(client: Client, settings) -> None:
    settings.CANONICAL_HOST = ""

    assert client.get("/cennik/", headers={"Host": "127.0.0.1"}).status_code == 200


@pytest.mark.parametrize("size", [MAX_QUERY_BYTES, MAX_QUERY_BYTES + 1])
def test_a_redirect_repeats_a_query_only_up_to_the_limit(client: Client, size: int) -> None:
    query = "x" * size

    location = client.get(f"/cennik?{query}")["Location"]

    assert location == (f"/cennik/?{query}" if size == MAX_QUERY_BYTES else "/cennik/")


def test_a_redirect_that_is_too_long_without_its_query_leads_home(client: Client) -> None:
    """Red when: the path of a redirect has no limit."""
    path = "/" + "x" * MAX_LOCATION_BYTES

    response = client.get(path, headers={"Host": "www.voipstudio.pl"})

    assert response["Location"] == "/"


def test_the_fragment_of_a_redirect_stays(client: Client) -> None:
    """The page after a choice says that it is saved, by `#saved`."""
    response = client.post(
        "/cookies/",
        "choice=reject&next=/cennik/",
        content_type="application/x-www-form-urlencoded",
        headers={"Referer": f"https://voipstudio.pl/cennik/?{'x' * 2000}"},
    )

    assert response["Location"] == "/cennik/#saved"
