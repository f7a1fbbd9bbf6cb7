"""The page holds allowed HTML only, whatever staff paste into a policy."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.policies.text.rendering import render
from tests.pages import Page
from tests.privacy.policies.text.made_up_markdown import markdown_texts
from tests.privacy.policies.text.payloads import FAMILIES, PAYLOADS
from tests.run_once import needs_no_database

pytestmark = needs_no_database

_ALLOWED = {
    "aside": {"aria-label", "class", "role"},
    "a": {"class", "href", "title"},
    "blockquote": set(),
    "br": set(),
    "code": set(),
    "em": set(),
    "h2": {"id"},
    "h3": set(),
    "hr": set(),
    "li": set(),
    "ol": {"start"},
    "p": {"class", "id"},
    "section": {"aria-labelledby"},
    "strong": set(),
    "table": set(),
    "tbody": set(),
    "td": set(),
    "th": set(),
    "thead": set(),
    "tr": set(),
    "ul": set(),
}
_OURS = re.compile(r"policy__[a-z]+(-[a-z]+)*")

# The places of a payload; the last one is the summary of a section.
_CONTEXTS = {
    "alone": "{}",
    "paragraph": "## 1. x\n\n1.1 {}",
    "heading": "## 1. {}",
    "item": "- {}",
    "cell": "| {} | x |\n| --- | --- |\n| y | {} |",
    "emphasis": "**{}** *{}*",
    "link": "[{}]({})",
    "summary": "## 1. x\n\n> {}",
}


def outside_the_list(html: str) -> list[str]:
    """Everything in the HTML that a policy may not hold."""
    page = Page(html)
    result = [f"unbalanced {tag}" for tag in page.unbalanced]
    for element in page.elements:
        if element.tag not in _ALLOWED:
            result.append(f"<{element.tag}>")
        for name, value in element.attributes.items():
            if name not in _ALLOWED.get(element.tag, set()) or not _is_fine(name, value):
                result.append(f"<{element.tag} {name}={value!r}>")
    return result


def _is_fine(name: str, value: str) -> bool:
    if name == "href":
        # As browsers read it: control characters and spaces are skipped.
        scheme = re.match(r"[a-zA-Z][-+.a-zA-Z0-9]*:", re.sub(r"[\x00-\x20]", "", value))
        return scheme is None or scheme[0].lower() in {"http:", "https:", "mailto:", "tel:"}
    if name == "class":
        return _OURS.fullmatch(value) is not None
    if name in {"id", "aria-labelledby"}:
        return re.fullmatch(r"s\d+(-\d+)?", value) is not None
    if name in {"aria-label", "role"}:  # of a section's summary
        return " ".join(value.split()) in {"In short", "W skrócie", "note"}
    return name == "title" or value.isdigit()


def test_the_payloads_are_two_hundred_and_differ_in_more_than_spaces() -> None:
    different = {re.sub(r"[\s\d]+", "", payload).casefold() for payload in PAYLOADS}

    assert len(different) >= 300
    assert len(set(PAYLOADS)) == len(PAYLOADS)


@pytest.mark.parametrize(
    "payload",
    [
        "<script>x</script>",
        "<p onclick=x>y</p>",
        "<a href='javascript:x'>y</a>",
        "<a href=' java\tscript:x'>y</a>",
        "<p id=x>y</p>",
        "<p class=x>y</p>",
        "<p>y",
    ],
)
def test_the_search_finds_forbidden_html(payload: str) -> None:
    assert outside_the_list(payload) != []


@pytest.mark.parametrize("context", _CONTEXTS)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_payload_is_harmless_in_every_place(family: str, context: str) -> None:
    """Red when: `{"html": False}` becomes True and `nh3.clean` is taken out of `render`."""
    result = {}
    for payload in FAMILIES[family]:
        html = "".join(render(_CONTEXTS[context].replace("{}", payload)).pieces[::2])
        if outside := outside_the_list(html):
            result[payload] = outside

    assert result == {}


@pytest.mark.parametrize("payload", [p for p in PAYLOADS if re.match("</?[a-z!]", p)])
def test_raw_html_is_shown_as_text(payload: str) -> None:
    """Red when: `{"html": False}` becomes True: the text is gone then, not shown."""
    html = "".join(render(f"Before {payload}").pieces)

    assert re.match('<(p|h2)>Before (&lt;|<a href="(https?|mailto):)', html)


@settings(max_examples=150, deadline=None)
@given(markdown_texts)
def test_any_markdown_gives_allowed_html_only(source: str) -> None:
    """Red when: a heading in a quotation begins a section, or `nh3.clean` is taken out."""
    html = "".join(render(source).pieces[::2])

    assert outside_the_list(html) == []


@pytest.mark.parametrize(
    "source",
    [
        f"## {'9' * 5000}. x",
        f"{'1' * 5000}.1 x",
        f"1.{'1' * 5000} x",
        ">" * 3000 + " x",
        "- " * 3000 + "x",
        "[" * 3000 + "x" + "](y)" * 3000,
        "*" * 5000 + "x" + "_" * 5000,
        "`" * 5000 + "x",
        "| " * 3000 + "\n" + "|-" * 3000 + "|",
    ],
    ids=["section", "paragraph", "number", "quotes", "lists", "links", "stars", "ticks", "cells"],
)
def test_the_renderer_never_raises(source: str) -> None:
    """Red when: a number may have any number of digits."""
    assert outside_the_list("".join(render(source).pieces)) == []


_FRAGMENTS = st.sampled_from(
    [
        *"<>\"'&`[]()!#*_-|\\{}\n\t 1.",
        "## 1. ",
        "1.1 ",
        "[x](",
        "javascript:",
        "<script>",
        "</section>",
        "onerror=",
        "<img src=",
        "&#x3c;",
        "{{ cookies }}",
        "| --- |",
        "\n\n",
        "\x00",
        "data:text/html,",
        "](#s1)",
        "style=",
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.one_of(_FRAGMENTS, st.text(max_size=8)), max_size=40).map("".join))
def test_any_text_gives_allowed_html_only(source: str) -> None:
    """Red when: `nh3.clean` is taken out of `render`."""
    html = "".join(render(source).pieces[::2])

    assert outside_the_list(html) == []
