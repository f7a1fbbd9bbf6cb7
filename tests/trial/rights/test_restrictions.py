"""Restricted data is kept and used for nothing: no mail, call, export or hand-over (GDPR Art. 18)."""

from datetime import timedelta

import pytest
from django.core import mail as outgoing
from django.utils import timezone

from delivery import worker
from delivery.models import Mail
from privacy.rights.cases import erasure_cases, restrictions
from privacy.rights.map.declarations import Person
from tests.factories import make_person_to_call, make_sign_up, make_trial
from tests.privacy.policies.drafts import make_published
from tests.privacy.rights.people import START, days
from tests.staff import act
from trial import actions
from trial.models import HandOver, MarketingConsent, MarketingMail, Objection, SignUp
from trial.phone_system import hand_over, webhook
from trial.staff import export

pytestmark = pytest.mark.django_db

ANNA = Person("anna@example.com")


@pytest.fixture
def restriction() -> restrictions.Restriction:
    return restrictions.restrict(ANNA, reason="Asked by letter.", at=START + days(1))


def readers(at) -> list[str]:
    """Whom the worker mails at a moment."""
    outgoing.outbox.clear()
    worker.work_off(at)
    return sorted(address for message in outgoing.outbox for address in message.to)


def test_no_mail_of_any_kind_is_sent_while_a_restriction_stands() -> None:
    """Red when: a kind of mail is registered without `_while_usable`."""
    for email in ("anna@example.com", "ewa@example.com"):
        make_trial("email", email=email, at=START)
        make_sign_up(email=email, at=START)  # a second one, whose mail says that there is a trial
    restrictions.restrict(ANNA, reason="Asked by letter.", at=START)
    mail = MarketingMail.objects.create(subject_pl="A", subject_en="A", text_pl="A", text_en="A")
    actions.send_marketing_mail(mail, at=START)
    actions.announce_policy(make_published(is_material=True), START)
    assert {*Mail.objects.values_list("kind", flat=True)} == {
        actions.CONFIRM,
        actions.STARTED,
        actions.REMINDER,
        actions.MARKETING,
        actions.POLICY,
    }

    # make_trial confirms from the page, so its first mail is written to somebody who has a trial.
    addresses = [*readers(START + days(1)), *readers(START + days(28))]
    assert addresses == ["ewa@example.com"] * 6


def test_a_mail_that_was_due_is_sent_when_the_restriction_is_lifted(restriction) -> None:
    """An undone erasure has lost nothing. Red when: the mail was canceled."""
    make_trial(at=START)
    assert readers(START + days(1)) == []

    restrictions.lift(restriction, at=START + days(2))
    assert "anna@example.com" in readers(START + days(2))


def test_marketing_leaves_restricted_people_out(restriction) -> None:
    """Red when: `live` does not ask for restrictions."""
    trial = make_person_to_call(at=START, email="anna@example.com")
    other = make_person_to_call(at=START, email="ewa@example.com")

    def called() -> list[SignUp]:
        return [person for _consent, person in export.people_to_call(at=START + days(2))]

    assert called() == [other]
    restrictions.lift(restriction, at=START + days(2))
    assert {*called()} == {trial, other}


def test_a_restriction_withdraws_no_consent(restriction) -> None:
    """Red when: somebody's trial is deleted early, as if their consent were gone."""
    make_trial("email", at=START)

    assert MarketingConsent.objects.standing(at=START + days(2)).count() == 1
    assert not MarketingConsent.objects.live("email", at=START + days(2)).exists()


def test_restricted_people_are_not_exported(admin_client, restriction) -> None:
    rows = [make_trial(email=f"{name}@example.com", at=START) for name in ("anna", "ewa")]

    page = act(admin_client, "/admin/trial/signup/", "download_csv", *rows)

    text = b"".join(page.streaming_content).decode()
    assert "ewa@example.com" in text
    assert "anna@example.com" not in text


