"""The drafts of answers: for each right and outcome, in both languages, with nothing that is untrue."""

import re
from datetime import timedelta

import pytest

from privacy.models import DataRequest
from privacy.rights.map.declarations import Person
from privacy.rights.requests import answers
from privacy.rights.requests.data_request import Right
from tests.privacy.rights.requests.made import ANNA, START, make_request

pytestmark = pytest.mark.django_db

OUTCOMES = DataRequest.Outcome.values
IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", ["pl", "en"])


def made(kind: str, *, language: str = "en", person: Person = ANNA, **options) -> DataRequest:
    request = make_request(kind, person=person, **options)
    request.language = language
    return request


@IN_BOTH_LANGUAGES
@pytest.mark.parametrize("kind", Right.values)
def test_every_right_has_a_draft_for_every_outcome(kind: str, language: str) -> None:
    """Red when: a right lacks its template, or two outcomes have the same words."""
    request = made(kind, language=language)

    drafts = {outcome: answers.draft(request, outcome) for outcome in OUTCOMES}

    day = {"pl": "dnia 4 maja 2026", "en": "on 4 May 2026"}[language]
    assert len({*drafts.values()}) == len(OUTCOMES)
    for draft in drafts.values():
        hello, received, *words = draft.split("\n\n")
        assert hello == {"pl": "Dzień dobry,", "en": "Hello,"}[language]
        assert received.replace("\xa0", " ").startswith(day)
        assert all(words)
        assert words
        assert "&" not in draft
        assert not re.search(r"\n{3}|[{}%]", draft)


@pytest.mark.parametrize("kind", Right.values)
@pytest.mark.parametrize("outcome", ["partly", "refused"])
def test_a_refusal_needs_its_reason(kind: str, outcome: str) -> None:
    """Red when: a refusal can be sent as it is drafted."""
    assert answers.to_fill_in(answers.draft(made(kind), outcome))


@IN_BOTH_LANGUAGES
@pytest.mark.parametrize("kind", ["access", "portability"])
def test_who_can_open_the_page_with_their_data_is_sent_there(kind: str, language: str) -> None:
    """Red when: staff are led to mail the data."""
    at_the_page = made(kind, language=language, is_verified=True)
    unverified = made(kind, language=language, at=START + timedelta(days=1))
    by_letter = made(kind, language=language, person=Person(""), source="letter", is_verified=True)

    page = {"pl": "/twoje-dane/", "en": "/en/your-data/"}[language]
    assert page in answers.draft(at_the_page, "done")
    assert answers.to_fill_in(answers.draft(at_the_page, "done")) == []
    for request in (unverified, by_letter):
        assert page not in answers.draft(request, "done")
        assert answers.to_fill_in(answers.draft(request, "done"))


@pytest.mark.parametrize(
    ("words", "holes"),
    [
        ("All is done.", []),
        ("He wrote [sic] so.", []),
        ("The reason: [… the reason]", ["[… the reason]"]),
        ("[… a] and [… b", ["[… a]", "[… b"]),
        ("[…]", ["[…]"]),
    ],
)
def test_what_is_not_filled_in_is_found(words: str, holes: list[str]) -> None:
    assert answers.to_fill_in(words) == holes


def test_a_preview_stores_nothing_and_is_the_letter() -> None:
    request = made("access")

    letter = answers.preview(request, words="One.\n\nTwo.", outcome="refused", at=START)

    assert letter.paragraphs[:2] == ["One.", "Two."]
    assert "go to court" in letter.text
    request.refresh_from_db()
    assert (request.outcome, request.is_open, request.steps.count()) == ("", True, 2)
