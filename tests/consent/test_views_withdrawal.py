"""Changing and withdrawing a grant: what is recorded, and what stays in the browser."""

import uuid

import pytest
from django.conf import settings
from django.test import Client

from consent.choice import choice
from consent.models import ConsentRecord
from tests.factories import expired_cookies, kept_cookies, make_client, make_grant, post_choice

pytestmark = pytest.mark.django_db

COOKIE = settings.CHOICE_COOKIE_NAME
REFUSED = {COOKIE: choice.write_refusal()}


def grant_all(client: Client) -> ConsentRecord:
    post_choice(client, "accept")
    return ConsentRecord.objects.get()


def withdraw(client: Client, **fields: str):
    return post_choice(client, "reject", path="/en/cookies/", next="/en/", **fields)


def test_a_withdrawal_supersedes_the_grant_and_shows_its_record_id_once() -> None:
    """Red when: `supersedes_id` is left out of `made_choice`, or the page leaves out the number."""
    client = make_client()
    granted = grant_all(client)

    response = withdraw(client)

    record = ConsentRecord.objects.exclude(pk=granted.pk).get()
    assert (record.is_refusal, record.granted, record.supersedes) == (True, [], granted)
    assert response.status_code == 200
    assert "Your consent is withdrawn." in response.text
    assert f"<code>{record.pk}</code>" in response.text
    assert str(record.pk) not in client.get("/en/cookies/").text


def test_after_a_withdrawal_only_the_refusal_cookie_is_left() -> None:
    """Red when: the withdrawal's cookie holds the number of its record."""
    client = make_client()
    grant_all(client)
    client.cookies.load({"_ga": "1", "_ga_X": "2", "_gcl_au": "3", "Xl7ref": "4", "L7_geoip": "PL"})

    response = withdraw(client)

    assert kept_cookies(response) == REFUSED
    assert {name for name, _domain, _path in expired_cookies(response)} == {
        "_ga",
        "_ga_X",
        "_gcl_au",
        "Xl7ref",
        "L7_geoip",
    }


def test_nothing_of_the_withdrawn_grant_is_on_any_later_page() -> None:
    client = make_client()
    granted = grant_all(client)
    withdraw(client)

    pages = [client.get(path).text for path in ("/", "/cookies/", "/en/cookies/")]

    assert all(str(granted.pk) not in page for page in pages)
    assert "You refused all optional cookies." in pages[2]


def test_the_answer_to_a_withdrawal_is_not_cached() -> None:
    client = make_client()
    grant_all(client)

    assert withdraw(client)["Cache-Control"] == "no-store"


def test_unticking_everything_is_a_withdrawal() -> None:
    """Red when: only `reject` withdraws."""
    client = make_client()
    granted = grant_all(client)

    response = post_choice(client, "save", place="cookie-page", next="/cookies/")

    assert kept_cookies(response) == REFUSED
    assert ConsentRecord.objects.get(is_refusal=True).supersedes == granted


def test_a_changed_grant_supersedes_the_earlier_one_under_a_new_record_id() -> None:
    """Red when: the cookie keeps the earlier record's id."""
    client = make_client()
    first = grant_all(client)

    response = post_choice(client, "save", "preferences")

    second = ConsentRecord.objects.exclude(pk=first.pk).get()
    grant = choice.read(response.cookies[COOKIE].value)
    assert second.supersedes == first
    assert second.granted == ["preferences"]
    assert isinstance(grant, choice.Grant)
    assert (grant.record_id, grant.groups) == (second.pk, {"preferences"})


def test_the_cookies_of_a_withdrawn_group_expire_with_the_answer() -> None:
    """Red when: expiry looks at the choice before the form instead of the one in it."""
    client = make_client()
    grant_all(client)
    client.cookies.load({"_ga": "1", "_gcl_au": "3"})

    response = post_choice(client, "save", "marketing")

    assert expired_cookies(response) == {
        ("_ga", "", "/"),
        ("_ga", "", "/cookies"),
        ("_ga", "", "/cookies/"),
    }


def test_a_refusal_after_a_refusal_supersedes_nothing() -> None:
    """Red when: refusals are linked to each other, and so to a browser."""
    client = make_client()
    post_choice(client, "reject")
    post_choice(client, "reject")

    assert set(ConsentRecord.objects.values_list("supersedes", flat=True)) == {None}
    assert ConsentRecord.objects.count() == 2


