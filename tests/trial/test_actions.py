"""Sign up, confirm, send a new link, withdraw, end a trial: what each stores and refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from delivery import tokens
from delivery.models import Mail, Token
from privacy.rate_limits import HOUR, TooManyForms
from tests.factories import make_sign_up, make_token_of, make_trial
from trial import actions
from trial.models import (
    Channel,
    FunnelCount,
    HandOver,
    MarketingConsent,
    MarketingMail,
    MarketingWithdrawal,
    SignUp,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def kinds() -> list[str]:
    return sorted(Mail.objects.values_list("kind", flat=True))


def counts(step: str) -> list[tuple]:
    rows = FunnelCount.objects.filter(step=step)
    return list(rows.values_list("language", "campaign", "count"))


# --- Sign up


def test_a_sign_up_and_its_mail_are_stored_together() -> None:
    sign_up = make_sign_up(at=NOW)

    assert (sign_up.created_at, sign_up.confirmed_at) == (NOW, None)
    [mail] = Mail.objects.all()
    assert (mail.kind, mail.about, mail.next_attempt_at) == (actions.CONFIRM, str(sign_up.pk), NOW)
    assert not Token.objects.exists()  # I15: the worker makes it as it writes the mail


def test_a_sign_up_is_not_stored_without_its_mail(monkeypatch) -> None:
    """I17 (nothing is lost). Red when: the sign-up is committed before its mail."""

    def fail(**kwargs) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions.outbox, "put", fail)
    with pytest.raises(RuntimeError):
        make_sign_up()

    assert not SignUp.objects.exists()


def test_one_mailbox_gets_three_mails_a_day_in_every_spelling_of_its_address() -> None:
    """Red when: `_may_mail` counts addresses instead of mailboxes, or uses another window."""
    addresses = ["a.b@gmail.com", "ab@gmail.com", "A.B+x@googlemail.com"]
    for address in addresses:
        make_sign_up(email=address, at=NOW)
    with pytest.raises(SignUp.DoesNotExist):  # nothing is stored, without an error
        make_sign_up(email="ab+other@gmail.com", at=NOW)
    make_sign_up(email="a.b@firma.pl", at=NOW)
    make_sign_up(email="ab@firma.pl", at=NOW)
    make_sign_up(email="ab@gmail.com", at=NOW + timedelta(days=1))

    assert len(kinds()) == 6


def test_one_network_may_send_ten_sign_ups_an_hour() -> None:
    """Red when: the limit is not checked, or the window is a minute."""

    def sign_up(number: int, *, at=NOW) -> None:
        data = actions.SignUpData(
            language="en", name="A", email=f"a{number}@firma.pl", company="B", phone="", extension="",
            policy_version_id=None, terms_version_id=None, wording_ids={}, attribution=None,
        )  # fmt: skip
        actions.sign_up(data, network_key="one network", at=at)

    for number in range(10):
        sign_up(number)
    for _again in range(3):
        with pytest.raises(TooManyForms):
            sign_up(10)
    sign_up(10, at=NOW + HOUR)

    assert SignUp.objects.count() == 11


def test_a_sign_up_stores_its_ticked_boxes_and_its_attribution() -> None:
    attribution = {"referrer": "", "landing": "/", "parameters": {"gclid": "x"}}
    sign_up = make_sign_up("email", attribution=attribution)

    assert sign_up.attribution == attribution
    assert list(sign_up.wordings) == [Channel.EMAIL]
    assert counts("submitted") == [("pl", "Google Ads", 1)]


def test_a_ticked_box_is_not_a_consent_before_the_address_is_confirmed() -> None:
    """Anybody can type any address. Red when: consents are stored at sign-up."""
    make_sign_up("email", "phone")

    assert not MarketingConsent.objects.exists()


def test_the_database_refuses_a_consent_to_calls_without_a_number() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_sign_up("phone", phone="")


# --- Confirm


def test_confirming_starts_the_trial_and_stores_proofs_of_the_consents() -> None:
    signed_up_at = NOW - timedelta(hours=5)
    sign_up = make_sign_up("email", "phone", at=signed_up_at)

    trial = actions.confirm(make_token_of(sign_up), at=NOW)

    assert (trial.confirmed_at, trial.ends_at) == (NOW, NOW + timedelta(days=30))
    proofs = MarketingConsent.objects.order_by("channel")
    assert [(p.channel, p.wording, p.language, p.given_at, p.confirmed_at) for p in proofs] == [
        ("email", sign_up.email_wording, "pl", signed_up_at, NOW),
        ("phone", sign_up.phone_wording, "pl", signed_up_at, NOW),
    ]
    assert counts("confirmed") == [("pl", "", 1)]
    reminder = Mail.objects.get(kind=actions.REMINDER)
    assert reminder.next_attempt_at == trial.ends_at - timedelta(days=3)
    assert Mail.objects.get(kind=actions.STARTED).next_attempt_at == NOW


@pytest.mark.parametrize(("url", "count"), [("", 0), ("https://phone.example/trials", 1)])
def test_a_trial_is_handed_over_only_where_provisioning_url_is_set(settings, url, count) -> None:
    settings.PROVISIONING_URL = url
    make_trial(at=NOW)

    assert HandOver.objects.count() == count


def test_a_token_works_once() -> None:
    """Red when: `tokens.use` does not mark the token as used."""
    sign_up = make_sign_up()
    token = make_token_of(sign_up)
    actions.confirm(token, at=NOW)

    with pytest.raises(tokens.TokenRefused):
        actions.confirm(token, at=NOW)


def test_an_address_gets_one_trial() -> None:
    """Red when: `confirm` does not look for a trial of the address, or compares upper case."""
    make_trial(email="Anna@Firma.pl", at=NOW)
    second = make_sign_up("email", email="anna@firma.PL", at=NOW)
    token = make_token_of(second)

    with pytest.raises(actions.AlreadyConfirmed):
        actions.confirm(token, at=NOW)

    assert SignUp.objects.confirmed().count() == 1
    assert not MarketingConsent.objects.exists()


def test_two_sign_ups_of_one_address_confirmed_at_once_start_one_trial(monkeypatch) -> None:
    """Red when: `confirm` does not catch the IntegrityError of the second."""
    make_trial(email="anna@firma.pl", at=NOW)
    second = make_sign_up(email="anna@firma.pl", at=NOW)
    token = make_token_of(second)
    calls = []
    trial_of = type(SignUp.objects.all()).trial_of

    def not_yet(queryset, address):
        calls.append(address)
        return None if len(calls) == 1 else trial_of(queryset, address)

    monkeypatch.setattr(type(SignUp.objects.all()), "trial_of", not_yet)
    monkeypatch.setattr(type(SignUp.objects), "trial_of", lambda m, a: not_yet(m.all(), a))

    with pytest.raises(actions.AlreadyConfirmed):
        actions.confirm(token, at=NOW)

    assert SignUp.objects.confirmed().count() == 1


def test_a_token_is_short_lived_and_for_one_purpose() -> None:
    sign_up = make_sign_up()
    valid, other = make_token_of(sign_up, at=NOW), tokens.make(purpose="other", subject="x", at=NOW)

    for token, at in ((valid, NOW + timedelta(hours=48)), (other, NOW), ("", NOW), ("x" * 43, NOW)):
        with pytest.raises(tokens.TokenRefused):
            actions.confirm(token, at=at)
    assert not SignUp.objects.confirmed().exists()


def test_a_new_link_counts_as_one_of_the_three_mails_a_day() -> None:
    sign_up = make_sign_up(at=NOW)
    for _again in range(5):
        actions.send_new_link(sign_up, at=NOW)

    assert kinds() == [actions.CONFIRM] * 3


# --- Withdraw, end a trial, send a marketing mail


def test_a_withdrawal_ends_one_channel_and_a_second_one_changes_nothing() -> None:
    trial = make_trial("email", "phone", at=NOW)
    consent = trial.consents.get(channel="email")

    actions.withdraw(consent, method="page", at=NOW)
    actions.withdraw(consent, method="staff", at=NOW + timedelta(hours=1))

    [withdrawal] = MarketingWithdrawal.objects.all()
    assert (withdrawal.method, withdrawal.withdrawn_at) == ("page", NOW)
    live = [
        c.channel
        for channel in Channel
        for c in MarketingConsent.objects.live(channel, at=timezone.now())
    ]
    assert live == ["phone"]


def test_ending_changes_only_a_running_trial() -> None:
    running = make_trial(email="a@firma.pl", at=NOW)
    over = make_trial(email="b@firma.pl", at=NOW - timedelta(days=31))
    unconfirmed = make_sign_up(email="c@firma.pl")
    for sign_up in (running, over, unconfirmed):
        actions.end_trial(sign_up, at=NOW)
        sign_up.refresh_from_db()

    assert [s.ended_at for s in (running, over, unconfirmed)] == [NOW, None, None]


def test_a_marketing_mail_goes_once_to_each_person_with_a_live_consent() -> None:
    """Red when: `live` ignores withdrawals, or `sent_at` is not checked."""
    live = make_trial("email", email="a@firma.pl").consents.get()
    withdrawn = make_trial("email", email="b@firma.pl").consents.get()
    make_trial("phone", email="c@firma.pl")
    make_trial(email="d@firma.pl")
    make_sign_up("email", email="e@firma.pl")
    actions.withdraw(withdrawn, method="page", at=NOW)
    mail = MarketingMail.objects.create(
        subject_pl="Temat", subject_en="Subject", text_pl="Tekst", text_en="Text"
    )

    assert actions.send_marketing_mail(mail, at=NOW) == 1
    assert actions.send_marketing_mail(mail, at=NOW) == 0

    rows = Mail.objects.filter(kind=actions.MARKETING)
    assert [row.about for row in rows] == [f"{mail.pk} {live.pk}"]
