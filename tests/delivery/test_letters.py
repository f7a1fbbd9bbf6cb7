"""A letter has the same words in text and in HTML, and the foot that names the sender."""

from pathlib import Path

import pytest
from django.utils import translation

from delivery.letters import Letter, letter
from tests.pages import Page
from tests.run_once import needs_no_database

pytestmark = needs_no_database

WORDS = """{% autoescape off %}Hello {{ name }},



{{ link }}

{% include "delivery/mail/_foot.txt" %}{% endautoescape %}"""


@pytest.fixture
def written(settings, tmp_path: Path) -> Letter:
    """A letter of a made-up template, written in English."""
    (tmp_path / "words.txt").write_text(WORDS)
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], tmp_path]}]
    context = {"name": "<b>Anna & Co.</b>", "link": "https://example.com/a?b=1&c=2"}
    with translation.override("en"):
        return letter("anna@example.com", "News", "words.txt", context)


def test_the_text_has_the_words_of_the_template_and_the_foot(written: Letter) -> None:
    """Red when: the foot lacks the sender, or more than one empty line stands in a row."""
    assert written.to == "anna@example.com"
    assert written.subject == "News"
    assert written.text.startswith(
        "Hello <b>Anna & Co.</b>,\n\nhttps://example.com/a?b=1&c=2\n\n-- \n"
        "VoIPstudio, http://127.0.0.1:8000/en/\nLevel 7 Systems"
    )
    assert written.text.endswith(
        "marketing@voipstudio.pl, +44 203 432 9230.\n"
        "Your data and your choices: http://127.0.0.1:8000/en/your-data/\n"
    )


def test_the_html_escapes_the_words_and_marks_the_link_and_the_signature(written: Letter) -> None:
    """Red when: words become markup, or the link to open looks like any other paragraph."""
    page = Page(written.html)

    assert page.one("html")["lang"] == "en"
    assert page.one("title").text == "News"
    assert "<p>Hello &lt;b&gt;Anna &amp; Co.&lt;/b&gt;,</p>" in written.html
    assert page.one("p", class_="link").text == "https://example.com/a?b=1&c=2"
    assert page.one("p", class_="signature").text.startswith("VoIPstudio, ")
