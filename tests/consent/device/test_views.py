"""The page that lists what a browser stores: what the server sees, and how it deletes cookies."""

from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.test import Client

from consent.choice import choice
from consent.deletion import MAX_STEPS
from consent.device.stored import MAX_ROWS, patterns
from consent.gate.expiry import MAX_BYTES, header_bytes
from consent.models import CookieDetails
from consent.registry import registry
from content import store
from tests.factories import (
    expired_cookies,
    kept_cookies,
    make_client,
    make_cookie,
    publish_registry,
)
from tests.pages import ON_THIS_DEVICE, Element, Page
from tests.run_once import decides_in_memory

pytestmark = [pytest.mark.django_db, decides_in_memory]

PL, EN = ON_THIS_DEVICE
CHOICE = settings.CHOICE_COOKIE_NAME


def client_with(*names: str, client: Client | None = None) -> Client:
    visitor = client or make_client(refused=True)
    visitor.cookies.load(dict.fromkeys(names, "value-of-a-cookie"))
    return visitor


def client_sending(header: str) -> Client:
    """A browser, or a program, with any bytes in its header."""
    return Client(headers={"cookie": header})


def rows(page: Page) -> dict[str, Element]:
    """The rows of the list by the name that they show, without the patterns for the script."""
    return {e["data-name"]: e for e in page.all("tr") if is_listed(e)}


def is_listed(element: Element) -> bool:
    return "data-name" in element.attributes and not element.is_inside("template")


def list_of(client: Client, address: str = EN) -> dict[str, Element]:
    return rows(Page(client.get(address).content))


class Browser:
    """Follows the answers to a form as a browser does: it sends the form again after a 307."""

    def __init__(self, client: Client, *, keeps: frozenset[str] = frozenset()) -> None:
        self.client = client
        self.keeps = keeps
        self.answers: list[Any] = []

    def send(self, address: str = EN, **form: str) -> Any:
        before = {name: morsel.value for name, morsel in self.client.cookies.items()}
        response = self.client.post(address, form)
        self.answers.append(response)
        # The cookie jar of the client knows one domain and path: a browser drops a name at "/".
        self.client.cookies.clear()
        gone = {
            name for name, domain, path in expired_cookies(response) if (domain, path) == ("", "/")
        }
        self.client.cookies.load({n: v for n, v in before.items() if n not in gone - self.keeps})
        if response.status_code == 307:
            return self.send(response["Location"], **form)
        return response


def test_the_list_has_each_cookie_of_the_request_and_its_declaration() -> None:
    """Red when: a declaration is joined by the beginning of a name, or a value is shown."""
    make_cookie("l7_tab_*", party="first", max_age_seconds=60)
    client = client_with("l7_tab_7", "PHPSESSID", client=make_client("analytics"))

    response = client.get(EN)
    found = rows(Page(response.content))

    assert list(found) == ["l7_choice", "l7_tab_7", "PHPSESSID"]
    assert "Remembers your choice" in found["l7_choice"].text
    assert "Necessary" in found["l7_choice"].text
    assert "182 days" in found["l7_choice"].text
    assert "Purpose. Analytics 1 minute cookie Delete l7_tab_7" in found["l7_tab_7"].text
    assert "Not on our list" in found["PHPSESSID"].text
    assert [name for name, row in found.items() if "Not on our list" in row.text] == ["PHPSESSID"]
    assert "value-of-a-cookie" not in response.text


@pytest.mark.parametrize("address", ON_THIS_DEVICE)
def test_a_visitor_without_cookies_has_nothing(address: str) -> None:
    """Red when: the list shows a row for what is declared only."""
    page = Page(Client().get(address).content)

    assert rows(page) == {}
    [nothing] = page.with_attribute("data-nothing")
    assert "hidden" not in nothing.attributes
    [table] = page.with_attribute("data-list")
    assert "hidden" in table.attributes


