"""The mail of every step, in both languages: in words, without what a stranger typed."""

from datetime import timedelta

import pytest

from privacy.models import DataRequest
from privacy.rights.map.declarations import Person
from privacy.rights.requests import actions, mails
from tests.privacy.rights.requests.made import (
    ANNA,
    START,
    colleague,
    letters,
    make_complaint_by_letter,
    make_request,
)

pytestmark = pytest.mark.django_db
IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", ["pl", "en"])


def asked(language: str, kind: str = "access"):
    request = actions.receive(ANNA, kind=kind, language=language, at=START, text="My words.")
    request.refresh_from_db()
    return request


def flat(text: str) -> str:
    return text.replace("\xa0", " ")


def test_a_reply_reaches_the_address_at_which_requests_are_read() -> None:
    """The mail about a doubt asks for a reply. Red when: it goes to the address of marketing."""
    asked("pl")

    [letter] = letters()

    assert letter.headers == {"Reply-To": "gdpr@voipstudio.pl"}


SUBJECTS = {
    ("received", "pl"): "Mamy Twój wniosek",
    ("received", "en"): "We have your request",
    ("complained", "pl"): "Mamy Twoją skargę",
    ("complained", "en"): "We have your complaint",
    ("extended", "pl"): "Potrzebujemy więcej czasu na Twoją sprawę",
    ("extended", "en"): "We need more time for your request",
    ("paused", "pl"): "Prosimy o potwierdzenie, że to Ty",
    ("paused", "en"): "Please show us that it is you",
    ("answered", "pl"): "Nasza odpowiedź na Twój wniosek",
    ("answered", "en"): "Our answer to your request",
    ("decided", "pl"): "Wynik Twojej skargi",
    ("decided", "en"): "The outcome of your complaint",
}
DUE = {"pl": "4 czerwca 2026", "en": "4 June 2026"}
EXTENDED = {"pl": "4 sierpnia 2026", "en": "4 August 2026"}


def cause(step: str, language: str) -> None:
    """Let a step happen whose mail is the last one."""
    request = asked(language, "complaint" if step in ("complained", "decided") else "access")
    if step == "extended":
        actions.extend(request, reason="Reasons & more.", user=colleague(), at=START)
    elif step == "paused":
        actions.pause(request, reason="Reasons & more.", user=colleague(), at=START)
    elif step in ("answered", "decided"):
        actions.answer(
            request, text="Reasons & more.", outcome="refused", user=colleague(), at=START
        )


@pytest.mark.parametrize(("step", "language"), SUBJECTS)
def test_each_step_has_its_mail_in_the_language_of_the_person(step: str, language: str) -> None:
    """Red when: a mail is in the language of staff, or lacks where to complain."""
    cause(step, language)

    letter = letters()[-1]

    request = DataRequest.objects.get()
    assert letter.to == "anna@example.com"
    assert flat(letter.subject) == f"{SUBJECTS[step, language]} ({request.reference})"
    assert request.reference in letter.text
    complaint = {"pl": "/twoje-dane/skarga/", "en": "/en/your-data/complaint/"}[language]
    assert complaint in letter.text
    assert "https://uodo.gov.pl" in letter.text
    assert "https://ico.org.uk" in letter.text
    assert "Level 7 Systems" in letter.text
    assert f'<html lang="{language}">' in letter.html
    if step not in ("received", "complained"):
        assert "Reasons & more." in letter.text
        assert "Reasons &amp; more." in letter.html


@IN_BOTH_LANGUAGES
def test_the_acknowledgement_says_until_when_and_repeats_nothing(language: str) -> None:
    """Red when: anyone can send words of their own to any address."""
    asked(language)

    [letter] = letters()

    assert DUE[language] in flat(letter.text)
    assert "My words." not in letter.text + letter.html


@IN_BOTH_LANGUAGES
def test_the_extension_says_the_new_day(language: str) -> None:
    cause("extended", language)

    assert EXTENDED[language] in flat(letters()[-1].text)


@IN_BOTH_LANGUAGES
@pytest.mark.parametrize(
    ("outcome", "has_court"),
    [
        ("done", False),
        ("taken-back", False),
        ("refused", True),
        ("partly", True),
        ("nothing", True),
    ],
)
def test_a_person_who_does_not_get_all_reads_of_the_court(
    language: str, outcome: str, has_court: bool
) -> None:
    """GDPR Art. 12(4). Red when: the sentence is left to the words of staff."""
    request = asked(language)
    actions.answer(request, text="The words.", outcome=outcome, user=colleague(), at=START)

    text = flat(letters()[-1].text)

    assert (
        {"pl": "do sądu (art. 77 i 79 RODO)", "en": "go to court"}[language] in text
    ) == has_court


def test_a_complaint_is_called_a_complaint() -> None:
    request = asked("en", "complaint")
    actions.extend(request, reason="x", user=colleague(), at=START)
    actions.answer(request, text="x", outcome="done", user=colleague(), at=START)

    _received, extended, answered = [letter.text for letter in letters()]

    assert f"more time for your complaint {request.reference}" in flat(extended)
    assert f"the outcome of your complaint {request.reference}" in flat(answered)


def test_nobody_without_an_address_is_mailed() -> None:
    """Red when: the worker tries to send a letter to nobody."""
    for person in (Person(""), Person("")):
        request = make_complaint_by_letter(person=person)
        actions.answer(request, text="x", outcome="done", user=colleague(), at=START)

    assert letters() == []


def test_a_mail_whose_person_is_erased_is_not_sent() -> None:
    request = make_request()
    actions.answer(request, text="x", outcome="done", user=colleague(), at=START)
    assert len(letters()) == 2

    type(request).objects.update(email="")

    assert letters(START + timedelta(days=1)) == []
    assert mails._reader(str(request.pk)) is None
