"""Markdown that staff write, as HTML that is safe whatever they wrote."""

import nh3
from markdown_it import MarkdownIt

TAGS = {
    "a", "aside", "blockquote", "br", "code", "em", "h2", "h3", "hr", "li", "ol", "p", "section",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"class", "href"},
    "aside": {"aria-labelledby", "class", "role"},
    "h2": {"id"},
    "ol": {"start"},
    "p": {"class", "id"},
    "section": {"aria-labelledby"},
    "strong": {"id"},
}

# Raw HTML stays text.
markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def clean(html: str) -> str:
    """Drop whatever is not on the list, should the renderer ever let it through."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
