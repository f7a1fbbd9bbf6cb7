"""The form of a choice, read strictly."""

from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client, RequestFactory

from consent.choice.form import ChoiceForm, read_form
from consent.models import ConsentRecord
from consent.registry import registry
from tests.factories import FORM, make_client, make_form, post_choice
from tests.run_once import decides_in_memory

pytestmark = [pytest.mark.django_db, decides_in_memory]

UNREADABLE = "The form is not readable."
UNKNOWN_CHOICE = "The form does not contain a choice that we know."
UNKNOWN_FIELDS = "The form has fields that we do not know."
ELSEWHERE = "The form would lead away from this site."


def send(client: Client, body: str | bytes, content_type: str = FORM) -> Any:
    # The type is passed twice, because the test client drops it for an empty body.
    return client.post("/en/cookies/", body, content_type=content_type, CONTENT_TYPE=content_type)


def read(body: str, **headers: str) -> ChoiceForm:
    request = RequestFactory().post("/cookies/", body, content_type=FORM, headers=headers)
    return read_form(request, registry=registry.current())


def assert_refused(response: Any, status: int, sentence: str) -> None:
    """A clear sentence, no cookie, no row, and the present form to try again."""
    assert response.status_code == status
    assert f'<p class="notice notice--problem" role="alert">{sentence}</p>' in response.text
    assert dict(response.cookies) == {}
    assert ConsentRecord.objects.count() == 0
    assert f'name="notice" value="{registry.current().notice_key}"' in response.text
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        pytest.param("", UNKNOWN_CHOICE, id="empty body"),
        pytest.param("choice=", UNKNOWN_CHOICE, id="empty choice"),
        pytest.param("choice=yes", UNKNOWN_CHOICE, id="unknown choice"),
        pytest.param("choice=ACCEPT", UNKNOWN_CHOICE, id="choice in capitals"),
        pytest.param("choice=%zz", UNKNOWN_CHOICE, id="percent garbage in the choice"),
        pytest.param("choice", UNREADABLE, id="no value"),
        pytest.param("&&&", UNREADABLE, id="only separators"),
        pytest.param("choice=accept&%", UNREADABLE, id="percent garbage as a field"),
        pytest.param("choice=accept&next=%ff%fe", UNREADABLE, id="broken UTF-8, encoded"),
        pytest.param(b"choice=accept&next=/\xff", UNREADABLE, id="broken UTF-8, raw"),
        pytest.param("choice=accept&next=/ż", UNREADABLE, id="UTF-8 that is not encoded"),
        pytest.param("{}", UNREADABLE, id="JSON under a false type"),
        pytest.param("choice=accept" + "&group=a" * 60, UNREADABLE, id="too many fields"),
        pytest.param("choice=accept&next=/&csrf=1", UNKNOWN_FIELDS, id="unknown field"),
        pytest.param("choice=accept&next=/&Choice=reject", UNKNOWN_FIELDS, id="field in capitals"),
    ],
)
def test_a_form_that_our_pages_never_send_changes_nothing(body: str | bytes, sentence: str) -> None:
    """Red when: `_fields` or `read` accepts the error of the test id."""
    assert_refused(send(make_client(), body), 400, sentence)


@pytest.mark.parametrize("name", ["choice", "notice", "next", "place", "javascript", "referrer"])
def test_a_doubled_field_changes_nothing(name: str) -> None:
    """Red when: `_one` takes the first or the last of several values."""
    values = {"place": "banner", "javascript": "1", "referrer": ""}
    body = make_form("accept", **values)

    response = send(make_client(), f"{body}&{name}=reject")

    assert_refused(response, 400, f"The form names “{name}” more than once.")


@pytest.mark.parametrize(
    "groups",
    [
        ["newsletter"],
        ["analytics", "newsletter"],
        ["necessary"],
        [""],
        ["Analytics"],
        ["analytics "],
    ],
    ids=str,
)
@pytest.mark.parametrize("choice_", ["save", "accept"])
def test_an_unknown_group_changes_nothing(choice_: str, groups: list[str]) -> None:
    """Red when: unknown groups are ignored instead of refused."""
    unknown = next(name for name in groups if name != "analytics")

    response = send(make_client(), make_form(choice_, *groups))

    assert_refused(response, 400, f"The form names a group that we do not know: {unknown}.")


