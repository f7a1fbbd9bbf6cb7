"""Which visits come from a paid ad, and what the cookie stores of them after the grant."""

from random import Random
from string import ascii_letters
from urllib.parse import urlencode

import pytest
from django.core.signing import Signer
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.choice.visit import Visit
from tests.run_once import needs_no_database
from trial.sign_up import attribution
from trial.sign_up.attribution import MAX_BYTES, MAX_CHARACTERS, Attribution, of_visit

pytestmark = needs_no_database

NINETY_DAYS = 90 * 24 * 60 * 60


def _visit(query: str = "", *, path: str = "/cennik/", referrer: str = "") -> Visit:
    return Visit(path=path, query=query, referrer_origin=referrer)


@pytest.mark.parametrize(
    "query",
    ["gclid=a", "gbraid=a", "wbraid=a", "msclkid=a", "utm_medium=cpc", "utm_medium=ppc",
     "utm_medium=paid", "utm_medium=CPC", "utm_medium=paid-social", "utm_medium=paidsearch",
     "utm_medium=Paid_Video", "utm_medium=email&gclid=a", "x=1&utm_medium=cpc&y=2"],
)  # fmt: skip
def test_a_visit_from_a_paid_ad_is_attributed(query: str) -> None:
    """Red when: the parameter is removed from `_CLICK_IDS`, or the value from `_PAID_MEDIA`."""
    result = of_visit(_visit(query, referrer="https://www.google.com"))

    assert result is not None
    assert (result.referrer, result.landing) == ("https://www.google.com", "/cennik/")


@pytest.mark.parametrize(
    "query",
    ["", "utm_medium=organic", "utm_medium=email", "utm_medium=referral", "utm_medium=",
     "utm_source=google", "utm_campaign=cpc", "gclid=", "gclid", "GCLID=a", "fbclid=a",
     "medium=cpc", "utm_medium=unpaid", "currency=EUR"],
)  # fmt: skip
def test_any_other_visit_is_not_attributed(query: str) -> None:
    """Red when: every `utm_` parameter counts as paid."""
    assert of_visit(_visit(query, referrer="https://www.google.com")) is None


def test_only_parameters_of_the_campaign_are_stored() -> None:
    """Red when: all parameters are stored."""
    query = urlencode(
        {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "jesień", "utm_term": "voip",
         "utm_content": "b", "gclid": "Cj0", "email": "anna@example.com", "currency": "EUR"}
    )  # fmt: skip

    result = of_visit(_visit(query))

    assert result == Attribution(
        referrer="",
        landing="/cennik/",
        parameters={
            "gclid": "Cj0", "utm_source": "google", "utm_medium": "cpc",
            "utm_campaign": "jesień", "utm_term": "voip", "utm_content": "b",
        },
    )  # fmt: skip


def test_every_text_but_a_click_id_is_cut_at_the_limit() -> None:
    """Red when: one of the texts is not cut, or a click id is: half of one names no click."""
    long = "x" * (MAX_CHARACTERS + 1)

    result = of_visit(
        _visit(f"gclid={long}&utm_source={long}", path=f"/{long}", referrer=f"https://{long}")
    )

    assert result is not None
    assert len(result.referrer) == len(result.landing) == MAX_CHARACTERS
    assert result.parameters == {"gclid": long, "utm_source": "x" * MAX_CHARACTERS}


def test_a_click_id_longer_than_any_is_left_out() -> None:
    result = of_visit(_visit(f"gclid=a&wbraid={'x' * 201}"))

    assert result is not None
    assert result.parameters == {"gclid": "a"}


def test_what_matters_most_is_kept_where_not_everything_fits() -> None:
    """Red when: the referrer takes the room of a click id."""
    random = Random(0)

    def noise(length: int) -> str:
        return "".join(random.choice(ascii_letters) for _ in range(length))

    query = {"gclid": noise(100), "utm_source": "google", "utm_medium": "cpc"}
    query |= {name: noise(110) for name in ("utm_campaign", "utm_term", "utm_content")}

    result = of_visit(
        _visit(urlencode(query), path="/cennik/", referrer=f"https://{noise(100)}.example")
    )

    assert result is not None
    assert result.parameters["gclid"] == query["gclid"]
    assert {"utm_source", "utm_medium", "utm_campaign"} < set(result.parameters)
    assert result.landing == "/cennik/"
    assert result.referrer == ""
    assert len(attribution.sign(result)) <= MAX_BYTES


def test_a_query_of_more_than_200_parameters_is_not_attributed() -> None:
    assert of_visit(_visit("&".join(["gclid=a"] * 201))) is None


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_no_query_raises_an_error(query: str, path: str) -> None:
    of_visit(_visit(query, path=path))
    of_visit(_visit(f"gclid=a&{query}", path=path))


def test_a_signed_attribution_can_be_read() -> None:
    result = of_visit(_visit("gclid=a&utm_campaign=jesie%C5%84", referrer="https://example.com"))

    assert attribution.read(attribution.sign(result)) == result


@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_changed_cookie_is_not_read(place: str) -> None:
    """Red when: the value is decoded without checking the signature."""
    value = attribution.sign(Attribution("", "/", {"gclid": "a"}))
    at = {"first": 1, "middle": len(value) // 2, "last": len(value) - 1}[place]
    other = "A" if value[at] != "A" else "B"

    assert attribution.read(value[:at] + other + value[at + 1 :]) is None


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_garbage_is_not_read(garbage: str) -> None:
    assert attribution.read(garbage) is None


def test_a_value_signed_for_another_purpose_is_not_read() -> None:
    """Red when: the signer has no salt."""
    forged = Signer().sign_object({"referrer": "", "landing": "/", "parameters": {}})

    assert attribution.read(forged) is None


@pytest.mark.parametrize(
    "letters", [(33, 126), (0x100, 0x17F), (0x4E00, 0x9FFF), (0x1F300, 0x1FAFF)],
    ids=["ascii", "accents", "chinese", "emoji"],
)  # fmt: skip
def test_the_cookie_leaves_room_for_all_other_headers(letters: tuple[int, int]) -> None:
    """I21. Red when: `_if_it_fits` does not measure."""
    random = Random(0)
    names = ("gclid", "gbraid", "wbraid", "msclkid", "utm_source", "utm_medium", "utm_campaign",
             "utm_term", "utm_content")  # fmt: skip
    words = {
        name: "".join(chr(random.randint(*letters)) for _ in range(MAX_CHARACTERS))
        for name in names
    }
    result = of_visit(_visit(urlencode(words), path="/" + words["gclid"]))

    assert len(attribution.sign(result)) <= MAX_BYTES == 700
