"""Random bodies, posted to the view that stores a choice."""

import ipaddress

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from consent.choice import choice
from consent.models import ConsentRecord
from consent.registry import registry
from tests.factories import FORM, kept_cookies, make_form

pytestmark = pytest.mark.django_db

COOKIE = settings.CHOICE_COOKIE_NAME
FIELDS = ["choice", "group", "notice", "next", "place", "method", "javascript", "referrer", "x"]
VALUES = [
    "accept", "reject", "save", "choose", "analytics", "necessary", "/", "/en/", "//x/", "banner",
    "cookie-page", "1", "https://ads.example/", "http://[", "%", "%00", "%ff", "+", "", "NOTICE",
]  # fmt: skip


def test_no_body_breaks_the_view_or_grants_without_a_record() -> None:
    """Red when: the record is written after the cookie, or `_fields` does not catch ValueError."""
    client = Client()
    addresses = iter(range(1, 2**24))
    pair = st.tuples(
        st.sampled_from(FIELDS) | st.text(max_size=5),
        st.sampled_from(VALUES) | st.text(max_size=20),
    )
    pairs = st.lists(pair, max_size=8).map(lambda items: "&".join(map("=".join, items)))
    nearly = st.builds(
        lambda head, tail: f"{head}&{tail}",
        st.sampled_from(
            ["choice=accept&next=/&notice=NOTICE", "choice=save&group=analytics&next=/"]
        ),
        pairs,
    )

    @hypothesis_settings(max_examples=400, deadline=None, derandomize=True)
    @given(
        body=st.binary(max_size=200)
        | (pairs | nearly).map(lambda text: text.encode("utf-8", "surrogatepass"))
    )
    def check(body: bytes) -> None:
        body = body.replace(b"NOTICE", registry.current().notice_key.encode())
        client.cookies.clear()
        before = ConsentRecord.objects.count()

        response = client.post(
            "/en/cookies/",
            body,
            content_type=FORM,
            CONTENT_TYPE=FORM,
            REMOTE_ADDR=str(ipaddress.ip_address("10.0.0.0") + next(addresses)),
        )

        written = ConsentRecord.objects.count() - before
        set_cookies = kept_cookies(response)
        assert response.status_code in {303, 400, 204, 409}
        assert response.status_code < 400 or (written, set_cookies) == (0, {})
        stored = choice.read(set_cookies.pop(COOKIE, None))
        if isinstance(stored, choice.Grant):
            assert ConsentRecord.objects.get(pk=stored.record_id).granted
        elif stored is None:
            assert (written, set_cookies) == (0, {})

    check()


def test_the_fuzzing_starts_from_a_form_that_grants() -> None:
    """The body that the fuzzing varies is a grant; otherwise no variation could be one."""
    response = Client().post("/en/cookies/", make_form("accept"), content_type=FORM)

    assert isinstance(choice.read(kept_cookies(response)[COOKIE]), choice.Grant)