def test_markup_in_an_unknown_group_is_shown_as_text() -> None:
    response = send(make_client(), make_form("save", "<script>alert(1)</script>"))

    assert "<script>alert" not in response.text
    assert response.status_code == 400


ELSEWHERE_ADDRESSES = pytest.mark.parametrize(
    "address",
    [
        "",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example/",
        "/\\/evil.example/",
        "https://evil.example/",
        "HTTPS://evil.example/",
        "http:evil.example/",
        "https:/evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example/",
        "/admin/",
        "/admin/login/",
        "/admin",
        "/en/../admin/",
        "/%2e%2e/admin/",
        "/./admin/",
        "/..//evil.example/",
        "/@evil.example/",
        "/\t/evil.example/",
        "/\n/evil.example/",
        "/\r\nSet-Cookie: a=b/",
        "/\x00/",
        " /",
        "/ /",
        "/?next=//evil.example/",
        "/#x",
        "/%0d%0aSet-Cookie:a=b/",
        "/en//evil.example/",
        "/\u2028/",
        "/\u202e/",
        "/ż/",
    ],
    ids=ascii,
)


@ELSEWHERE_ADDRESSES
@pytest.mark.parametrize("choice_", ["accept", "choose"])
def test_a_next_address_elsewhere_changes_nothing(choice_: str, address: str) -> None:
    """Red when: `_PAGE` is matched instead of matched in full, or allows dots, or /admin/ passes."""
    response = send(make_client(), make_form(choice_, next=address))

    assert_refused(response, 400, ELSEWHERE)


@ELSEWHERE_ADDRESSES
def test_a_refusal_with_a_next_address_elsewhere_counts_on_the_cookie_page(address: str) -> None:
    """Red when: a refusal is answered 400 for its address, or leads away."""
    response = send(make_client(), make_form("reject", next=address))

    assert (response.status_code, response["Location"]) == (303, "/en/cookies/#saved")
    assert ConsentRecord.objects.get().is_refusal


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data; boundary=x", "text/plain", "application/json", "", "application/xml"],
)
def test_a_wrong_content_type_changes_nothing(content_type: str) -> None:
    """Red when: the content type is not read."""
    response = send(make_client(), make_form("accept"), content_type)

    assert_refused(response, 415, "The form must be sent URL-encoded.")


def test_a_content_type_with_a_character_set_is_the_same_type() -> None:
    response = send(make_client(), make_form("accept"), f"{FORM}; charset=UTF-8")

    assert response.status_code == 303


@pytest.mark.parametrize("size", [8 * 1024 + 1, 2 * 1024 * 1024], ids=["a byte", "two megabytes"])
def test_an_oversized_body_changes_nothing(size: int) -> None:
    """Red when: the length is not compared."""
    body = make_form("accept", referrer="")
    response = send(make_client(), body + "a" * (size - len(body)))

    assert_refused(response, 413, "The form is larger than it can be.")


def test_a_body_of_exactly_the_largest_size_is_read() -> None:
    body = make_form("accept", referrer="")

    response = send(make_client(), body + "a" * (8 * 1024 - len(body)))

    assert response.status_code == 303


@pytest.mark.parametrize(
    ("length", "sentence"),
    [("", UNKNOWN_CHOICE), ("-1", UNKNOWN_CHOICE), ("many", UNREADABLE), ("1e3", UNREADABLE)],
)
def test_a_body_of_a_false_length_changes_nothing(length: str, sentence: str) -> None:
    response = make_client().post(
        "/en/cookies/", make_form("accept"), content_type=FORM, CONTENT_LENGTH=length
    )

    assert_refused(response, 400, sentence)


def test_an_unknown_place_changes_nothing() -> None:
    response = send(make_client(), make_form("accept", place="email"))

    assert_refused(response, 400, "The form does not say where it was shown.")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE"])
@pytest.mark.parametrize("path", ["/cookies/", "/en/cookies/"])
def test_a_wrong_http_method_is_answered_with_the_allowed_ones(path: str, method: str) -> None:
    """Red when: `require_http_methods` is taken off the view."""
    response = make_client().generic(method, path)

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, POST"
    assert dict(response.cookies) == {}
    assert 'class="error__status">405<' in response.text


