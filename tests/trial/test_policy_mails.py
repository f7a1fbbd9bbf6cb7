"""The mails about a material change of a policy to people with a running trial."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone, translation

from content import store
from delivery import outbox, worker
from delivery.models import Mail
from privacy.models import PolicyCode, PolicyVersion
from privacy.policies import consequences
from tests.factories import make_sign_up, make_trial
from tests.privacy.policies.drafts import make_draft, make_published, publish
from trial import actions
from trial.consequences import mails_about_the_change
from trial.models import SignUp

pytestmark = pytest.mark.django_db

NOW = timezone.now() + timedelta(days=1)  # after the seeded policy took force
DAY = timedelta(days=1)
SUMMARY = {
    "change_summary_pl": "Krócej przechowujemy dane: [0.1](#s0-1).\n\n- Raz\n- Dwa",
    "change_summary_en": "We keep data for less time: [0.1](#s0-1).\n\n- One\n- Two",
}


def announce(**fields) -> PolicyVersion:
    return make_published(at=NOW, **{"is_material": True} | SUMMARY | fields)


def waiting_addresses() -> set[str]:
    """The addresses of the queued mails about policies."""
    rows = Mail.objects.filter(kind=actions.POLICY, state="waiting")
    return {outbox.address_of(row) for row in rows}


def sent(at=NOW) -> list:
    """The mails about policies that a worker sends at a moment."""
    Mail.objects.exclude(kind=actions.POLICY).delete()
    before = len(mail.outbox)
    worker.work_off(at)
    return mail.outbox[before:]


def states() -> list[str]:
    return list(Mail.objects.filter(kind=actions.POLICY).values_list("state", flat=True))


def test_each_person_with_a_running_trial_gets_one_mail() -> None:
    """Red when: `readers_of_announcement` selects sign-ups, or people with a consent."""
    make_trial(email="a@firma.pl", at=NOW)
    make_trial("email", email="b@firma.pl", at=NOW)
    make_sign_up(email="waiting@firma.pl", at=NOW)
    make_trial(email="over@firma.pl", at=NOW - 30 * DAY)
    actions.end_trial(make_trial(email="ended@firma.pl", at=NOW), at=NOW)

    version = announce()

    assert waiting_addresses() == {"a@firma.pl", "b@firma.pl"}
    rows = Mail.objects.filter(kind=actions.POLICY)
    assert [(row.is_bulk, row.next_attempt_at) for row in rows] == [(True, NOW)] * 2
    assert {row.about for row in rows} == {
        f"{trial.pk} {version.pk}" for trial in SignUp.objects.running(at=NOW)
    }


def test_a_change_that_is_not_material_is_not_announced() -> None:
    make_trial(at=NOW)

    announce(is_material=False)

    assert waiting_addresses() == set()


def test_a_first_version_is_not_announced() -> None:
    """Red when: `readers_of_announcement` does not look for other versions."""
    make_trial(at=NOW)

    announce(policy=PolicyCode.TERMS)
    assert waiting_addresses() == set()

    announce(policy=PolicyCode.TERMS)
    assert waiting_addresses() == {"anna@example.com"}


def test_a_failed_publication_leaves_no_mails(monkeypatch) -> None:
    """Red when: the mails are queued outside the transaction that publishes."""
    make_trial(at=NOW)

    def fail(version, at) -> None:
        raise OSError("full")

    failing = consequences.Consequence(lambda version, at: None, act=fail)
    monkeypatch.setattr(consequences, "_consequences", [*consequences._consequences, failing])
    with pytest.raises(OSError, match="full"):
        announce()

    assert waiting_addresses() == set()


def test_the_mail_says_what_changes_when_and_what_the_reader_can_do(client) -> None:
    """Red when: the title, the summary, a date, a link or the way to object is missing."""
    with time_machine.travel(NOW, tick=False):
        make_trial(language="en", at=NOW)
        announce()
        [message] = sent()

    assert message.to == ["anna@example.com"]
    assert message.subject == "Our privacy policy is changing"
    with translation.override("en"):
        ends_at = timezone.localtime(NOW + 30 * DAY)
        effective_at = timezone.localtime(NOW + 14 * DAY)
    body = " ".join(message.body.split())
    for words in (
        "a new version of the document “Privacy policy”.",
        f"It applies from {effective_at.day} {effective_at:%B %Y, %H:%M};",
        "What changes: We keep data for less time: 0.1. – One – Two The new version",
        "/en/privacy-policy/versions/2/ ",
        "/en/privacy-policy/versions/1/differences/2/ ",
        "write to gdpr@voipstudio.pl or call +44 203 432 9230.",
        "You may object to how we use your personal data.",
        f"Otherwise it ends automatically on {ends_at.day} {ends_at:%B %Y, %H:%M}, and nothing",
        "This is not advertising:",
    ):
        assert words in body, words
    links = re.findall(r"http://127.0.0.1:8000(/en/privacy\S+)", body)
    store.poll(NOW)
    assert [client.get(link).status_code for link in links] == [200, 200]
    assert "List-Unsubscribe" not in message.extra_headers
    assert "#s0-1" not in body


def test_each_reader_gets_their_own_language_for_every_document() -> None:
    """Red when: a subject, the title or the summary is written in the publisher's language."""
    make_trial(at=NOW)
    make_published(at=NOW, policy=PolicyCode.TERMS)
    make_published(at=NOW, policy=PolicyCode.ACCEPTABLE_USE)
    for policy in PolicyCode:
        announce(policy=policy, title_pl="Tytuł dokumentu", title_en="Title")

    with translation.override("en"):
        messages = sent()

    assert len(messages) == len({m.subject for m in messages}) == 3
    for message in messages:
        assert re.search(r"[ąęłńóśźż]|regulamin", message.subject.lower())
        assert "Tytuł dokumentu" in message.body
        assert "Krócej przechowujemy dane: 0.1." in message.body
        assert "/en/" not in message.body


