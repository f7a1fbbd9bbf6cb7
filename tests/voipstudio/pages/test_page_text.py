"""The texts of pages: Markdown to safe HTML, and links that lead somewhere."""

import pytest

from voipstudio.pages import page_text


def test_markdown_becomes_paragraphs_links_and_lists() -> None:
    assert page_text.html("A **b** [c](/kontakt/)\n\n- d") == (
        '<p>A <strong>b</strong> <a href="/kontakt/">c</a></p>\n<ul>\n<li>d</li>\n</ul>\n'
    )


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://elsewhere.example/x.png)",
        "<img src=x onerror=alert(1)>",
        "[x](data:text/html;base64,x)",
    ],
)
def test_what_could_run_or_load_never_does(source: str) -> None:
    """Red when: `clean` lets images or other schemes pass."""
    html = page_text.html(source)

    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


@pytest.mark.parametrize(
    "link",
    [
        "/kontakt/",
        "/polityka-prywatnosci/#s13",
        "/cennik/?currency=EUR",
        "https://example.org/",
        "mailto:a@example.org",
        "tel:+442034329230",
        "#tam",
    ],
)
def test_a_link_that_leads_somewhere_is_no_problem(link: str) -> None:
    assert page_text.problems(f"[x]({link})", "pl") == []


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("/nie-ma/", "leads nowhere"),
        ("/en/contact/", "leads to a page in another language than Polski"),
        ("kontakt/", "does not begin with"),
        ("http://example.org/", "does not begin with"),
        ("//example.org/", "does not begin with"),
    ],
)
def test_a_link_that_misleads_is_refused_with_a_sentence(link: str, said: str) -> None:
    """Red when: `_link_problems` leaves out one of its cases."""
    from django.utils.translation import override

    with override("en"):
        (problem,) = page_text.problems(f"[x]({link})", "pl")

    assert said in problem
    assert link in problem
