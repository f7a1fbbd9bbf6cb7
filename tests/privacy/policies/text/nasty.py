"""Texts that cost a parser or a regular expression more than other texts of their length."""

from collections.abc import Callable


def _repeated(piece: str) -> Callable[[int], str]:
    return lambda size: (piece * (size // len(piece) + 1))[:size]


def _runs_of_backticks(size: int) -> str:
    """Runs of every length, none of which is closed."""
    return " ".join("`" * length for length in range(1, int((2 * size) ** 0.5)))[:size]


def _wide_table(size: int) -> str:
    columns = size // 4
    return "|".join(["a"] * columns) + "\n" + "|".join(["-"] * columns)


def _filled_table(size: int) -> str:
    """Short lines that the parser fills up to 200 cells each."""
    head = "|".join(["a"] * 200) + "\n" + "|".join(["-"] * 200) + "\n"
    return (head + "a\n" * size)[:size]


def _long_heading(size: int) -> str:
    """A heading that each of many problems could quote."""
    tags = " ".join(f"<a{number}>" for number in range(size // 16))
    return f"## {'a' * (size // 2)}\n\n{tags}"


def _numbered_paragraphs(size: int) -> str:
    return "\n\n".join(f"1.{number} a" for number in range(size // 9))


NASTY: dict[str, Callable[[int], str]] = {
    "backticks of every length": _runs_of_backticks,
    "backticks": _repeated("`a"),
    "brackets": _repeated("["),
    "images": _repeated("!["),
    "half links": _repeated("[a]("),
    "a wide table": _wide_table,
    "a filled table": _filled_table,
    "quotations": _repeated("> "),
    "lists": _repeated("1) a\n"),
    "stars": _repeated("*a "),
    "stars and underscores": _repeated("*_"),
    "tags": _repeated("<a "),
    "lines of form feeds": _repeated("a\n\x0c"),
    "headings": _repeated("## 1. a\n"),
    "a long heading": _long_heading,
    "numbered paragraphs": _numbered_paragraphs,
    "definitions": _repeated("[a]: b\n\n"),
    "underlines": _repeated("a\n="),
    "braces": _repeated("{{"),
    "digits": _repeated("1."),
}