def test_no_mail_is_sent_to_a_person_whose_trial_is_over() -> None:
    """Red when: the trial is checked only when the mail is queued."""
    ended = make_trial(email="a@firma.pl", at=NOW)
    make_trial(email="b@firma.pl", at=NOW - 29 * DAY)
    announce()
    actions.end_trial(ended, at=NOW)

    assert sent(NOW + DAY) == []
    assert states() == ["canceled"] * 2


@pytest.mark.parametrize(
    ("days", "is_material", "expected"),
    [(14, True, 1), (13, False, 0), (15, False, 1)],
    ids=["same-day", "earlier", "later"],
)
def test_a_version_that_was_replaced_before_it_was_sent_is_not_announced(
    days: int, is_material: bool, expected: int
) -> None:
    """Red when: `policy_change` ignores replacements, or takes every later version for one."""
    make_trial(at=NOW)
    announce(title_pl="Zastąpiona")
    effective_at = NOW + days * DAY
    announce(title_pl="Nowa", effective_at=effective_at, is_material=is_material)

    assert len(sent()) == expected


def test_a_version_that_another_one_superseded_before_it_was_sent_is_not_announced() -> None:
    """A mail server can be down for days. Red when: only the effective date is compared."""
    make_trial(at=NOW)
    announce(effective_at=NOW + 15 * DAY)
    announce(effective_at=NOW + 16 * DAY, is_material=False)

    assert sent(NOW + 17 * DAY) == []


def test_the_differences_start_from_the_version_in_force_before() -> None:
    """Red when: the number before is used, though that version never takes effect."""
    for days in (20, 10, 5):
        announce(is_material=False, effective_at=NOW + days * DAY)
    version = announce()

    make_trial(at=NOW)
    letter = outbox._kinds[actions.POLICY].write(f"{SignUp.objects.get().pk} {version.pk}", NOW)

    assert "/polityka-prywatnosci/wersje/4/roznice/5/" in letter.text


def test_a_mail_about_a_deleted_trial_or_a_draft_is_not_written() -> None:
    trial = make_trial(at=NOW)
    missing_id = "12345678-1234-1234-1234-123456789012"
    draft = make_draft(is_material=True)

    for about in (f"{trial.pk} 999999", f"{missing_id} {announce().pk}", f"{trial.pk} {draft.pk}"):
        assert actions.POLICY in outbox._kinds
        assert outbox._kinds[actions.POLICY].write(about, NOW) is None


def test_the_publisher_reads_how_many_mails_will_be_sent() -> None:
    """Red when: the sentence counts anything but the mails, or is shown for every change."""
    draft = make_draft(is_material=True)
    with translation.override("en"):
        make_trial(email="a@firma.pl", at=NOW)
        one = mails_about_the_change(draft, NOW)
        make_trial(email="b@firma.pl", at=NOW)
        two = mails_about_the_change(draft, NOW)
        assert two in consequences.descriptions(draft, at=NOW)
        first = mails_about_the_change(make_draft(is_material=True, policy=PolicyCode.TERMS), NOW)
        assert mails_about_the_change(make_draft(), NOW) is None

    assert one == "1 e-mail about the change goes to people with a running trial."
    assert two == "2 e-mails about the change go to people with a running trial."
    assert first == "0 e-mails about the change go to people with a running trial."
    publish(draft, at=NOW)
    assert len(waiting_addresses()) == 2


def test_the_mail_is_listed_with_the_sign_up_in_the_admin(admin_client) -> None:
    """Red when: the list holds only mails about the sign-up itself."""
    trial = make_trial(at=NOW)
    announce()
    row = Mail.objects.get(kind=actions.POLICY)

    page = admin_client.get(f"/admin/trial/signup/{trial.pk}/change/").text

    assert f"/admin/delivery/mail/{row.pk}/change/" in page