def test_restricted_trials_are_not_handed_over(settings, monkeypatch, restriction) -> None:
    """Red when: `due` finds the hand-over all the same. It waits, and loses no attempt."""
    settings.PROVISIONING_URL = "https://phone.example.com/trials"
    make_trial(at=START)
    sent = []
    monkeypatch.setattr(webhook, "attempt", lambda *args, **kwargs: sent.append(args))

    assert not hand_over.deliver_next(START + days(1))
    assert HandOver.objects.get().attempts == 0

    restrictions.lift(restriction, at=START + days(2))
    assert hand_over.deliver_next(START + days(2))
    assert len(sent) == 1


def test_what_a_person_sends_later_is_not_restricted(restriction) -> None:
    """Red when: whoever restricted an old trial cannot start a new one."""
    later = make_sign_up(at=START + days(2))

    assert [*SignUp.objects.usable()] == [later]
    assert readers(START + days(2)) == ["anna@example.com"]


def test_a_new_sign_up_tells_nothing_of_a_restricted_trial() -> None:
    """The mail would say until when the trial runs. Red when: only its own sign-up is asked."""
    make_trial(at=START)
    Mail.objects.all().delete()
    case = erasure_cases.request(ANNA, at=START + days(1))
    later = make_sign_up(at=START + days(1.5))

    assert readers(START + days(1.5)) == []
    assert Mail.objects.get().state == Mail.State.WAITING

    assert erasure_cases.finish_next(case.final_at)
    assert readers(START + days(2.1)) == ["anna@example.com"]
    assert "potwierdz" in outgoing.outbox[0].body
    assert [*SignUp.objects.all()] == [later]


def test_who_is_restricted_can_still_withdraw_and_object(client, restriction) -> None:
    """GDPR Art. 7(3) and 21(2). Red when: a restriction stops what the person does themselves."""
    consent = make_trial("email", at=START).consents.get()

    assert client.post(f"/darmowy-okres-probny/zgody/{consent.pk}/").status_code == 200
    assert MarketingConsent.objects.get().withdrawn_at
    assert actions.object_to_marketing(ANNA, method="page", at=START + days(2))
    assert Objection.objects.count() == 2


def test_a_restricted_hand_over_that_staff_start_over_waits(
    settings, monkeypatch, admin_client, restriction
) -> None:
    """Red when: `try_again` goes past the restriction."""
    settings.PROVISIONING_URL = "https://phone.example.com/trials"
    make_trial(at=START)
    row = HandOver.objects.get()
    row.finish(HandOver.State.FAILED, at=START)
    sent = []
    monkeypatch.setattr(webhook, "attempt", lambda *args, **kwargs: sent.append(args))

    act(admin_client, "/admin/trial/handover/", "try_again", row)

    row.refresh_from_db()
    assert row.state == HandOver.State.WAITING
    assert not hand_over.deliver_next(timezone.now())
    assert sent == []


def test_mails_that_staff_send_again_wait_too(admin_client, restriction) -> None:
    """Red when: an action of staff sends at once."""
    sign_up = make_sign_up(at=START)
    row = Mail.objects.get()
    row.finish(Mail.State.FAILED, at=START)

    act(admin_client, "/admin/trial/signup/", "send_confirmation", sign_up)
    act(admin_client, "/admin/delivery/mail/", "send_again", row)

    assert Mail.objects.filter(state=Mail.State.WAITING).count() == 2
    assert readers(timezone.now()) == []


def test_a_running_trial_goes_on_after_an_undone_erasure() -> None:
    """Red when: the trial ends with the request."""
    trial = make_trial(at=START)
    case = erasure_cases.request(ANNA, at=START + days(1))
    assert not SignUp.objects.usable().exists()

    erasure_cases.undo(case, at=START + days(1) + timedelta(hours=3))

    trial.refresh_from_db()
    assert trial.is_running(at=START + days(2))
    assert SignUp.objects.usable().exists()
