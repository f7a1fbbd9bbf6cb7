"""The page that a form was sent from, and the one that it leads back to."""

import pytest
from django.test import RequestFactory

from consent.choice.form import ChoiceForm, read_form
from consent.choice.visit import Visit
from consent.registry import registry
from tests.factories import FORM, make_form
from tests.run_once import decides_in_memory

pytestmark = [pytest.mark.django_db, decides_in_memory]


def read(body: str, **headers: str) -> ChoiceForm:
    request = RequestFactory().post("/cookies/", body, content_type=FORM, headers=headers)
    return read_form(request, registry=registry.current())


@pytest.mark.parametrize("path", ["/", "/en/", "/en/privacy-policy/", "/polityka-prywatnosci/"])
def test_a_page_of_the_site_is_a_next_address(path: str) -> None:
    assert read(make_form("reject", next=path)).next_path == path


@pytest.mark.parametrize(
    ("referer", "query"),
    [
        pytest.param("http://testserver/en/?gclid=1&a=b", "gclid=1&a=b", id="our page"),
        pytest.param("http://testserver/en/pricing/?gclid=1", "", id="another page of ours"),
        pytest.param("https://evil.example/en/?gclid=1", "", id="another site"),
        pytest.param(
            "http://testserver/en/?x=%0d%0aSet-Cookie:a", "x=%0d%0aSet-Cookie:a", id="encoded line"
        ),
        pytest.param("http://testserver/en/?ask=open", "", id="our page with the groups open"),
        pytest.param("http://testserver/en/?gclid=1&ask=open", "gclid=1", id="an ad, groups open"),
        pytest.param("http://testserver/en/?a=1&ask=open&task=open", "a=1&task=open", id="others"),
        pytest.param("http://[", "", id="no address"),
        pytest.param("", "", id="none"),
    ],
)
def test_the_query_comes_only_from_a_referrer_of_the_same_page(referer: str, query: str) -> None:
    """Red when: `_visit` does not compare host or path, or cuts `ask=open` out of other names."""
    form = read(make_form("accept", next="/en/"), referer=referer)

    assert form.visit.query == query
    assert form.next_address == "/en/" + (f"?{query}" if query else "")


def test_of_the_referrer_field_only_the_origin_of_another_site_is_kept() -> None:
    visits = [
        read(make_form("accept", referrer=referrer)).visit
        for referrer in (
            "https://Ads.example:8443/path?secret=1",
            "http://testserver/x",
            "nonsense",
        )
    ]

    assert visits == [
        Visit(path="/", query="", referrer_origin="https://ads.example:8443"),
        Visit(path="/", query="", referrer_origin=""),
        Visit(path="/", query="", referrer_origin=""),
    ]
