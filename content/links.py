"""Links in Markdown that staff write: their targets, and the problems of one link."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from markdown_it.token import Token

from content.paths import is_page, language_of


def targets(tokens: Iterable[Token]) -> Iterator[str]:
    """The address of each link, in the order of the text."""
    for token in tokens:
        for child in token.children or []:
            if child.type == "link_open":
                yield str(child.attrGet("href") or "")


def link_problems(link: str, language: str) -> Iterator[str]:
    """The problems of a link on a page in this language. An anchor (`#...`) is not checked."""
    if link.startswith("#"):
        return
    parts = urlsplit(link)
    if parts.scheme in {"https", "mailto", "tel"}:
        return
    if parts.scheme or parts.netloc or not link.startswith("/"):
        yield _(
            "The link to “%(link)s” does not begin with “/”, “https://”, “mailto:” or “tel:”."
        ) % {"link": link}
    elif not is_page(parts.path):
        yield _("The link to “%(link)s” leads nowhere.") % {"link": link}
    elif language_of(parts.path) != language:
        text = _("The link to “%(link)s” leads to a page in the other language.")
        yield text % {"link": link}
