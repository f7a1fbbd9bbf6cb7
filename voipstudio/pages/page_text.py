"""The texts of pages: Markdown to HTML, and what keeps such a text from being saved."""

from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from content import links
from content.markdown import clean, markdown


@lru_cache(maxsize=512)
def html(source: str) -> SafeString:
    """The text as HTML that is safe to show, whatever was typed."""
    return mark_safe(clean(markdown.render(source)))  # noqa: S308 - cleaned to a list of tags


def problems(source: str, language: str) -> list[str]:
    """What keeps this text from being saved, as sentences for staff."""
    return [
        problem
        for link in links.targets(markdown.parse(source))
        for problem in links.problems(link, language)
    ]
