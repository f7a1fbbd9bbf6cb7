"""Sign up, confirm, ask for a new link, withdraw, end: what each stores, and what it refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from delivery import tokens
from delivery.models import Mail, Token
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
    assert not Token.objects.exists()  # the worker makes it as it writes the mail (I15)


def test_nothing_is_stored_where_the_mail_cannot_be(monkeypatch) -> None:
    """I17. Red when: the sign-up is committed before its mail."""

    def fail(**kwargs) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions.outbox, "put", fail)
    with pytest.raises(RuntimeError):
        make_sign_up()

    assert not SignUp.objects.exists()


def test_three_mails_a_day_go_to_one_mailbox_however_it_is_written() -> None:
    """Red when: `_may_mail` counts whole addresses, or by another window."""
    addresses = ["a.b@gmail.com", "ab@gmail.com", "A.B+x@googlemail.com"]
    for address in addresses:
        make_sign_up(email=address, at=NOW)
    with pytest.raises(SignUp.DoesNotExist):  # nothing was kept, and nobody is told
        make_sign_up(email="ab+other@gmail.com", at=NOW)
    make_sign_up(email="a.b@firma.pl", at=NOW)
    make_sign_up(email="ab@firma.pl", at=NOW)
    make_sign_up(email="ab@gmail.com", at=NOW + timedelta(days=1))

    assert len(kinds()) == 6


def test_ten_sign_ups_an_hour_come_from_one_network() -> None:
    """Red when: the limit is not asked, or the window is a minute."""

    def sign_up(number: int, *, at=NOW) -> None:
        data = actions.SignUpData(
            language="en", name="A", email=f"a{number}@firma.pl", company="B", phone="",
            policy_version_id=None, terms_version_id=None, wording_ids={}, attribution=None,
        )  # fmt: skip
        actions.sign_up(data, network_key="one network", at=at)

    for number in range(10):
        sign_up(number)
    for _again in range(3):
        with pytest.raises(actions.TooManySignUps):
            sign_up(10)
    sign_up(10, at=NOW + actions.HOUR)

    assert SignUp.objects.count() == 11


def test_what_was_acknowledged_and_where_it_came_from_is_kept() -> None:
    attribution = {"referrer": "", "landing": "/", "parameters": {"gclid": "x"}}
    sign_up = make_sign_up("email", attribution=attribution)

    assert sign_up.attribution == attribution
    assert list(sign_up.wordings) == [Channel.EMAIL]
    assert counts("submitted") == [("pl", "Google Ads", 1)]


def test_a_tick_is_no_consent_before_it_is_confirmed() -> None:
    """Red when: consents are made at sign-up: anybody can type anybody's address."""
    make_sign_up("email", "phone")

    assert not MarketingConsent.objects.exists()


def test_the_database_refuses_a_consent_to_calls_without_a_number() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_sign_up("phone", phone="")


# --- Confirm


def test_confirming_starts_the_trial_and_makes_proofs_of_the_consents() -> None:
    signed_up_at = NOW - timedelta(hours=5)
    waiting = make_sign_up("email", "phone", at=signed_up_at)

    trial = actions.confirm(make_token_of(waiting), at=NOW)

    assert (trial.confirmed_at, trial.ends_at) == (NOW, NOW + timedelta(days=30))
    proofs = MarketingConsent.objects.order_by("channel")
    assert [(p.channel, p.wording, p.language, p.given_at, p.confirmed_at) for p in proofs] == [
        ("email", waiting.email_wording, "pl", signed_up_at, NOW),
        ("phone", waiting.phone_wording, "pl", signed_up_at, NOW),
    ]
    assert counts("confirmed") == [("pl", "", 1)]
    reminder = Mail.objects.get(kind=actions.REMINDER)
    assert reminder.next_attempt_at == trial.ends_at - timedelta(days=3)
    assert Mail.objects.get(kind=actions.STARTED).next_attempt_at == NOW


@pytest.mark.parametrize(("url", "count"), [("", 0), ("https://phone.example/trials", 1)])
def test_a_trial_is_handed_over_where_there_is_an_address_for_it(settings, url, count) -> None:
    settings.PROVISIONING_URL = url
    make_trial(at=NOW)

    assert HandOver.objects.count() == count


