"""Who objected to marketing gets none, until they agree again and confirm it (GDPR Art. 21(3))."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from delivery import worker
from delivery.models import Mail
from privacy.rights.map.declarations import Person
from privacy.rights.retention import purge_runs
from tests.factories import make_person_to_call, make_sign_up, make_token_of, make_trial
from tests.trial.staff.test_export import read
from trial import actions, mails
from trial.marketing import calls, objections
from trial.models import Channel, MarketingConsent, MarketingMail, Objection, SignUp
from trial.rights import rows_of_person as rows
from trial.staff import export

pytestmark = pytest.mark.django_db

ADDRESS = "anna@firma.pl"
NUMBER = "+48601234567"
NOW = timezone.now()


def after(days: float) -> datetime:
    return NOW + timedelta(days=days)


def make_anna(*channels: str, at: datetime = NOW) -> SignUp:
    return make_trial(*channels, email=ADDRESS, phone=NUMBER, name="Anna", at=at)


def make_anna_to_call(*, at: datetime = NOW, email: str = ADDRESS) -> MarketingConsent:
    trial = make_person_to_call(email=email, phone=NUMBER, name="Anna", at=at)
    return trial.consents.get(channel="phone")


def object_to_all(*, at: datetime, **options: object) -> bool:
    return actions.object_to_marketing(ADDRESS, method="staff", at=at, **options)


def mailed(at: datetime) -> int:
    """How many people the next marketing mail is for."""
    mail = MarketingMail.objects.create(
        subject_pl="T", subject_en="S", text_pl="Treść", text_en="Text"
    )
    return actions.send_marketing_mail(mail, at=at)


def called(at: datetime) -> list[str]:
    return [row[1] for row in read(export.call_list(at=at))[1:]]


def downloaded(at: datetime) -> list[str]:
    """The columns of the sign-up that say whether its consents stand."""
    [_head, row] = read(export.sign_ups(SignUp.objects.all(), at=at))
    return row[-2:]


def test_an_objection_withdraws_every_standing_consent_and_covers_address_and_number() -> None:
    """Red when: a channel, the address or a number is left out."""
    trial = make_anna("email", "phone")
    make_sign_up(email="Anna@FIRMA.pl", phone="+48221112233")

    assert object_to_all(at=after(1)) is True

    assert [each.withdrawal.method for each in trial.consents.all()] == ["staff", "staff"]
    assert objections.stands_against_address("ANNA@firma.pl")
    assert objections.stands_against_number(trial.phone)
    assert Objection.objects.filter(channel="email").count() == 1
    assert Objection.objects.filter(channel="phone").count() == 2


def test_an_objection_to_one_channel_leaves_the_other_as_it_is() -> None:
    """Red when: `channels` limits the withdrawals or the objections alone."""
    trial = make_anna("email", "phone")

    object_to_all(at=after(1), channels=[Channel.PHONE])

    assert [*MarketingConsent.objects.standing(at=after(1))] == [
        trial.consents.get(channel="email")
    ]
    assert [row.channel for row in Objection.objects.all()] == ["phone"]


def test_a_person_without_an_address_objects_to_nothing() -> None:
    """Red when: the hash of an empty text is stored."""
    assert actions.object_to_marketing(Person(""), method="page", at=NOW) is False
    assert not Objection.objects.exists()


def test_a_second_objection_adds_no_row_and_counts_from_its_own_moment() -> None:
    """Red when: it is stored twice; the moment stays, or goes back."""
    person = Person("ANNA@firma.pl")
    assert actions.object_to_marketing(person, method="page", at=after(1)) is True

    assert object_to_all(at=after(3)) is False
    assert object_to_all(at=after(2)) is False

    assert Objection.objects.get().objected_at == after(3)


def test_nobody_is_mailed_or_called_or_counted_after_an_objection() -> None:
    """The consent itself is not withdrawn here. Red when: a list reads the consents alone."""
    trial = make_anna("email", "phone")
    calls.confirm_number(trial.consents.get(channel="phone"), at=NOW)
    yes, also = downloaded(NOW)
    assert (mailed(NOW), called(NOW), also) == (1, ["Anna"], yes)

    objections.record("email", ADDRESS, at=after(1))
    assert (mailed(after(1)), called(after(1))) == (0, ["Anna"])
    no, still = downloaded(after(1))
    assert no != yes == still

    objections.record("phone", NUMBER, at=after(1))
    assert called(after(1)) == []
    assert downloaded(after(1)) == [no, no]


def test_a_mail_that_waits_is_not_written_after_an_objection() -> None:
    """Red when: the objections are read only as the mail is queued."""
    make_anna("email")
    mailed(NOW)
    [about] = Mail.objects.filter(kind=actions.MARKETING).values_list("about", flat=True)
    assert mails.marketing(about, NOW)

    objections.record("email", ADDRESS, at=NOW)
    worker.work_off(NOW)

    assert mails.marketing(about, NOW) is None
    assert Mail.objects.get(kind=actions.MARKETING).state == Mail.State.CANCELED


def test_an_address_that_agrees_again_and_confirms_it_is_mailed_again() -> None:
    """Red when: the sign-up lifts alone, before the mailbox has confirmed it; or nothing lifts."""
    make_anna("email", at=NOW).delete()
    object_to_all(at=after(1))

    sign_up = make_sign_up("email", email=ADDRESS, at=after(2))
    assert objections.stands_against_address(ADDRESS)
    actions.confirm(make_token_of(sign_up, at=after(2)), at=after(2))

    assert mailed(after(2)) == 1
    assert not objections.stands_against_address(ADDRESS)


@pytest.mark.parametrize("channels", [(), ("phone",)])
def test_a_confirmation_without_the_box_of_mails_lifts_no_objection_to_mails(channels) -> None:
    """Red when: every confirmation lifts, or a box lifts the objection of another channel."""
    object_to_all(at=NOW)

    make_anna(*channels, at=after(1))

    assert objections.stands_against_address(ADDRESS)


def test_a_box_that_was_ticked_before_the_objection_lifts_nothing() -> None:
    """The link of an old mail is no new consent. Red when: the moment of the tick is not asked."""
    sign_up = make_sign_up("email", email=ADDRESS, at=NOW)
    object_to_all(at=after(0.5))
    actions.confirm(make_token_of(sign_up, at=NOW), at=after(1))

    assert objections.stands_against_address(ADDRESS)
    assert mailed(after(1)) == 0


def test_an_objection_to_calls_is_lifted_in_a_call_and_not_by_the_mailbox() -> None:
    """The number may be a stranger's. Red when: the mailbox lifts it, or nothing does."""
    objections.record("phone", NUMBER, at=NOW)

    trial = make_anna("phone", at=after(1))
    assert objections.stands_against_number(trial.phone)
    calls.confirm_number(trial.consents.get(), at=after(2))

    assert not objections.stands_against_number(trial.phone)
    assert called(after(2)) == ["Anna"]