@pytest.mark.parametrize("groups", [["newsletter"], ["analytics"], ["", "necessary"]], ids=str)
@pytest.mark.parametrize("notice", ["", "f" * 16, "'; DROP TABLE", "ż" * 100], ids=ascii)
def test_a_refusal_counts_whatever_groups_and_notice_the_form_names(
    notice: str, groups: list[str]
) -> None:
    """Red when: `read` refuses unknown groups for every choice."""
    response = post_choice(make_client(), "reject", *groups, notice=notice)

    assert response.status_code == 303
    record = ConsentRecord.objects.get()
    assert (record.is_refusal, record.granted, record.notice) == (True, [], None)


@pytest.mark.parametrize(
    "more",
    [
        "utm_source=mail",
        "Choice=accept",
        "x=1&y=2&x=3",
        "place=email",
        "place=",
        "place=banner&place=cookie-page",
        "method=email",
        "method=",
        "method=banner&method=cookie-page",
        "notice=a&notice=b",
        "javascript=1&javascript=0",
        "referrer=a&referrer=b",
        "group=analytics&group=analytics",
        "choice=reject",
        "next=/en/&next=/",
        "flag",
        "&",
        "%",
        "x=%ff%fe",
        "x=ż",
        "&".join(f"x{number}=1" for number in range(60)),
    ],
)
def test_a_refusal_counts_whatever_else_the_form_holds(more: str) -> None:
    """A proxy or an extension may add a field. Red when: `_known_fields` is not called."""
    response = send(make_client(), f"choice=reject&next=/en/&{more}")

    assert response.status_code == 303
    record = ConsentRecord.objects.get()
    assert (record.is_refusal, record.granted) == (True, [])


@pytest.mark.parametrize("choice_", ["accept", "save", "choose"])
def test_any_other_choice_with_an_unknown_field_changes_nothing(choice_: str) -> None:
    """Red when: unknown fields are dropped for every choice."""
    response = send(make_client(), f"choice={choice_}&next=/&group=analytics&utm_source=mail")

    assert_refused(response, 400, UNKNOWN_FIELDS)


def test_a_form_with_two_choices_changes_nothing() -> None:
    response = send(make_client(), "choice=reject&choice=accept&next=/")

    assert_refused(response, 400, "The form names “choice” more than once.")


def test_accept_grants_all_save_the_ticked_and_reject_nothing() -> None:
    """Red when: `reject` or `choose` takes the ticked groups."""
    granted = {
        choice_: read(make_form(choice_, "marketing", "preferences")).granted
        for choice_ in ("accept", "save", "reject", "choose")
    }

    assert granted == {
        "accept": ("preferences", "analytics", "marketing"),
        "save": ("preferences", "marketing"),
        "reject": (),
        "choose": (),
    }


def test_nothing_ticked_is_a_refusal() -> None:
    assert read(make_form("save")).granted == ()


@pytest.mark.parametrize("more", ["", "&utm_source=mail", "&next=//evil.example/", "&place=x"])
def test_nothing_ticked_is_a_refusal_whatever_else_the_form_holds(more: str) -> None:
    """Red when: only the button for refusing is lenient."""
    response = send(make_client(), f"choice=save{more}")

    assert (response.status_code, response["Location"]) == (303, "/en/cookies/#saved")
    assert ConsentRecord.objects.get().is_refusal


def test_a_garbled_form_that_saves_is_not_taken_for_a_refusal() -> None:
    """A tick may be in what cannot be read. Red when: any unreadable form counts."""
    assert_refused(send(make_client(), "choice=save&next=/&group%"), 400, UNREADABLE)


def test_a_form_says_where_it_was_shown_and_whether_javascript_ran() -> None:
    form = read(make_form("accept", place="cookie-page", javascript="1"))

    assert (form.place, form.has_javascript) == ("cookie-page", True)
    assert (read(make_form("accept")).place, read(make_form("accept")).has_javascript) == (
        "banner",
        False,
    )


def test_a_page_from_before_the_release_says_where_it_was_shown_by_the_former_field() -> None:
    """Red when: `read_form` knows the new name alone, so that an open page answers 400."""
    assert read(make_form("accept", method="cookie-page")).place == "cookie-page"


def test_every_page_shows_a_form_that_is_accepted() -> None:
    """The fields of the banner and of the cookie page are the ones that are read."""
    body = urlencode({"notice": registry.current().notice_key, "next": "/en/", "place": "banner"})

    form = read(f"choice=save&group=analytics&{body}&javascript=1&referrer={quote('https://a.b')}")

    assert form.granted == ("analytics",)
