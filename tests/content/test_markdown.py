"""Markdown of staff as plain text, for mails."""

import pytest

from content.markdown import plain_text

TEXTS = {
    "paragraphs": ("One\nline.\n\nTwo.", "One line.\n\nTwo."),
    "link": ("See [section 13](#s13-4), **now**.", "See section 13, now."),
    "foreign": (
        "[Here](https://example.com/?q=1) and <https://a.example>",
        "Here and https://a.example",
    ),
    "list": (
        "New:\n\n- one\n- two\n\n  more\n1. three",
        "New:\n\n– one\n– two\n\nmore\n\n– three",
    ),
    "heading": ("## Title\n\n> Quoted", "Title\n\nQuoted"),
    "code": ("The cookie `_ga`.\n\n    block", "The cookie _ga.\n\nblock"),
    "html": ("<b>bold</b>", "<b>bold</b>"),
    "break": ("a  \nb", "a b"),
    "image": ("![seen](https://a.example/x.png)", "seen"),
    "nothing": ("  \n", ""),
}


@pytest.mark.parametrize(("source", "words"), TEXTS.values(), ids=TEXTS)
def test_plain_text_keeps_the_words_and_the_text_of_links(source: str, words: str) -> None:
    """Red when: an address is printed beside the text of its link, or a paragraph is lost."""
    assert plain_text(source) == words