def test_a_grant_after_a_refusal_supersedes_nothing() -> None:
    client = make_client(refused=True)
    post_choice(client, "accept")

    assert ConsentRecord.objects.get().supersedes is None


def test_a_withdrawal_counts_where_the_record_of_its_grant_is_missing() -> None:
    """Red when: `supersedes_id` is stored without looking for its record."""
    client = make_client("analytics")

    response = withdraw(client)

    assert kept_cookies(response) == REFUSED
    assert ConsentRecord.objects.get().supersedes is None


def test_a_grant_suspended_by_the_signal_can_be_withdrawn() -> None:
    client = make_client()
    granted = grant_all(client)
    client.headers = {}

    response = client.post(
        "/cookies/",
        f"choice=reject&next=/&notice={granted.notice.hash[:16]}",
        content_type="application/x-www-form-urlencoded",
        headers={"sec-gpc": "1"},
    )

    record = ConsentRecord.objects.get(is_refusal=True)
    assert (record.supersedes, record.has_gpc_signal) == (granted, True)
    assert kept_cookies(response) == REFUSED


def test_the_cookie_page_shows_the_visitors_own_record_and_when_we_ask_again() -> None:
    """Red when: the page shows a grant's moment in another time zone, or leaves one line out."""
    client = make_client()
    record = grant_all(client)

    page = client.get("/en/cookies/")

    assert f"<code>{record.pk}</code>" in page.text
    assert "We ask again on" in page.text
    assert page["Cache-Control"] == "private, no-store"


def test_a_visitor_never_sees_the_record_of_another() -> None:
    """Red when: the cookie page of a grant is kept in the page cache."""
    first, second = (make_client(), make_client())
    for client in (first, second):
        post_choice(client, "accept")
    own = {
        client: choice.read(client.cookies[COOKIE].value).record_id for client in (first, second)
    }

    for client, other in ((first, second), (second, first)):
        page = client.get("/cookies/").text
        assert str(own[client]) in page
        assert str(own[other]) not in page


def test_a_visitor_who_refused_reads_after_how_many_days_we_ask_again() -> None:
    page = make_client(refused=True).get("/en/cookies/").text

    assert "182 days after your refusal." in page
    assert "Number of the record" not in page


def test_a_forged_record_id_in_the_cookie_supersedes_nothing() -> None:
    grant = make_grant("analytics")
    client = Client()
    client.cookies[COOKIE] = choice.write_grant(grant).replace(
        grant.record_id.hex, uuid.uuid4().hex
    )

    post_choice(client, "reject")

    assert ConsentRecord.objects.get().supersedes is None


def test_a_withdrawn_group_clears_the_other_storage_of_its_tags() -> None:
    """Red when: the header is left out, or sent where no group is withdrawn."""
    client = make_client()
    answers = [
        post_choice(client, "save", *groups)
        for groups in (["analytics"], ["analytics", "marketing"], ["marketing"], [])
    ]

    assert [answer.get("Clear-Site-Data") for answer in answers] == [
        None,
        None,
        '"storage"',
        '"storage"',
    ]
    assert "Clear-Site-Data" not in post_choice(make_client(), "reject")


def test_a_background_refusal_of_a_granting_visitor_is_answered_409_and_stores_nothing() -> None:
    """Red when: a withdrawal made from an older page in another tab gets no page of its own."""
    client = make_client()
    grant_all(client)

    response = post_choice(client, "reject", javascript="1", background="1")

    assert (response.status_code, response.content) == (409, b"")
    assert dict(response.cookies) == {}
    assert ConsentRecord.objects.count() == 1


def test_a_visitor_who_refused_reads_why_there_is_no_receipt() -> None:
    page = make_client(refused=True).get("/en/cookies/").text

    assert "A refusal has no receipt: we give it no number" in page


@pytest.mark.parametrize(("path", "leads_back"), [("/ceny/", True), ("/cookies/", False)])
def test_the_answer_to_a_withdrawal_leads_back_to_another_page_only(path, leads_back) -> None:
    """A link to the page itself would lose the number. Red when: `next_path` is always given."""
    client = make_client()
    grant_all(client)

    answer = post_choice(client, "reject", next=path)

    assert (f'<a href="{path}">Wróć' in answer.text) is leads_back
