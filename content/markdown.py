"""Markdown that staff write, as HTML that is safe whatever they wrote."""

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

# Raw HTML stays text.
markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def plain_text(source: str) -> str:
    """The words alone, for mails: paragraphs apart by an empty line, items of lists after a dash.

    Of a link its text is left: what it leads to stands on the page, whose address the mail gives.
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
    """Drop whatever is not on the list, should the renderer ever let it through."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
