"""Texts made up by hypothesis that look like Markdown: blocks within blocks, and odd characters."""

from collections.abc import Callable

from hypothesis import strategies as st

_WORDS = st.sampled_from(
    [
        *("word", "zażółć gęślą jaźń", "13.4", "13\\.4", "7.", "2)", "{{ cookies }}", "{{x}}", "§"),
        *("<b>", "</section>", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!--"),
        *("javascript:alert(1)", "data:text/html,x", "https://example.com", "&lt;", "&#x3c;", "&"),
        *("\u202eabc", "\u200b", "\ufeff", "\u00a0", "\u2028", "\x85", "\x0b", "\x00", "١٢.٣", "𝟏."),
        *("a\u0301", "👩‍👩‍👧", "\ud7ff", "\uffff", "\t", "  ", "\\", "*", "_", "`", "|", "[", "]", "("),
    ]
)  # fmt: skip
_PLAIN = st.lists(st.one_of(_WORDS, st.text(max_size=6)), min_size=1, max_size=5).map(" ".join)
_TARGETS = st.sampled_from(
    [
        "#s1",
        "#s1-1",
        "/cookies/",
        "javascript:alert(1)",
        "JaVa\tScript:x",
        "//evil.example",
        "<a b>",
    ]
)


def _marked(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        inner.map(lambda text: f"**{text}**"),
        inner.map(lambda text: f"*{text}*"),
        inner.map(lambda text: f"`{text}`"),
        st.builds(lambda text, target: f"[{text}]({target})", inner, _TARGETS),
        st.builds(lambda text, target: f'![{text}]({target} "{text}")', inner, _TARGETS),
        _TARGETS.map(lambda target: f"<{target}>"),
        st.builds(lambda one, two: f"{one}\n{two}", inner, inner),
    )


_INLINE = st.recursive(_PLAIN, _marked, max_leaves=4)


def _within(prefix: str, rest: str) -> Callable[[str], str]:
    def put(text: str) -> str:
        first, *others = text.split("\n")
        return "\n".join([prefix + first, *(rest + line for line in others)])

    return put


def _blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=1, max_size=3).map("\n\n".join)
    return st.one_of(
        several.map(_within("> ", "> ")),
        several.map(_within("- ", "  ")),
        several.map(_within("3. ", "   ")),
        several.map(_within("7) ", "   ")),
        several.map(_within("    ", "    ")),
        several.map(lambda text: f"```\n{text}\n```"),
    )


_LEAF = st.one_of(
    _INLINE,
    st.builds(lambda mark, text: f"{mark} {text}", st.sampled_from(["#", "##", "###", "####"]), _INLINE),
    st.builds(lambda n, text: f"## {n}. {text}", st.integers(0, 10**6), _INLINE),
    st.builds(lambda n, m, text: f"{n}.{m} {text}", st.integers(0, 20), st.integers(0, 20), _INLINE),
    _INLINE.map(lambda text: f"{text}\n---"),
    st.builds(lambda one, two: f"| {one} | {two} |\n| --- | :-: |\n| {two} | {one} |", _INLINE, _INLINE),
    _INLINE.map(lambda text: f"[s1]: /url '{text}'\n\n[s1]"),
    st.sampled_from(["{{ cookies }}", "---", "***", "```", "<div>", "<!-- x -->", "\\", "1."]),
)  # fmt: skip
_BLOCK = st.recursive(_LEAF, _blocks, max_leaves=6)

markdown_texts = st.lists(
    st.tuples(_BLOCK, st.sampled_from(["\n", "\n\n", "\n\n\n \n", "\r\n\r\n"])), max_size=8
).map(lambda blocks: "".join(block + end for block, end in blocks))