def test_an_objection_is_locked_while_it_is_lifted() -> None:
    """SQLite has one lock for all. Red when: somebody who objects again meanwhile is not heard."""
    object_to_all(at=NOW)
    with CaptureQueriesContext(connection) as queries:
        make_anna("email", at=after(1))

    [read] = [each["sql"] for each in queries if 'FROM "trial_struckoffnumber" WHERE' in each["sql"]
              and each["sql"].startswith("SELECT")]  # fmt: skip
    assert ("FOR UPDATE" in read) is connection.features.has_select_for_update


@pytest.mark.parametrize("objected_after_days", [0, 1])
def test_a_number_that_objected_after_the_tick_is_lifted_by_no_call(objected_after_days) -> None:
    """Red when: a note of staff lifts the objection to the consent that it is about."""
    consent = make_anna("phone", at=NOW).consents.get()
    objections.record("phone", NUMBER, at=after(objected_after_days))

    calls.confirm_number(consent, at=after(2))

    assert called(after(2)) == []


def test_older_consents_of_a_number_do_not_come_back_with_a_new_one(settings) -> None:
    """Red when: whoever agrees again brings the calls of somebody else back, or a rotated key
    hides the older consent."""
    settings.EVIDENCE_KEYS = ["a" * 32]
    older = make_anna_to_call(at=NOW, email="jan@firma.pl")
    other = make_person_to_call(email="o@firma.pl", phone="+48221112233", name="Other", at=NOW)
    objections.record("phone", NUMBER, at=after(1))
    settings.EVIDENCE_KEYS = ["b" * 32, "a" * 32]

    newer = make_anna_to_call(at=after(2))

    assert {each.pk for each, _person in export.people_to_call(at=after(2))} == {
        newer.pk,
        other.consents.get().pk,
    }
    older.refresh_from_db()
    assert (older.withdrawn_at, older.withdrawal.method) == (after(2), "objection")


def delete_by_retention() -> None:
    purge_runs.start(at=after(400))
    while purge_runs.go_on(at=after(400), waits=True):
        pass


@pytest.mark.parametrize("end", [delete_by_retention, lambda: SignUp.objects.all().delete()])
def test_an_objection_outlives_the_sign_up_and_its_keys(settings, end: Callable) -> None:
    """I20. Red when: it goes with the sign-up; only the newest key is tried, or SECRET_KEY."""
    settings.EVIDENCE_KEYS = ["a" * 32]
    make_anna("email", "phone")
    object_to_all(at=NOW)

    end()
    assert not SignUp.objects.exists()
    settings.EVIDENCE_KEYS, settings.SECRET_KEY = ["b" * 32, "a" * 32], "another"

    # Neither the box that is ticked again nor a call about it lifts while it is not confirmed.
    again = make_sign_up("email", "phone", email=ADDRESS, phone=NUMBER, at=after(401))
    assert objections.stands_against_address(ADDRESS)
    assert objections.stands_against_number(again.phone)
    object_to_all(at=after(402))
    assert Objection.objects.count() == 2


def test_the_map_finds_the_objections_of_a_person_and_of_nobody_else() -> None:
    """Red when: the address is left out, or an address whose sign-up is gone."""
    make_anna("email")
    object_to_all(at=NOW)
    actions.object_to_marketing("jan@firma.pl", method="staff", at=NOW)

    assert rows.objections(Person("ANNA@firma.pl")).count() == 2
    assert rows.objections(Person("jan@firma.pl")).count() == 1
    assert not rows.objections(Person("")).exists()