def test_a_token_acts_once() -> None:
    """Red when: `tokens.use` does not mark it used."""
    waiting = make_sign_up()
    token = make_token_of(waiting)
    actions.confirm(token, at=NOW)

    with pytest.raises(tokens.TokenRefused):
        actions.confirm(token, at=NOW)


def test_an_address_gets_one_trial() -> None:
    """Red when: `confirm` does not ask for a trial of the address, in whatever case."""
    make_trial(email="Anna@Firma.pl", at=NOW)
    second = make_sign_up("email", email="anna@firma.PL", at=NOW)
    token = make_token_of(second)

    with pytest.raises(actions.AlreadyConfirmed):
        actions.confirm(token, at=NOW)

    assert SignUp.objects.confirmed().count() == 1
    assert not MarketingConsent.objects.exists()


def test_two_sign_ups_of_one_address_confirmed_at_once_start_one_trial(monkeypatch) -> None:
    """Red when: the IntegrityError of the second is not understood."""
    make_trial(email="anna@firma.pl", at=NOW)
    second = make_sign_up(email="anna@firma.pl", at=NOW)
    token = make_token_of(second)
    asked = []
    trial_of = type(SignUp.objects.all()).trial_of

    def not_yet(queryset, address):
        asked.append(address)
        return None if len(asked) == 1 else trial_of(queryset, address)

    monkeypatch.setattr(type(SignUp.objects.all()), "trial_of", not_yet)
    monkeypatch.setattr(type(SignUp.objects), "trial_of", lambda m, a: not_yet(m.all(), a))

    with pytest.raises(actions.AlreadyConfirmed):
        actions.confirm(token, at=NOW)

    assert SignUp.objects.confirmed().count() == 1


def test_a_token_is_short_lived_and_for_one_purpose() -> None:
    waiting = make_sign_up()
    late, other = make_token_of(waiting, at=NOW), tokens.make(purpose="other", subject="x", at=NOW)

    for token, at in ((late, NOW + timedelta(hours=48)), (other, NOW), ("", NOW), ("x" * 43, NOW)):
        with pytest.raises(tokens.TokenRefused):
            actions.confirm(token, at=at)
    assert not SignUp.objects.confirmed().exists()


def test_a_new_link_is_one_of_the_three_mails_of_a_day() -> None:
    waiting = make_sign_up(at=NOW)
    for _again in range(5):
        actions.send_new_link(waiting, at=NOW)

    assert kinds() == [actions.CONFIRM] * 3


# --- Consents, and the end


def test_a_withdrawal_ends_one_channel_and_doing_it_again_changes_nothing() -> None:
    trial = make_trial("email", "phone", at=NOW)
    consent = trial.consents.get(channel="email")

    actions.withdraw(consent, method="page", at=NOW)
    actions.withdraw(consent, method="staff", at=NOW + timedelta(hours=1))

    [withdrawal] = MarketingWithdrawal.objects.all()
    assert (withdrawal.method, withdrawal.withdrawn_at) == ("page", NOW)
    live = [c.channel for channel in Channel for c in MarketingConsent.objects.live(channel)]
    assert live == ["phone"]


def test_staff_end_a_running_trial_and_no_other() -> None:
    running = make_trial(email="a@firma.pl", at=NOW)
    over = make_trial(email="b@firma.pl", at=NOW - timedelta(days=31))
    waiting = make_sign_up(email="c@firma.pl")
    for sign_up in (running, over, waiting):
        actions.end_trial(sign_up, at=NOW)
        sign_up.refresh_from_db()

    assert [s.ended_at for s in (running, over, waiting)] == [NOW, None, None]


def test_a_marketing_mail_goes_once_to_who_consented_and_did_not_withdraw() -> None:
    """Red when: `live` forgets withdrawals, or `sent_at` is not asked."""
    wanted = make_trial("email", email="a@firma.pl").consents.get()
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
    assert [row.about for row in rows] == [f"{mail.pk} {wanted.pk}"]
