"""Staff see the state of mails, send failed mails again, and block addresses that bounce."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail as django_mail
from django.urls import reverse
from django.utils import timezone

from delivery import outbox, worker
from delivery.models import Mail
from tests.factories import make_sign_up
from tests.pages import Page
from tests.staff import act, make_staff, message_levels

pytestmark = pytest.mark.django_db

LIST = "/admin/delivery/mail/"


def make_mail(state: str = Mail.State.WAITING, *, email: str = "anna@example.com") -> Mail:
    """The mail of a sign-up. A mail that no longer waits was given to the mail server once."""
    sign_up = make_sign_up(email=email)
    mail = Mail.objects.get(about=str(sign_up.pk))
    if state != Mail.State.WAITING:
        mail.write(possible_copies=1)
        mail.finish(Mail.State(state), at=timezone.now(), error="SMTPDataError 550")
    return mail


def test_staff_see_the_state_of_each_mail_and_why_it_was_given_up(admin_client) -> None:
    mail = make_mail(Mail.State.FAILED)

    listed = Page(admin_client.get(LIST, {"state": "failed", "kind": mail.kind}).content)
    detail = Page(admin_client.get(reverse("admin:delivery_mail_change", args=[mail.pk])).content)

    assert "SMTPDataError 550" in listed.one("table", id="result_list").text
    assert str(mail.about) in detail.one("main").text
    assert "None" not in detail.one("main").text
    assert [e for e in detail.all("input") if e.get("type") == "submit"] == []


def test_the_search_finds_the_mails_about_one_sign_up_also_beside_another_number(
    admin_client,
) -> None:
    """Red when: a part of the number is compared with every mail, or with the whole text alone."""
    mail = make_mail()
    make_mail(email="jan@example.com")
    beside = outbox.put(kind="policy", about=f"{mail.about} 7", at=timezone.now())
    other = outbox.put(kind="digest", about="7", at=timezone.now())

    def found(text: str) -> set[Mail]:
        return {*admin_client.get(LIST, {"q": text}).context["cl"].result_list}

    assert found(f" {mail.about.upper()} ") == {mail, beside}
    assert found("7") == {other}
    assert found(mail.about[:8]) == set()


def test_staff_can_neither_add_nor_change_nor_delete_a_mail(admin_client) -> None:
    """Red when: `ReadOnly` allows one of the three."""
    mail = make_mail()

    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.post(f"{LIST}{mail.pk}/change/", {"kind": "x"}).status_code == 403
    assert admin_client.post(f"{LIST}{mail.pk}/delete/", {"post": "yes"}).status_code == 403
    act(admin_client, LIST, "delete_selected", mail)
    assert Mail.objects.filter(pk=mail.pk).exists()


def test_a_mail_that_was_given_up_is_sent_again_as_a_new_one(admin_client, admin_user) -> None:
    """Red when: the old row is queued again: it may have used up its copies."""
    failed = make_mail(Mail.State.FAILED)
    waiting = make_mail(email="jan@example.com")

    response = act(admin_client, LIST, "send_again", failed, waiting)

    again = Mail.objects.exclude(pk__in=[failed.pk, waiting.pk]).get()
    assert (again.kind, again.about, again.state) == (failed.kind, failed.about, "waiting")
    failed.refresh_from_db()
    assert failed.state == Mail.State.FAILED
    assert message_levels(response) == ["success"]
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (admin_user, str(failed.pk))


def test_an_address_that_bounced_gets_no_more_until_the_block_is_lifted(admin_client) -> None:
    """Red when: `block_reader` blocks no address, or `lift_suppression` deletes no row."""
    bounced = make_mail(Mail.State.DELIVERED)

    act(admin_client, LIST, "take_bounce", bounced)
    assert outbox.is_suppressed("ANNA@example.com", at=timezone.now())
    bounced.refresh_from_db()
    assert bounced.state == Mail.State.FAILED
    act(admin_client, LIST, "send_again", bounced)
    worker.work_off(timezone.now())
    assert django_mail.outbox == []

    act(admin_client, LIST, "lift_block", bounced)
    assert not outbox.is_suppressed("anna@example.com", at=timezone.now())
    act(admin_client, LIST, "send_again", bounced)
    worker.work_off(timezone.now())
    assert [message.to for message in django_mail.outbox] == [["anna@example.com"]]
    assert LogEntry.objects.count() == 4


def test_a_mail_that_was_never_sent_cannot_have_bounced(admin_client) -> None:
    """Red when: `possible_copies` is not checked."""
    mail = make_mail()

    response = act(admin_client, LIST, "take_bounce", mail)

    mail.refresh_from_db()
    assert mail.state == Mail.State.WAITING
    assert not outbox.is_suppressed("anna@example.com", at=timezone.now())
    assert message_levels(response) == ["warning"]
    assert LogEntry.objects.count() == 0


@pytest.mark.parametrize("action", ["send_again", "take_bounce", "lift_block"])
def test_staff_who_may_only_look_change_nothing(action: str) -> None:
    """Red when: an action asks for no permission, or for `view`."""
    mail = make_mail(Mail.State.FAILED)
    client = make_staff("view_mail")
    if action == "lift_block":
        outbox.suppress("anna@example.com", at=timezone.now())

    assert client.get(LIST).status_code == 200
    act(client, LIST, action, mail)

    assert Mail.objects.count() == 1
    blocked = outbox.is_suppressed("anna@example.com", at=timezone.now())
    assert blocked is (action == "lift_block")
    assert LogEntry.objects.count() == 0


def test_staff_who_may_change_mails_may_act_on_them() -> None:
    """Red when: `has_act_permission` asks for anything else."""
    mail = make_mail(Mail.State.FAILED)

    act(make_staff("view_mail", "change_mail"), LIST, "send_again", mail)

    assert Mail.objects.count() == 2


def test_the_log_keeps_no_name_and_no_address(admin_client) -> None:
    """Red when: the log quotes the row."""
    act(admin_client, LIST, "send_again", make_mail(Mail.State.FAILED))

    entry = LogEntry.objects.get()
    assert "@" not in entry.object_repr + entry.change_message


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (outbox.BOUNCED, "Poczta na ten adres wraca."),
        ("KeyError", "KeyError"),
        ("", "–"),
    ],
)
def test_the_last_error_is_a_sentence_in_polish_where_there_is_one(
    admin_client, error: str, shown: str
) -> None:
    """Red when: staff read what the worker stored, which is English."""
    mail = make_mail()
    Mail.objects.update(last_error=error)

    page = Page(admin_client.get(f"/admin/delivery/mail/{mail.pk}/change/").content)
    rows = [e.text for e in page.all("div") if "field-error" in e.classes]
    assert [row.endswith(shown) for row in rows] == [True]
