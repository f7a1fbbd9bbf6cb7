"""The mails of the trial: in the reader's language, of our own words alone, true when read."""

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
    """One of each kind, as they are sent over time."""
    make_trial("email", "phone", language=language, at=NOW)
    make_sign_up(language=language, at=NOW)  # known by now
    make_sign_up(language=language, email="b@firma.pl", at=NOW)
    actions.send_marketing_mail(marketing_mail(), at=NOW)
    make_published(
        is_material=True,
        change_summary_pl="Przechowujemy dane krócej.\n\n- [Raz](#s0)\n- Dwa",
        change_summary_en="We keep data for a time < 90 days & less.\n\n- [One](#s0)\n- Two",
    )
    found = [*sent(NOW), *sent(NOW + timedelta(days=28))]
    # Nothing that became pointless is sent: the confirmation of who is confirmed says so.
    assert len(found) == Mail.objects.count() == 7
    return found


@pytest.mark.parametrize("language", ["pl", "en"])
def test_every_mail_is_in_its_readers_language(language: str) -> None:
    """Red when: a letter is written in the language of the worker."""
    for message in make_every_mail(language):
        words = f"{message.subject}\n{message.body.partition('-- ')[0]}"
        assert bool(POLISH.search(words)) is (language == "pl"), words
        html = message.alternatives[0].content
        assert Page(html).one("html")["lang"] == language


@pytest.mark.parametrize("language", ["pl", "en"])
def test_every_mail_says_the_same_in_text_and_in_html_and_loads_nothing(language: str) -> None:
    """No pixel, no picture, no font. Red when: the HTML is written apart from the text."""
    for message in make_every_mail(language):
        assert message.alternatives[0].mimetype == "text/html"
        page = Page(message.alternatives[0].content)
        # Line breaks are elements there.
        text = message.body.replace("-- \n", "")  # the sign of a signature: RFC 3676, 4.3
        assert "".join(text.split()) == page.one("body").text.replace(" ", "")
        assert "\n\n\n" not in message.body
        assert list(page.loaded) == []
        assert page.all("img", "iframe", "link", "script") == []
        assert page.unbalanced == []


def test_no_mail_holds_foreign_text() -> None:
    """Else our own mails could be made to carry anybody's advertising."""
    foreign = "Kup teraz https://spam.example"
    make_sign_up(name=foreign, company=foreign, email="a@firma.pl")
    make_trial("email", name=foreign, company=foreign, email="b@firma.pl")
    make_published(is_material=True)

    messages = sent()

    assert len(messages) == 4
    for message in messages:
        assert "spam.example" not in message.message().as_string()
        assert "Kup teraz" not in message.subject + message.body


def test_every_mail_says_who_sends_it_and_that_no_person_did() -> None:
    for message in make_every_mail("en"):
        assert message.extra_headers["From"] == "VoIPstudio <marketing@voipstudio.pl>"
        assert message.extra_headers["Auto-Submitted"] == "auto-generated"
        assert "Level 7 Systems" in message.body
        assert "6978512" in message.body


def test_mail_that_comes_back_has_an_address_of_its_own(settings) -> None:
    settings.BOUNCE_ADDRESS = "bounces@voipstudio.pl"
    make_sign_up()

    [message] = sent()

    assert message.from_email == "bounces@voipstudio.pl"
    assert message.message()["From"] == "VoIPstudio <marketing@voipstudio.pl>"


def test_the_token_is_made_as_the_mail_is_written_and_kept_as_a_hash() -> None:
    """I15. Red when: the database holds what opens the link."""
    make_sign_up()
    assert not Token.objects.exists()

    [message] = sent()

    [token] = re.findall(r"/potwierdzenie/([-\w]{43})/", message.body)
    row = Token.objects.get()
    assert token not in str(Token.objects.values().get())
    assert row.expires_at - row.created_at == timedelta(hours=48)


def test_who_has_a_trial_is_told_so_and_gets_no_link() -> None:
    """I16. Red when: a second trial is offered, or nothing is sent."""
    make_trial(at=NOW)
    make_sign_up(language="en", at=NOW)
    make_sign_up(language="en", email="ANNA@example.com", at=NOW)
    before = Token.objects.count()

    known = [m for m in sent(NOW) if m.subject == "Your VoIPstudio trial"]

    assert len(known) == 2
    assert all("A trial is running with this address already" in m.body for m in known)
    assert Token.objects.count() == before


def test_who_had_a_trial_is_told_when_it_ended() -> None:
    make_trial(at=NOW - timedelta(days=40))
    make_sign_up(language="en", at=NOW)

    assert any("The trial of this address ended on" in m.body for m in sent(NOW))


def test_the_reminder_comes_three_days_before_the_end_and_only_to_who_is_still_trying() -> None:
    """Red when: the reminder is not canceled with the trial."""
    make_trial(email="a@firma.pl", at=NOW)
    actions.end_trial(make_trial(email="b@firma.pl", at=NOW), at=NOW)
    sent(NOW)

    assert sent(NOW + timedelta(days=26, hours=23)) == []
    reminders = sent(NOW + timedelta(days=27))

    assert [m.to for m in reminders] == [["a@firma.pl"]]
    assert "kończy się" in reminders[0].body
    assert sent(NOW + timedelta(days=29)) == []


def test_a_marketing_mail_can_be_stopped_with_one_click_and_by_its_link() -> None:
    """RFC 8058 and RFC 2369. Red when: a header or the link is left out."""
    consent = make_trial("email", language="en").consents.get()
    actions.send_marketing_mail(marketing_mail(), at=timezone.now())

    message = next(m for m in sent() if m.subject == "News")

    link = f"http://127.0.0.1:8000/en/free-trial/consents/{consent.pk}/"
    assert message.extra_headers["List-Unsubscribe"] == f"<{link}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in message.body


def test_nobody_waits_for_a_link_until_a_marketing_mail_has_gone_to_all() -> None:
    """Red when: mails go strictly in the order in which they were queued."""
    make_trial("email", at=NOW - timedelta(hours=1))
    sent(NOW)
    actions.send_marketing_mail(marketing_mail(), at=NOW)
    make_sign_up(email="b@firma.pl", at=NOW + timedelta(seconds=1))

    subjects = [m.subject for m in sent(NOW + timedelta(seconds=2))]

    assert [subject.split()[0] for subject in subjects] == ["Potwierdź", "Nowość"]


def test_a_marketing_mail_is_not_sent_to_who_withdrew_after_it_was_queued() -> None:
    """Asked at the moment of sending. Red when: the consent is asked for only as it is queued."""
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


def test_the_mail_of_a_started_trial_says_what_really_happens_next(settings) -> None:
    make_trial(language="en", email="a@firma.pl")
    [*_confirm, by_hand] = sent()
    settings.PROVISIONING_URL = "https://phone.example/trials"

    handed_over = mails.started(str(make_trial(language="en", email="b@firma.pl").pk), NOW)

    assert "A person in our team sets up your account" in by_hand.body
    assert "Our system is setting up your account now" in handed_over.text


def test_a_mail_about_what_is_no_longer_there_is_not_written() -> None:
    gone = "12345678-1234-1234-1234-123456789012"

    for writer in (mails.confirmation, mails.started, mails.reminder):
        assert writer(gone, NOW) is None
    assert mails.marketing(f"1 {gone}", NOW) is None
