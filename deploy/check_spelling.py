"""Checks the spelling of every text in both languages, and of the docs: part of `make check`.

hunspell knows the words of each language; deploy/spelling/ holds those that it does not: names, and
words of the trade. A line there that no text needs is an error, too. Where hunspell or a dictionary
is missing this says so, and passes.
"""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
# The texts say "recognize" and "color", as the code does.
DICTIONARIES = {"pl": "pl_PL", "en": "en_US"}
BOTH = "both"
EITHER = tuple(DICTIONARIES)
OWN_LISTS = {code: ROOT / "deploy" / "spelling" / f"{code}.txt" for code in (*DICTIONARIES, BOTH)}
PACKAGES = "hunspell hunspell-pl hunspell-en-us"

# Placeholders, markup, addresses, code: no words.
_NO_WORDS = re.compile(
    r"%\(\w+\)[sd]|%[sd]|\{[%{#].*?[%}#]\}|\{\w*\}|<[^>]+>|`[^`]*`|\]\([^)]*\)|&\w+;|\b\w*[_\d]\w*\b"
    r"|https?://\S+|[\w.+-]+@[\w.-]+|\b[\w-]+(?:\.[\w-]+)+\b|(?<![\w])/[\w/-]+|#\w[\w-]*",
    re.DOTALL,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


class Text(NamedTuple):
    """A text, where it stands, and the languages that its words may be of."""

    place: str
    text: str
    languages: tuple[str, ...]

    @property
    def words(self) -> set[str]:
        found = _WORD.findall(_NO_WORDS.sub(" ", self.text).replace("\N{SOFT HYPHEN}", ""))
        return {word.replace("’", "'") for word in found if len(word) > 1}

    @property
    def own_lists(self) -> list[Path]:
        return [OWN_LISTS[code] for code in (*self.languages, BOTH)]

    def strange_words(self, unknown: dict[str, set[str]]) -> set[str]:
        """Those that are unknown to each of its languages."""
        return set.intersection(*(self.words & unknown[code] for code in self.languages))


def main() -> None:
    missing = [name for name in DICTIONARIES.values() if not has_dictionary(name)]
    if missing:
        print(
            f"Spelling was not checked: no hunspell with {', '.join(missing)}. Install {PACKAGES}."
        )
        return
    texts = list(all_texts())
    everything = set[str]().union(*(text.words for text in texts))
    unknown = {language: unknown_to(language, everything) for language in DICTIONARIES}
    wrong = [*misspelled(texts, unknown), *out_of_order(), *idle(texts, unknown)]
    if wrong:
        sys.exit("Misspelled, or a word for deploy/spelling/:\n" + "\n".join(wrong))


def misspelled(texts: list[Text], unknown: dict[str, set[str]]) -> Iterator[str]:
    for text in texts:
        own = {word for path in text.own_lists for word in own_words(path)}
        for word in sorted(text.strange_words(unknown) - own):
            yield f"{text.place}: {word}"


def idle(texts: list[Text], unknown: dict[str, set[str]]) -> Iterator[str]:
    """Own words that no text needs."""
    for path in OWN_LISTS.values():
        readers = [text for text in texts if path in text.own_lists]
        needed = set[str]().union(*(text.strange_words(unknown) for text in readers))
        for word in own_words(path):
            if word not in needed:
                yield f"{place_of(path)}: no text needs {word}"


def out_of_order() -> Iterator[str]:
    for path in OWN_LISTS.values():
        if own_words(path) != sorted(set(own_words(path))):
            yield f"{place_of(path)}: not sorted, or with a word twice"


def all_texts() -> Iterator[Text]:
    """Everything that readers, staff and developers read, but for comments in code."""
    yield from catalog_texts(ROOT / "locale" / "pl" / "LC_MESSAGES" / "django.po")
    for path in sorted(ROOT.glob("*/seed/*.toml")):
        yield from toml_texts(place_of(path), tomllib.loads(path.read_text()))
    for path in sorted([*ROOT.glob("*/seed.py"), *ROOT.glob("*/seed/*.py")]):
        yield from string_texts(path)
    for path in sorted(ROOT.glob("*/seed/*.md")):
        yield from line_texts(path, (path.suffixes[-2].removeprefix("."),))
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]):
        yield from line_texts(path, EITHER)
    for path in sorted(ROOT.glob("templates/**/*.html")):
        yield Text(place_of(path), without_catalog_texts(path.read_text()), ("en",))


def catalog_texts(path: Path) -> Iterator[Text]:
    with path.open("rb") as file:
        catalog = read_po(file)
    for message in catalog:
        if not message.id or str(message.id).endswith("/"):  # its head; an address
            continue
        for language, said in (("en", message.id), ("pl", message.string)):
            forms = said if isinstance(said, list | tuple) else [said]
            where = f"{place_of(path)}:{message.lineno}"
            yield from (Text(where, str(form), (language,)) for form in forms)


def toml_texts(place: str, value: Any, key: str = "") -> Iterator[Text]:
    """Values whose key is a language: title.pl, title.en."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from toml_texts(place, inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from toml_texts(place, inner, key)
    elif key in DICTIONARIES:
        yield Text(place, str(value), (key,))


def string_texts(path: Path) -> Iterator[Text]:
    """Strings that are sentences or begin like one; others are names of code."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if " " in node.value or node.value[:1].isupper():
            yield Text(f"{place_of(path)}:{node.lineno}", node.value, EITHER)


def line_texts(path: Path, languages: tuple[str, ...]) -> Iterator[Text]:
    prose = re.sub(r"```.*?```|`[^`]*`", _as_many_lines, path.read_text(), flags=re.DOTALL)
    for number, line in enumerate(prose.splitlines(), start=1):
        yield Text(f"{place_of(path)}:{number}", line, languages)


def _as_many_lines(code: re.Match[str]) -> str:
    return " " + "\n" * code[0].count("\n")


def without_catalog_texts(template: str) -> str:
    """A template without what it takes from the catalog, where that is checked."""
    return re.sub(r"\{% blocktranslate.*?\{% endblocktranslate %\}", " ", template, flags=re.DOTALL)


def place_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def own_words(path: Path) -> list[str]:
    return path.read_text().split()


def has_dictionary(name: str) -> bool:
    try:
        return (
            subprocess.run(
                ["hunspell", "-d", name, "-l"], input=b"", check=False, capture_output=True
            ).returncode
            == 0
        )
    except FileNotFoundError:
        return False


def unknown_to(language: str, words: set[str]) -> set[str]:
    """The words that hunspell does not know."""
    said = subprocess.run(
        ["hunspell", "-d", DICTIONARIES[language], "-i", "utf-8", "-l"],
        input="\n".join(sorted(words)), check=True, capture_output=True, encoding="utf-8",
    ).stdout  # fmt: skip
    return set(said.split())


if __name__ == "__main__":
    main()
