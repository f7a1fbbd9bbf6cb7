"""The mails of the trial: in the reader's language, with our own words only, true when sent."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from delivery import worker
from delivery.models import Mail, Token
from tests.factories import make_sign_up, make_trial
from tests.pages import Page
from tests.privacy.policies.drafts import make_published
from trial import actions, mails
from trial.models import MarketingMail

pytestmark = pytest.mark.django_db

NOW = timezone.now()
POLISH = re.compile(r"[ąćęłńóśźż]")


def sent(at=None) -> list:
    """The mails that a worker sends at a moment."""
    before = len(mail.outbox)
    worker.work_off(at or timezone.now())
    return mail.outbox[before:]


def marketing_mail() -> MarketingMail:
    return MarketingMail.objects.create(
        subject_pl="Nowość", subject_en="News", text_pl="Treść.\n\nDruga.", text_en="Words."
    )


def make_every_mail(language: str) -> list:
    """A mail of every kind, as they are sent during a trial."""
    make_trial("email", "phone", language=language, at=NOW)
    make_sign_up(language=language, at=NOW)  # the address has a trial
    make_sign_up(language=language, email="b@firma.pl", at=NOW)
    actions.send_marketing_mail(marketing_mail(), at=NOW)
    make_published(
        is_material=True,
        change_summary_pl="Przechowujemy dane krócej.\n\n- [Raz](#s0)\n- Dwa",
        change_summary_en="We keep data for a time < 90 days & less.\n\n- [One](#s0)\n- Two",
    )
    queued = Mail.objects.count()
    messages = [*sent(NOW), *sent(NOW + timedelta(days=28))]
    # All are sent: even the confirmation of a confirmed address, which then says that.
    assert len(messages) == queued == 7
    return messages


@pytest.mark.parametrize("language", ["pl", "en"])
def test_every_mail_is_in_its_readers_language(language: str) -> None:
    """Red when: a letter is written in the language of the worker."""
    for message in make_every_mail(language):
        words = f"{message.subject}\n{message.body.partition('-- ')[0]}"
        assert bool(POLISH.search(words)) is (language == "pl"), words
        html = message.alternatives[0].content
        assert Page(html).one("html")["lang"] == language


@pytest.mark.parametrize("language", ["pl", "en"])
def test_every_mail_has_the_same_words_in_text_and_html_and_loads_nothing(language: str) -> None:
    """No tracking pixel, picture or font. Red when: the HTML has words of its own."""
    for message in make_every_mail(language):
        assert message.alternatives[0].mimetype == "text/html"
        page = Page(message.alternatives[0].content)
        # Line breaks are elements there.
        text = message.body.replace("-- \n", "")  # the sign of a signature: RFC 3676, 4.3
        assert "".join(text.split()) == page.one("body").text.replace(" ", "")
        assert "\n\n\n" not in message.body
        assert list(page.loaded_addresses) == []
        assert page.all("img", "iframe", "link", "script") == []
        assert page.unbalanced == []


def test_no_mail_holds_text_that_a_visitor_typed() -> None:
    """Otherwise a stranger could send advertising to any address through our mails."""
    advertising = "Kup teraz https://spam.example"
    make_sign_up(name=advertising, company=advertising, email="a@firma.pl")
    make_trial("email", name=advertising, company=advertising, email="b@firma.pl")
    make_published(is_material=True)

    messages = sent()

    assert len(messages) == 4
    for message in messages:
        assert "spam.example" not in message.message().as_string()
        assert "Kup teraz" not in message.subject + message.body


def test_every_mail_names_its_sender_and_says_that_it_is_automatic() -> None:
    for message in make_every_mail("en"):
        assert message.extra_headers["From"] == "VoIPstudio <marketing@voipstudio.pl>"
        assert message.extra_headers["Auto-Submitted"] == "auto-generated"
        assert "Level 7 Systems" in message.body
        assert "6978512" in message.body


def test_bounces_go_to_the_bounce_address(settings) -> None:
    settings.BOUNCE_ADDRESS = "bounces@voipstudio.pl"
    make_sign_up()

    [message] = sent()

    assert message.from_email == "bounces@voipstudio.pl"
    assert message.message()["From"] == "VoIPstudio <marketing@voipstudio.pl>"


def test_the_token_is_made_with_the_mail_and_stored_as_a_hash() -> None:
    """I15 (hashed at rest). Red when: the database holds the token itself."""
    make_sign_up()
    assert not Token.objects.exists()

    [message] = sent()

    [token] = re.findall(r"/potwierdzenie/([-\w]{43})/", message.body)
    row = Token.objects.get()
    assert token not in str(Token.objects.values().get())
    assert row.expires_at - row.created_at == timedelta(hours=48)


def test_a_person_with_a_trial_gets_its_state_instead_of_a_link() -> None:
    """I16 (same answer). Red when: a second trial is offered, or no mail is sent."""
    make_trial(at=NOW)
    make_sign_up(language="en", at=NOW)
    make_sign_up(language="en", email="ANNA@example.com", at=NOW)
    tokens_before = Token.objects.count()

    replies = [m for m in sent(NOW) if m.subject == "Your VoIPstudio trial"]

    assert len(replies) == 2
    assert all("A trial is already running for this address" in m.body for m in replies)
    assert Token.objects.count() == tokens_before


def test_a_person_with_an_earlier_trial_learns_when_it_ended() -> None:
    make_trial(at=NOW - timedelta(days=40))
    make_sign_up(language="en", at=NOW)

    assert any("The trial for this address ended on" in m.body for m in sent(NOW))


def test_the_reminder_comes_three_days_before_the_end_of_a_running_trial() -> None:
    """Red when: the reminder is not canceled with the trial."""
    make_trial(email="a@firma.pl", at=NOW)
    actions.end_trial(make_trial(email="b@firma.pl", at=NOW), at=NOW)
    sent(NOW)

    assert sent(NOW + timedelta(days=26, hours=23)) == []
    reminders = sent(NOW + timedelta(days=27))

    assert [m.to for m in reminders] == [["a@firma.pl"]]
    assert "kończy się" in reminders[0].body
    assert sent(NOW + timedelta(days=29)) == []


def test_a_marketing_mail_offers_one_click_unsubscribe_and_a_link() -> None:
    """RFC 8058 and RFC 2369. Red when: a header or the link is missing."""
    consent = make_trial("email", language="en").consents.get()
    actions.send_marketing_mail(marketing_mail(), at=timezone.now())

    message = next(m for m in sent() if m.subject == "News")

    link = f"http://127.0.0.1:8000/en/free-trial/consents/{consent.pk}/"
    assert message.extra_headers["List-Unsubscribe"] == f"<{link}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in message.body


def test_a_confirmation_is_sent_before_queued_marketing_mails() -> None:
    """Red when: mails are sent in the order in which they were queued."""
    make_trial("email", at=NOW - timedelta(hours=1))
    sent(NOW)
    actions.send_marketing_mail(marketing_mail(), at=NOW)
    make_sign_up(email="b@firma.pl", at=NOW + timedelta(seconds=1))

    subjects = [m.subject for m in sent(NOW + timedelta(seconds=2))]

    assert [subject.split()[0] for subject in subjects] == ["Potwierdź", "Nowość"]


def test_a_marketing_mail_is_not_sent_after_a_withdrawal_that_came_later_than_the_mail() -> None:
    """Red when: the consent is checked only when the mail is queued."""
    consent = make_trial("email").consents.get()
    actions.send_marketing_mail(marketing_mail(), at=NOW)
    actions.withdraw(consent, method="page", at=NOW)

    assert "Nowość" not in [m.subject for m in sent()]
    assert Mail.objects.get(kind=actions.MARKETING).state == "canceled"


def test_the_mail_of_a_started_trial_says_how_to_withdraw_the_consents() -> None:
    with_consent = make_trial("phone", email="a@firma.pl").consents.get()
    make_trial(email="b@firma.pl")

    bodies = {m.to[0]: m.body for m in sent() if "rozpoczął" in m.subject}

    assert str(with_consent.pk) in bodies["a@firma.pl"]
    assert "/zgody/" not in bodies["b@firma.pl"]


def test_the_mail_of_a_started_trial_says_how_the_account_is_set_up(settings) -> None:
    make_trial(language="en", email="a@firma.pl")
    [*_confirm, by_hand] = sent()
    settings.PROVISIONING_URL = "https://phone.example/trials"

    handed_over = mails.started(str(make_trial(language="en", email="b@firma.pl").pk), NOW)

    assert "Someone on our team will set up your account" in by_hand.body
    assert "Our system is setting up your account now" in handed_over.text


def test_a_mail_about_a_deleted_row_is_not_written() -> None:
    missing_id = "12345678-1234-1234-1234-123456789012"

    for writer in (mails.confirmation, mails.started, mails.reminder):
        assert writer(missing_id, NOW) is None
    assert mails.marketing(f"1 {missing_id}", NOW) is None