def test_a_visitor_who_refused_has_one_cookie() -> None:
    """I1. Red when: the page sets a cookie, or lists what the visitor does not have."""
    client = make_client(refused=True)
    response = client.get(PL)

    assert list(rows(Page(response.content))) == [CHOICE]
    assert not response.cookies


def test_what_is_not_granted_is_deleted_as_the_page_opens_and_the_list_says_so() -> None:
    """I7. Red when: the page calls it stored, while its own answer expires it."""
    response = client_with("_ga", "L7_geoip").get(EN)

    found = rows(Page(response.content))
    leaving = [name for name, row in found.items() if "deletes it as it opens" in row.text]
    assert leaving == ["L7_geoip", "_ga"]
    assert {name for name, _domain, _path in expired_cookies(response)} == {*leaving}
    assert "Delete _ga" not in found["_ga"].text


def test_a_cookie_of_an_earlier_registry_leaves_too_and_is_not_called_unknown() -> None:
    """Red when: `is_leaving` asks the registry of today alone."""
    make_cookie("l7_old", party="first")
    CookieDetails.objects.filter(cookie__name="l7_old").update(is_active=False)
    publish_registry()

    row = list_of(client_with("l7_old"))["l7_old"]

    assert "deletes it as it opens" in row.text
    assert "Not on our list" not in row.text


def test_what_no_answer_can_expire_is_not_said_to_leave() -> None:
    """Red when: `is_leaving` forgets `can_expire`: the page would promise what no header can do."""
    row = list_of(client_sending("_ga_ x=1"))["_ga_ x"]

    assert "deletes it as it opens" not in row.text
    assert "Only your browser can delete it" in row.text


@pytest.mark.parametrize("groups", [(), ("analytics",)], ids=["refused", "granted"])
def test_the_cookie_of_the_choice_says_that_we_ask_again(groups: tuple[str, ...]) -> None:
    """Red when: deleting it looks like a withdrawal, which it is not: the record stays."""
    row = list_of(make_client(*groups, refused=not groups))[CHOICE]

    assert "we ask you again" in row.text
    assert ("to withdraw your consent" in row.text) is bool(groups)


def test_the_page_is_for_one_visitor_and_no_cache_keeps_it() -> None:
    """I13. Red when: the view loses `private_page`: then the second visitor reads of the first."""
    first = client_with("only_mine").get(EN)
    second = client_with().get(EN)

    assert (first["Cache-Control"], second["Cache-Control"]) == ("private, no-store",) * 2
    assert "only_mine" in first.text
    assert "only_mine" not in second.text
    assert client_with("only_mine").post(EN, {})["Cache-Control"] == "private, no-store"
    assert Client().get(EN)["Cache-Control"] == "private, no-store"


def test_the_cookie_page_shows_no_name_of_a_visitor_and_stays_cacheable() -> None:
    """I13. Red when: cookies.html lists what the request brought."""
    client = client_with("only_mine")

    assert "only_mine" not in client.get("/cookies/").text
    assert Client().get("/cookies/")["Cache-Control"].startswith("public, max-age=0, s-maxage=")
    assert PL in Page(Client().get("/cookies/").content).links


@pytest.mark.parametrize("address", ON_THIS_DEVICE)
def test_the_page_names_no_third_party_and_asks_nothing(settings: Any, address: str) -> None:
    """I15. Red when: the view loses `private_page`: a tag would store anew what was deleted."""
    settings.GOOGLE_TAG_ID = "G-TEST"
    for client in (Client(), make_client("analytics", "marketing")):
        response = client.get(address)
        page = Page(response.content)

        assert page.with_attribute("data-ask") == page.with_attribute("data-google-tag") == []
        assert "google" not in response["Content-Security-Policy"]
        assert page.one("meta", name="robots")["content"] == "noindex"
        assert [e for e in page.scripts if "src" not in e.attributes] == []
        assert kept_cookies(response) == {}


