"""One mailbox is one person, in whatever spelling its address is typed."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from delivery import addresses, outbox, worker
from privacy.rate_limits import DAY, MAX_MAILS_PER_MAILBOX_AND_DAY, mailbox_key
from tests.factories import make_sign_up, make_sign_up_form, make_trial
from tests.mail_server import MailServer, mail_server
from tests.pages import Page
from trial import actions
from trial.models import SignUp

pytestmark = pytest.mark.django_db

MAILBOX = "anna@xn--mnchen-3ya.de"
ACCEPTED = [
    "anna@münchen.de",
    "anna@MÜNCHEN.DE",
    "anna@München.de",
    "anna@mu\u0308nchen.de",  # u and a combining diaeresis
    "anna@MU\u0308NCHEN.de",
    "ANNA@münchen.de",
    "Anna@MünCHen.De",
    " anna@münchen.de ",
    "\tanna@münchen.de\u00a0",
    "anna@xn--mnchen-3ya.de",
    "anna@XN--MNCHEN-3YA.DE",
    "ANNA@Xn--mnchen-3YA.dE",
    "anna@ｍünchen.de",  # a full-width m
    "anna@ｍünｃｈｅｎ.de",
    "anna@ＭÜＮＣＨＥＮ.ＤＥ",
    "anna@mün\ufe0fchen.de",  # variation selector: IDNA drops it
    "anna@mün\u034fchen.de",  # combining grapheme joiner: IDNA drops it
    "anna@münⓒhen.de",
    "anna@münchℯn.de",
]
REFUSED = [
    "anna@mün\u00adchen.de",  # soft hyphen
    "anna@münchen\u00ad.de",
    "anna@mün\u200bchen.de",  # zero-width space
    "anna@mün\u200cchen.de",  # zero-width non-joiner
    "anna@mün\u200dchen.de",  # zero-width joiner
    "anna@mün\u2060chen.de",  # word joiner
    "anna@mün\ufeffchen.de",  # byte order mark
    "anna@mün\u200echen.de",  # left-to-right mark
    "anna@mün\u180echen.de",  # Mongolian vowel separator
    "anna@mün\U0001d41chen.de",  # a mathematical c
    "an\u00adna@münchen.de",
    "anna\u200b@münchen.de",
    "ａnna@münchen.de",
    "\u0430nna@münchen.de",  # a Cyrillic a
    "anna＠münchen.de",
    "anna@münchen.de.",
    "anna@münchen..de",
    '"anna"@münchen.de',
    "anna(comment)@münchen.de",
    "anna@(comment)münchen.de",
    "Anna <anna@münchen.de>",
    "<anna@münchen.de>",
    "mailto:anna@münchen.de",
    "anna@münchen.de, anna@münchen.de",
    "anna @münchen.de",
    "anna%münchen.de@münchen.de.",
    "@relay.example:anna@münchen.de",
]


@pytest.fixture
def server(settings) -> Iterator[MailServer]:
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def sign_up(address: str, *, network: int = 1):
    client = Client(REMOTE_ADDR=f"203.0.113.{network}")
    return client.post("/en/free-trial/", make_sign_up_form(email=address))


def readers(server: MailServer) -> list[str]:
    return [received.reader.lower() for received in server.received]


@pytest.mark.parametrize("typed", REFUSED, ids=ascii)
def test_a_spelling_with_hidden_characters_or_syntax_is_refused_with_a_sentence(typed: str) -> None:
    """Red when: the form has Django's check alone, or drops what nobody sees."""
    response = sign_up(typed)

    assert response.status_code == 422
    [sentence] = (message.text for message in Page(response.content).with_class("field__error"))
    assert sentence in {
        "Enter an e-mail address in the form name@company.com.",
        "Before the @ an address has no letters such as ą or ö. Enter one without.",
    }
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("typed", ACCEPTED, ids=ascii)
def test_every_accepted_spelling_is_the_one_person_who_has_the_trial(server, typed: str) -> None:
    """Red when: an address is stored, compared, counted or blocked as it was typed."""
    at = timezone.now()
    trial = make_trial(email=MAILBOX, at=at)
    worker.work_off(at)
    server.received.clear()

    assert sign_up(typed).status_code == 200
    worker.work_off(timezone.now())

    assert SignUp.objects.trial_of(typed) == trial
    assert SignUp.objects.latest("created_at").email.lower() == MAILBOX
    assert readers(server) == [MAILBOX]
    subject = server.received[0].message["Subject"]
    assert subject == "Your VoIPstudio trial"
    outbox.suppress(typed, at=at)
    assert outbox.is_suppressed(MAILBOX, at=at)


def test_all_spellings_of_a_mailbox_together_get_three_mails_and_one_trial(server) -> None:
    """Red when: a spelling has a limit of its own."""
    for network, typed in enumerate([*ACCEPTED, *REFUSED]):
        sign_up(typed, network=network)
    worker.work_off(timezone.now())

    assert readers(server) == [MAILBOX] * MAX_MAILS_PER_MAILBOX_AND_DAY
    first, *others = SignUp.objects.all()
    token = actions.tokens.make(purpose=actions.CONFIRM, subject=str(first.pk), at=timezone.now())
    actions.confirm(token, at=timezone.now())
    for other in others:
        assert SignUp.objects.trial_of(other.email) == first


def test_an_address_with_a_sharp_s_is_another_person_and_gets_the_mail(server) -> None:
    """IDNA 2008. Red when: Django's punycode or a casefold makes strasse.de of straße.de."""
    assert sign_up("anna@straße.de").status_code == 200
    worker.work_off(timezone.now())

    assert readers(server) == ["anna@xn--strae-oqa.de"]
    assert server.received[0].message["To"] == "anna@xn--strae-oqa.de"
    assert addresses.normalized("anna@straße.de") != addresses.normalized("anna@strasse.de")
    day = {"purpose": "trial", "window": DAY, "at": timezone.now()}
    assert mailbox_key("a@straße.de", **day) != mailbox_key("a@strasse.de", **day)


def test_people_see_the_domain_with_its_letters() -> None:
    """Red when: a page shows xn--, or the field to correct an address holds it."""
    page = Page(sign_up("anna@MÜNCHEN.de").content)

    assert "anna@münchen.de" in page.one("main").text
    assert page.one("input", id="email")["value"] == "anna@münchen.de"


@pytest.mark.parametrize("typed", ["anna@münchen.de", "@MÜNCHEN.de", "ANNA@xn--mnchen-3ya.de"])
def test_staff_find_and_read_an_address_in_every_spelling(admin_client, typed: str) -> None:
    """Red when: the search compares what staff typed with what is stored."""
    make_sign_up(email=MAILBOX)
    make_sign_up(email="jan@munchen.de")

    page = Page(admin_client.get("/admin/trial/signup/", {"q": typed}).content)

    assert [cell.text for cell in page.with_class("field-readable_email")] == ["anna@münchen.de"]
