"""From a policy's Markdown to HTML with an anchor for every section and paragraph.

A section is a heading `## 13. Title`, a paragraph begins with its number: `13.4 Text`. Numbers are
shown as they were typed: nothing is renumbered. A line `{{ name }}` stands for a generated table.
A quotation right after a section's heading is the section's summary in plain language.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markdown_it.token import Token

from content.markdown import clean, markdown

# Four digits at most: Python refuses to make a number of thousands of them.
HEADING = re.compile(r"([0-9]{1,4})\.\s+(?=\S)")
PARAGRAPH = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})\s+(?=\S)")
PLACEHOLDER = re.compile(r"\{\{ *([a-z_]+) *\}\}")
_SECTION = ("heading_open", "h2", 0)
_TABLE = re.compile(rf"<p>{PLACEHOLDER.pattern}</p>")


@dataclass(frozen=True)
class Section:
    """One numbered section, as the table of contents lists it."""

    number: int
    title: str

    @property
    def anchor(self) -> str:
        return f"s{self.number}"


@dataclass(frozen=True)
class PolicyText:
    """One policy in one language, rendered but for its generated tables."""

    sections: tuple[Section, ...]
    anchors: tuple[str, ...]
    tables: tuple[str, ...]
    pieces: tuple[str, ...]  # HTML, name of a table, HTML, ... as re.split gives them


def render(source: str, language: str | None = None) -> PolicyText:
    """Render Markdown. Raw HTML in it stays text; the result is also sanitized.

    Words that the site adds are in `language`, by default the active one.
    """
    return _render(source, language or get_language() or "")


# A page is made anew for each choice of its visitors, and its text stays the same.
@lru_cache(maxsize=512)
def _render(source: str, language: str) -> PolicyText:
    sections: list[Section] = []
    anchors: list[str] = []
    htmls: list[str] = []
    tokens = markdown.parse(source)
    # A heading in a list or a quotation begins no section: `</section>` would close its container.
    starts = [i for i, t in enumerate(tokens) if (t.type, t.tag, t.level) == _SECTION]
    bounds = [0, *starts, len(tokens)]
    for start, end in pairwise(bounds):
        chunk = tokens[start:end]
        section = _mark_heading(chunk)
        if section:
            sections.append(section)
            anchors.append(section.anchor)
            _mark_summary(chunk, language)
        anchors.extend(_mark_paragraphs(chunk))
        html = str(markdown.renderer.render(chunk, markdown.options, {}))
        htmls.append(
            f'<section aria-labelledby="{section.anchor}">{html}</section>' if section else html
        )
    safe = clean("".join(htmls))
    pieces = tuple(_TABLE.split(safe))
    return PolicyText(tuple(sections), tuple(anchors), pieces[1::2], pieces)


def _mark_heading(chunk: list[Token]) -> Section | None:
    if len(chunk) < 2 or chunk[0].tag != "h2":
        return None
    inline = chunk[1]
    match = HEADING.match(inline.content)
    if not match:
        return None
    shown = "".join(child.content for child in inline.children or [])
    section = Section(int(match[1]), shown[match.end() :].strip())
    chunk[0].attrSet("id", section.anchor)
    _number(inline, match, section.anchor, "policy__anchor", f"{section.number}.")
    return section


def _mark_summary(chunk: list[Token], language: str) -> None:
    """Turn the quotation right after the heading into a summary, labeled as not binding."""
    if len(chunk) < 4 or chunk[3].type != "blockquote_open":
        return
    close = next(token for token in chunk if token.type == "blockquote_close" and token.level == 0)
    chunk[3].tag = close.tag = "aside"
    with translation.override(language):
        name, note = _("In short"), _("a summary, not binding")
    # An aside is a landmark (WAI-ARIA), and one for each section would be too many: hence a note.
    for attribute, value in {
        "class": "policy__summary",
        "role": "note",
        "aria-label": name,
    }.items():
        chunk[3].attrSet(attribute, value)
    label = Token("html_block", "", 0)
    label.content = format_html(
        '<p class="policy__summary-label"><strong>{}</strong> {}</p>\n', name, note
    )
    chunk.insert(4, label)


def _mark_paragraphs(chunk: list[Token]) -> Iterator[str]:
    for opening, inline in pairwise(chunk):
        if opening.type != "paragraph_open" or opening.level != 0:
            continue
        if match := PARAGRAPH.match(inline.content):
            anchor = f"s{int(match[1])}-{int(match[2])}"
            opening.attrSet("id", anchor)
            opening.attrSet("class", "policy__paragraph")
            _number(inline, match, anchor, "policy__number", f"{match[1]}.{match[2]}")
            yield anchor


def _number(inline: Token, match: re.Match[str], anchor: str, css_class: str, shown: str) -> None:
    """Turn the typed number at the start of a block into a link to the block itself."""
    first = (inline.children or [])[0]
    first.content = first.content[match.end() :]
    link = Token("html_inline", "", 0)
    link.content = f'<a class="{css_class}" href="#{anchor}">{shown}</a> '
    inline.children = [link, *(inline.children or [])]
