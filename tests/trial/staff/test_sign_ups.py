"""Staff read sign-ups with their proofs, and act on them; each act is logged."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from delivery.models import Mail
from tests.factories import make_sign_up, make_trial
from tests.pages import Page
from tests.staff import act, make_staff, message_levels
from trial import actions
from trial.models import Channel, HandOver, SignUp

pytestmark = pytest.mark.django_db

LIST = "/admin/trial/signup/"
LONG_AGO = timedelta(days=40)


def detail(sign_up: SignUp) -> str:
    return f"{LIST}{sign_up.pk}/change/"


def listed(client, **filters: str) -> set[str]:
    """The e-mail addresses in the list."""
    page = Page(client.get(LIST, filters).content)
    return {cell.text for cell in page.with_class("field-readable_email")}


def mails_of(sign_up: SignUp) -> int:
    return Mail.objects.filter(about=str(sign_up.pk), kind=actions.CONFIRM).count()


@pytest.fixture
def three() -> dict[str, SignUp]:
    """An unconfirmed sign-up, a running trial and one that is over, in two languages."""
    paid = {"referrer": "", "landing": "/", "parameters": {"utm_campaign": "Spring"}}
    long_ago = timezone.now() - LONG_AGO
    return {
        "waiting": make_sign_up(email="waiting@example.com", language="en"),
        "running": make_trial(email="running@example.com", attribution=paid),
        "over": make_trial(email="over@example.com", at=long_ago, company="Dawna Firma"),
    }


@pytest.mark.parametrize("state", ["waiting", "running", "over"])
def test_sign_ups_are_filtered_by_their_state(admin_client, three, state: str) -> None:
    """Red when: the filter and `state_of` disagree."""
    assert listed(admin_client, state=state) == {three[state].email}


def test_sign_ups_are_filtered_by_language_attribution_and_search(admin_client, three) -> None:
    """Red when: a filter is missing, or reads the wrong column."""
    assert listed(admin_client) == {row.email for row in three.values()}
    assert listed(admin_client, language="en") == {"waiting@example.com"}
    assert listed(admin_client, attribution="yes") == {"running@example.com"}
    assert "running@example.com" not in listed(admin_client, attribution="no")
    assert listed(admin_client, q="Dawna") == {"over@example.com"}
    assert listed(admin_client, q="WAITING@") == {"waiting@example.com"}
    this_year = str(timezone.now().year)
    assert "waiting@example.com" in listed(admin_client, created_at__year=this_year)


def test_a_sign_up_cannot_be_added_changed_or_deleted(admin_client) -> None:
    """Red when: `ReadOnlyAdmin` allows one of the three."""
    sign_up = make_sign_up()

    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.post(detail(sign_up), {"name": "Inna"}).status_code == 403
    assert admin_client.post(f"{LIST}{sign_up.pk}/delete/", {"post": "yes"}).status_code == 403
    act(admin_client, LIST, "delete_selected", sign_up)
    assert SignUp.objects.get().name == "Anna Nowak"


def test_the_page_of_a_sign_up_shows_its_proofs_mails_and_hand_over(admin_client, settings) -> None:
    """Red when: an inline or the list of mails is missing."""
    settings.PROVISIONING_URL = "https://phones.example/"
    trial = make_trial("email", "phone")
    [by_phone] = trial.consents.filter(channel=Channel.PHONE)
    actions.withdraw(by_phone, method="staff", at=timezone.now())
    hand_over = HandOver.objects.get()
    hand_over.finish(HandOver.State.FAILED, at=timezone.now(), error="HTTPError 502")

    page = Page(admin_client.get(detail(trial)).content)

    text = page.one("main").text
    for consent in trial.consents.all():
        assert " ".join(consent.text.split()) in text
    assert by_phone.withdrawal.get_method_display() in text
    assert "HTTPError 502" in text
    assert "None" not in text
    assert "+00:00" not in text
    linked = {link for link in page.links if "/admin/delivery/mail/" in link}
    own = Mail.objects.filter(about=str(trial.pk))
    assert linked >= {f"/admin/delivery/mail/{mail.pk}/change/" for mail in own}
    assert [e for e in page.all("input") if e.get("type") in {"text", "submit"}] == []


def test_the_pages_need_no_more_queries_for_more_rows(admin_client, settings) -> None:
    """Red when: the inline has no `select_related`, or a column needs a query for each row."""
    settings.PROVISIONING_URL = "https://phones.example/"
    one = make_trial("email")
    many = make_trial("email", "phone", email="many@example.com")
    for consent in many.consents.all():
        actions.withdraw(consent, method="page", at=timezone.now())
    for address in (LIST, detail(one)):  # the first request fills caches of the process
        admin_client.get(address)

    with CaptureQueriesContext(connection) as with_one:
        admin_client.get(detail(one))
    with CaptureQueriesContext(connection) as with_many:
        assert "<table" in admin_client.get(detail(many)).content.decode()
    assert len(with_many) == len(with_one)

    with CaptureQueriesContext(connection) as few:
        assert len(listed(admin_client)) == 2
    for number in range(5):
        make_trial("email", email=f"{number}@example.com")
    with CaptureQueriesContext(connection) as more:
        assert len(listed(admin_client)) == 7
    assert len(more) == len(few)


def test_staff_with_the_view_permission_download_the_selected_sign_ups() -> None:
    """Red when: the download holds every row, or is not logged."""
    chosen, other = make_sign_up(), make_sign_up(email="jan@example.com")

    response = act(make_staff("view_signup"), LIST, "download_csv", chosen)

    text = b"".join(response.streaming_content).decode()
    assert chosen.email in text
    assert other.email not in text
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert "no-store" in response["Cache-Control"]
    assert LogEntry.objects.get().user.username == "colleague"


def test_staff_send_the_confirmation_again_without_a_limit(admin_client) -> None:
    """Red when: confirmed sign-ups get it as well, or the daily limit applies."""
    unconfirmed, trial = make_sign_up(), make_trial(email="jan@example.com")

    for _turn in range(4):
        response = act(admin_client, LIST, "send_confirmation", unconfirmed, trial)

    assert (mails_of(unconfirmed), mails_of(trial)) == (5, 1)
    assert message_levels(response) == ["success"]
    assert message_levels(act(admin_client, LIST, "send_confirmation", trial)) == ["warning"]
    assert {entry.object_id for entry in LogEntry.objects.all()} == {str(unconfirmed.pk)}


def test_ending_trials_changes_only_the_running_one(admin_client, admin_user, three) -> None:
    """Red when: the action ends nothing, or ends a trial that is over."""
    response = act(admin_client, LIST, "end_trial", *three.values())

    at = timezone.now()
    assert SignUp.objects.running(at=at).count() == 0
    assert [row.email for row in SignUp.objects.exclude(ended_at=None)] == ["running@example.com"]
    assert message_levels(response) == ["success"]
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (admin_user, str(three["running"].pk))
    assert three["running"].company not in entry.object_repr


@pytest.mark.parametrize("action", ["send_confirmation", "end_trial"])
def test_staff_with_only_the_view_permission_change_nothing(three, action: str) -> None:
    """Red when: an action needs no permission, or only `view`."""
    mails = Mail.objects.count()

    act(make_staff("view_signup"), LIST, action, *three.values())

    assert Mail.objects.count() == mails
    assert not SignUp.objects.exclude(ended_at=None).exists()
    assert not LogEntry.objects.exists()


def test_staff_without_the_permission_see_no_sign_up(three) -> None:
    """Red when: the list checks no permission."""
    client = make_staff("view_mail")

    assert client.get(LIST).status_code == 403
    assert client.get(detail(three["running"])).status_code == 403
    assert act(client, LIST, "download_csv", three["running"]).status_code == 403
