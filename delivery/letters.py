"""Builds the letter of one mail: its address and its words, in plain text and in HTML.

The words are a plain text template of the app that sends the mail, in `templates/<app>/mail/`. The
HTML is made of the same words. The template includes `delivery/mail/_foot.txt` at its end.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from content.company import COMPANY
from content.paths import absolute


@dataclass(frozen=True)
class Letter:
    """The address and the words of one mail, in text and in HTML."""

    to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def paragraphs(self) -> list[str]:
        """The text, as `delivery/mail/_words.html` makes HTML of it."""
        return self.text.strip().split("\n\n")


def letter(to: str, subject: str, template: str, context: Mapping[str, Any]) -> Letter:
    """The letter in the active language. Each template may also use the addresses of pages."""
    pages = {name: absolute(reverse(name)) for name in ("home", "your_data", "your_data_complaint")}
    words = {**context, "company": COMPANY, **pages}
    paragraphs = re.split(r"\n{2,}", render_to_string(template, words).strip())
    html = render_to_string(
        "delivery/mail/letter.html",
        {"subject": subject, "paragraphs": paragraphs, "language": translation.get_language()},
    )
    return Letter(to, subject, "\n\n".join(paragraphs) + "\n", html)
