"""Previews of a draft for staff, made by the public renderer."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from content.both_languages import LANGUAGES, by_language
from content.markdown import clean, markdown
from privacy.models import PolicyCode, PolicyVersion
from privacy.policies.differences.blocks import blocks
from privacy.policies.differences.compare import Differences, compare
from privacy.policies.review import article_13
from privacy.policies.text import rendering, tables
from privacy.policies.text.sections import split

# One page of the admin shows both languages: a prefix keeps their anchors apart.
_ANCHOR = re.compile(r'( (?:id|aria-labelledby)="| href="#)(?=s\d)')


def section_preview(typed: str, language: str) -> SafeString:
    """One section as HTML, with live tables."""
    with override(language):
        html = tables.filled(rendering.render(typed).pieces, at=None)
    return mark_safe(_ANCHOR.sub(rf"\1{language}-", html))  # noqa: S308 - as rendering.py cleaned it


def page(request: HttpRequest, version: PolicyVersion) -> HttpResponse:
    """A version that is not published, as its readers would see it, in the active language."""
    language = get_language() or ""
    text = rendering.render(by_language(version, "text")[language])
    policy = {
        "title": by_language(version, "title")[language],
        "sections": text.sections,
        "html": tables.filled(text.pieces, at=None),
    }
    summary = mark_safe(clean(markdown.render(by_language(version, "change_summary")[language])))  # noqa: S308 - cleaned to a list of tags
    return render(request, "privacy/draft.html", {"policy": policy, "change_summary": summary})


def texts(version: PolicyVersion) -> list[dict[str, SafeString]]:
    """Every section in both languages, side by side."""
    chunks = {code: split(text) for code, text in by_language(version, "text").items()}
    return [
        {
            code: section_preview(chunks[code][place], code)
            if place < len(chunks[code])
            else SafeString()
            for code in LANGUAGES
        }
        for place in range(max(map(len, chunks.values())))
    ]


def checklist(version: PolicyVersion) -> list[tuple[article_13.Item, str]]:
    """Each item of GDPR Art. 13 with the paragraphs that answer it; only of the privacy policy."""
    items = article_13.ITEMS if version.policy == PolicyCode.PRIVACY else ()
    return [
        (item, article_13.text(article_13.numbers_of(version.article_13, item.code)))
        for item in items
    ]


def changes(before: PolicyVersion | None, after: PolicyVersion) -> dict[str, Differences]:
    """What a version changes, by language; empty for the first version."""
    if before is None:
        return {}
    old, new = by_language(before, "text"), by_language(after, "text")
    return {code: compare(blocks(old[code]), blocks(new[code])) for code in LANGUAGES}