def test_names_are_the_text_of_strangers() -> None:
    """Red when: a name is printed unescaped, or however long it is."""
    long = "x" * 3000
    text = client_sending(f'<script>alert("1")</script>=1; {long}=1').get(EN).text

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(" in text
    # The whole name is in two attributes, for the script and the form; the text is cut.
    assert text.count(long) <= 2
    assert f">{long[:99]}…<" in text


def test_a_name_that_no_answer_can_carry_has_no_button() -> None:
    """Red when: `can_be_deleted` is true for every name: the button would do nothing."""
    found = list_of(client_sending("nice=1; na me=1; ó=1; =nameless; " + "y" * 2000 + "=1"))

    deletable = [name for name, row in found.items() if "Only your browser" not in row.text]
    assert deletable == ["nice"]
    assert len(found) == 5
    assert "(without a name)" in found[""].text


def test_the_list_has_an_end() -> None:
    """Red when: MAX_ROWS is not looked at: a hostile request would get a page of megabytes."""
    client = client_sending("; ".join(f"c{number}=1" for number in range(MAX_ROWS + 5)))

    response = client.get(EN)

    assert len(rows(Page(response.content))) == MAX_ROWS
    assert "sends 5 more cookies, which are not listed" in response.text


def test_a_cookie_is_deleted_by_its_name_on_every_domain_and_path(settings: Any) -> None:
    """Red when: the name is expired on the host or the root path alone, or others with it."""
    settings.ALLOWED_HOSTS = ["www.voipstudio.pl"]
    client = client_with("old_shop", "PHPSESSID")

    response = client.post(EN, {"stored": "old_shop"}, headers={"host": "www.voipstudio.pl"})

    assert response.status_code == 307
    assert response["Location"] == f"{EN}?step=1&turn=0&left=1"
    paths = ["/"]
    for path in ("/en", "/en/cookies", "/en/cookies/on-this-device"):
        paths += [path, f"{path}/"]
    domains = ("", "www.voipstudio.pl", "voipstudio.pl")
    assert expired_cookies(response) == {
        ("old_shop", domain, path) for domain in domains for path in paths
    }


def test_the_answer_says_what_has_become_of_it() -> None:
    """Red when: it is called deleted while the browser still sends it; the browser is sent round
    for ever; the choice is deleted with it."""
    client = client_with("old_shop")

    deleted = Browser(client)
    assert deleted.send(stored="old_shop")["Location"] == f"{EN}#deleted"
    assert [answer.status_code for answer in deleted.answers] == [307, 303]
    assert {*client.cookies} == {CHOICE}

    stubborn = Browser(client_with("old_shop"), keeps=frozenset({"old_shop"}))
    assert stubborn.send(stored="old_shop")["Location"] == f"{EN}#left"
    assert len(stubborn.answers) == MAX_STEPS + 1


def test_without_the_cookie_of_the_choice_we_ask_again() -> None:
    """Red when: the necessary cookie cannot be deleted, or counts on after it."""
    client = make_client(refused=True)

    assert Browser(client).send(stored=CHOICE)["Location"] == f"{EN}#deleted"
    assert {*client.cookies} == set()
    assert Page(client.get("/en/").content).with_attribute("data-ask")


def test_everything_leaves_what_is_necessary() -> None:
    """Red when: granted or undeclared cookies stay, or the choice goes."""
    client = client_with("_ga", "old_shop", "sessionid", client=make_client("analytics"))
    browser = Browser(client)

    assert browser.send(everything="1")["Location"] == f"{EN}#deleted"
    assert {*client.cookies} == {CHOICE, "sessionid"}
    # The browser empties its other storage itself, once.
    headers = [answer.headers.get("Clear-Site-Data") for answer in browser.answers]
    assert headers == ['"storage"', None]


def test_the_script_deletes_other_storage_by_its_name() -> None:
    """Red when: the header empties what is necessary too, which the script can tell apart."""
    response = client_with("old_shop").post(EN, {"everything": "1", "javascript": "1"})

    assert "Clear-Site-Data" not in response.headers


def test_everything_says_that_a_name_is_left_which_no_answer_can_carry() -> None:
    """Red when: only names that can expire count as left."""
    client = client_sending("na me=1; _ga=1")

    assert client.post(f"{EN}?step={MAX_STEPS}", {"everything": "1"})["Location"] == f"{EN}#left"
    assert client_sending("na me=1").post(EN, {"everything": "1"})["Location"] == f"{EN}#left"


@pytest.mark.parametrize("host", ["127.0.0.1", "www.voipstudio.pl"])
def test_sixty_cookies_are_deleted_within_the_redirects_that_a_browser_follows(
    settings: Any, host: str
) -> None:
    """I21. Red when: an answer has no bound; `turn` goes on although a cookie is gone."""
    settings.ALLOWED_HOSTS = ["*"]
    client = client_with(*(f"left_from_an_earlier_site_{number}" for number in range(60)))
    client.defaults["HTTP_HOST"] = host
    browser = Browser(client)

    assert browser.send(everything="1")["Location"] == f"{EN}#deleted"
    assert len(browser.answers) <= MAX_STEPS + 1
    assert max(map(header_bytes, browser.answers)) <= MAX_BYTES
    assert {*client.cookies} == {CHOICE}


@pytest.mark.parametrize(
    "form", [{}, {"stored": ""}, {"stored": ["a", "b"]}, {"names": "a"}], ids=str
)
def test_a_form_that_our_page_never_sends_deletes_nothing(form: dict[str, Any]) -> None:
    """Red when: an empty or repeated name is taken for one."""
    response = client_with("a", "b").post(EN, form)

    assert response.status_code == 422
    assert "Please use a button of this page." in response.text
    assert expired_cookies(response) == set()


@pytest.mark.parametrize("step", ["-1", "1e9", "٣", "999", "", "x"])
def test_a_step_of_any_bytes_ends_the_deletion(step: str) -> None:
    """Red when: the number is read with int(): a stranger's text would raise, or loop."""
    response = client_with("a").post(f"{EN}?step={step}", {"stored": "a"})

    assert (response.status_code, response["Location"]) == (303, f"{EN}#left")


def test_another_site_cannot_delete_anything() -> None:
    """Red when: the address is exempt from the check of Sec-Fetch-Site."""
    client = Client(enforce_csrf_checks=True, headers={"sec-fetch-site": "cross-site"})
    client.cookies[CHOICE] = choice.write_refusal()

    response = client.post(EN, {"stored": CHOICE})

    assert response.status_code == 403
    assert expired_cookies(response) == set()


def test_nothing_of_the_list_is_logged(log_lines: list[str]) -> None:
    """Red when: a name gets into an address, or a log line."""
    browser = Browser(client_with("a_private_name"))
    browser.client.get(EN)
    browser.send(stored="a_private_name")

    assert log_lines
    assert [line for line in log_lines if "a_private_name" in line] == []


def test_without_the_registry_nothing_is_called_undeclared() -> None:
    """I18. Red when: an empty registry makes every cookie look like a stranger's."""
    with mock.patch("content.store.current", side_effect=store.ContentUnavailable):
        assert make_client().get(EN).status_code == 503


def test_the_script_gets_a_row_for_each_declaration_and_each_kind() -> None:
    """Red when: cookies of Google's domain are offered, which no page can see; a kind is left out."""
    page = Page(Client().get(EN).content)
    templates = {(e["data-kind"], e["data-pattern"]) for e in page.all("template")}

    kinds = {*CookieDetails.Storage.values, "worker"}
    assert {kind for kind, name in templates if not name} == kinds
    declared = {(c.storage, c.name) for c in registry.current().cookies}
    assert {pair for pair in templates if pair[1]} == declared - {
        ("cookie", "IDE"),
        ("cookie", "test_cookie"),
    }
    assert len(templates) == len(list(patterns(registry.current()))) >= 15
