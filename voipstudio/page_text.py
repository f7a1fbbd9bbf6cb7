"""The texts of pages: Markdown to HTML, and what keeps such a text from being saved."""

from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from privacy.markdown import clean, markdown
from voipstudio.paths import is_page, language_of


@lru_cache(maxsize=512)
def html(source: str) -> SafeString:
    """The text as HTML that is safe to show, whatever was typed."""
    return mark_safe(clean(markdown.render(source)))  # noqa: S308 - cleaned to a list of tags


def problems(source: str, language: str) -> list[str]:
    """What keeps this text from being saved, as sentences for staff."""
    return [problem for link in _links(source) for problem in _link_problems(link, language)]


def _links(source: str) -> Iterator[str]:
    for token in markdown.parse(source):
        for child in token.children or []:
            if child.type == "link_open":
                yield str(child.attrGet("href"))


def _link_problems(link: str, language: str) -> Iterator[str]:
    parts = urlsplit(link)
    if parts.scheme in {"https", "mailto", "tel"} or link.startswith("#"):
        return
    if parts.scheme or parts.netloc or not link.startswith("/"):
        yield _(
            "The link to “%(link)s” does not begin with “/”, “https://”, “mailto:” or “tel:”."
        ) % {"link": link}
    elif not is_page(parts.path):
        yield _("The link to “%(link)s” leads nowhere.") % {"link": link}
    elif language_of(parts.path) != language:
        names = dict(settings.LANGUAGES)
        yield _("The link to “%(link)s” leads to a page in another language than %(name)s.") % {
            "link": link,
            "name": names[language],
        }
