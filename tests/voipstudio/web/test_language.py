"""The address alone decides the language."""

import pytest
import time_machine
from django.utils import timezone

from tests.pages import PAGES, Page, language_of
from tests.run_once import decides_in_memory

pytestmark = [pytest.mark.django_db, decides_in_memory]


@pytest.mark.parametrize("address", PAGES)
def test_the_address_alone_decides_the_language(client, address: str) -> None:
    """Red when: Accept-Language or a cookie changes the language."""
    language = language_of(address)
    other = "en" if language == "pl" else "pl"
    with time_machine.travel(
        timezone.now(), tick=False
    ):  # a form holds the time at which it was shown
        plain = client.get(address)
        client.cookies["django_language"] = other
        asked = client.get(address, headers={"Accept-Language": other})

    assert Page(plain.content).one("html")["lang"] == language
    assert plain["Content-Language"] == asked["Content-Language"] == language
    assert plain.content == asked.content
    assert "accept-language" not in plain["Vary"].lower()


@pytest.mark.parametrize("languages", ["en", "en-GB,en;q=0.9", "de", "*", "", "\xff"])
def test_nobody_is_sent_to_another_language(client, languages: str) -> None:
    assert client.get("/", headers={"Accept-Language": languages}).status_code == 200


@pytest.mark.parametrize("address", ["/english/", "/EN/", "/enx/", "/en.html"])
def test_only_the_prefix_is_english(client, address: str) -> None:
    """Red when: the prefix is tested without its slash."""
    response = client.get(address)

    assert (response.status_code, response["Content-Language"]) == (404, "pl")


def test_the_prefix_without_its_slash_leads_to_the_english_home_page(client) -> None:
    response = client.get("/en?x=1")

    assert response.status_code in {301, 302, 308}
    assert response["Location"] == "/en/?x=1"


@pytest.mark.parametrize(
    ("without", "with_slash"),
    [("/cennik", "/cennik/"), ("/en/pricing", "/en/pricing/")],
)
def test_an_address_without_its_slash_is_redirected_with_its_query(
    client, without: str, with_slash: str
) -> None:
    response = client.get(f"{without}?gclid=a&utm_medium=cpc")

    assert response.status_code == 301
    assert response["Location"] == f"{with_slash}?gclid=a&utm_medium=cpc"


@pytest.mark.parametrize(
    "address", ["/pricing/", "/privacy-policy/", "/en/cennik/", "/en/polityka-prywatnosci/"]
)
def test_a_slug_of_one_language_is_no_address_in_the_other(client, address: str) -> None:
    assert client.get(address).status_code == 404
