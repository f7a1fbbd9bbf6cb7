"""The page of the trial says how to start one."""

import pytest

from privacy.company import COMPANY
from tests.pages import Page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/darmowy-okres-probny/", "/en/free-trial/"])
def test_the_page_says_how_to_reach_us(client, address: str) -> None:
    links = list(Page(client.get(address).content).links)

    assert f"mailto:{COMPANY['email']}" in links
    assert COMPANY["phone_href"] in links


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/darmowy-okres-probny/", ["30 dni", "karty"]),
        ("/en/free-trial/", ["30 days", "no card details"]),
    ],
    ids=["pl", "en"],
)
def test_the_page_makes_the_offer(client, address: str, words: list[str]) -> None:
    text = Page(client.get(address).content).one("main").text

    assert [word for word in words if word not in text] == []
