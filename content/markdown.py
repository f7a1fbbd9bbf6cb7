"""Markdown that staff write, rendered as safe HTML or as plain text."""

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    "a", "aside", "blockquote", "br", "code", "em", "h2", "h3", "hr", "li", "ol", "p", "section",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"class", "href"},
    "aside": {"aria-label", "class", "role"},
    "h2": {"id"},
    "ol": {"start"},
    "p": {"class", "id"},
    "section": {"aria-labelledby"},
}

# html=False: raw HTML is escaped and shown as text.
markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def plain_text(source: str) -> str:
    """The words without markup, for mails: empty lines between paragraphs, dashes before items.

    A link becomes its text alone: its address is on the page, and the mail links to the page.
    """
    text, was_item, is_item = "", False, False
    for token in markdown.parse(source):
        if token.type == "list_item_open":
            is_item = True
        elif token.type in {"inline", "fence", "code_block"}:
            words = " ".join("".join(map(_words, token.children or [token])).split())
            space = "\n" if is_item and was_item else "\n\n"
            text += f"{space}– {words}" if is_item else f"{space}{words}"
            was_item, is_item = is_item, False
    return text.strip()


def _words(token: Token) -> str:
    return " " if token.type in {"softbreak", "hardbreak"} else token.content


def clean(html: str) -> str:
    """Drop every tag and attribute that is not listed.

    A second line of defense: the renderer should not produce such tags in the first place.
    """
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
